"""News from elsewhere: a clue's case was performed, the register has learnt what it asked about, files were joined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.comparison import actions
from yanglao.registers.comparison.comparing import spells_of
from yanglao.registers.comparison.models import Clue, Confirmation
from yanglao.registers.comparison.rules import Known, Told, judge
from yanglao.registers.comparison.sources import Source, known
from yanglao.registers.people.events import CircumstanceRecorded, PersonDied, PersonMerging


def died(event: PersonDied) -> None:
    """Whoever is known to be dead: nothing else about him is left to check, but a date far off."""
    _look(event.person_id, "")


def recorded(event: CircumstanceRecorded) -> None:
    """A fact of a clue's kind was recorded."""
    if event.kind != "dead":
        _look(event.person_id, event.kind)


def _look(person_id: int, kind: str) -> None:
    with everything("the open clues of a person about whom something was recorded"):
        found = Clue.objects.filter(person_id=person_id, state=Clue.State.OPEN)
        clues = list(
            (found.filter(kind=kind) if kind else found)
            .select_related("person", "last_delivery", "case")
            .order_by("pk")
        )
        for clue in clues:
            source = known(clue.source)
            if source is not None and _moot(clue, source):
                actions.agree(Actor.system(gettext("数据比对"), "job"), clue)


def _moot(clue: Clue, source: Source) -> bool:
    if clue.says != "death" and clue.person.death_date is not None:
        return True
    told = Told(clue.value, clue.on, clue.until)
    known = Known(clue.person.death_date, spells_of(source, [clue.person_id]).get(clue.person_id, ()))
    found = judge(clue.says, told, known, tolerance=source.tolerance, as_of=clue.last_delivery.as_of)
    return found == "agrees"


def case_done(actor: Actor, case: Any, task: Any, outcome: str, data: Mapping[str, Any]) -> None:
    """The step of a clue's case was performed, on the clue's page or on the case's own."""
    with everything("who performs a clue's case may settle the clue"):
        clue = Clue.objects.select_related("person").filter(case=case).first()
        if clue is None or clue.state != Clue.State.OPEN:
            return
        files = case.files.order_by("-pk").values_list("stored_id", flat=True)
        reason = case.entries.filter(task=task).order_by("-pk").values_list("reason", flat=True).first() or ""
        actions.settle(actor, clue, outcome, data, reason, files.first())


def case_page(case: Any) -> str:
    """The page of the clue a case is about."""
    with everything("who sees a case may be shown the way to its clue"):
        clue = Clue.objects.filter(case=case).order_by("pk").first()
    return clue.get_absolute_url() if clue is not None else ""


def merging(event: PersonMerging) -> None:
    """What two files hold twice is settled, so that the rest can be joined."""
    with everything("two files about to become one"):
        kept = Confirmation.objects.filter(person_id=event.kept_id).order_by("pk")
        for source, kind in list(kept.values_list("source", "kind")):
            Confirmation.objects.filter(person_id=event.dropped_id, source=source, kind=kind).delete()
        open_ones = Clue.objects.filter(state=Clue.State.OPEN)
        known = {
            (c.source, c.says, c.kind, c.slot)
            for c in open_ones.filter(person_id=event.kept_id).order_by("pk")
        }
        for clue in (
            open_ones.filter(person_id=event.dropped_id).select_related("person", "case").order_by("pk")
        ):
            if (clue.source, clue.says, clue.kind, clue.slot) in known:
                actions.agree(Actor.system(gettext("数据比对"), "job"), clue)
