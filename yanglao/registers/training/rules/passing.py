"""Whether a trainee met what his course demands, and since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Demand:
    """Class hours (学时) and pass marks; None: that part is not examined."""

    hours: Decimal
    theory: Decimal | None = None
    practice: Decimal | None = None

    @property
    def examined(self) -> bool:
        return self.theory is not None or self.practice is not None


@dataclass(frozen=True)
class Marks:
    """Marks of 0 to 100; None: not taken."""

    theory: Decimal | None = None
    practice: Decimal | None = None
    on: dt.date | None = None


def passed(demand: Demand, marks: Marks) -> bool | None:
    """Whether the exam was passed in every part; None while a part has no mark. True where there is no exam."""
    parts = [
        (mark, least)
        for mark, least in ((marks.theory, demand.theory), (marks.practice, demand.practice))
        if least is not None
    ]
    if any(mark is not None and mark < least for mark, least in parts):
        return False
    return None if any(mark is None for mark, _least in parts) else True


def hours(attended: Sequence[tuple[dt.date, Decimal]]) -> Decimal:
    """Class hours of the lessons attended, each as (day, hours)."""
    return sum((each for _day, each in attended), Decimal(0))


def completed_on(demand: Demand, attended: Sequence[tuple[dt.date, Decimal]], marks: Marks) -> dt.date | None:
    """The day on which the last demand was met; None while one is not."""
    day = _enough_on(demand.hours, attended)
    if day is None or passed(demand, marks) is not True:
        return None
    return max(day, marks.on) if demand.examined and marks.on else day


def _enough_on(needed: Decimal, attended: Sequence[tuple[dt.date, Decimal]]) -> dt.date | None:
    had = Decimal(0)
    for day, each in sorted(attended):
        had += each
        if had >= needed:
            return day
    return None
