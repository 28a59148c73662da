"""News of the register: what a clue asked about is known by now, by another way."""

from __future__ import annotations

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.comparison import actions
from yanglao.registers.comparison.comparing import spells_of
from yanglao.registers.comparison.models import Clue
from yanglao.registers.comparison.rules import Known, Told, judge
from yanglao.registers.comparison.sources import Source, standard
from yanglao.registers.people.events import CircumstanceRecorded, PersonDied


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
            .select_related("person", "last_delivery")
            .order_by("pk")
        )
        for clue in clues:
            source = standard().get(clue.source)
            if source is not None and _moot(clue, source):
                actions.agree(Actor.system("comparison", "job"), clue)


def _moot(clue: Clue, source: Source) -> bool:
    if clue.says != "death" and clue.person.death_date is not None:
        return True
    told = Told(clue.value, clue.on, clue.until)
    known = Known(clue.person.death_date, spells_of(source, [clue.person_id]).get(clue.person_id, ()))
    found = judge(clue.says, told, known, tolerance=source.tolerance, as_of=clue.last_delivery.as_of)
    return found == "agrees"
