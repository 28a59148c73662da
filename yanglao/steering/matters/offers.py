"""What matters count, for indicators and tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import Measure
from yanglao.steering.matters.models import Matter, Movement
from yanglao.steering.matters.vocabulary import kinds


def _open(on: dt.date) -> QuerySet[Matter]:
    still = Q(closed_on=None) | Q(closed_on__gt=on)
    return Matter.objects.filter(still, registered_on__lte=on).order_by("pk")


def _late(on: dt.date) -> QuerySet[Matter]:
    return _open(on).filter(due_on__lt=on)


def _closed(on: dt.date) -> QuerySet[Matter]:
    """Closed since the first day of the year."""
    return Matter.objects.filter(closed_on__lte=on, closed_on__gte=on.replace(month=1, day=1)).order_by("pk")


def _counted(records: Callable[[dt.date], QuerySet[Matter]]) -> Callable[[dt.date], Mapping[int, float]]:
    return lambda on: dict(records(on).order_by().values_list("division_id").annotate(n=Count("pk")))


def _moved(category: str, what: str) -> Callable[[dt.date], Mapping[int, float]]:
    """Yuan of a source that arrived or was spent up to a day, since the first day of the year."""

    def count(on: dt.date) -> Mapping[int, float]:
        rows = Movement.objects.filter(
            matter__kind="fund",
            matter__category=category,
            what=what,
            on__lte=on,
            on__gte=on.replace(month=1, day=1),
        )
        return {
            code: fen / 100 for code, fen in rows.order_by().values_list("division_id").annotate(n=Sum("fen"))
        }

    return count


def _list(state: str) -> Callable[[dt.date, int], str]:
    return lambda on, division: f"{reverse('matters:list')}?state={state}&division={division}"


def measures() -> tuple[Measure, ...]:
    """Matters open, late, closed; money of each source that arrived and was spent this year."""
    counted: tuple[tuple[str, Any, Callable[[dt.date], QuerySet[Matter]]], ...] = (
        ("open", _("办理中的督办事项"), _open),
        ("late", _("逾期的督办事项"), _late),
        ("closed", _("当年办结的督办事项"), _closed),
    )
    sums = [
        Measure(
            name=f"matters.funds_{category}_{what}",
            label=format_lazy("{}：{}", word, words),
            unit=_("元"),
            count=_moved(category, what),
            note=_("当年 1 月 1 日起到统计日，按资金台账的凭证"),
        )
        for category, word in kinds()["fund"].categories.items()
        for what, words in Movement.What.choices
    ]
    return (
        *(
            Measure(
                name=f"matters.{name}",
                label=label,
                unit=_("件"),
                count=_counted(records),
                records=records,
                list_url=_list(name),
            )
            for name, label, records in counted
        ),
        *sums,
    )
