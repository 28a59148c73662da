"""What the ledger can count, on any past day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import Measure
from yanglao.registers.estates import queries
from yanglao.registers.estates.models import Estate, Kind


def _completed(on: dt.date, *kinds: str) -> QuerySet[Estate]:
    """Estates that owe their premises by a day: those completed, and the old ones, which always do."""
    due = Q(completed_on__lte=on) | Q(kind=Kind.EXISTING, completed_on=None, decided_on__lte=on)
    return queries.ledger(on).filter(due, kind__in=kinds or tuple(Kind.values))


def _met(on: dt.date, *kinds: str) -> QuerySet[Estate]:
    return _completed(on, *kinds).filter(queries.in_state("met", on))


def _list(on: dt.date, division: int) -> str:
    return f"{reverse('estates:list')}?division={division}"


def _number(name: str, label: Any, rows: Any, *kinds: str) -> Measure:
    return Measure(
        f"estates.{name}",
        label,
        _("个"),
        count=lambda on: queries.by_division(rows(on, *kinds)),
        records=lambda on: rows(on, *kinds),
        list_url=_list,
    )


def _area(name: str, label: Any, column: str) -> Measure:
    def count(on: dt.date) -> Mapping[int, float]:
        sums = _completed(on).order_by().values_list("division_id").annotate(n=Sum(column))
        return {code: float(n or 0) for code, n in sums}

    return Measure(f"estates.{name}", label, _("㎡"), count=count, records=_completed, list_url=_list)


MEASURES = (
    _number("new", _("竣工的新建小区"), _completed, Kind.NEW),
    _number("new_met", _("配建达标的新建小区"), _met, Kind.NEW),
    _number("existing", _("已建成小区"), _completed, Kind.EXISTING),
    _number("existing_met", _("配建达标的已建成小区"), _met, Kind.EXISTING),
    _area("area_owed", _("应配建养老服务用房面积"), "required_area"),
    _area("area_handed_over", _("已移交养老服务用房面积"), "handed_over"),
    _area("area_used", _("已投入使用养老服务用房面积"), "used"),
)
