"""How complete and fresh what is known of a person is: 0 to 100. Learning something never lowers it.

Hence whom an item concerns depends on his age alone, never on what is known: else to learn that he lives alone
would ask for more and cost points.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum


class State(IntEnum):
    """How an item stands, and its worth in halves."""

    MISSING = 0
    OLD = 1
    FRESH = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """What should be known: of whom (ages, both included), how much it weighs, after how many days it is old."""

    id: str
    weight: int
    age_from: int = 60
    age_to: int | None = None
    fresh_days: int | None = None

    def concerns(self, age: int) -> bool:
        return self.age_from <= age and (self.age_to is None or age <= self.age_to)

    def since(self, day: dt.date) -> dt.date | None:
        """What was said on this day or later is fresh on `day`; None: whatever was said."""
        return None if self.fresh_days is None else day - dt.timedelta(days=self.fresh_days)

    def state(self, said: dt.date | None, day: dt.date) -> State:
        """`said`: the last day somebody said so; None: nothing is known; date.min: nobody knows when."""
        if said is None:
            return State.MISSING
        since = self.since(day)
        return State.FRESH if since is None or said >= since else State.OLD


def worth(weight: int, due: int, known: int, fresh: int) -> tuple[int, int]:
    """(got, full) of an item asked of `due` persons, known of some and fresh of some of these."""
    return weight * (known + fresh), weight * due * 2


def percent(parts: Iterable[tuple[int, int]]) -> int:
    """0 to 100, rounded down: 100 is said only when nothing is missing or old. 100 when nothing is asked."""
    pairs = list(parts)
    full = sum(whole for _got, whole in pairs)
    return 100 * sum(got for got, _whole in pairs) // full if full else 100


def score(items: Iterable[Asked], said: Mapping[str, dt.date], age: int, day: dt.date) -> int:
    """The score of one person of an age on a day. `said`: item → the last day somebody said so."""
    states = [(item.weight, item.state(said.get(item.id), day)) for item in items if item.concerns(age)]
    return percent(worth(w, 1, int(s >= State.OLD), int(s == State.FRESH)) for w, s in states)
