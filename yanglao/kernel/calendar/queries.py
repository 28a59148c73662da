"""Working days of the city's calendar."""

from __future__ import annotations

from datetime import date

from yanglao.kernel.calendar.models import SpecialDay
from yanglao.kernel.calendar.rules import WorkingCalendar


def working_calendar(since: date | None = None) -> WorkingCalendar:
    """The calendar as it stands (one query). Take it once for many computations.

    `since`: no day of an earlier year will be asked for, which reads a tenth of the rows.
    """
    days = SpecialDay.objects.order_by("day")
    if since is not None:
        days = days.filter(day__gte=date(since.year, 1, 1))
    rows = list(days.values_list("day", "working", "basis"))
    provisional = {day.year for day, _working, basis in rows if basis == SpecialDay.Basis.PROVISIONAL}
    known = {day.year for day, _working, _basis in rows} - provisional
    return WorkingCalendar({day: working for day, working, _basis in rows}, max(known, default=0))


def is_working_day(day: date) -> bool:
    return working_calendar().is_working(day)


def add_working_days(start: date, days: int) -> date:
    """The `days`-th working day after `start`, which itself is not counted."""
    return working_calendar().add(start, days)


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`."""
    return working_calendar().between(start, end)
