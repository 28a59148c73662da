"""The holidays of past and present years, out of the chinesecalendar library, and provisional ones to come."""

# i18n: data (names of holidays and documents)

from __future__ import annotations

from datetime import date

from chinese_calendar import constants  # type: ignore[import-untyped]

from yanglao.kernel.calendar.models import SpecialDay
from yanglao.kernel.calendar.rules import fixed_holidays

AHEAD = 5
SOURCE = "chinesecalendar（国务院办公厅历年节假日安排通知）"
_NAMES = {holiday.value: holiday.chinese for holiday in constants.Holiday}
LAST_YEAR = max(constants.holidays).year


def published() -> list[SpecialDay]:
    """Every announced holiday and exchanged working day of 2004 to `LAST_YEAR`."""
    free = [_day(day, False, name) for day, name in constants.holidays.items()]
    return free + [_day(day, True, name) for day, name in constants.workdays.items()]


def _day(day: date, working: bool, name: str) -> SpecialDay:
    return SpecialDay(
        day=day,
        working=working,
        name=_NAMES[name] + ("调休上班" if working else ""),
        basis=SpecialDay.Basis.PUBLISHED,
        source=SOURCE,
    )


def provisional() -> list[SpecialDay]:
    """The fixed statutory days of the coming years, marked as not announced."""
    return [
        SpecialDay(
            day=day, working=False, name=name, basis=SpecialDay.Basis.PROVISIONAL, source="国务院令第795号"
        )
        for year in range(LAST_YEAR + 1, LAST_YEAR + 1 + AHEAD)
        for day, name in fixed_holidays(year).items()
    ]


def fill() -> None:
    """Add what is missing; a newer library replaces what was provisional, never what somebody edited."""
    known = set(SpecialDay.objects.values_list("day", flat=True))
    stale = SpecialDay.objects.filter(basis=SpecialDay.Basis.PROVISIONAL, day__year__lte=LAST_YEAR)
    if stale.exists():
        stale.delete()
        known = set(SpecialDay.objects.values_list("day", flat=True))
    SpecialDay.objects.bulk_create(row for row in [*published(), *provisional()] if row.day not in known)
