"""Writing many values at once, for this room's actions only.

By hand instead of ``bulk_create(update_conflicts=True)``, which spends most of its time on making SQL: a month
of a province is 3,000 streets by 100 indicators.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.db import connection
from django.db.models import Field
from django.utils import timezone

from yanglao.steering.indicators.models import Indicator, IndicatorValue
from yanglao.steering.indicators.rules import Amount

BATCH = 5000
KEY = ("indicator", "division", "month", "reported")
FIELDS = (*KEY, "version", "as_of", "numerator", "denominator", "coverage", "computed_at")


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
    statement, count, batch = _statement(), 0, []
    for values in _values(rows):
        batch.append(values)
        if len(batch) == BATCH:
            count += _write(statement, batch)
            batch = []
    return count + _write(statement, batch)


def _write(statement: str, batch: list[tuple[Any, ...]]) -> int:
    if batch:
        with connection.cursor() as cursor:
            cursor.executemany(statement, batch)
    return len(batch)


def _statement() -> str:
    quote = connection.ops.quote_name
    columns = {name: quote(_column(name).attname) for name in FIELDS}
    keys = ", ".join(columns[name] for name in KEY)
    news = ", ".join(f"{columns[n]} = excluded.{columns[n]}" for n in FIELDS if n not in KEY)
    marks = ", ".join(["%s"] * len(FIELDS))
    table = quote(IndicatorValue._meta.db_table)
    return (
        f"INSERT INTO {table} ({', '.join(columns.values())}) VALUES ({marks}) "
        f"ON CONFLICT ({keys}) DO UPDATE SET {news}"
    )


def _values(rows: Iterable[Row]) -> Iterator[tuple[Any, ...]]:
    now = _prepared("computed_at", timezone.now())
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
            _decimal(row.amount.numerator),
            None if row.amount.denominator is None else _decimal(row.amount.denominator),
            int(row.coverage * 1000),
            now,
        )


def _column(name: str) -> Field[Any, Any]:
    field = IndicatorValue._meta.get_field(name)
    assert isinstance(field, Field)
    return field


def _prepared(name: str, value: Any) -> Any:
    """A value as the database at hand takes it."""
    return _column(name).get_db_prep_save(value, connection)


def _decimal(number: Fraction) -> Any:
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return _prepared("numerator", exact.quantize(Decimal("0.0001"), ROUND_HALF_UP))
