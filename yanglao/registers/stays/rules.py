"""Rules of beds and stays, without the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LAST_RANK = 99
NO_RULE = ""


@dataclass(frozen=True)
class WaitingRule:
    """Who goes first: every kind of circumstance named in `when` holds with one of its values (any if none)."""

    id: str
    when: Mapping[str, Sequence[str]]

    def holds(self, facts: Mapping[str, Iterable[str]]) -> bool:
        return all(self._met(values, set(facts.get(kind, ()))) for kind, values in self.when.items())

    @staticmethod
    def _met(wanted: Sequence[str], have: set[str]) -> bool:
        return bool(have) if not wanted else not have.isdisjoint(wanted)


def rank(rules: Sequence[WaitingRule], facts: Mapping[str, Iterable[str]]) -> tuple[int, str]:
    """(rank, id of the rule): 0 goes first; LAST_RANK for whom no rule speaks."""
    for place, rule in enumerate(rules):
        if rule.holds(facts):
            return place, rule.id
    return LAST_RANK, NO_RULE


def days_in(since: dt.date, until: dt.date | None, first: dt.date, end: dt.date) -> int:
    """Days of a span [since, until) that lie in [first, end)."""
    last = min(until, end) if until else end
    return max(0, (last - max(since, first)).days)


def sweep(
    before: int, changes: Iterable[tuple[dt.date, int]], first: dt.date, end: dt.date
) -> list[tuple[dt.date, int]]:
    """How many there are on each day of [first, end), from how many there were before it and what changed when."""
    deltas: dict[dt.date, int] = {}
    for day, delta in changes:
        deltas[day] = deltas.get(day, 0) + delta
    found, number, day = [], before, first
    while day < end:
        number += deltas.get(day, 0)
        found.append((day, number))
        day += dt.timedelta(days=1)
    return found


def month_of(day: dt.date) -> dt.date:
    return day.replace(day=1)


def next_month(month: dt.date) -> dt.date:
    return (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def by_month(days: Iterable[tuple[dt.date, int]]) -> dict[dt.date, int]:
    """Bed-days per month (its first day) from numbers per day."""
    found: dict[dt.date, int] = {}
    for day, number in days:
        month = month_of(day)
        found[month] = found.get(month, 0) + number
    return found


def told_in_time(noticed: dt.date | None, closes: dt.date, notice_days: int) -> bool:
    """Whether the residents were told at least so many days before the home closes."""
    return noticed is not None and (closes - noticed).days >= notice_days


def notice_due(closes: dt.date, notice_days: int) -> dt.date:
    """The last day on which notice of closing is in time."""
    return closes - dt.timedelta(days=notice_days)
