"""Pages of the ledger of estates."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

import django_filters as df
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.files.responses import download
from yanglao.registers.estates import actions, forms, queries
from yanglao.registers.estates.models import Estate, Kind, Milestone, Premises, Remedy
from yanglao.registers.estates.rules import STAGES
from yanglao.shell.charts import Map, Point
from yanglao.shell.filters import DivisionFilter, TextFilter
from yanglao.shell.pages import (
    Button,
    Column,
    Crumb,
    DetailPage,
    Empty,
    FormPage,
    ListPage,
    PageView,
    Panel,
    page,
)
from yanglao.shell.pages.detail import Way

VIEW, EDIT = "estates.view", "estates.edit"
STATES = {
    "met": (_("已达标"), "good"),
    "planned": (_("有计划"), "info"),
    "short": (_("有缺口"), "warn"),
    "late": (_("逾期未移交"), "bad"),
    "unknown": (_("未设标准"), "dull"),
}


def _state(row: Any) -> str:
    return queries.standing(row, timezone.localdate())


def _label(row: Any) -> Any:
    return STATES[_state(row)][0]


def _tone(row: Any) -> str:
    return STATES[_state(row)][1]


def _plain(area: Decimal | None) -> float | None:
    """Without decimals where there are none."""
    return None if area is None else int(area) if area == int(area) else float(area)


def _lacking(row: Any) -> float | None:
    return None if row.required_area is None else _plain(max(row.lacking, Decimal(0)))


class EstateFilter(df.FilterSet):
    name = TextFilter(paths=("name", "pinyin", "initials"), label=_("名称或拼音"))
    division = DivisionFilter(label=_("所在区划"))
    kind = df.ChoiceFilter(label=_("类型"), choices=Kind.choices)
    state = df.ChoiceFilter(
        label=_("状态"), choices=[(key, label) for key, (label, _tone) in STATES.items()], method="in_state"
    )

    class Meta:
        model = Estate
        fields: ClassVar[list[str]] = []

    def in_state(self, rows: QuerySet[Estate], name: str, value: str) -> QuerySet[Estate]:
        return rows.filter(queries.in_state(value, timezone.localdate()))


class EstateList(ListPage):
    model = Estate
    right = VIEW
    title = _("配建台账")
    template = "estates/list.html"
    filterset = EstateFilter
    related = ("norm",)
    columns = (
        Column("name", _("小区"), link=True, sort="pinyin"),
        Column("division_id", _("所在区划"), kind="division", sort="division"),
        Column("kind", _("类型")),
        Column("households", _("户数"), kind="number", sort="households", minor=True),
        Column("required_area", _("应配建（㎡）"), kind="number", value=lambda e: _plain(e.required_area)),
        Column(
            "accepted",
            _("已验收（㎡）"),
            kind="number",
            value=lambda e: _plain(e.accepted),
            minor=True,
            shown=False,
        ),
        Column("handed_over", _("已移交（㎡）"), kind="number", value=lambda e: _plain(e.handed_over)),
        Column("used", _("已使用（㎡）"), kind="number", value=lambda e: _plain(e.used), minor=True),
        Column("lacking", _("缺口（㎡）"), kind="number", value=_lacking),
        Column("state", _("状态"), value=_label, tone=_tone),
        Column("completed_on", _("竣工日期"), kind="date", minor=True, shown=False),
        Column("due_on", _("应移交日期"), kind="date", minor=True),
        Column("developer", _("建设单位"), shown=False),
        Column("decided_on", _("规划条件日期"), kind="date", shown=False),
        Column("norm", _("适用标准"), shown=False),
    )
    order = "division,pinyin"
    buttons = (
        Button(_("地图"), "estates:map", VIEW, icon="map"),
        Button(_("登记小区"), "estates:add", EDIT, icon="plus", main=True),
    )
    empty = Empty(_("还没有小区"), _("逐个登记，或在“导入”里上传配建台账。"), (buttons[1],))
    export_right = "estates.export"

    def queryset(self) -> QuerySet[Any]:
        return queries.ledger()

    def context(self) -> dict[str, Any]:
        return {**super().context(), "totals": queries.totals(self.matching, timezone.localdate())}


class EstateMap(PageView):
    right = VIEW
    title = _("配建地图")
    template = "estates/map.html"
    most: ClassVar[int] = 3000

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(EstateList.title, reverse("estates:list")),)

    def context(self) -> dict[str, Any]:
        placed = queries.ledger().filter(longitude__isnull=False, latitude__isnull=False)
        rows = list(placed.order_by("id")[: self.most])
        today = timezone.localdate()
        return {
            "map": Map(_("配建情况"), tuple(_point(row) for row in rows)),
            "legend": [(label, tone) for label, tone in STATES.values()],
            "shown": len(rows),
            "totals": queries.totals(queries.ledger(), today),
            "without": queries.ledger().filter(longitude=None).count(),
        }


def _point(row: Any) -> Point:
    asked = row.required_area if row.required_area is not None else "—"
    detail = gettext("%(state)s · 应配建 %(required)s ㎡，已移交 %(handed)s ㎡") % {
        "state": _label(row), "required": asked, "handed": row.handed_over,
    }  # fmt: skip
    return Point(row.name, row.latitude, row.longitude, detail, row.get_absolute_url(), _tone(row))


class EstateDetail(DetailPage):
    model = Estate
    right = VIEW
    template = "estates/estate.html"
    panels = (
        Panel(_("基本情况"), (
            Column("kind", _("类型")), Column("division_id", _("所在区划"), kind="division"),
            Column("households", _("户数"), kind="number"), Column("developer", _("建设单位")),
            Column("decided_on", _("规划条件日期"), kind="date"), Column("land_document", _("土地出让合同或规划文件号")),
            Column("completed_on", _("竣工日期"), kind="date"), Column("due_on", _("应移交日期"), kind="date"),
            Column("note", _("备注")),
        )),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Any]:
        return queries.ledger().select_related("norm")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(EstateList.title, reverse("estates:list")),)

    def ways(self) -> Sequence[Way]:
        if not self.actor.can(EDIT, self.record):
            return ()
        pk = [self.record.pk]
        return (
            Way(_("更正"), reverse("estates:correct", args=pk)),
            Way(_("整改计划"), reverse("estates:plan", args=pk), icon="calendar-plus"),
            Way(_("登记用房"), reverse("estates:add_premises", args=pk), icon="plus", main=True),
        )

    def extra(self) -> dict[str, Any]:
        estate = self.record
        shares = list(estate.shares.select_related("premises", "premises__place").order_by("id"))
        minimum = estate.norm.minimum if estate.norm else None
        return {
            "state": STATES[_state(estate)],
            "lacking": _lacking(estate),
            "shares": shares,
            "small": queries.too_small([s.premises for s in shares], minimum),
            "remedies": list(estate.remedies.select_related("premises").order_by("due_on", "id")),
            "may_edit": self.actor.can(EDIT, estate),
            "today": timezone.localdate(),
        }


class PremisesDetail(DetailPage):
    model = Premises
    right = VIEW
    related = ("place",)
    template = "estates/premises.html"
    panels = (
        Panel(_("用房信息"), (
            Column("division_id", _("所在区划"), kind="division"), Column("area", _("建筑面积（㎡）"), kind="number"),
            Column("floor", _("楼层")), Column("free", _("移交方式"), value=lambda p: _("无偿") if p.free else _("有偿")),
            Column("purpose", _("用途")), Column("place", _("用于")),
        )),
    )  # fmt: skip

    def crumbs(self) -> tuple[Crumb, ...]:
        first = self.record.estates.order_by("id").first()
        way = (Crumb(EstateList.title, reverse("estates:list")),)
        return (*way, Crumb(first.name, first.get_absolute_url())) if first else way

    def ways(self) -> Sequence[Way]:
        if not self.actor.can(EDIT, self.record):
            return ()
        pk = [self.record.pk]
        found = [
            Way(_("更正"), reverse("estates:correct_premises", args=pk)),
            Way(_("分摊"), reverse("estates:share", args=pk), icon="arrows-split"),
        ]
        if self.record.stage:
            found.append(Way(_("撤回最后环节"), reverse("estates:step_back", args=pk), icon="arrow-back-up"))
        if queries.next_stages(self.record):
            found.append(Way(_("登记环节"), reverse("estates:reach", args=pk), icon="check", main=True))
        return found

    def extra(self) -> dict[str, Any]:
        done = {m.stage: m for m in self.record.milestones.select_related("file").order_by("on")}
        labels = dict(Premises._meta.get_field("stage").choices or ())
        return {
            "steps": [(labels[stage], done.get(stage)) for stage in STAGES],
            "shares": list(self.record.shares.select_related("estate").order_by("id")),
        }


@page(right=VIEW)
def milestone_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What was handed in with a stage."""
    found = get_object_or_404(Milestone.objects.select_related("file").exclude(file=None), pk=pk)
    assert found.file is not None
    return download(found.file)


