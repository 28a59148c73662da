"""Reads of the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from yanglao.kernel.rooms import TimelineEvent, house
from yanglao.kernel.scope import Level, Span, current, everything
from yanglao.kernel.scope.spans import ancestor
from yanglao.registers.places.kinds import facts, lodging
from yanglao.registers.places.models import Contract, Operator, Place, PlaceFact, Premises, Price, Report
from yanglao.registers.places.parts import PART_LABELS as PART_LABELS
from yanglao.registers.places.parts import part_of as part_of
from yanglao.registers.places.parts import part_values as part_values
from yanglao.registers.places.rules import CONTRACT_WARN_DAYS, WARN_DAYS


def today() -> dt.date:
    """Today in the city's time zone."""
    return timezone.localdate()


def true_on(day: dt.date) -> Q:
    """Rows (facts, prices, premises, memberships) that hold on a day."""
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))


def in_force(day: dt.date) -> Q:
    """Facts that hold on a day and whose document has not expired."""
    return true_on(day) & (Q(expires_on=None) | Q(expires_on__gte=day))


def known_at(moment: dt.datetime | None) -> Q:
    """Facts that were the knowledge at a moment; None: now."""
    if moment is None:
        return Q(replaced_at=None)
    return Q(recorded_at__lte=moment) & (Q(replaced_at=None) | Q(replaced_at__gt=moment))


def facts_on(place: Place, day: dt.date, moment: dt.datetime | None = None) -> QuerySet[PlaceFact]:
    """What was true of a place on `day` as known at `moment` (now)."""
    found = PlaceFact.objects.filter(true_on(day) & known_at(moment), place=place)
    return found.order_by("kind", "valid_from", "id")


def all_facts(place: Place, moment: dt.datetime | None = None) -> QuerySet[PlaceFact]:
    """The place's whole history as known at `moment` (now), earliest first."""
    return PlaceFact.objects.filter(known_at(moment), place=place).order_by("kind", "valid_from", "id")


def has(kind: str, *values: str, day: dt.date, least: int | None = None) -> Q:
    """A condition on Place: the fact (one of the values, any if none; at least an amount) is in force on a day.

    A set, not a question per place: however the database plans it, the facts are read once.
    """
    rows = PlaceFact.objects.filter(in_force(day), kind=kind, replaced_at=None)
    if values:
        rows = rows.filter(value__in=values)
    if least is not None:
        rows = rows.filter(amount__gte=least)
    return Q(pk__in=rows.order_by().values("place_id"))


def open_on(day: dt.date) -> Q:
    """A condition on Place: it is open (not suspended, not closed) on a day."""
    return has("state", "open", day=day)


def homes(day: dt.date | None = None) -> QuerySet[Place]:
    """Places where older persons live and that are open on a day (today), in scope."""
    return Place.objects.filter(open_on(day or today()), kind__in=lodging()).order_by("division", "id")


def find(text: str, limit: int) -> list[Place]:
    """Places for the search box: by the beginning of the name, pinyin or initials, or by credit code."""
    typed = text.strip()
    if len(typed) < 2:
        return []
    low = typed.lower()
    either = Q(name__prefix=typed) | Q(initials__prefix=low) | Q(pinyin__prefix=low)
    if len(typed) == 18:
        either |= Q(uscc=typed.upper())
    return list(Place.objects.filter(either).order_by("pinyin", "id")[:limit])


def find_operators(text: str, limit: int) -> list[Operator]:
    """Operators for the search box."""
    typed = text.strip()
    if len(typed) < 2:
        return []
    either = Q(name__prefix=typed) | Q(pinyin__prefix=typed.lower()) | Q(uscc=typed.upper())
    return list(Operator.objects.filter(either).order_by("pinyin", "id")[:limit])


def operators_of_the_city() -> QuerySet[Operator]:
    """Operators whoever manages places may choose from: those registered anywhere in the cities he works in, for a
    company may run places outside the county it is registered in. Names only; its file stays in its own scope."""
    scope = current()
    spans = scope.spans("places.manage") if scope is not None else ()
    either = Q(pk__in=())
    for span in spans:
        lo, hi = ancestor(span.lo, Level.CITY), Span.of(ancestor(span.hi, Level.CITY)).hi
        either |= Q(division__gte=lo, division__lte=hi)
    with everything("operators one may choose from, bounded here to his cities"):
        return Operator.objects.filter(either).order_by("pinyin", "id")


def standing() -> Q:
    """A condition on Place by its projection: open or suspended today."""
    return Q(state__in=("open", "suspended"))


