"""What news of other rooms does here: the person's states are reckoned anew, in the same transaction."""

from __future__ import annotations

import logging

from yanglao.entitlement.catalogue import one
from yanglao.entitlement.catalogue.lists.compiling import Unsaid
from yanglao.entitlement.catalogue.models import Entitlement
from yanglao.kernel.packs import PackInvalid
from yanglao.kernel.scope import everything
from yanglao.registers.people.events import (
    CircumstanceRecorded,
    PeopleImported,
    PersonAdded,
    PersonAlive,
    PersonDied,
    PersonMerged,
    PersonMerging,
    PersonMoved,
    PersonUnmerged,
)

log = logging.getLogger(__name__)
About = PersonAdded | PersonDied | PersonAlive | PersonMoved | CircumstanceRecorded


def person_changed(event: About) -> None:
    """A list or policy that has become unreadable must not stand in the way of the register: the nightly job says so."""
    try:
        one.refresh(event.person_id)
    except (PackInvalid, Unsaid):
        log.exception("the lists cannot be read: states wait for the nightly job")


def merging(event: PersonMerging) -> None:
    """States are derived: those of the file that goes are dropped, and found again for the one that stays."""
    with everything("two files of one person"):
        Entitlement.objects.filter(person_id=event.dropped_id).delete()


def merged(event: PersonMerged) -> None:
    one.refresh(event.kept_id)


def unmerged(event: PersonUnmerged) -> None:
    one.refresh(event.kept_id)
    one.refresh(event.dropped_id)


def imported(event: PeopleImported) -> None:
    """After a roster everybody is reckoned anew, once, in the background."""
    from yanglao.entitlement.catalogue.tasks import daily
    from yanglao.kernel.accounts.actor import Actor
    from yanglao.kernel.jobs import enqueue

    enqueue(Actor.system("a roster was imported"), daily, key=f"catalogue {event.source}"[:100])
