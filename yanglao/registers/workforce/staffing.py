"""The ratio of carers to residents 护理配比, reckoned for any day from spells of employment and stays."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count

from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.scope import everything
from yanglao.registers.places import queries as places
from yanglao.registers.places.queries import Place
from yanglao.registers.stays import queries as stays
from yanglao.registers.workforce import kinds
from yanglao.registers.workforce.kinds import Staffing
from yanglao.registers.workforce.models import Employment, HomeStaffing
from yanglao.registers.workforce.packs import Rulebook
from yanglao.registers.workforce.queries import held_on
from yanglao.registers.workforce.rules import demanded, hands, shortfall


@dataclass(frozen=True)
class Line:
    """How a home stands on a day. `bands`: residents by band; `unassessed` of them without an assessed level."""

    place_id: int
    rule: Staffing
    bands: Mapping[str, int]
    unassessed: int
    full_time: int
    part_time: int

    @property
    def residents(self) -> int:
        return sum(self.bands.values())

    @property
    def hands(self) -> Fraction:
        """Carers, one in part time counted as a half."""
        return hands(self.full_time, self.part_time)

    @property
    def demanded(self) -> int:
        return demanded(self.bands, {band.band: band.most for band in self.rule.bands})

    @property
    def missing(self) -> int:
        return shortfall(self.hands, self.demanded)

    @property
    def severe(self) -> int:
        """Residents under full care: those of the last, the heaviest, band."""
        return self.bands.get(self.rule.bands[-1].band, 0)

    @property
    def star(self) -> int | None:
        """The best star level whose ratio to residents under full care is met; None without such residents."""
        if not self.severe or not self.hands:
            return None
        met = [s.level for s in self.rule.stars if self.severe <= self.hands * s.to]
        return max(met, default=0)


def lines(place_ids: Iterable[int], day: dt.date) -> dict[int, Line]:
    """How these homes stand on a day: those with residents or carers, by place; five queries per 500 homes.

    The caller answers for the places.
    """
    found: dict[int, Line] = {}
    with everything("numbers of carers and residents of the homes the caller may see"):
        book = Rulebook()
        for chunk in in_chunks(place_ids):
            levels = stays.residents_by_level(chunk, day)
            full, part = _carers(chunk, day, full_time=True), _carers(chunk, day, full_time=False)
            divisions = dict(
                Place.objects.filter(pk__in=chunk).order_by("pk").values_list("pk", "division_id")
            )
            for place in sorted(levels.keys() | full.keys() | part.keys()):
                rule = book.at(divisions[place]).staffing
                here = levels.get(place, {})
                found[place] = Line(
                    place, rule, _bands(here, rule), _unassessed(here), full.get(place, 0), part.get(place, 0)
                )
    return found


def _carers(place_ids: list[int], day: dt.date, *, full_time: bool) -> dict[int, int]:
    rows = Employment.objects.filter(
        held_on(day), place__in=place_ids, post__in=kinds.carer_posts(), full_time=full_time
    )
    return dict(rows.order_by().values_list("place_id").annotate(n=Count("worker", distinct=True)))


def _bands(levels: Mapping[str, int], rule: Staffing) -> dict[str, int]:
    found: Counter[str] = Counter()
    for level, number in levels.items():
        found[rule.band_of(level)] += number
    return {band.band: found[band.band] for band in rule.bands}


def _unassessed(levels: Mapping[str, int]) -> int:
    return sum(n for level, n in levels.items() if not level or level.startswith("care:"))


def short_homes(day: dt.date) -> list[int]:
    """Open homes in scope that have fewer carers on a day than their residents demand."""
    homes = list(places.homes(day).order_by("pk").values_list("pk", flat=True))
    return [pk for pk, line in lines(homes, day).items() if line.missing]


def refresh(place_ids: Iterable[int], day: dt.date) -> int:
    """Write how these homes stand today; those without residents and carers are left out. Returns how many stand."""
    ids = sorted(set(place_ids))
    with everything("the ratio of every home"):
        now = lines(ids, day)
        lodging = set(
            places.homes(day).filter(pk__in=ids).order_by("pk").values_list("pk", flat=True)
            if len(ids) <= 500
            else places.homes(day).order_by("pk").values_list("pk", flat=True)
        )
        kept = [line for pk, line in now.items() if pk in lodging or line.residents]
        for chunk in in_chunks(ids):
            HomeStaffing.objects.filter(place__in=chunk).delete()
        divisions: dict[int, int] = {}
        for chunk in in_chunks(line.place_id for line in kept):
            rows = Place.objects.filter(pk__in=chunk).order_by("pk")
            divisions.update(rows.values_list("pk", "division_id"))
        HomeStaffing._base_manager.bulk_create(
            [_row(line, divisions[line.place_id], day) for line in kept], batch_size=500
        )
    return len(kept)


def _row(line: Line, division: int, day: dt.date) -> HomeStaffing:
    return HomeStaffing(
        place_id=line.place_id,
        division_id=division,
        bands=dict(line.bands),
        residents=line.residents,
        unassessed=line.unassessed,
        full_time=line.full_time,
        part_time=line.part_time,
        demanded=line.demanded,
        missing=line.missing,
        counted_on=day,
    )