def expiring(days: int = WARN_DAYS[0]) -> QuerySet[Place]:
    """Standing places one of whose documents or leases ends within `days`, or has ended."""
    return Place.objects.filter(standing(), next_expiry__lte=today() + dt.timedelta(days=days))


def expiring_facts(days: int = WARN_DAYS[0]) -> QuerySet[PlaceFact]:
    """The documents of standing places that end within `days`, or have ended and were not renewed."""
    last = today() + dt.timedelta(days=days)
    rows = PlaceFact.objects.filter(true_on(today()), replaced_at=None, expires_on__lte=last)
    return rows.filter(place__state__in=("open", "suspended"))


def expiring_contracts(days: int = CONTRACT_WARN_DAYS[0]) -> QuerySet[Contract]:
    """Contracts that end within `days` or ended without another following, of places that still stand."""
    last = today() + dt.timedelta(days=days)
    following = Contract.objects.filter(
        place_id=OuterRef("place_id"), withdrawn_at=None, ends_on__gt=OuterRef("ends_on")
    )
    rows = Contract.objects.filter(
        withdrawn_at=None, ends_on__lte=last, place__state__in=("open", "suspended")
    )
    return rows.exclude(Exists(following.order_by()))


def waiting_reports() -> QuerySet[Report]:
    """What places report of themselves and no officer has settled."""
    return Report.objects.filter(settled_at=None)


def contract_on(place: Place, day: dt.date) -> Contract | None:
    """The contract under which the place is run on a day."""
    rows = Contract.objects.filter(place=place, withdrawn_at=None, starts_on__lte=day, ends_on__gte=day)
    return rows.select_related("operator").order_by("id").first()


def prices_on(place: Place, day: dt.date) -> QuerySet[Price]:
    """The prices in force on a day."""
    rows = Price.objects.filter(true_on(day), place=place, withdrawn_at=None)
    return rows.order_by("item", "bed", "ability", "unit")


def premises_on(place: Place, day: dt.date) -> QuerySet[Premises]:
    """The premises in use on a day."""
    return Premises.objects.filter(true_on(day), place=place).order_by("valid_from", "id")


def siblings(place: Place) -> QuerySet[Place]:
    """Other sites of the same operator."""
    if place.operator_id is None:
        return Place.objects.none()
    return Place.objects.filter(operator_id=place.operator_id).exclude(pk=place.pk).order_by("pinyin", "id")


@dataclass(frozen=True)
class Happened:
    """What rooms know happened at a place, latest first."""

    day: dt.date
    event: TimelineEvent


def happened(place_id: int) -> list[Happened]:
    """Everything the rooms offer for a place's timeline, merged."""
    events = chain.from_iterable(offer(place_id) for offer in house().place_timeline)
    dated = [Happened(_day(event.on), event) for event in events]
    return sorted(dated, key=lambda h: h.day, reverse=True)


def _day(on: dt.date | dt.datetime) -> dt.date:
    return timezone.localtime(on).date() if isinstance(on, dt.datetime) else on


def free_beds(place_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Free beds as the rooms that know them say: place → bed type → number; {} where nobody knows."""
    found: dict[int, dict[str, int]] = {}
    for offer in house().free_beds:
        for place_id, beds in offer(place_ids).items():
            found.setdefault(place_id, {}).update(beds)
    return found


def current_facts(
    place_ids: Iterable[int], kinds: Sequence[str] = ()
) -> dict[int, dict[str, list[PlaceFact]]]:
    """Facts in force today of many places at once: place → kind → rows. Within the entered scope."""
    rows = PlaceFact.objects.filter(in_force(today()), place_id__in=list(place_ids), replaced_at=None)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    found: dict[int, dict[str, list[PlaceFact]]] = {}
    for row in rows.order_by("place_id", "kind", "valid_from", "id"):
        found.setdefault(row.place_id, {}).setdefault(row.kind, []).append(row)
    return found


def published(**more: Any) -> QuerySet[Place]:
    """Open places, for everybody: evaluate it inside `everything(...)`, and show published facts only."""
    with everything("the public sees open places"):
        return Place.objects.filter(state="open", **more)


def public_facts(place: Place) -> list[PlaceFact]:
    """The facts of a place that everybody may read, in force today."""
    shown = [name for name, kind in facts().items() if kind.public and name != "state"]
    with everything("the public sees published facts"):
        rows = PlaceFact.objects.filter(in_force(today()), place=place, kind__in=shown, replaced_at=None)
        return list(rows.order_by("kind", "valid_from", "id"))
