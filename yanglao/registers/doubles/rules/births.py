"""How alike two birth dates are: swapped, mistyped, by the lunar calendar, half known."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from borax.calendars.lunardate import InvalidLunarDateError, LunarDate


@lru_cache(maxsize=100_000)
def solar_of(day: dt.date) -> dt.date | None:
    """The solar day of a lunar date that was written down as if it were solar; None where there is none.

    Many older people know their birthday by the lunar calendar (农历) only. Leap months are read as plain ones.
    """
    try:
        return LunarDate(day.year, day.month, day.day).to_solar_date()
    except (InvalidLunarDateError, ValueError):
        return None


def compare(a: dt.date | None, b: dt.date | None) -> str:
    """The level of likeness of two birth dates."""
    if a is None or b is None:
        return "missing"
    if a == b:
        return "equal"
    if (a.year, a.month, a.day) == (b.year, b.day, b.month):
        return "swapped"
    if solar_of(a) == b or solar_of(b) == a:
        return "lunar"
    if _one_slip(f"{a:%Y%m%d}", f"{b:%Y%m%d}"):
        return "digit"
    if (
        a.year == b.year
        and (a.month, a.day) != (b.month, b.day)
        and (1, 1) in ((a.month, a.day), (b.month, b.day))
    ):
        return "day_unknown"
    if (a.year, a.month) == (b.year, b.month):
        return "month"
    return "year" if abs(a.year - b.year) <= 1 else "different"


def _one_slip(a: str, b: str) -> bool:
    """One digit differs, or two neighbours are swapped."""
    wrong = [at for at in range(8) if a[at] != b[at]]
    if len(wrong) == 1:
        return True
    if len(wrong) != 2 or wrong[1] - wrong[0] != 1:
        return False
    first, second = wrong
    return (a[first], a[second]) == (b[second], b[first])
