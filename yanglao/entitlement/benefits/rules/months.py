"""Months as integers YYYYMM, and the few date sums the policies need. Pure standard library."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month; `int(month)` is 202611, `str(month)` is 2026-11."""

    year: int
    number: int

    @classmethod
    def of(cls, value: date | int | str) -> Month:
        """From a day, from 202611 or from "2026-11". Raises ValueError for anything else."""
        if isinstance(value, date):
            return cls(value.year, value.month)
        if isinstance(value, int):
            return cls.of(date(value // 100, value % 100, 1))
        return cls.of(date.fromisoformat(f"{value}-01"))

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    @property
    def previous(self) -> Month:
        return Month.of(self.first - timedelta(days=1))

    @property
    def next(self) -> Month:
        return Month.of(self.last + timedelta(days=1))

    def plus(self, months: int) -> Month:
        """So many months later; earlier when negative."""
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, number + 1)

    def __int__(self) -> int:
        return self.year * 100 + self.number

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


def month_range(first: Month, last: Month) -> tuple[Month, ...]:
    """All months from `first` to `last`, both included."""
    return tuple(_walk(first, last))


def _walk(month: Month, last: Month) -> Iterator[Month]:
    while month <= last:
        yield month
        month = month.next


def add_months(day: date, months: int) -> date:
    """The corresponding day `months` later; the month's last day when there is none (民法典第202条)."""
    index = day.year * 12 + day.month - 1 + months
    year, number = divmod(index, 12)
    return date(year, number + 1, min(day.day, calendar.monthrange(year, number + 1)[1]))


def latest_birth(day: date, years: int) -> date:
    """The latest birth date of those who have reached `years` years on `day`.

    Whoever is born on 29 February reaches a year of age on 28 February of a common year: without a
    corresponding day the period ends with the month (民法典第202条).
    """
    shifted = add_months(day, -12 * years)
    if (day.month, day.day) == (2, 28) and not calendar.isleap(day.year) and calendar.isleap(shifted.year):
        return date(shifted.year, 2, 29)
    return shifted


def age_on(birth: date, day: date) -> int:
    """Full years (周岁) on `day`, by the same rule as `latest_birth`; negative before birth."""
    years = day.year - birth.year
    return years if add_months(birth, 12 * years) <= day else years - 1
