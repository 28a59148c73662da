"""What a row means beside what the register knows. Pure functions, no Django."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Judgement = Literal["agrees", "news", "deceased"]
RHYTHM_DAYS = {"daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "yearly": 366}


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says of a person: `value` of the source's kind, from `on` up to, not including, `until`."""

    value: str
    on: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Spell:
    """A fact of the register: `value` from `first` up to, not including, `last` (None: still)."""

    value: str
    first: dt.date
    last: dt.date | None = None

    def covers(self, day: dt.date) -> bool:
        return self.first <= day and (self.last is None or day < self.last)


@dataclass(frozen=True, slots=True)
class Known:
    """What the register knows: the day of death, and the spells of the source's kind."""

    died: dt.date | None = None
    spells: Sequence[Spell] = ()


def judge(says: str, told: Told, known: Known, *, tolerance: int, as_of: dt.date) -> Judgement:
    """Whether a row agrees with the register, is news to it, or speaks of somebody known to be dead.

    `as_of`: the day of which the file speaks. `tolerance`: days by which a date of death may differ: a
    department enters its own day (of cancelling, of cremation), not always that of the death.
    """
    if says == "death":
        return _death(told, known, tolerance)
    if known.died is not None and known.died <= as_of:
        return "deceased"
    day = as_of if told.until is None or told.until > as_of else told.until - dt.timedelta(days=1)
    holds = any(spell.value == told.value and spell.covers(day) for spell in known.spells)
    return "agrees" if holds == (says == "holds") else "news"


def _death(told: Told, known: Known, tolerance: int) -> Judgement:
    if known.died is None:
        return "news"
    if told.on is None or abs((told.on - known.died).days) <= tolerance:
        return "agrees"
    return "news"


def expected_by(through: dt.date, rhythm: str, grace: int) -> dt.date:
    """The day by which the next file should be here, when the last one spoke of days up to `through`."""
    return through + dt.timedelta(days=RHYTHM_DAYS[rhythm] + grace)


def late_by(through: dt.date | None, rhythm: str, grace: int, today: dt.date) -> int | None:
    """Days a file is late; 0 when it is not, None when none ever came."""
    if through is None:
        return None
    return max(0, (today - expected_by(through, rhythm, grace)).days)


def concerns(reason: str | None, only: Sequence[str]) -> bool:
    """Whether a row is of the sort the source is asked for; one that gives no reason is."""
    return not reason or not only or any(word in reason for word in only)


def share(part: int, whole: int) -> float | None:
    """None where there is nothing to take a share of."""
    return part / whole if whole else None


def too_many_absent(absent: int, known: int) -> bool:
    """A list that leaves out a fifth of whom it should name is rather cut short than true."""
    return absent > 50 and absent * 5 > known
