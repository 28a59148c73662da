"""What payments ask: whose money is withheld, and what is kept back of it against a debt."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Sum

from yanglao.entitlement.benefits.offered.queries import LedgerLine, Run
from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.scope import everything
from yanglao.registers.people.queries import merged_files

from . import rules
from .models import Debt, DebtEntry, Hold, OffsetMark
from .settings_file import setting


@dataclass(frozen=True)
class Held:
    """Why a person's payment is withheld."""

    reason: str
    since: dt.date
    clue_id: int | None
    hold_id: int


def held(person_ids: Iterable[int]) -> dict[int, Held]:
    """Those of the persons whose payments are withheld now 暂停, under whichever of their files."""
    kept = merged_files()
    with everything("whose payments are withheld"):
        rows = Hold.objects.filter(state=Hold.State.OPEN).order_by("pk")
        open_ = {kept.get(h.person_id, h.person_id): h for h in rows}
    return {
        pk: Held(h.reason, h.since, h.clue_id, h.pk)
        for pk in person_ids
        if (h := open_.get(kept.get(pk, pk))) is not None
    }


def offsets(run_id: int, payee_kind: str = "person") -> dict[int, int]:
    """payee → fen kept back from what a run pays him; the same before approval (reckoned) and after (booked)."""
    with everything("what is kept back from a run"):
        booked = DebtEntry.objects.filter(run_id=run_id, kind=DebtEntry.Kind.OFFSET, live=True)
        rows = booked.filter(debt__payee_kind=payee_kind).order_by().values_list("debt__payee_id")
        found = dict(rows.annotate(Sum("amount_fen")))
        looked_at = OffsetMark.objects.filter(run_id=run_id).exists()
    if looked_at:
        return found
    return {payee: sum(parts.values()) for payee, parts in to_keep_back(run_id, payee_kind).items()}


def to_keep_back(run_id: int, payee_kind: str = "person") -> dict[int, dict[int, int]]:
    """payee → {debt: fen} that a run's payments would settle, by the share of each debt or the city's."""
    with everything("who owes something of those a run pays"):
        run = Run.objects.get(pk=run_id)
        debts = Debt.objects.filter(state=Debt.State.OPEN, payee_kind=payee_kind).exclude(run_id=run_id)
        owing: dict[int, list[Debt]] = defaultdict(list)
        for debt in debts.order_by("raised_at", "pk"):
            owing[debt.payee_id].append(debt)
        payable = _payable(run_id, payee_kind, owing)
    share = setting(run.division_id).offset_percent
    found = {}
    for payee, fen in sorted(payable.items()):
        owed = [(d.pk, d.owed_fen, share if d.share is None else d.share) for d in owing[payee]]
        if parts := rules.kept_back(fen, owed):
            found[payee] = parts
    return found


def _payable(run_id: int, payee_kind: str, payees: Collection[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for chunk in in_chunks(sorted(payees)):
        lines = LedgerLine.objects.filter(
            run=run_id, payee_kind=payee_kind, payee_id__in=chunk, live=True, kind__in=["due", "arrears"]
        )
        found.update(lines.order_by().values_list("payee_id").annotate(Sum("amount_fen")))
    return found
