"""Writing many values at once, for this room's actions only.

By hand instead of ``bulk_create(update_conflicts=True)``, which spends most of its time on making SQL: a month
of a province is 3,000 streets by 100 indicators.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Field, Model
from django.utils import timezone

from yanglao.steering.indicators.counting import Number, Parts
from yanglao.steering.indicators.models import Indicator, IndicatorPart, IndicatorValue
from yanglao.steering.indicators.rules import Amount

BATCH = 5000
KEY = ("indicator", "division", "month", "reported")
FIELDS = (*KEY, "version", "as_of", "numerator", "denominator", "coverage", "computed_at")
PART_KEY = ("indicator", "division", "month", "dimension", "value")
PART_FIELDS = (*PART_KEY, "numerator", "denominator")
FOURTH = Decimal("0.0001")


@dataclass(frozen=True)
class Row:
    """One value to keep; ``coverage`` is the share of units that reported in that very month."""

    indicator: Indicator
    division: int
    month: date
    as_of: date
    amount: Amount
    reported: bool = False
    coverage: Fraction = Fraction(1)


def keep(rows: Iterable[Row]) -> int:
    """Write the values, in the place of those of the same indicator, place and month. Gives how many."""
    return _write(IndicatorValue, KEY, FIELDS, _values(rows))


def keep_counted(
    indicator: Indicator, month: date, as_of: date, places: Sequence[int], amounts: Mapping[int, Parts]
) -> int:
    """Write what was counted for every place that stands, nought where nothing was. Gives how many.

    ``places`` in their order, which is that of the index.
    """
    nothing: Parts = (0, 0 if indicator.of_kind.has_denominator else None)
    exact, now = _Exact(), _prepared("computed_at", timezone.now())
    first, day = _prepared("month", month), _prepared("as_of", as_of)
    found = ((code, *amounts.get(code, nothing)) for code in places)
    return _write(
        IndicatorValue,
        KEY,
        FIELDS,
        (
            (indicator.pk, code, first, False, indicator.version, day, exact[n], exact[d], 1000, now)
            for code, n, d in found
        ),
    )


def keep_parts(
    indicator: Indicator, month: date, dimension: str, parts: Iterable[tuple[tuple[int, str], Parts]]
) -> int:
    """Write the parts of a number by (place, value); what is nought is left out. Gives how many."""
    exact, first = _Exact(), _prepared("month", month)
    return _write(
        IndicatorPart,
        PART_KEY,
        PART_FIELDS,
        (
            (indicator.pk, code, first, dimension, value, exact[above], exact[below])
            for (code, value), (above, below) in parts
            if above or below
        ),
    )


def _write(
    model: type[Model], key: Sequence[str], fields: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> int:
    statement, count, left = _statement(model, key, fields), 0, iter(rows)
    with connection.cursor() as cursor:
        while batch := list(islice(left, BATCH)):
            cursor.executemany(statement, batch)
            count += len(batch)
    return count


def _statement(model: type[Model], key: Sequence[str], fields: Sequence[str]) -> str:
    quote = connection.ops.quote_name
    columns = {name: quote(_column(name, model).attname) for name in fields}
    keys = ", ".join(columns[name] for name in key)
    news = ", ".join(f"{columns[n]} = excluded.{columns[n]}" for n in fields if n not in key)
    marks = ", ".join(["%s"] * len(fields))
    table = quote(model._meta.db_table)
    return (
        f"INSERT INTO {table} ({', '.join(columns.values())}) VALUES ({marks}) "
        f"ON CONFLICT ({keys}) DO UPDATE SET {news}"
    )


def _values(rows: Iterable[Row]) -> Iterator[tuple[Any, ...]]:
    exact, now = _Exact(), _prepared("computed_at", timezone.now())
    dates: dict[date, Any] = {}
    for row in rows:
        for day in (row.month, row.as_of):
            dates.setdefault(day, _prepared("month", day))
        yield (
            row.indicator.pk,
            row.division,
            dates[row.month],
            row.reported,
            row.indicator.version,
            dates[row.as_of],
            exact[row.amount.numerator],
            exact[row.amount.denominator],
            int(row.coverage * 1000),
            now,
        )


def _column(name: str, model: type[Model] = IndicatorValue) -> Field[Any, Any]:
    field = model._meta.get_field(name)
    assert isinstance(field, Field)
    return field


def _prepared(name: str, value: Any) -> Any:
    """A value as the database at hand takes it."""
    return _column(name).get_db_prep_save(value, connection)


class _Exact(dict["Number | None", Any]):
    """Numbers as the column takes them, each prepared once: small counts come again and again."""

    def __missing__(self, number: Number | None) -> Any:
        made = None
        if number is not None:
            exact = Decimal(number.numerator) / Decimal(number.denominator)
            made = _prepared("numerator", exact.quantize(FOURTH, ROUND_HALF_UP))
        self[number] = made
        return made
