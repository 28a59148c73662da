"""What news of other rooms does here."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.catalogue.events import CityRecomputed, EntitlementChanged
from yanglao.entitlement.catalogue.queries import history, urgency
from yanglao.entitlement.proposals import actions, many, occasions, queries
from yanglao.entitlement.proposals.models import Proposal
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.people.events import CircumstanceRecorded, PersonDied, PersonMerged, PersonMoved
from yanglao.registers.people.models import Person

ENDS = {
    "accepted": Proposal.State.AGREED,
    "received": Proposal.State.AGREED,
    "refused": Proposal.State.REFUSED,
    "ended": Proposal.State.LAPSED,
}


def _system() -> Actor:
    return Actor.system("proposals")


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
    if event.after == "entitled" and event.before in ("", "ended"):
        occasion = queries.occasion_of(person.pk)
        need = urgency(person, event.on)
        actions.propose(_system(), person, occasion=occasion, item_id=event.item_id, need=need)
    elif event.after in ENDS:
        reason = _reason(person, event.item) if event.after == "refused" else ""
        actions.settle(_system(), person, item_id=event.item_id, state=ENDS[event.after], reason=reason)


def circumstance_recorded(event: CircumstanceRecorded) -> None:
    """What an occasion suggests beside the list; old facts entered late suggest nothing."""
    name = occasions.named(event.kind, event.value)
    rules, today = occasions.rules(), timezone.localdate()
    recent = today - dt.timedelta(days=rules.recent_days) <= event.valid_from <= today
    person = _person(event.person_id) if name and recent else None
    if person is None or (event.valid_to is not None and event.valid_to <= today):
        return
    need = urgency(person, today)
    for suggestion in rules.occasions[name].suggest:
        actions.propose(
            _system(), person, occasion=name, suggestion=suggestion, need=need, fact_on=event.valid_from
        )


def person_moved(event: PersonMoved) -> None:
    """Another worker tells him from now on."""
    person = _person(event.person_id)
    if person is not None and (place := person.residence_id or person.hukou_id):
        actions.hand_on(_system(), person, to=place)


def person_died(event: PersonDied) -> None:
    person = _person(event.person_id)
    if person is not None:
        actions.lapse(_system(), person, why=_("老人已去世"))


def person_merged(event: PersonMerged) -> None:
    """What waited under the dropped file is proposed under the kept one, where it stands (`on_merge` history)."""
    with everything("two files of one person"):
        kept = Person.objects.get(pk=event.kept_id)
        dropped = Person.files.get(pk=event.dropped_id)
        rows = list(Proposal.objects.filter(person=dropped, state=Proposal.State.OPEN).order_by("pk"))
    actions.lapse(_system(), dropped, why=_("档案已合并"))
    for row in rows:
        for occasion, day in ({row.occasion: row.made_on.isoformat()} | row.facts).items():
            actions.propose(
                _system(),
                kept,
                occasion=occasion,
                item_id=row.item_id,
                suggestion=row.suggestion,
                need=row.need,
                fact_on=dt.date.fromisoformat(day),
            )


def city_recomputed(event: CityRecomputed) -> None:
    many.after_night(event.city, event.on)
