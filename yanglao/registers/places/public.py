"""What everybody may know of open places: the search behind the public place finder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from django.urls import reverse

from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import Level, Span, everything
from yanglao.kernel.scope.spans import ancestor, level_of
from yanglao.registers.places import queries
from yanglao.registers.places.kinds import facts, in_group, kind_label, lodging
from yanglao.registers.places.models import Place, PlaceFact, Price
from yanglao.registers.places.rules import Range, distance_km, monthly

GROUPS: dict[str, Callable[[], tuple[str, ...]]] = {
    "homes": lodging,
    "community": lambda: in_group("community", "embedded"),
    "meals": lambda: in_group("meals"),
    "mutual": lambda: in_group("mutual"),
    "learning": lambda: in_group("learning"),
}


@dataclass(frozen=True)
class Wanted:
    """What is looked for: a division code, a group, the most one can pay a month (fen), a type of free bed."""

    near: int | None = None
    group: str = "homes"
    most: int | None = None
    bed: str = ""


@dataclass(frozen=True)
class Found:
    """A place that fits: how far (km), what it costs a month, free beds by type, in words what it is."""

    place: Place
    distance: float | None = None
    price: Range | None = None
    beds: dict[str, int] = field(default_factory=dict)
    badges: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return reverse("places:found", args=[self.place.pk])

    @property
    def kind(self) -> str:
        return kind_label(self.place.kind)

    @property
    def free(self) -> int | None:
        """Free beds of all types; None where nobody knows."""
        return sum(self.beds.values()) if self.beds else None


def search(wanted: Wanted) -> list[Found]:
    """Open places that fit, nearest first where a division is named (those without a point after the others)."""
    with everything("the public sees open places"):
        rows = Place.objects.filter(state="open", kind__in=GROUPS.get(wanted.group, lodging)())
        if wanted.near is not None:
            rows = rows.filter(**_around(wanted.near))
        places = list(rows.order_by("-star", "division_id", "id"))
        found = [Found(place) for place in places]
        if wanted.most is not None:
            found = _affordable(found, wanted.most)
        if wanted.bed:
            found = _with_bed(found, wanted.bed)
    return _nearest(found, wanted.near)


def _around(code: int) -> dict[str, int]:
    """Near a village or street is looked for in its whole county; in a county or city in itself."""
    level = level_of(code)
    span = Span.of(ancestor(code, Level.COUNTY) if level > Level.COUNTY else code)
    return {"division__gte": span.lo, "division__lte": span.hi}


def _nearest(found: list[Found], near: int | None) -> list[Found]:
    centre = Division.objects.filter(pk=near, longitude__isnull=False).first() if near else None
    if centre is None or centre.longitude is None or centre.latitude is None:
        return found
    here = (centre.longitude, centre.latitude)
    measured = [replace(one, distance=_distance(here, one.place)) for one in found]
    return sorted(measured, key=lambda f: (f.distance is None, f.distance or 0.0, f.place.pk))


def _distance(here: tuple[float, float], place: Place) -> float | None:
    if place.longitude is None or place.latitude is None:
        return None
    return distance_km(here, (place.longitude, place.latitude))


def _monthly(ids: list[int]) -> dict[int, Range]:
    rows = Price.objects.filter(queries.true_on(queries.today()), place_id__in=ids, withdrawn_at=None)
    by_place: dict[int, list[tuple[str, str, int, int]]] = {}
    for place_id, item, unit, low, high in rows.order_by("place_id", "id").values_list(
        "place_id", "item", "unit", "low", "high"
    ):
        by_place.setdefault(place_id, []).append((item, unit, low, high))
    ranges = {place_id: monthly(listed) for place_id, listed in by_place.items()}
    return {place_id: span for place_id, span in ranges.items() if span is not None}


def _affordable(found: list[Found], most: int) -> list[Found]:
    prices = _monthly([f.place.pk for f in found])
    return [f for f in found if f.place.pk in prices and prices[f.place.pk].low <= most]


def _with_bed(found: list[Found], bed: str) -> list[Found]:
    free = queries.free_beds([f.place.pk for f in found])
    return [f for f in found if free.get(f.place.pk, {}).get(bed, 0) > 0]


def dressed(found: list[Found]) -> list[Found]:
    """The same with prices, free beds and badges: for the page that is shown, not for all that fit."""
    ids = [f.place.pk for f in found]
    with everything("the public sees open places"):
        prices, beds = _monthly(ids), queries.free_beds(ids)
        told = queries.current_facts(ids, BADGES)
    return [
        replace(
            f,
            price=prices.get(f.place.pk),
            beds=beds.get(f.place.pk, {}),
            badges=_badges(told.get(f.place.pk, {})),
        )
        for f in found
    ]


BADGES = ("star", "centre_grade", "ownership", "ltci", "dementia_zone", "medical_unit", "inclusive")


def _badges(told: dict[str, list[PlaceFact]]) -> tuple[str, ...]:
    valued = ("star", "centre_grade", "ownership")
    return tuple(
        facts()[kind].name_of(row.value) if kind in valued else str(facts()[kind])
        for kind in BADGES
        for row in told.get(kind, [])[:1]
    )


def one(pk: int) -> Found | None:
    """An open place, dressed; None for one that is not open or not there."""
    with everything("the public sees open places"):
        place = Place.objects.filter(pk=pk, state="open").select_related("operator").first()
    return dressed([Found(place)])[0] if place is not None else None


def prices(place: Place) -> list[Price]:
    """The published prices in force today."""
    with everything("the public sees published prices"):
        return list(queries.prices_on(place, queries.today()))
