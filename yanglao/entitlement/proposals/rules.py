"""Whose birthday a day is. No Django, no database."""

from __future__ import annotations

import datetime as dt


def birthdays(day: dt.date) -> tuple[tuple[int, int], ...]:
    """Months and days of birth of those who become a year older on a day.

    Who was born on 29 February has his birthday on 1 March of other years.
    """
    own = ((day.month, day.day),)
    before = day - dt.timedelta(days=1)
    return (*own, (2, 29)) if (day.month, day.day) == (3, 1) and before.day == 28 else own
