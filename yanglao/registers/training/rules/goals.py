"""Goals of a training plan: yearly increments and cumulative numbers (20 → 30 → 100), and where it stands."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

SLOW_FROM = Fraction(85, 100)
"""From this share of what is due a plan counts as slow rather than late; the board of targets uses the same."""


@dataclass(frozen=True)
class Due:
    """What is due in a year: `number` added in it, or `total` since the plan's first day (累计)."""

    year: int
    number: int
    total: bool = False


@dataclass(frozen=True)
class Goal:
    """A year's goal in both ways of saying it."""

    year: int
    added: int
    total: int


class Light(StrEnum):
    MET = "met"
    ON_TRACK = "on_track"
    SLOW = "slow"
    LATE = "late"
    OVERDUE = "overdue"

    @property
    def tone(self) -> str:
        return {"met": "good", "on_track": "info", "slow": "warn", "late": "bad", "overdue": "bad"}[
            self.value
        ]


def goals(years: Iterable[Due]) -> list[Goal]:
    """Each year's goal; a cumulative number below an earlier one adds nothing (the earlier one stands)."""
    found: list[Goal] = []
    total = 0
    for due in sorted(years, key=lambda each: each.year):
        reached = max(total, due.number) if due.total else total + due.number
        found.append(Goal(due.year, reached - total, reached))
        total = reached
    return found


def mistakes(years: Iterable[Due]) -> list[int]:
    """Years whose cumulative number is smaller than what was due before: a plan cannot take back."""
    wrong: list[int] = []
    total = 0
    for due in sorted(years, key=lambda each: each.year):
        if due.total and due.number < total:
            wrong.append(due.year)
        total = max(total, due.number) if due.total else total + due.number
    return wrong


def due_by(plan: Sequence[Goal], day: dt.date) -> Fraction:
    """What is due on a day: earlier years in full, the running one by its days."""
    due = Fraction(0)
    for goal in plan:
        if goal.year < day.year:
            due = Fraction(goal.total)
        elif goal.year == day.year:
            length = 366 if calendar.isleap(day.year) else 365
            due = goal.total - goal.added + Fraction(goal.added * day.timetuple().tm_yday, length)
    return due


def light(plan: Sequence[Goal], done: int, day: dt.date) -> Light | None:
    """Where a plan stands on a day; None before its first year."""
    if not plan or day.year < plan[0].year:
        return None
    running = [goal for goal in plan if goal.year >= day.year]
    if done >= (running[0] if running else plan[-1]).total:
        return Light.MET
    ended = [goal for goal in plan if goal.year < day.year]
    if ended and done < ended[-1].total:
        return Light.OVERDUE
    due = due_by(plan, day)
    if done >= due:
        return Light.ON_TRACK
    return Light.SLOW if done >= due * SLOW_FROM else Light.LATE
