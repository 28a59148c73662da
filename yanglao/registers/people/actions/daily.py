"""What is done once a day: facts that turn, figures for the desk."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from yanglao.kernel import bulk
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything
from yanglao.registers.people import completeness
from yanglao.registers.people.actions.telling import tell_moves
from yanglao.registers.people.measures import BY_NAME, TALLIED
from yanglao.registers.people.models import (
    Circumstance,
    Person,
    Tally,
)
from yanglao.registers.people.recording import (
    PROJECTED,
    project,
)


@action("people.roll", right="people.edit", at=lambda a: ())
def roll(actor: Actor, *, on: dt.date | None = None) -> int:
    """Carry facts that begin or end on a day (today) into the projected columns: once a day, as a job.

    Returns how many persons changed; their moves are published.
    """
    day = on or timezone.localdate()
    with everything("every person whose facts turn on this day"):
        turning = Circumstance.objects.filter(
            Q(valid_from=day) | Q(valid_to=day), kind__in=PROJECTED, replaced_at=None
        )
        ids = sorted(set(turning.values_list("person_id", flat=True)))
        people = [Person.objects.select_for_update().get(pk=pk) for pk in ids]
    changed = sum(_turn(person, day) for person in people)
    note(day=day, changed=changed)
    return changed


def _turn(person: Person, day: dt.date) -> bool:
    changed = project(person, day)
    tell_moves(person, changed, day)
    return bool(changed)


def tally(actor: Actor) -> int:
    """Count the measures the desk shows, by community, and keep the numbers. Returns how many were kept.

    Counting a million takes its time and is done before the transaction: on SQLite nobody else writes in one.
    """
    today = timezone.localdate()
    with everything("figures of the whole city"):
        rows = [
            (name, code, int(number), today)
            for name in TALLIED
            for code, number in BY_NAME[name].count(today).items()
        ]
        rows += [(name, code, number, today) for name, code, number in completeness.counts(today)]
    return keep_tally(actor, rows=rows)


@action("people.tally", right="people.edit", at=lambda a: ())
def keep_tally(actor: Actor, *, rows: list[tuple[str, int, int, dt.date]]) -> int:
    """Replace the numbers kept for the desk: (measure, division code, number, day)."""
    Tally.objects.all().delete()
    bulk.insert(Tally, ("measure", "division_code", "number", "counted_on"), rows)
    note(rows=len(rows))
    return len(rows)
