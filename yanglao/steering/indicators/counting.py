"""Counting measures for a day: each once, by street, summed to county, city and province.

Whole numbers stay integers, which add up ten times as fast as fractions: a province has 3,000 streets and 100
indicators a month.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import TypeVar

from yanglao.kernel.rooms import house
from yanglao.steering.indicators.models import Indicator
from yanglao.steering.indicators.rules import PARENTS, street_of

Number = int | Fraction
Parts = tuple[Number, Number | None]
K = TypeVar("K", int, tuple[int, str])


class Counter:
    """Counts of the rooms' measures by place, each asked once per date."""

    def __init__(self) -> None:
        self._whole: dict[tuple[str, date], dict[int, Number]] = {}
        self._split: dict[tuple[str, date, str], dict[tuple[int, str], Number]] = {}

    def whole(self, name: str, on: date) -> Mapping[int, Number] | None:
        """Numbers by place, from the streets up; None when no room offers the measure."""
        measure = house().measures.get(name)
        if measure is None:
            return None
        if (name, on) not in self._whole:
            self._whole[name, on] = rolled_up(measure.count(on))
        return self._whole[name, on]

    def told_apart(self, name: str, on: date, dimension: str) -> Mapping[tuple[int, str], Number] | None:
        """Numbers by place and value of a dimension; None when the measure cannot be told apart by it."""
        measure = house().measures.get(name)
        split = measure.splits.get(dimension) if measure else None
        if split is None:
            return None
        key = (name, on, dimension)
        if key not in self._split:
            by_value: dict[str, dict[int, float]] = {}
            for (code, value), number in split.count(on).items():
                inside = by_value.setdefault(value, {})
                inside[code] = inside.get(code, 0) + number
            self._split[key] = {
                (place, value): number
                for value, counts in by_value.items()
                for place, number in rolled_up(counts).items()
            }
        return self._split[key]

    def amounts(self, indicator: Indicator, on: date) -> Mapping[int, Parts] | None:
        """Numerator and denominator by place on a date; None when a measure is lacking."""
        above = self.whole(indicator.numerator, on)
        if above is not None and (before := _before(indicator, on)):
            above = _less(above, self.whole(indicator.numerator, before))
        if above is None or not indicator.of_kind.has_denominator:
            return None if above is None else _joined(above, None)
        below = self.whole(indicator.denominator, on)
        return None if below is None else _joined(above, below)

    def parts(self, indicator: Indicator, on: date, dimension: str) -> Mapping[tuple[int, str], Parts] | None:
        """The same by place and value of a dimension; None when a measure cannot be told apart by it."""
        above = self.told_apart(indicator.numerator, on, dimension)
        if above is not None and (before := _before(indicator, on)):
            above = _less(above, self.told_apart(indicator.numerator, before, dimension))
        if above is None or not indicator.of_kind.has_denominator:
            return None if above is None else _joined(above, None)
        below = self.told_apart(indicator.denominator, on, dimension)
        return None if below is None else _joined(above, below)


def rolled_up(counts: Mapping[int, float]) -> dict[int, Number]:
    """Every place's number from the streets up to the province: each the sum of what lies in it.

    What is known only to a county counts for the county and above.
    """
    totals: dict[int, Number] = {}
    for code, number in counts.items():
        street = street_of(code)
        totals[street] = totals.get(street, 0) + _exact(number)
    for step, size in pairwise(PARENTS):
        for code, count in list(totals.items()):
            if code % step == 0 and code % size:  # places of just this level: each number climbs step by step
                parent = code - code % size
                totals[parent] = totals.get(parent, 0) + count
    return totals


def _exact(number: float) -> Number:
    return number if isinstance(number, int) else Fraction(str(number))


def _before(indicator: Indicator, on: date) -> date | None:
    """The day whose number is taken away: the last of the year before, or the one before the counting began."""
    if indicator.date_rule == "year_to_date":
        return date(on.year, 1, 1) - timedelta(days=1)
    if indicator.date_rule == "since" and indicator.since is not None:
        return min(indicator.since - timedelta(days=1), on)
    return None


def _less(now: Mapping[K, Number], before: Mapping[K, Number] | None) -> dict[K, Number]:
    """What was added since; places that lost (moves, deaths) count as they are, so that the sum stays true."""
    start = before or {}
    return {key: now.get(key, 0) - start.get(key, 0) for key in now.keys() | start.keys()}


def _joined(above: Mapping[K, Number], below: Mapping[K, Number] | None) -> dict[K, Parts]:
    if below is None:
        return {key: (number, None) for key, number in above.items()}
    return {key: (above.get(key, 0), below.get(key, 0)) for key in above.keys() | below.keys()}
