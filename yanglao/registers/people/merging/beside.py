"""Rows that cannot simply change their file: of some a person may have only one."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.registers.people.merging.references import Reference, references
from yanglao.registers.people.merging.trace import Trace
from yanglao.registers.people.models import Claim, HouseholdMember, PayAccount, Person


def settle(keep: Person, drop: Person, choices: Mapping[str, str], trace: Trace) -> None:
    """Make room for what moves: one account in use, one household, one open claim of a kind for a place."""
    _one_account(keep, drop, choices, trace)
    _one_household(keep, drop, trace)
    _no_claim_twice(keep, drop, trace)


def accounts_in_use(keep: Person, drop: Person) -> tuple[PayAccount | None, PayAccount | None]:
    """The account each file's money goes to."""
    found = {a.person_id: a for a in PayAccount._base_manager.filter(person__in=(keep, drop), valid_to=None)}
    return found.get(keep.pk), found.get(drop.pk)


def _one_account(keep: Person, drop: Person, choices: Mapping[str, str], trace: Trace) -> None:
    mine, his = accounts_in_use(keep, drop)
    if mine and his:
        closed = mine if choices.get("account") == "drop" else his
        trace.change(closed, valid_to=max(timezone.localdate(), closed.valid_from))


def _one_household(keep: Person, drop: Person, trace: Trace) -> None:
    for member in Reference(HouseholdMember, "person_id").twice(keep.pk, drop.pk):
        day = max(timezone.localdate(), member.valid_from)
        trace.change(member, valid_to=day, left=_("档案合并：以保留档案的家庭户为准"))


def _no_claim_twice(keep: Person, drop: Person, trace: Trace) -> None:
    for claim in Reference(Claim, "person_id").twice(keep.pk, drop.pk):
        trace.change(
            claim,
            settled_at=timezone.now(),
            outcome=Claim.Outcome.DISMISSED,
            reason=_("档案合并：与保留档案的报送相同"),
        )


def move(keep: Person, drop: Person, trace: Trace) -> int:
    """Everything that hangs on `drop` hangs on `keep`; returns how many rows. Raises ValidationError."""
    refuse_twice(keep, drop)
    moved = 0
    for reference in references():
        if reference.moves:
            for row in reference.rows(drop.pk):
                trace.change(row, **{reference.column: keep.pk})
                moved += 1
    return moved


def twice(keep: Person, drop: Person, *, besides_settled: bool = False) -> list[str]:
    """Tables in which both files have what a person may have once, in words.

    `besides_settled`: leave out those a room settles itself when a merge begins (`settles_merge` of the model).
    """
    settled = (PayAccount, Claim, HouseholdMember)
    return [
        str(reference.label)
        for reference in references()
        if reference.moves
        and reference.model not in settled
        and not (besides_settled and getattr(reference.model, "settles_merge", False))
        and reference.twice(keep.pk, drop.pk)
    ]


def refuse_twice(keep: Person, drop: Person) -> None:
    if tables := twice(keep, drop):
        raise ValidationError(
            _("两份档案都有“%(tables)s”，一个人只能有一份：请先在其中一份档案中结束或更正，再合并。")
            % {"tables": "、".join(tables)}
        )
