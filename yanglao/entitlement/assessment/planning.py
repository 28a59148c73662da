"""The days and hours agreed for visits: who is expected where."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from yanglao.entitlement.assessment.models import Assignment

APART = 60  # minutes an assessor needs from the beginning of one visit to the next


@dataclass(frozen=True)
class Clash:
    """An assessor expected elsewhere at about that hour."""

    name: str
    hour: dt.time


def when(day: dt.date | None, hour: dt.time | None) -> str:
    """2026-11-25 09:30; the day alone where no hour is agreed; "" for none."""
    return " ".join([*([f"{day:%Y-%m-%d}"] if day else []), *([f"{hour:%H:%M}"] if day and hour else [])])


def clash(row: Assignment, day: dt.date, hour: dt.time) -> Clash | None:
    """The first of its assessors who is expected elsewhere less than `APART` minutes from then. Ask in `everything`."""
    own = [one.pk for one in row.assessors]
    others = Assignment.objects.filter(
        Q(first__in=own) | Q(second__in=own),
        planned_for=day,
        planned_time__isnull=False,
        state__in=Assignment.WAITING,
    ).exclude(pk=row.pk)
    for other in others.select_related("first", "second").order_by("planned_time", "pk"):
        assert other.planned_time is not None
        if abs(_minutes(other.planned_time) - _minutes(hour)) < APART:
            both = next(one for one in other.assessors if one.pk in own)
            return Clash(both.name, other.planned_time)
    return None


def _minutes(at: dt.time) -> int:
    return at.hour * 60 + at.minute
