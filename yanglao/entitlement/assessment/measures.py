"""What is counted for indicators, by the village or community a person lives in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.assessment import queries, scales
from yanglao.entitlement.assessment.models import Assessment, Assignment
from yanglao.kernel.rooms import Measure
from yanglao.kernel.scope import everything

PERSONS = _("人")
TIMES = _("人次")


def _by_division(rows: QuerySet[Any]) -> dict[int, float]:
    grouped = rows.order_by("division").values_list("division")
    return {code: float(n) for code, n in grouped.annotate(Count("person", distinct=True))}


def held(on: dt.date) -> QuerySet[Assessment]:
    """Results on any scale that held on a day, of those who lived then."""
    rows = Assessment.objects.filter(queries.held_on(on))
    return rows.exclude(person__death_date__lte=on)


def at_level(level: int) -> Callable[[dt.date], QuerySet[Assessment]]:
    """Results of the national scale at a level."""
    return lambda on: held(on).filter(scale=scales.NATIONAL, level=level)


def made(on: dt.date) -> QuerySet[Assessment]:
    """What was signed from 1 January through the day."""
    rows = Assessment.objects.filter(made_on__gte=on.replace(month=1, day=1), made_on__lte=on)
    return rows.filter(signed_at__isnull=False).exclude(
        state__in=(Assessment.State.WITHDRAWN, Assessment.State.SAMPLE)
    )


def overdue(on: dt.date) -> QuerySet[Assignment]:
    """What was assigned, due before the day, and not done then."""
    rows = Assignment.objects.filter(due_on__lt=on, assigned_at__date__lte=on)
    return rows.exclude(done_at__date__lte=on).exclude(state=Assignment.State.CANCELLED)


def lapsed(on: dt.date) -> QuerySet[Assessment]:
    """Results that ended by the day without a new one, of the living."""
    rows = Assessment.objects.filter(state=Assessment.State.VALID, valid_to__lte=on)
    return rows.exclude(person__death_date__lte=on)


def _counted(rows: Callable[[dt.date], QuerySet[Any]]) -> Callable[[dt.date], dict[int, float]]:
    def count(on: dt.date) -> dict[int, float]:
        with everything("figures of a whole city"):
            return _by_division(rows(on))

    return count


def _times(on: dt.date) -> dict[int, float]:
    with everything("figures of a whole city"):
        grouped = made(on).order_by("division").values_list("division")
        return {code: float(n) for code, n in grouped.annotate(Count("pk"))}


def _list(query: str = "") -> Callable[[dt.date, int], str]:
    return lambda on, division: f"{reverse('assessment:list')}?division={division}{query}"


def _late(on: dt.date, division: int) -> str:
    return f"{reverse('assessment:assignments')}?division={division}&state=late"


LEVELS = (
    (0, _("评估为能力完好的人数")),
    (1, _("评估为轻度失能的人数")),
    (2, _("评估为中度失能的人数")),
    (3, _("评估为重度失能的人数")),
    (4, _("评估为完全失能的人数")),
)


def measures() -> tuple[Measure, ...]:
    """Everything this room counts."""
    return (
        Measure(
            "assessment.assessed",
            _("评估结果有效的人数"),
            PERSONS,
            _counted(held),
            held,
            "division",
            _list("&state=valid"),
            _("任一量表，当日有效"),
        ),
        Measure(
            "assessment.made", _("能力评估次数"), TIMES, _times, made, "division", _list(), _("1月1日起累计")
        ),
        Measure(
            "assessment.overdue",
            _("逾期未完成的评估"),
            PERSONS,
            _counted(overdue),
            overdue,
            "division",
            _late,
        ),
        Measure(
            "assessment.lapsed",
            _("评估到期未复评的人数"),
            PERSONS,
            _counted(lapsed),
            lapsed,
            "division",
            _list("&due=late"),
        ),
        *(
            Measure(
                f"assessment.level_{level}",
                label,
                PERSONS,
                _counted(at_level(level)),
                at_level(level),
                "division",
                _list(f"&level={level}&state=valid&scale={scales.NATIONAL}"),
                _("按 GB/T 42195-2022，当日有效"),
            )
            for level, label in LEVELS
        ),
    )
