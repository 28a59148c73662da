"""What payments ask: whose money is withheld, and what is kept back of it against a debt."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Sum

from yanglao.entitlement.benefits.offered.queries import LedgerLine, Run
from yanglao.kernel.scope import everything
from yanglao.registers.people.queries import merged_files

from . import rules
from .models import Debt, DebtEntry, Hold, OffsetMark
from .settings_file import setting

KEPT_BACK = (DebtEntry.Kind.OFFSET, DebtEntry.Kind.NETTED)
FEW = 500  # payees named one by one in a statement
_LINE = ("policy", "month", "amount_fen")


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
        booked = DebtEntry.objects.filter(run_id=run_id, kind__in=KEPT_BACK, live=True)
        rows = booked.filter(debt__payee_kind=payee_kind).order_by().values_list("debt__payee_id")
        found = dict(rows.annotate(Sum("amount_fen")))
        looked_at = OffsetMark.objects.filter(run_id=run_id).exists()
    if looked_at:
        return found
    sums = Counter(to_net(run_id, payee_kind))
    for payee, parts in to_keep_back(run_id, payee_kind).items():
        sums[payee] += sum(parts.values())
    return dict(sums)


def kept_back_from(run_id: int, payee_kind: str, payee_id: int) -> list[DebtEntry]:
    """The entries of a payee's debts that were kept back from what a run pays him, with their debt."""
    booked = DebtEntry.objects.filter(run_id=run_id, kind__in=KEPT_BACK, live=True)
    rows = booked.filter(debt__payee_kind=payee_kind, debt__payee_id=payee_id)
    return list(rows.select_related("debt").order_by("pk"))


def to_net(run_id: int, payee_kind: str = "person") -> dict[int, int]:
    """payee → fen of a run's claw-back that its own arrears settle, by the city's rule."""
    lines: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
    with everything("arrears and claw-back of one payee in one run"):
        run = Run.objects.get(pk=run_id)
        rows = LedgerLine.objects.filter(
            run=run, payee_kind=payee_kind, live=True, kind__in=["arrears", "clawback"]
        )
        for payee, *line in rows.order_by("payee_id", "pk").values_list("payee_id", *_LINE):
            lines[payee].append((line[0], line[1], line[2]))
    how = setting(run.division_id).netting
    return {payee: fen for payee, his in lines.items() if (fen := rules.netted(his, how))}


def to_keep_back(run_id: int, payee_kind: str = "person") -> dict[int, dict[int, int]]:
    """payee → {debt: fen} that a run's payments would settle of older debts, by the share of each or the city's; what
    the run's own claw-back was set off against is not paid, and no debt takes of it."""
    with everything("who owes something of those a run pays"):
        run = Run.objects.get(pk=run_id)
        debts = Debt.objects.filter(state=Debt.State.OPEN, payee_kind=payee_kind).exclude(run_id=run_id)
        owing: dict[int, list[Debt]] = defaultdict(list)
        for debt in debts.order_by("raised_at", "pk"):
            owing[debt.payee_id].append(debt)
        if not owing:
            return {}
        payable = _payable(run_id, payee_kind, owing)
    netted, share = to_net(run_id, payee_kind), setting(run.division_id).offset_percent
    found = {}
    for payee, fen in sorted(payable.items()):
        owed = [(d.pk, d.owed_fen, share if d.share is None else d.share) for d in owing[payee]]
        if parts := rules.kept_back(fen - netted.get(payee, 0), owed):
            found[payee] = parts
    return found


def _payable(run_id: int, payee_kind: str, payees: Collection[int]) -> dict[int, int]:
    """What a run gives each of the payees, in one walk over its lines."""
    lines = LedgerLine.objects.filter(
        run=run_id, payee_kind=payee_kind, live=True, kind__in=["due", "arrears"], amount_fen__gt=0
    )
    if len(payees) <= FEW:
        lines = lines.filter(payee_id__in=sorted(payees))
    sums = lines.order_by().values_list("payee_id").annotate(Sum("amount_fen"))
    return {payee: fen for payee, fen in sums.iterator() if payee in payees}
