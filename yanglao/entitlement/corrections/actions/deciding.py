"""Deciding on corrections: book, put aside, waive; above the city's limit a waiver needs a second person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.corrections import queries
from yanglao.entitlement.corrections.models import Correction
from yanglao.entitlement.corrections.settings_file import setting
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.scope import everything

State = Correction.State
DECIDE, APPROVE = "corrections.decide", "corrections.approve"


@action("corrections.book", right=DECIDE, at=lambda a: ())
def book(actor: Actor, *, ids: Sequence[int]) -> int:
    """Let corrections enter the next run 入账; returns how many. All or none.

    Raises ValidationError when one was decided meanwhile, or the ledger changed under it; Forbidden elsewhere.
    """
    rows = _locked(actor, DECIDE, ids, (State.PROPOSED, State.HELD))
    now = queries.sums_now(rows)
    stale = [c for c in rows if now.get(queries.key_of(c), (0, 0, 0, 0)) != queries.stood_at(c)]
    if stale:
        raise ValidationError(
            _("%(n)s 笔的台账在重算之后有变动，金额已不准：请重新重算后再入账。") % {"n": len(stale)}
        )
    _settle(actor, rows, State.BOOKED)
    note(rows=len(rows), arrears_fen=_sum(rows, 1), clawback_fen=_sum(rows, -1))
    return len(rows)


@action("corrections.hold_back", right=DECIDE, at=lambda a: ())
def hold_back(actor: Actor, *, ids: Sequence[int], reason: str) -> int:
    """Put corrections aside 搁置 until something is cleared up, with the reason. Raises ValidationError, Forbidden."""
    _reason(reason)
    rows = _locked(actor, DECIDE, ids, (State.PROPOSED, State.HELD))
    _settle(actor, rows, State.HELD, reason=reason)
    note(rows=len(rows), reason=reason.strip()[:400])
    return len(rows)


@action("corrections.waive", right=DECIDE, at=lambda a: ())
def waive(actor: Actor, *, ids: Sequence[int], reason: str) -> tuple[int, int]:
    """Forgive differences 免予更正, with the reason; returns (waived, waiting for a second person).

    Persons for whom more is waived than the city's limit wait for approval. Raises ValidationError, Forbidden.
    """
    _reason(reason)
    rows = _locked(actor, DECIDE, ids, (State.PROPOSED, State.HELD))
    small, large = _by_limit(rows)
    _settle(actor, small, State.WAIVED, reason=reason)
    with everything("the rows an action holds"):
        for chunk in in_chunks([c.pk for c in large]):
            Correction.objects.filter(pk__in=chunk).update(
                state=State.ASKED, reason=reason.strip()[:400], asked_by_id=actor.user_id, asked_by=actor.name
            )
    note(waived=len(small), asked=len(large), reason=reason.strip()[:400])
    return len(small), len(large)


@action("corrections.approve_waiver", right=APPROVE, at=lambda a: ())
def approve_waiver(actor: Actor, *, ids: Sequence[int]) -> int:
    """The second signature under a waiver; not by the one who asked. Raises ValidationError, Forbidden."""
    rows = _locked(actor, APPROVE, ids, (State.ASKED,))
    _other_person(actor, rows)
    _settle(actor, rows, State.WAIVED)
    note(rows=len(rows), fen=_sum(rows, 1) + _sum(rows, -1))
    return len(rows)


@action("corrections.refuse_waiver", right=APPROVE, at=lambda a: ())
def refuse_waiver(actor: Actor, *, ids: Sequence[int], reason: str) -> int:
    """Not waived: they wait for another decision. Raises ValidationError, Forbidden."""
    _reason(reason)
    rows = _locked(actor, APPROVE, ids, (State.ASKED,))
    _settle(actor, rows, State.PROPOSED, reason=reason)
    note(rows=len(rows), reason=reason.strip()[:400])
    return len(rows)


def _locked(actor: Actor, right: str, ids: Iterable[int], states: Sequence[str]) -> list[Correction]:
    """The rows, locked, each in a division where the actor may do this. Raises ValidationError, Forbidden."""
    wanted = sorted(set(ids))
    rows: list[Correction] = []
    with everything("bounded below to where the actor may decide"):
        for chunk in in_chunks(wanted):
            rows += Correction.objects.select_for_update().filter(pk__in=chunk).order_by("pk")
    for code in sorted({row.division_id for row in rows}):
        actor.require(right, code)
    if not rows:
        raise ValidationError(_("请先选择要处理的更正。"))
    if len(rows) < len(wanted) or any(row.state not in states for row in rows):
        raise ValidationError(_("其中有的已经处理过：请刷新页面后再选。"))
    return rows


def _settle(actor: Actor, rows: Sequence[Correction], state: str, *, reason: str = "") -> None:
    values = {
        "state": state,
        "decided_by_id": actor.user_id,
        "decided_by": actor.name,
        "decided_at": timezone.now(),
    }
    if reason:
        values["reason"] = reason.strip()[:400]
    try:
        with transaction.atomic():
            for chunk in in_chunks([row.pk for row in rows]):
                with everything("the rows an action holds"):
                    Correction.objects.filter(pk__in=chunk).update(**values)
    except IntegrityError:
        raise ValidationError(_("其中有的差额已经入账或免除过，不能再次处理：请重新重算。")) from None


def _by_limit(rows: Sequence[Correction]) -> tuple[list[Correction], list[Correction]]:
    sums: dict[tuple[str, int], int] = defaultdict(int)
    for row in rows:
        sums[row.subject_kind, row.subject_id] += abs(row.amount_fen)
    limits = {row.division_id: setting(row.division_id).second_above_fen for row in rows}
    small: list[Correction] = []
    large: list[Correction] = []
    for row in rows:
        over = sums[row.subject_kind, row.subject_id] > limits[row.division_id]
        (large if over else small).append(row)
    return small, large


def _other_person(actor: Actor, rows: Sequence[Correction]) -> None:
    if any(row.asked_by_id is not None and row.asked_by_id == actor.user_id for row in rows):
        raise ValidationError(_("其中有您本人申请的：审批须由另一人办理。"))


def _reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})


def _sum(rows: Iterable[Correction], sign: int) -> int:
    return sum(row.amount_fen for row in rows if row.amount_fen * sign > 0)
