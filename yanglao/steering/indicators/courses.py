"""Courses of many places at once, as plain tuples: a page of 30 places over two years reads 720 values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from yanglao.steering.indicators.models import Indicator, IndicatorPart, IndicatorValue
from yanglao.steering.indicators.queries import Reading
from yanglao.steering.indicators.rules import Amount, Kind, shown


class Mark(NamedTuple):
    """One month of one place."""

    place: int
    month: date
    as_of: date
    numerator: Decimal
    denominator: Decimal | None
    reported: bool
    coverage: int
    version: int

    def number(self, kind: Kind) -> float | None:
        """What is drawn; None when there was nothing to divide by."""
        if not kind.has_denominator:
            return float(self.numerator)
        return float(self.numerator) * kind.factor / float(self.denominator) if self.denominator else None


COLUMNS = ("division_id", "month", "as_of", "numerator", "denominator", "reported", "coverage", "version")


def courses(indicator: Indicator, places: Iterable[int], since: date, until: date) -> dict[int, list[Mark]]:
    """The months of every place within the reader's scope, oldest first; a register's number goes before a report."""
    rows = IndicatorValue.objects.filter(
        indicator=indicator, division_id__in=list(places), month__gte=since, month__lte=until
    )
    found: dict[int, list[Mark]] = {}
    for row in rows.order_by("division_id", "month", "-reported").values_list(*COLUMNS):
        one = Mark(*row)
        months = found.setdefault(one.place, [])
        if months and months[-1].month == one.month:
            months.pop()  # reported; the computed one comes after it
        months.append(one)
    return found


def reading_of(indicator: Indicator, mark: Mark) -> Reading:
    """A month as pages read it."""
    below = None if mark.denominator is None else Fraction(mark.denominator)
    amount = Amount(Fraction(mark.numerator), below)
    value = amount.value(indicator.of_kind)
    return Reading(
        code=indicator.code,
        place=mark.place,
        month=mark.month,
        as_of=mark.as_of,
        amount=amount,
        value=value,
        words=shown(value, indicator.digits),
        unit=indicator.unit,
        version=mark.version,
        reported=mark.reported,
        coverage=Fraction(mark.coverage, 1000),
    )


def parts(
    indicator: Indicator, places: Iterable[int], month: date, dimension: str
) -> dict[tuple[int, str], Amount]:
    """The parts of a month's number by place and value, within the reader's scope; what is missing is nought."""
    rows = IndicatorPart.objects.filter(
        indicator=indicator, division_id__in=list(places), month=month, dimension=dimension
    )
    return {(part.division_id, part.value): part.amount for part in rows}
