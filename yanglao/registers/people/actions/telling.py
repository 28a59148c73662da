"""What follows a change of facts: the projection, and the news of it."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import publish
from yanglao.registers.people import checks
from yanglao.registers.people.events import (
    CircumstanceRecorded,
    PersonAlive,
    PersonDied,
    PersonMoved,
)
from yanglao.registers.people.models import (
    Person,
)
from yanglao.registers.people.recording import (
    PLACES,
    Saying,
    project,
)


def saying_of(actor: Actor, source: str, evidence_id: int | None = None) -> Saying:
    return Saying(checks.source(source), actor.user_id, evidence_id)


def tell(person: Person, kind: str, value: str, first: dt.date, last: dt.date | None) -> None:
    """Bring the projection up to date and publish what changed."""
    changed = project(person)
    publish(CircumstanceRecorded(person.pk, kind, value, first, last))
    tell_moves(person, changed, first)
    if "death_date" in changed:
        died = person.death_date
        publish(PersonDied(person.pk, died) if died else PersonAlive(person.pk))


def tell_projection(person: Person) -> None:
    """Bring the projection up to date and publish moves and deaths it shows from today on."""
    changed = project(person)
    tell_moves(person, changed, timezone.localdate())
    if "death_date" in changed:
        died = person.death_date
        publish(PersonDied(person.pk, died) if died else PersonAlive(person.pk))


def tell_moves(person: Person, changed: dict[str, tuple[object, object]], on: dt.date) -> None:
    for place in PLACES:
        if f"{place}_id" in changed:
            before, after = changed[f"{place}_id"]
            publish(PersonMoved(person.pk, place, int(str(before)), int(str(after)), on))
