"""Days and months as one counts them on one's fingers. A month is a number here: twelve times the year, plus 0 to 11."""

from __future__ import annotations

from datetime import date, timedelta

DAY = timedelta(days=1)
EVER = date(9999, 12, 31)


def month_of(day: date) -> int:
    return day.year * 12 + day.month - 1


def month_named(code: int) -> int:
    """202611 → the month's number."""
    return code // 100 * 12 + code % 100 - 1


def code_of(month: int) -> int:
    """The month's number → 202611."""
    return month // 12 * 100 + month % 12 + 1


def first(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def last(month: int) -> date:
    return first(month + 1) - DAY


def moment(name: str, month: int) -> date:
    """The day a word of the language means in a month. Raises KeyError for a word that is none."""
    return {
        "month_start": lambda: first(month),
        "month_middle": lambda: first(month) + 14 * DAY,
        "month_end": lambda: last(month),
        "previous_month_start": lambda: first(month - 1),
        "previous_month_end": lambda: last(month - 1),
        "year_start": lambda: date(month // 12, 1, 1),
        "year_end": lambda: date(month // 12, 12, 31),
        "previous_year_end": lambda: date(month // 12 - 1, 12, 31),
        "ever": lambda: EVER,
    }[name]()


def years_old(born: date, day: date) -> int:
    """Full years on a day. Who is born on 29 February is a year older on the 28th of a common year (民法典第202条)."""
    try:
        birthday = born.replace(year=day.year)
    except ValueError:
        birthday = date(day.year, 2, 28)
    return day.year - born.year - (0 if birthday <= day else 1)


def months_later(day: date, months: int) -> date:
    """The same day of another month, or its last day where it is shorter."""
    month = month_of(day) + months
    return min(first(month) + (day.day - 1) * DAY, last(month))


PERIODS = {"monthly": 1, "once": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}


def paid_in(run: int, rhythm: str, timing: str, first_month: int) -> list[int]:
    """The months that are paid in the month `run`: those of the period whose turn it is, or none."""
    size = PERIODS[rhythm]
    for begins in range(run - 2 * size, run + 2 * size + 1):
        if (begins % 12 - (first_month - 1)) % size:
            continue  # no period begins in this month
        turn = {
            "prepaid": begins,
            "current": begins + size - 1,
            "arrears": begins + size,
            "ahead": begins - 1,
        }[timing]
        if turn == run:
            return list(range(begins, begins + size))
    return []
