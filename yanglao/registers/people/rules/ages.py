"""Ages in full years (周岁) and the birthdays that change them."""

import datetime as dt
from typing import Final, NamedTuple


class Band(NamedTuple):
    """An age band: `low` ≤ age ≤ `high` (None: open)."""

    low: int
    high: int | None


BANDS: Final[dict[str, Band]] = {
    "60-69": Band(60, 69),
    "70-79": Band(70, 79),
    "80-89": Band(80, 89),
    "90-99": Band(90, 99),
    "100+": Band(100, None),
    "60+": Band(60, None),
    "65+": Band(65, None),
    "80+": Band(80, None),
    "90+": Band(90, None),
    "0-59": Band(0, 59),
}


def age_on(birth: dt.date, day: dt.date) -> int:
    """Full years on a day. Who is born on 29 February turns on 1 March in years without one."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def birthday(birth: dt.date, age: int) -> dt.date:
    """The day a person reaches an age."""
    year = birth.year + age
    try:
        return birth.replace(year=year)
    except ValueError:
        return dt.date(year, 3, 1)


def born_by(age: int, day: dt.date) -> dt.date:
    """The latest birth date of those who are at least `age` on `day`: `birth_date <= born_by(80, day)`."""
    try:
        return day.replace(year=day.year - age)
    except ValueError:
        return dt.date(day.year - age, 2, 28)


def born_between(band: Band, day: dt.date) -> tuple[dt.date | None, dt.date]:
    """(earliest, latest) birth dates of a band on `day`; earliest None when the band is open."""
    earliest = None if band.high is None else born_by(band.high + 1, day) + dt.timedelta(days=1)
    return earliest, born_by(band.low, day)


def turning(age: int, first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    """(earliest, latest) birth dates of those who reach `age` on a day in `first..last`."""
    return born_by(age, first - dt.timedelta(days=1)) + dt.timedelta(days=1), born_by(age, last)
