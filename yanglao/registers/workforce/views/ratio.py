"""The ratio of carers to residents, home by home."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import django_filters as df
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.registers.workforce import kinds
from yanglao.registers.workforce.models import HomeStaffing
from yanglao.shell.filters import DivisionFilter, YesNoFilter
from yanglao.shell.pages import Column, Crumb, Empty, ListPage


class RatioFilter(df.FilterSet):
    """Homes by place and by whether they are short of carers."""

    name = df.CharFilter(label=_("机构设施"), method="named")
    division = DivisionFilter(label=_("所在区划"))
    short = YesNoFilter(
        label=_("护理配比"), yes=_("不足"), no=_("达到"), empty_label=_("不限"), method="is_short"
    )
    measure = df.ChoiceFilter(
        label=_("指标口径"),
        choices=[("homes_short", _("护理员配备不足的养老机构"))],
        empty_label=_("不限"),
        method="is_short",
    )

    class Meta:
        model = HomeStaffing
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not (self.data and self.data.get("measure")):  # comes by links from the board
            del self.filters["measure"]

    def named(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        typed = value.strip()
        return queryset.filter(place__name__prefix=typed) | queryset.filter(
            place__pinyin__prefix=typed.lower()
        )

    def is_short(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(missing=0) if value == "0" else queryset.filter(missing__gt=0)


def _band(name: str) -> Callable[[HomeStaffing], int]:
    return lambda row: row.bands.get(name, 0)


def _per_carer(row: HomeStaffing) -> str:
    hands = row.full_time + row.part_time / 2
    return f"1 : {row.residents / hands:.1f}" if hands and row.residents else "—"


def _state(row: HomeStaffing) -> str:
    return str(_("缺%(number)s人") % {"number": row.missing}) if row.missing else str(_("达到"))


class Ratio(ListPage):
    """Homes × carers × residents by level × demanded × missing."""

    model = HomeStaffing
    right = "workforce.view"
    title = _("护理配比")
    template = "workforce/ratio.html"
    filterset = RatioFilter
    order = "-missing"
    related = ("place",)
    export_right = "workforce.export"
    columns = (
        Column("place", _("机构设施"), link=True, value=lambda s: s.place.name),
        Column("division_id", _("所在区划"), kind="division", sort="division", minor=True),
        Column("residents", _("入住老年人数"), kind="number", sort="-residents"),
        Column("full_time", _("全职护理员"), kind="number"),
        Column("part_time", _("兼职护理员"), kind="number", minor=True),
        Column("per_carer", _("实际配比"), value=_per_carer),
        Column("demanded", _("应配护理员"), kind="number"),
        Column(
            "missing", _("缺口"), sort="-missing", value=_state, tone=lambda s: "bad" if s.missing else "good"
        ),
        *(
            Column(f"band_{band.band}", band, kind="number", value=_band(band.band), minor=True)
            for band in kinds.staffing().bands
        ),
        Column("unassessed", _("能力未评估"), kind="number", minor=True),
        Column("counted_on", _("统计日"), kind="date", shown=False),
    )
    empty = Empty(_("还没有可以计算的机构"), _("登记了护理员任职和老年人入住的机构会列在这里。"))

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("从业人员"), reverse("workforce:list")), Crumb(self.title))

    def row_url(self, row: Any) -> str:
        return row.place.get_absolute_url() if self.actor.can("places.view", row.place) else ""

    def context(self) -> dict[str, Any]:
        rule = kinds.staffing()
        return {
            **super().context(),
            "bands": rule.bands,
            "sources": rule.sources,
            "local": rule.local_example,
        }
