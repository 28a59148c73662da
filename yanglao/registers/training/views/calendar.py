"""Lessons of a month on a sheet of days."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from yanglao.registers.training import queries
from yanglao.registers.training.views.lists import Sessions
from yanglao.shell.pages import Crumb, PageView


class Month(PageView):
    right = "training.view"
    template = "training/calendar.html"

    def page_title(self) -> Any:
        return _("培训月历")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Sessions.title, reverse("training:sessions")),)

    def context(self) -> dict[str, Any]:
        first = self._first()
        lessons = queries.in_month(first)
        weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
        return {
            "first": first,
            "weeks": [
                [(day, day.month == first.month, lessons.get(day, [])) for day in week] for week in weeks
            ],
            "days": [(day, lessons[day]) for day in sorted(lessons)],
            "before": (first - dt.timedelta(days=1)).strftime("%Y-%m"),
            "after": (first + dt.timedelta(days=32)).strftime("%Y-%m"),
            "today": timezone.localdate(),
        }

    def _first(self) -> dt.date:
        asked = (
            parse_date(f"{self.request.GET.get('month', '')}-01") if self.request.GET.get("month") else None
        )
        return asked or timezone.localdate().replace(day=1)
