"""Lists: places, operators, contracts, documents that end, reports that wait."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.registers.places import queries
from yanglao.registers.places.filters import (
    ContractFilter,
    OperatorFilter,
    PaperFilter,
    PlaceFilter,
    ReportFilter,
)
from yanglao.registers.places.kinds import GROUPS, facts, kind_label, kinds
from yanglao.registers.places.models import Contract, Operator, Place, PlaceFact, Report
from yanglao.registers.places.rules import CONTRACT_WARN_DAYS, urgency
from yanglao.registers.places.sheets.exporting import SHEETS
from yanglao.registers.places.showing import TONES, contents_text
from yanglao.shell.pages import Button, Column, Empty, ListPage

STATE_TONES = {"open": "good", "suspended": "warn", "closed": "dull", "building": "info", "ready": "info"}


def state_name(place: Place) -> str:
    return facts()["state"].name_of(place.state) if place.state else ""


def state_tone(place: Place) -> str:
    return STATE_TONES.get(place.state, "dull")


def _ownership(place: Place) -> str:
    return facts()["ownership"].name_of(place.ownership) if place.ownership else ""


def _expiry_tone(day_of: str) -> Any:
    return lambda row: TONES.get(urgency(getattr(row, day_of), queries.today()), "")


def _star(place: Place) -> str:
    return facts()["star"].name_of(str(place.star)) if place.star else ""


def _group(place: Place) -> str:
    return str(GROUPS[kinds()[place.kind].group]) if place.kind in kinds() else ""


class ImportButton(Button):
    """The way to the importer, with our template chosen."""

    @property
    def url(self) -> str:
        return reverse("imports:start", args=[self.url_name])


ADD = Button(_("登记机构设施"), "places:add", "places.manage", icon="building-plus", main=True)


class Places(ListPage):
    """The register as a list."""

    model = Place
    right = "places.view"
    title = _("机构设施")
    filterset = PlaceFilter
    order = "division_id"
    related = ("operator",)
    export_right = "places.export"
    columns = (
        Column("name", _("名称"), sort="pinyin", link=True),
        Column("kind", _("类别"), value=lambda p: kind_label(p.kind), sort="kind"),
        Column("group", _("大类"), value=_group, shown=False),
        Column("tier", _("层级"), shown=False),
        Column("division_id", _("所在区划"), kind="division", sort="division_id"),
        Column("state", _("状态"), value=state_name, tone=state_tone, sort="state"),
        Column("ownership", _("所有制"), value=_ownership, minor=True),
        Column("beds", _("核定床位"), kind="number", sort="-beds"),
        Column("nursing_beds", _("其中护理型"), kind="number", minor=True),
        Column("star", _("等级"), value=_star, sort="-star", minor=True),
        Column(
            "next_expiry",
            _("最近到期"),
            kind="date",
            sort="next_expiry",
            tone=_expiry_tone("next_expiry"),
            minor=True,
        ),
        Column("operator", _("运营方"), value=lambda p: p.operator.name if p.operator else "", minor=True),
        Column("address", _("地址"), shown=False),
        Column("phone", _("服务电话"), shown=False),
        Column("uscc", _("统一社会信用代码"), shown=False),
        Column("opened_on", _("启用日期"), kind="date", sort="opened_on", shown=False),
        Column("closed_on", _("停用日期"), kind="date", shown=False),
        Column("longitude", _("经度"), shown=False),
        Column("latitude", _("纬度"), shown=False),
    )
    template = "places/list.html"
    buttons = (
        ADD,
        ImportButton(_("导入"), "places.institutions", "places.import", icon="file-import"),
        Button(_("地图"), "places:map", "places.view", icon="map-2"),
    )
    empty = Empty(_("还没有机构设施"), _("下载模板填好后导入，也可以逐个登记。"), (ADD,))

    def context(self) -> dict[str, Any]:
        return {**super().context(), "sheets": [(name, one[0].label) for name, one in SHEETS.items()]}


class Operators(ListPage):
    model = Operator
    right = "places.view"
    title = _("运营方")
    filterset = OperatorFilter
    order = "pinyin"
    export_right = "places.export"
    columns = (
        Column("name", _("名称"), sort="pinyin", link=True),
        Column("uscc", _("统一社会信用代码"), sort="uscc"),
        Column(
            "nature",
            _("法人性质"),
            value=lambda o: facts()["nature"].name_of(o.nature) if o.nature else "",
            minor=True,
        ),
        Column("division_id", _("登记地"), kind="division", sort="division_id"),
        Column("legal_representative", _("法定代表人"), minor=True),
        Column("registered_on", _("成立日期"), kind="date", shown=False),
        Column("address", _("住所"), shown=False),
    )
    buttons = (Button(_("登记运营方"), "places:add_operator", "places.manage", icon="plus", main=True),)
    empty = Empty(_("还没有运营方"), _("登记后可以把机构设施和运营合同归到它名下。"), buttons)


def contract_tone(contract: Contract) -> str:
    return TONES.get(urgency(contract.ends_on, queries.today(), CONTRACT_WARN_DAYS), "")


class Contracts(ListPage):
    model = Contract
    right = "places.view"
    title = _("运营合同")
    lead = _("公建民营和委托运营的合同。同一机构同一天只能有一份合同。")
    filterset = ContractFilter
    order = "ends_on"
    related = ("place", "operator")
    export_right = "places.export"
    columns = (
        Column("place", _("机构设施"), value=lambda c: c.place.name, link=True),
        Column("operator", _("运营方（乙方）"), value=lambda c: c.operator.name),
        Column("owner_name", _("委托方（甲方）"), minor=True),
        Column("mode", _("运营方式"), minor=True),
        Column("starts_on", _("开始日期"), kind="date", sort="starts_on"),
        Column("ends_on", _("截止日期"), kind="date", sort="ends_on", tone=contract_tone),
        Column("yearly_fee", _("年费（元）"), kind="yuan", minor=True),
        Column("deposit", _("履约保证金（元）"), kind="yuan", shown=False),
        Column("number", _("合同编号"), shown=False),
        Column("end_reason", _("提前终止原因"), shown=False),
    )
    empty = Empty(_("还没有运营合同"), _("打开一个机构设施的档案，登记它的运营合同。"))


class Papers(ListPage):
    """Documents of standing places that end soon or have ended."""

    model = PlaceFact
    right = "places.view"
    title = _("将到期的证照和保险")
    lead = _("60天内到期或已过期、还没有续办的。续办后在机构档案中登记新的有效期。")
    filterset = PaperFilter
    order = "expires_on"
    related = ("place",)
    export_right = "places.export"
    columns = (
        Column("place", _("机构设施"), value=lambda f: f.place.name, link=True),
        Column("kind", _("证照"), value=lambda f: f.kind_name),
        Column("text", _("内容"), value=contents_text, minor=True),
        Column("issuer", _("发证（承保）单位"), minor=True),
        Column("expires_on", _("有效期至"), kind="date", sort="expires_on", tone=_expiry_tone("expires_on")),
        Column("division", _("所在区划"), kind="division", value=lambda f: f.place.division_id),
        Column("phone", _("服务电话"), value=lambda f: f.place.phone, shown=False),
    )
    empty = Empty(_("没有将到期的证照"), _("所有在营机构的证照、保险都在有效期内。"))

    def queryset(self) -> QuerySet[Any]:
        return queries.expiring_facts()

    def row_url(self, row: Any) -> str:
        return str(row.place.get_absolute_url())


class Reports(ListPage):
    model = Report
    right = "places.view"
    title = _("机构上报")
    lead = _("机构或街道上报的证照、床位等情况，经区县确认后记入档案，计入统计和公示。")
    filterset = ReportFilter
    order = "reported_at"
    related = ("place",)
    columns = (
        Column("place", _("机构设施"), value=lambda r: r.place.name, link=True),
        Column("kind", _("事项"), value=lambda r: r.kind_name),
        Column("said", _("上报内容"), value=lambda r: str(_("不再具备")) if r.ends else contents_text(r)),
        Column("valid_from", _("自"), kind="date"),
        Column("expires_on", _("有效期至"), kind="date", minor=True),
        Column("source", _("来源"), minor=True),
        Column("reported_at", _("上报时间"), kind="datetime", sort="reported_at"),
        Column(
            "outcome",
            _("处理结果"),
            value=lambda r: str(r.get_outcome_display() or _("待确认")),
            tone=lambda r: {"": "warn", "confirmed": "good"}.get(r.outcome, "dull"),
        ),
        Column("reason", _("理由"), shown=False),
    )
    empty = Empty(_("没有待确认的上报"), _("机构上报证照、床位变化后会列在这里。"))

    def row_url(self, row: Any) -> str:
        return reverse("places:settle", args=[row.pk])