class _OfEstate(FormPage):
    """A form about one estate, `pk` of the address."""

    right = EDIT

    @cached_property
    def estate(self) -> Estate:
        found: Estate = get_object_or_404(Estate, pk=self.kwargs["pk"])
        self.actor.require(EDIT, found)
        return found

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(EstateList.title, reverse("estates:list")),
            Crumb(self.estate.name, self.estate.get_absolute_url()),
        )

    def done_url(self, result: Any) -> str:
        return self.estate.get_absolute_url()


class _OfPremises(FormPage):
    right = EDIT

    @cached_property
    def premises(self) -> Premises:
        found: Premises = get_object_or_404(Premises, pk=self.kwargs["pk"])
        self.actor.require(EDIT, found)
        return found

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(EstateList.title, reverse("estates:list")),
            Crumb(self.premises.name, self.premises.get_absolute_url()),
        )

    def done_url(self, result: Any) -> str:
        return self.premises.get_absolute_url()


class AddEstate(FormPage):
    right = EDIT
    title = _("登记小区")
    form_class = forms.NewEstateForm

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(EstateList.title, reverse("estates:list")),)

    def perform(self, data: dict[str, Any]) -> Estate:
        return actions.add(self.actor, **data)

    def done_url(self, result: Estate) -> str:
        return result.get_absolute_url()


