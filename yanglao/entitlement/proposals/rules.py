"""When something is proposed, and to how many at once. No Django, no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

MILESTONES = 5  # years: allowances and services begin at 60, 65, 70, 75, 80, 85, 90, 95, 100


def reached(born: dt.date, on: dt.date) -> bool:
    """Whether one reaches a round age in the month of a day or reached it in the month before.

    Policies count in months: one due from the month of the birthday is due before that day, one due from the month
    after it is due up to two months later.
    """
    month, own = on.year * 12 + on.month, born.year * 12 + born.month
    return any((month - back - own) % (12 * MILESTONES) == 0 and month - back > own for back in (0, 1))


@dataclass(frozen=True)
class Earlier:
    """A proposal made before: the facts that led to it (occasion → first day), and when it was refused."""

    facts: Mapping[str, dt.date]
    refused_on: dt.date | None = None


def is_news(
    earlier: Iterable[Earlier], occasion: str, fact_on: dt.date, *, today: dt.date, quiet_days: int
) -> bool:
    """Whether a fact may lead to a suggestion: never twice the same fact, nor an occasion refused a short while ago.

    Another occasion is a new fact and asks again.
    """
    for one in earlier:
        known = one.facts.get(occasion)
        if known is None:
            continue
        if fact_on <= known:
            return False
        if one.refused_on is not None and today < one.refused_on + dt.timedelta(days=quiet_days):
            return False
    return True


@dataclass(frozen=True)
class Waiting:
    """One who is entitled to something and was not proposed it: `what` names the row."""

    place: int
    person: int
    need: int
    what: int


def portions(rows: Sequence[Waiting], busy: Mapping[int, int], each: int) -> Iterator[Waiting]:
    """The neediest of every place, so many that nobody there has more than `each` persons to go to.

    `busy`: place → persons with an open proposal. One who is chosen is chosen with everything he waits for.
    """
    room = {row.place: max(0, each - busy.get(row.place, 0)) for row in rows}
    chosen: set[int] = set()
    for row in sorted(rows, key=lambda r: (-r.need, r.person, r.what)):
        if row.person not in chosen:
            if not room[row.place]:
                continue
            room[row.place] -= 1
            chosen.add(row.person)
        yield row
