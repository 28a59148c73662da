"""How full the homes are and were: set-based, any past day, within the entered scope.

A table of spans is read as what there was before the first day plus what came and went on each day since; days are
then added up here. That is two grouped queries for any number of beds, and the same arithmetic on both databases.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count as Number
from django.db.models import F, Q, QuerySet

from yanglao.kernel.scope import Span, everything
from yanglao.registers.stays.models import BedSpell, Leave, Occupancy, Stay
from yanglao.registers.stays.rules import by_month, sweep
from yanglao.registers.stays.vocabulary import vocabulary


@dataclass(frozen=True)
class Count:
    """Beds slept in at night that are in use, those taken, and those whose resident is away; or days of them."""

    beds: int = 0
    taken: int = 0
    away: int = 0

    @property
    def rate(self) -> float | None:
        """Taken of all, 0…1; None without beds."""
        return self.taken / self.beds if self.beds else None

    def __add__(self, other: Count) -> Count:
        return Count(self.beds + other.beds, self.taken + other.taken, self.away + other.away)


Tables = tuple[QuerySet[Any], QuerySet[Any], QuerySet[Any]]
SPANS = (("valid_from", "valid_to"), ("since", "until"), ("since", "until"))


def _tables(places: Q, path: str) -> Tables:
    """Beds, occupancies and leaves of night beds, narrowed by a condition on their place."""
    overnight = vocabulary().overnight
    beds = BedSpell.objects.filter(_moved(places, "bed__" + path), state="use", kind__in=overnight)
    with everything("only whom to leave out; the rest keeps its bounds"):
        by_day = Stay.objects.filter(kind="day").order_by().values("pk")
    taken = Occupancy.objects.filter(_moved(places, path)).exclude(stay_id__in=by_day)
    away = Leave.objects.filter(_moved(places, path)).exclude(stay_id__in=by_day)
    return beds, taken, away


def _moved(condition: Q, path: str) -> Q:
    """The same condition on `path`; conditions are (lookup below the place, value) pairs."""
    moved = Q(_connector=condition.connector, _negated=condition.negated)
    for child in condition.children:
        if isinstance(child, Q):
            moved.children.append(_moved(child, path))
        else:
            name, value = child
            moved.children.append((f"{path}{name}", value))
    return moved


def inside(division: int | None = None, place: int | None = None, places: Collection[int] | None = None) -> Q:
    """A condition on the place: one place, some places, or all in a division."""
    if places is not None:
        return Q(("_id__in", list(places)))
    if place is not None:
        return Q(("_id", place))
    if division is None:
        return Q()
    span = Span.of(division)
    return Q(("__division__gte", span.lo)) & Q(("__division__lte", span.hi))


def daily(first: dt.date, end: dt.date, where: Q | None = None) -> list[tuple[dt.date, Count]]:
    """Beds, taken, away on each day of [first, end)."""
    found = [
        _days(table, names, first, end)
        for table, names in zip(_tables(where or Q(), "place"), SPANS, strict=True)
    ]
    beds, taken, away = found
    return [(day, Count(n, taken[i][1], away[i][1])) for i, (day, n) in enumerate(beds)]


def counts_on(day: dt.date, where: Q | None = None) -> Count:
    """Beds, taken, away on a day."""
    numbers = [
        table.filter(_held(names, day)).count()
        for table, names in zip(_tables(where or Q(), "place"), SPANS, strict=True)
    ]
    return Count(*numbers)


def months(first: dt.date, end: dt.date, where: Q | None = None) -> dict[dt.date, Count]:
    """Bed-days per month (its first day)."""
    days = daily(first, end, where)
    beds = by_month((day, count.beds) for day, count in days)
    taken = by_month((day, count.taken) for day, count in days)
    away = by_month((day, count.away) for day, count in days)
    return {month: Count(beds[month], taken[month], away[month]) for month in beds}


def by_place_on(day: dt.date, where: Q | None = None) -> Mapping[int, Count]:
    """Beds, taken, away on a day by place id; one query each."""
    found: dict[int, list[int]] = {}
    for slot, (table, names) in enumerate(zip(_tables(where or Q(), "place"), SPANS, strict=True)):
        path = "bed__place_id" if slot == 0 else "place_id"
        held = table.filter(_held(names, day)).order_by(path)
        for place_id, number in held.values_list(path).annotate(n=Number("pk")):
            found.setdefault(place_id, [0, 0, 0])[slot] = number
    return {place_id: Count(*numbers) for place_id, numbers in found.items()}


def by_place(first: dt.date, end: dt.date, where: Q | None = None) -> Mapping[int, Count]:
    """Bed-days in [first, end) by place id."""
    found: dict[int, list[int]] = {}
    for slot, (table, names) in enumerate(zip(_tables(where or Q(), "place"), SPANS, strict=True)):
        path = "bed__place_id" if slot == 0 else "place_id"
        for place_id, days in _sums(table, names, path, first, end).items():
            found.setdefault(place_id, [0, 0, 0])[slot] = days
    return {place_id: Count(*numbers) for place_id, numbers in found.items()}


def _held(names: tuple[str, str], day: dt.date) -> Q:
    since, until = names
    return Q(**{f"{since}__lte": day}) & (Q(**{until: None}) | Q(**{f"{until}__gt": day}))


def _days(
    table: QuerySet[Any], names: tuple[str, str], first: dt.date, end: dt.date
) -> list[tuple[dt.date, int]]:
    before = table.filter(_held(names, first - dt.timedelta(days=1))).count()
    return sweep(before, _changes(table, names, first, end), first, end)


def _changes(
    table: QuerySet[Any], names: tuple[str, str], first: dt.date, end: dt.date
) -> Iterable[tuple[dt.date, int]]:
    for name, sign in zip(names, (1, -1), strict=True):
        rows = table.filter(**{f"{name}__gte": first, f"{name}__lt": end}).order_by(name)
        for day, number in rows.values_list(name).annotate(n=Number("pk")):
            yield day, sign * number


def _sums(
    table: QuerySet[Any], names: tuple[str, str], path: str, first: dt.date, end: dt.date
) -> dict[int, int]:
    """Days in [first, end) by place: who was there before counts whole, who comes or goes from or to his day."""
    whole = (end - first).days
    sums: dict[int, int] = {}
    before = table.filter(_held(names, first - dt.timedelta(days=1))).order_by(path)
    for place_id, number in before.values_list(path).annotate(n=Number("pk")):
        sums[place_id] = number * whole
    for name, sign in zip(names, (1, -1), strict=True):
        rows = table.filter(**{f"{name}__gte": first, f"{name}__lt": end}).order_by(path, name)
        for place_id, day, number in rows.values_list(F(path), name).annotate(n=Number("pk")):
            sums[place_id] = sums.get(place_id, 0) + sign * number * (end - day).days
    return sums
