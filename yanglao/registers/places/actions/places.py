"""Entering a place, correcting its file, and the course of its life."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError, RestrictedError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.models import Organisation
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything
from yanglao.registers.people.rules import names
from yanglao.registers.places import checks
from yanglao.registers.places.actions.facts import say, state_becomes
from yanglao.registers.places.events import PlaceAdded, PlaceClosed, PlaceOpened, PlaceSuspended
from yanglao.registers.places.kinds import kinds
from yanglao.registers.places.models import Contract, Operator, Place, PlaceFact
from yanglao.registers.places.recording import Contents, refresh


@action("places.add", right="places.manage", at=lambda a: (a["division"],))
def add(
    actor: Actor,
    *,
    name: str,
    kind: str,
    division: int,
    source: str,
    state: str = "open",
    since: dt.date | None = None,
    operator: Operator | None = None,
    organisation: Organisation | None = None,
    facts: Mapping[str, Contents] | None = None,
    **other: Any,
) -> Place:
    """Enter a place. `other`: tier, address, longitude, latitude, phone, contact, contact_phone, uscc, hours, intro, note.

    `since`: the day from which `state` and `facts` (kind → contents) hold; today if not given. Raises ValidationError.
    """
    read = checks.name(name)
    checks.kind(kind)
    checks.division(division)
    checks.no_double(read, division)
    origin = checks.source(source)
    since = since or timezone.localdate()
    details = checks.details(other)
    details["tier"] = details.get("tier") or kinds()[kind].tier
    place = Place(
        kind=kind,
        division_id=division,
        operator=operator,
        organisation=organisation,
        source=origin,
        **details,
    )
    _named(place, read)
    place.save()
    told = {"state": Contents(state)}
    told.update(facts or {})
    for fact, said in told.items():
        say(actor, place, fact, said, since, None, origin)
    publish(PlaceAdded(place.pk, kind, division))
    if state == "open":
        publish(PlaceOpened(place.pk, since))
    return place


def _named(place: Place, name: str) -> None:
    place.name, place.pinyin, place.initials = name, names.pinyin(name), names.initials(name)


@action("places.correct", right="places.edit")
def correct(actor: Actor, place: Place, *, reason: str, **other: Any) -> Place:
    """Correct how a place is described and reached; what is not given stays. `other`: as in `add`, and, for one who
    may manage places, name, kind, operator, organisation. Raises ValidationError."""
    checks.reason(reason)
    refresh(place)
    managed = {key: other.pop(key) for key in ("name", "kind", "operator", "organisation") if key in other}
    if any(getattr(place, key) != value for key, value in managed.items()):
        actor.require("places.manage", place)
    if "name" in managed:
        checks.no_double(checks.name(managed["name"]), place.division_id, besides=place.pk)
        _named(place, checks.name(managed.pop("name")))
    if "kind" in managed:
        checks.kind(managed["kind"])
    for field, value in {**managed, **checks.details(other)}.items():
        setattr(place, field, value)
    place.save()
    note(reason=reason, fields=sorted({*managed, *other}))
    return place


@action("places.relocate", right="places.manage")
def relocate(actor: Actor, place: Place, *, division: int, reason: str, address: str = "") -> Place:
    """The place lies in another division than recorded, or moved there. Needs the right there too."""
    checks.reason(reason)
    checks.division(division)
    actor.require("places.manage", division)
    refresh(place)
    checks.no_double(place.name, division, besides=place.pk)
    place.division_id = division
    if address:
        place.address = address
    place.save()
    note(reason=reason)
    return place


@action("places.open", right="places.manage")
def open_place(actor: Actor, place: Place, *, on: dt.date, source: str) -> Place:
    """The place opened on a day."""
    refresh(place)
    if place.state == "open":
        raise ValidationError({"on": _("它已经在运营中，不用再登记启用。")})
    state_becomes(actor, place, "open", on, source)
    publish(PlaceOpened(place.pk, on))
    return place


@action("places.suspend", right="places.manage")
def suspend(actor: Actor, place: Place, *, on: dt.date, reason: str) -> Place:
    """The place stops for a while from the day `on`. Raises ValidationError unless it is open."""
    refresh(place)
    _is(place, "open", _("只有运营中的机构设施可以暂停。"))
    state_becomes(actor, place, "suspended", on, checks.reason(reason))
    note(reason=reason)
    publish(PlaceSuspended(place.pk, on))
    return place


@action("places.resume", right="places.manage")
def resume(actor: Actor, place: Place, *, on: dt.date, source: str) -> Place:
    """A suspended place opens again."""
    refresh(place)
    _is(place, "suspended", _("它没有暂停，不用恢复。"))
    state_becomes(actor, place, "open", on, source)
    publish(PlaceOpened(place.pk, on))
    return place


@action("places.close", right="places.manage")
def close(actor: Actor, place: Place, *, on: dt.date, reason: str) -> Place:
    """The place closes for good: `on` is the first day it is not open. A subscriber to PlaceClosed may refuse (residents
    who have nowhere to go) by raising ValidationError."""
    refresh(place)
    if place.state == "closed":
        raise ValidationError({"on": _("它已经停止运营。")})
    state_becomes(actor, place, "closed", on, checks.reason(reason))
    note(reason=reason)
    publish(PlaceClosed(place.pk, on))
    return place


def _is(place: Place, state: str, otherwise: str) -> None:
    if place.state != state:
        raise ValidationError({"on": otherwise})


@action("places.withdraw_place", right="places.manage")
def withdraw_place(actor: Actor, place: Place, *, reason: str) -> None:
    """Take a file back that was entered by mistake the same day. Raises ValidationError when something hangs on it."""
    checks.reason(reason)
    with everything("what hangs on a place"):
        later = PlaceFact.objects.filter(place=place, replaced_at__isnull=False).exists()
        contracts = Contract.objects.filter(place=place).exists()
    if later or contracts or (timezone.now() - place.added_at) > dt.timedelta(days=1):
        raise ValidationError(_("档案已有后续登记，不能删除：停办的请登记“停止运营”。"))
    note(reason=reason, name=place.name)
    try:
        place.delete()
    except (ProtectedError, RestrictedError):
        raise ValidationError(_("档案已有后续登记，不能删除：停办的请登记“停止运营”。")) from None
