"""Keeping the calendar: when the State Council's notice is out, or the city has a day of its own."""

from __future__ import annotations

from datetime import date

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.calendar.models import SpecialDay

EDIT = "calendar.edit"


@action("calendar.set_day", right=EDIT, at=lambda a: ())
def set_day(actor: Actor, day: date, *, working: bool, name: str, source: str) -> SpecialDay:
    """Say that a day is a holiday or is worked; `source` names the document."""
    values = {"working": working, "name": name, "basis": SpecialDay.Basis.EDITED, "source": source}
    special, _made = SpecialDay.objects.update_or_create(day=day, defaults=values)
    return special


@action("calendar.announce_year", right=EDIT, at=lambda a: ())
def announce_year(actor: Actor, year: int, days: dict[date, tuple[bool, str]], *, source: str) -> int:
    """Replace a year by its notice: every day that differs, as (worked, name). Returns how many days."""
    if any(day.year != year for day in days):
        raise ValueError(f"all days of a notice lie in {year}")
    SpecialDay.objects.filter(day__year=year).delete()
    SpecialDay.objects.bulk_create(
        SpecialDay(day=day, working=working, name=name, basis=SpecialDay.Basis.EDITED, source=source)
        for day, (working, name) in sorted(days.items())
    )
    note(year=year, days=len(days), source=source)
    return len(days)
