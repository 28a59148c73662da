"""Deadlines, pure: working days that stand still while a case is suspended. Dates are days in Shanghai."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from yanglao.kernel.calendar.rules import WorkingCalendar

Pause = tuple[date, date | None]  # suspended on, resumed on (None: still)
DAY = timedelta(days=1)


def stands_still(day: date, pauses: Iterable[Pause]) -> bool:
    """Whether the clock does not run on a day. The day of suspension still counts, that of resumption does not."""
    return any(since < day and (until is None or day <= until) for since, until in pauses)


def due(
    calendar: WorkingCalendar,
    opened: date,
    days: int,
    pauses: Iterable[Pause] = (),
    *,
    by_calendar: bool = False,
) -> date:
    """The `days`-th day after `opened` that counts; the day of opening does not (Civil Code art. 201).

    Working days, or every day with `by_calendar`; days on which the clock stands still do not count. A pause that
    is not over yet is left out: the deadline moves when it ends. A term in calendar days that would end on a day
    off ends on the next working day (Civil Code art. 203).
    """
    closed = [pause for pause in pauses if pause[1] is not None]
    day, left = opened, days
    while left:
        day += DAY
        counts = by_calendar or calendar.is_working(day)
        left -= counts and not stands_still(day, closed)
    return calendar.add(day, 0) if by_calendar else day


def days_late(calendar: WorkingCalendar, due_on: date, today: date, pauses: Iterable[Pause] = ()) -> int:
    """Working days past the deadline, those of suspensions left out; 0 when not late."""
    closed = list(pauses)
    span = (due_on + n * DAY for n in range(1, max(0, (today - due_on).days) + 1))
    return sum(calendar.is_working(day) and not stands_still(day, closed) for day in span)
