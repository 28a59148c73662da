"""How many stand how, item by item: counted from the states themselves, kept by month for what is asked of the past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from yanglao.entitlement.catalogue.models import Coverage, Entitlement
from yanglao.entitlement.catalogue.rules import DUE, MISSING, State
from yanglao.kernel.packs.models import City
from yanglao.kernel.scope import Span


@dataclass(frozen=True)
class Figures:
    """Persons by state."""

    by_state: Mapping[int, int]

    @property
    def due(self) -> int:
        """All who are entitled, whatever became of it."""
        return sum(self.by_state.get(state, 0) for state in DUE)

    @property
    def missing(self) -> int:
        """漏: entitled, not refused, and not there yet."""
        return sum(self.by_state.get(state, 0) for state in MISSING)

    def of(self, state: State) -> int:
        return self.by_state.get(state, 0)

    @property
    def entitled(self) -> int:
        return self.of(State.ENTITLED)

    @property
    def offered(self) -> int:
        return self.of(State.OFFERED)

    @property
    def accepted(self) -> int:
        return self.of(State.ACCEPTED)

    @property
    def received(self) -> int:
        return self.of(State.RECEIVED)

    @property
    def refused(self) -> int:
        return self.of(State.REFUSED)

    @property
    def ended(self) -> int:
        return self.of(State.ENDED)

    @property
    def share(self) -> float | None:
        """Received of all who are entitled and did not refuse; None when there is nobody."""
        wanted = self.due - self.refused
        return self.received / wanted if wanted else None


def live(span: Span) -> dict[int, Figures]:
    """Item → figures of a division as they stand now, within the scope that is entered."""
    rows = Entitlement.objects.filter(division__gte=span.lo, division__lte=span.hi, item__standing=True)
    return _by_item(rows)


def _by_item(rows: QuerySet[Entitlement]) -> dict[int, Figures]:
    found: dict[int, dict[int, int]] = {}
    grouped = rows.order_by("item_id").values_list("item_id", "state").annotate(n=Count("pk"))
    for item, state, persons in grouped:
        found.setdefault(item, {})[state] = persons
    return {item: Figures(states) for item, states in found.items()}


def by_place(item_id: int, span: Span, unit: int) -> dict[int, Figures]:
    """Code of each division below (of so many digits set to zero: `unit`) → figures of one item."""
    rows = Entitlement.objects.filter(item_id=item_id, division__gte=span.lo, division__lte=span.hi)
    found: dict[int, dict[int, int]] = {}
    grouped = rows.order_by("division_id").values_list("division_id", "state").annotate(n=Count("pk"))
    for code, state, persons in grouped:
        states = found.setdefault(code - code % unit, {})
        states[state] = states.get(state, 0) + persons
    return {code: Figures(states) for code, states in sorted(found.items())}


def keep(city: City, on: dt.date) -> int:
    """Write the month's figures of a city as they stand; returns how many rows."""
    month, span = on.year * 100 + on.month, Span.of(city.root_id)
    Coverage.objects.filter(month=month, item__city=city).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalogue_coverage (month, item_id, division_id, state, persons, recovered) "
            "SELECT %s, e.item_id, e.division_id, e.state, COUNT(*), %s FROM catalogue_entitlement e "
            "JOIN catalogue_item i ON i.id = e.item_id WHERE i.city_id = %s AND i.standing "
            "AND e.division_id BETWEEN %s AND %s GROUP BY e.item_id, e.division_id, e.state",
            [month, False, city.pk, span.lo, span.hi],
        )
        return int(cursor.rowcount)


@dataclass(frozen=True)
class Counted:
    """A month of a division: all items together, or one. `recovered`: counted later, from the facts as known by then."""

    month: int
    recovered: bool
    figures: Figures


def by_month(spans: Sequence[Span], span: Span, item_id: int | None = None) -> list[Counted]:
    """The months that were counted, latest first, of what lies in `span` and in one of `spans`."""
    allowed = Q(pk__in=())
    for each in spans:
        allowed |= Q(division__gte=each.lo, division__lte=each.hi)
    rows = Coverage.objects.filter(allowed, division__gte=span.lo, division__lte=span.hi)
    rows = rows.filter(item=item_id) if item_id else rows
    found: dict[tuple[int, bool], dict[int, int]] = {}
    grouped = rows.order_by("-month").values_list("month", "recovered", "state").annotate(n=Sum("persons"))
    for month, recovered, state, persons in grouped:
        found.setdefault((month, recovered), {})[state] = persons
    return [Counted(month, recovered, Figures(states)) for (month, recovered), states in found.items()]


def kept_months(city: City) -> set[int]:
    """Months of a city that were counted in their own time: these are not counted again."""
    rows = Coverage.objects.filter(item__city=city, recovered=False).order_by("month")
    return set(rows.values_list("month", flat=True).distinct())


def replace(city: City, month: int, columns: pa.Table) -> int:
    """Write what was recovered of a month (item_id, division_id, state, persons); returns how many rows."""
    Coverage.objects.filter(month=month, item__city=city, recovered=True).delete()
    rows = columns.to_pylist()
    Coverage.objects.bulk_create([Coverage(month=month, recovered=True, **row) for row in rows], 2_000)
    return len(rows)
