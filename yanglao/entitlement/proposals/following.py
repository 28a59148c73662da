"""What news of other rooms does here."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from yanglao.entitlement.catalogue.events import CityRecomputed, EntitlementChanged
from yanglao.entitlement.catalogue.queries import history, urgency
from yanglao.entitlement.proposals import actions, many, occasions, queries
from yanglao.entitlement.proposals.models import Proposal
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.people.events import CircumstanceRecorded
from yanglao.registers.people.models import Person

ENDS = {
    "accepted": Proposal.State.AGREED,
    "received": Proposal.State.AGREED,
    "refused": Proposal.State.REFUSED,
    "ended": Proposal.State.LAPSED,
}


def _person(person_id: int) -> Person | None:
    with everything("whose file has changed"):
        return Person.objects.filter(pk=person_id).first()


def _reason(person: Person, item: str) -> str:
    """The reason that was entered with the refusal in the list."""
    decisions = history(person)
    return next(
        (one.reason for one in decisions if one.item.key == item and one.reason), Proposal.Reason.OTHER
    )


def entitlement_changed(event: EntitlementChanged) -> None:
    """Newly entitled: proposed. Begun, had, refused or no longer entitled: what was proposed is settled."""
    person = _person(event.person_id)
    if person is None:
        return
    system = Actor.system("proposals")
    if event.after == "entitled" and event.before in ("", "ended"):
        occasion = queries.occasion_of(person.pk)
        need = urgency(person, event.on)
        actions.propose(system, person, occasion=occasion, item_id=event.item_id, need=need)
    elif event.after in ENDS:
        reason = _reason(person, event.item) if event.after == "refused" else ""
        actions.settle(system, person, item_id=event.item_id, state=ENDS[event.after], reason=reason)


def circumstance_recorded(event: CircumstanceRecorded) -> None:
    """What an occasion suggests beside the list; old facts entered late suggest nothing."""
    name = occasions.named(event.kind, event.value)
    rules, today = occasions.rules(), timezone.localdate()
    recent = today - dt.timedelta(days=rules.recent_days) <= event.valid_from <= today
    person = _person(event.person_id) if name and recent else None
    if person is None or (event.valid_to is not None and event.valid_to <= today):
        return
    for suggestion in rules.occasions[name].suggest:
        actions.propose(Actor.system("proposals"), person, occasion=name, suggestion=suggestion)


def city_recomputed(event: CityRecomputed) -> None:
    many.after_birthdays(event.city, event.on)
