# i18n: data (names of holidays)
"""Working days 工作日. Pure: dates and a mapping of the days that differ from Monday-to-Friday.

The day a term begins is not counted (Civil Code art. 201); working days leave out statutory holidays
(Administrative Licence Law art. 82).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)

# The statutory holidays of fixed date (全国年节及纪念日放假办法, State Council order 795, from 2025). Those of the
# lunar calendar and Qingming, and all exchanged days, come with each year's notice.
FIXED = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}


def fixed_holidays(year: int) -> dict[date, str]:
    """The statutory holidays whose date is the same every year, with their names."""
    return {date(year, month, day): name for (month, day), name in FIXED.items()}


@dataclass(frozen=True)
class WorkingCalendar:
    """`special`: whether a day is worked, for days that differ. `known_until`: the last year with a notice."""

    special: Mapping[date, bool]
    known_until: int

    def is_working(self, day: date) -> bool:
        found = self.special.get(day)
        return day.weekday() < 5 if found is None else found

    def add(self, start: date, days: int) -> date:
        """The `days`-th working day after `start` (before, if negative); for 0 `start` or the next working day."""
        step = -DAY if days < 0 else DAY
        day = start
        if days == 0:
            while not self.is_working(day):
                day += DAY
            return day
        left = abs(days)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days come after `start`, up to and with `end`; negative when `end` is earlier."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_working(start + n * DAY) for n in range(1, (end - start).days + 1))

    def is_provisional(self, day: date) -> bool:
        """Whether the day lies in a year whose holidays are not announced yet: say 未公布 beside the result."""
        return day.year > self.known_until
