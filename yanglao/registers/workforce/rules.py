"""Pure rules of the workforce: which certificates hold, what a post lacks, how many carers are demanded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Literal, TypeVar

SOON_DAYS = 60
WORKING_AGE = 16
State = Literal["good", "expiring", "expired", "missing"]
_ORDER: Mapping[State, int] = {"good": 0, "expiring": 1, "expired": 2, "missing": 3}
Key = TypeVar("Key")


@dataclass(frozen=True)
class Holding:
    """A certificate as far as its validity goes: good from `issued` through `expires`, before `revoked`."""

    kind: str
    issued: dt.date
    expires: dt.date | None = None
    revoked: dt.date | None = None
    level: int | None = None

    @property
    def last(self) -> dt.date | None:
        """The last day it is good for; None: no end is known."""
        before_revoked = self.revoked - dt.timedelta(days=1) if self.revoked else None
        ends = [day for day in (self.expires, before_revoked) if day is not None]
        return min(ends) if ends else None

    def good_on(self, day: dt.date) -> bool:
        return self.issued <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Standing:
    """How a worker stands to a demand on a day; `until`: last day of the best certificate he has or had."""

    state: State
    until: dt.date | None = None


def standing(
    any_of: Iterable[str],
    holdings: Iterable[Holding],
    day: dt.date,
    *,
    min_level: int | None = None,
    soon: int = SOON_DAYS,
) -> Standing:
    """How certificates meet a demand of one of `any_of`, at `min_level` or better (1 is the best).

    `expiring`: the one that lasts longest ends within `soon` days. A certificate that is not good yet is none.
    """
    wanted = set(any_of)
    fits = [
        h
        for h in holdings
        if h.kind in wanted
        and h.issued <= day
        and (min_level is None or (h.level is not None and h.level <= min_level))
    ]
    if not fits:
        return Standing("missing")
    if any(h.last is None for h in fits):
        return Standing("good")
    until = max(h.last for h in fits if h.last is not None)
    if until < day:
        return Standing("expired", until)
    return Standing("expiring" if until <= day + dt.timedelta(days=soon) else "good", until)


def worst(standings: Iterable[Standing]) -> State:
    """The worst of several; nothing demanded is good."""
    return max((s.state for s in standings), key=lambda s: _ORDER[s], default="good")


def expiry(issued: dt.date, months: int) -> dt.date | None:
    """The last day of a certificate good for `months` from its issue; None for 0 (it does not expire)."""
    if not months:
        return None
    years, month = divmod(issued.month - 1 + months, 12)
    first = dt.date(issued.year + years, month + 1, 1)
    beyond = dt.date(first.year + first.month // 12, first.month % 12 + 1, 1)
    last_of_month = (beyond - dt.timedelta(days=1)).day
    return first.replace(day=min(issued.day, last_of_month)) - dt.timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """The days from `starts` up to, not including, `ends` (None: still)."""

    starts: dt.date
    ends: dt.date | None = None

    def meets(self, other: Days) -> bool:
        """Whether the two have a day in common."""
        return (other.ends is None or self.starts < other.ends) and (
            self.ends is None or other.starts < self.ends
        )

    def __contains__(self, day: dt.date) -> bool:
        return self.starts <= day and (self.ends is None or day < self.ends)


@dataclass(frozen=True)
class Post:
    """A spell of employment as far as the choice of the main one goes."""

    key: int
    days: Days
    full_time: bool


def main_post(posts: Sequence[Post], day: dt.date) -> Post | None:
    """The post that stands for a worker: of those held on the day the full-time one, else the longest held; else
    the one that ended last; else the first to come."""
    now = [p for p in posts if day in p.days]
    if now:
        return min(now, key=lambda p: (not p.full_time, p.days.starts, p.key))
    over = [p for p in posts if p.days.ends is not None and p.days.ends <= day]
    if over:
        return max(over, key=lambda p: (p.days.ends or day, p.key))
    return min(posts, key=lambda p: (p.days.starts, p.key), default=None)


HALF = Fraction(1, 2)


def hands(full_time: int, part_time: int) -> Fraction:
    """Carers as the ratio counts them: one in full time is one, one in part time a half."""
    return Fraction(full_time) + HALF * part_time


def demanded(residents: Mapping[Key, int], per_carer: Mapping[Key, int]) -> int:
    """Carers demanded: one for so many residents of each band, the shares added and then rounded up.

    Raises KeyError for a band without a rule.
    """
    return ceil(sum((Fraction(n, per_carer[band]) for band, n in residents.items()), Fraction(0)))


def shortfall(have: Fraction, want: int) -> int:
    """Carers that are missing, in whole persons; 0 when there are enough."""
    return max(0, ceil(want - have))