class CorrectEstate(_OfEstate):
    title = _("更正小区")
    form_class = forms.EstateForm

    def form_arguments(self) -> dict[str, Any]:
        return {"instance": Estate.objects.get(pk=self.estate.pk)}  # the form writes into its own copy

    def perform(self, data: dict[str, Any]) -> Estate:
        return actions.correct(self.actor, self.estate, **data)


class AddPremises(_OfEstate):
    title = _("登记用房")
    form_class = forms.NewPremisesForm

    def perform(self, data: dict[str, Any]) -> Premises:
        return actions.add_premises(self.actor, self.estate, **data)

    def done_url(self, result: Premises) -> str:
        return result.get_absolute_url()


class PlanRemedy(_OfEstate):
    title = _("整改计划")
    form_class = forms.RemedyForm

    def initial(self) -> dict[str, Any]:
        row = queries.ledger().get(pk=self.estate.pk)
        return {"area": _lacking(row) or None}

    def perform(self, data: dict[str, Any]) -> Remedy:
        return actions.plan(self.actor, self.estate, **data)


class CorrectPremises(_OfPremises):
    title = _("更正用房")
    form_class = forms.PremisesForm

    def form_arguments(self) -> dict[str, Any]:
        return {"instance": Premises.objects.get(pk=self.premises.pk)}

    def perform(self, data: dict[str, Any]) -> Premises:
        return actions.correct_premises(self.actor, self.premises, **data)


class ShareOut(_OfPremises):
    title = _("分摊用房面积")
    form_class = forms.ShareForm
    lead = _("几个小区合建一处用房时，写明各算多少；合计不超过用房面积。")

    def form_arguments(self) -> dict[str, Any]:
        return {"near": self.premises.division_id}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.share(self.actor, self.premises, **data)


class Reach(_OfPremises):
    title = _("登记环节")
    form_class = forms.StageForm

    def initial(self) -> dict[str, Any]:
        stages = queries.next_stages(self.premises)
        return {
            "on": timezone.localdate(),
            "stage": stages[-1][0] if stages else "",
            "place": self.premises.place_id,
        }

    def form_arguments(self) -> dict[str, Any]:
        return {"stages": queries.next_stages(self.premises), "near": self.premises.division_id}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.reach(self.actor, self.premises, **data)


class StepBack(_OfPremises):
    title = _("撤回最后环节")
    form_class = forms.BackForm
    danger = _("撤回后，这个环节的日期和签字不再算数；审计里留有记录。")

    def perform(self, data: dict[str, Any]) -> None:
        actions.step_back(self.actor, self.premises, **data)


class _OfRemedy(FormPage):
    right = EDIT

    @cached_property
    def remedy(self) -> Remedy:
        found: Remedy = get_object_or_404(Remedy.objects.select_related("estate"), pk=self.kwargs["pk"])
        self.actor.require(EDIT, found)
        return found

    def crumbs(self) -> tuple[Crumb, ...]:
        estate = self.remedy.estate
        return (
            Crumb(EstateList.title, reverse("estates:list")),
            Crumb(estate.name, estate.get_absolute_url()),
        )

    def done_url(self, result: Any) -> str:
        return self.remedy.estate.get_absolute_url()


class Fulfil(_OfRemedy):
    title = _("整改完成")
    form_class = forms.FulfilForm
    lead = _("先登记用房并办完移交，再在这里选定。")

    def initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}

    def form_arguments(self) -> dict[str, Any]:
        return {"estate": self.remedy.estate}

    def perform(self, data: dict[str, Any]) -> Remedy:
        return actions.fulfil(self.actor, self.remedy, **data)


class DropPlan(_OfRemedy):
    title = _("撤销整改计划")
    form_class = forms.BackForm

    def perform(self, data: dict[str, Any]) -> Remedy:
        return actions.drop_plan(self.actor, self.remedy, **data)
