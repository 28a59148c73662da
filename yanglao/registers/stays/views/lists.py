"""Lists: residents, those who wait, beds, homes and how full they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.scope import Span
from yanglao.registers.stays import queries
from yanglao.registers.stays.days import day_asked
from yanglao.registers.stays.filters import BedFilter, StayFilter, WaitingFilter
from yanglao.registers.stays.models import Bed, BedSpell, Stay
from yanglao.registers.stays.places import places
from yanglao.registers.stays.queries.map import on_day
from yanglao.registers.stays.queries.occupancy import Count, inside
from yanglao.registers.stays.rules import month_of
from yanglao.registers.stays.vocabulary import vocabulary, word
from yanglao.shell import charts
from yanglao.shell.pages import Button, Column, Crumb, Empty, ListPage, PageView

TONES = {"admitted": "good", "waiting": "warn", "reserved": "info", "applied": "info"}
RESIDENT = (
    Column("person", _("姓名"), link=True, value=lambda s: s.person.name),
    Column("sex", _("性别"), value=lambda s: s.person.get_sex_display()),
    Column("age", _("年龄"), kind="age", value=lambda s: s.person.birth_date),
    Column("id_number", _("身份证号"), value=lambda s: str(s.person.id_number), minor=True),
)


@dataclass(frozen=True)
class ImportButton(Button):
    """The way to the importer, with a template of ours chosen."""

    template: str = ""

    @property
    def url(self) -> str:
        return reverse("imports:start", args=[self.template])


def _import(label: Any, template: str) -> ImportButton:
    return ImportButton(label, "imports:start", "stays.import", icon="file-import", template=template)


class Residents(ListPage):
    """Who lives, lived or wants to live in the homes."""

    model = Stay
    right = "stays.view"
    title = _("入住老年人")
    filterset = StayFilter
    private = ("name",)
    related = ("person", "place", "bed__room")
    order = "-pk"
    export_right = "stays.export"
    columns = (
        *RESIDENT,
        Column("place", _("机构"), value=lambda s: s.place.name, sort="place"),
        Column("bed", _("床位"), value=lambda s: str(s.bed) if s.bed else ""),
        Column("building", _("楼栋"), value=lambda s: s.bed.room.building if s.bed else "", shown=False),
        Column("room", _("房间号"), value=lambda s: s.bed.room.name if s.bed else "", shown=False),
        Column("number", _("床号"), value=lambda s: s.bed.number if s.bed else "", shown=False),
        Column("level", _("护理等级"), value=lambda s: s.get_level_display()),
        Column("payer", _("费用来源"), value=lambda s: s.get_payer_display(), minor=True),
        Column("kind", _("入住方式"), value=lambda s: s.get_kind_display(), shown=False),
        Column("admitted_on", _("入住日期"), kind="date"),
        Column("discharged_on", _("退住日期"), kind="date", minor=True),
        Column("end", _("退住去向"), value=lambda s: s.get_end_display(), shown=False),
        Column(
            "division", _("机构所在区划"), kind="division", value=lambda s: s.place.division_id, minor=True
        ),
        Column(
            "state",
            _("状态"),
            value=lambda s: s.get_state_display(),
            tone=lambda s: TONES.get(s.state, "dull"),
        ),
    )
    buttons = (
        Button(_("轮候名单"), "stays:waiting", "stays.view", icon="list-numbers"),
        Button(_("各机构床位"), "stays:occupancy", "stays.view", icon="bed"),
        _import(_("导入在住名单"), "stays.residents"),
    )
    empty = Empty(_("还没有人入住"), _("从机构的床位图登记申请和入住，或导入在住名单。"), buttons)

    def queryset(self) -> QuerySet[Any]:
        return queries.listed(Stay, self.actor, self.right)


class Waiting(ListPage):
    """Who waits for a bed; the priority is said with its reason."""

    model = Stay
    right = "stays.view"
    title = _("轮候名单")
    lead = _("先按优先依据、再按申请日期排序；优先依据由老年人档案中的情形得出，情形变了次序随之变。")
    filterset = WaitingFilter
    private = ("name",)
    related = ("person", "place")
    order = "rank,applied_on,pk"
    export_right = "stays.export"
    columns = (
        *RESIDENT,
        Column("place", _("申请机构"), value=lambda s: s.place.name),
        Column(
            "rank_rule",
            _("优先依据"),
            value=lambda s: s.get_rank_rule_display(),
            tone=lambda s: "warn" if s.rank_rule else "dull",
        ),
        Column("applied_on", _("申请日期"), kind="date"),
        Column("bed_kind", _("申请床位类型"), value=lambda s: s.get_bed_kind_display(), minor=True),
        Column("level", _("护理等级"), value=lambda s: s.get_level_display(), minor=True),
        Column(
            "state",
            _("状态"),
            value=lambda s: s.get_state_display(),
            tone=lambda s: TONES.get(s.state, "dull"),
        ),
    )
    empty = Empty(_("没有人在轮候"), _("在机构的床位图登记申请后，列在这里。"))

    def queryset(self) -> QuerySet[Any]:
        return Stay.objects.filter(state__in=Stay.BEFORE)


class Beds(ListPage):
    """Beds with what they are today."""

    model = Bed
    right = "stays.view"
    title = _("床位")
    filterset = BedFilter
    related = ("room", "place")
    order = "pk"
    export_right = "stays.export"
    columns = (
        Column("bed", _("床位"), link=True, value=str),
        Column("place", _("机构"), value=lambda b: b.place.name, sort="place"),
        Column(
            "division", _("机构所在区划"), kind="division", value=lambda b: b.place.division_id, minor=True
        ),
        Column("kind_now", _("床位类型"), value=lambda b: word(vocabulary().bed_kinds, b.kind_now or "")),
        Column(
            "state_now",
            _("状态"),
            value=lambda b: dict(BedSpell.State.choices).get(b.state_now or "", gettext("未启用或已停用")),
            tone=lambda b: {"use": "good", "repair": "bad"}.get(b.state_now or "", "dull"),
        ),
        Column("building", _("楼栋"), value=lambda b: b.room.building, shown=False),
        Column("floor", _("楼层"), value=lambda b: b.room.floor, minor=True),
        Column("room", _("房间号"), value=lambda b: b.room.name, shown=False),
        Column("number", _("床号"), shown=False),
        Column("area", _("房间面积（㎡）"), value=lambda b: b.room.area, shown=False),
    )
    buttons = (_import(_("导入床位表"), "stays.beds"),)
    empty = Empty(_("还没有床位"), _("在机构的床位图登记房间和床位，或导入床位表。"), buttons)

    def queryset(self) -> QuerySet[Any]:
        today = timezone.localdate()
        spells = BedSpell.objects.filter(on_day("valid_from", "valid_to", today), bed_id=OuterRef("pk"))
        spells = spells.order_by()
        return queries.listed(Bed, self.actor, self.right).annotate(
            kind_now=Subquery(spells.values("kind")[:1]), state_now=Subquery(spells.values("state")[:1])
        )


class Occupancy(PageView):
    """How full the homes are: on a day by home, and month by month."""

    right = "stays.view"
    title = _("床位与入住")
    template = "stays/occupancy.html"
    MOST = 200

    def context(self) -> dict[str, Any]:
        today = timezone.localdate()
        day = day_asked(self.request.GET.get("on"), today)
        asked = self.request.GET.get("division", "")
        division = int(asked) if asked.isdigit() and len(asked) == 12 else None
        where = inside(division)
        homes = self._homes(day, where)
        shown = homes[: self.MOST]
        month = queries.by_place(
            month_of(day), day + dt.timedelta(days=1), inside(places=[home.pk for home, _count in shown])
        )
        return {
            "day": day,
            "today": today,
            "division": division,
            "now": sum((count for _home, count in homes), Count()),
            "waiting": queries.waiting_list().filter(**_under("place", division)).count(),
            "chart": self._chart(month_of(day), day, where),
            "homes": [(home, count, month.get(home.pk, Count())) for home, count in shown],
            "more": len(homes) - self.MOST,
        }

    def _chart(self, month: dt.date, day: dt.date, where: Any) -> Any:
        first = month
        for _step in range(11):
            first = month_of(first - dt.timedelta(days=1))
        found = queries.months(first, day + dt.timedelta(days=1), where)
        rates = [None if count.rate is None else round(count.rate * 100, 1) for count in found.values()]
        labels = [f"{m:%Y-%m}" for m in found]
        return charts.lines(gettext("近十二个月床位使用率"), labels, {gettext("使用率"): rates}, unit="%")

    def _homes(self, day: dt.date, where: Any) -> list[tuple[Any, Count]]:
        """(home, its beds on the day), the largest first."""
        counts = queries.by_place_on(day, where)
        known = {place.pk: place for place in places().order_by("pk") if place.pk in counts}
        rows = [(known[pk], count) for pk, count in counts.items() if pk in known]
        return sorted(rows, key=lambda row: (-row[1].beds, row[0].name))


def _under(path: str, division: int | None) -> dict[str, int]:
    if division is None:
        return {}
    span = Span.of(division)
    return {f"{path}__division__gte": span.lo, f"{path}__division__lte": span.hi}


class Deaths(PageView):
    """Deaths one of the two registers does not know yet."""

    right = "stays.view"
    title = _("去世待办")
    template = "stays/deaths.html"

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(gettext("床位与入住"), reverse("stays:occupancy")),)

    def context(self) -> dict[str, Any]:
        return {
            "to_settle": list(queries.deaths_to_settle()[:200]),
            "to_enter": list(queries.awaiting_death_entry()[:200]),
            "may_enter": self.actor.can("people.edit"),
        }


class Notices(PageView):
    """What a home must see to soon: contracts, keepings, leaves."""

    right = "stays.view"
    title = _("到期提醒")
    template = "stays/notices.html"

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(gettext("床位与入住"), reverse("stays:occupancy")),)

    def context(self) -> dict[str, Any]:
        today = timezone.localdate()
        return {
            "today": today,
            "contracts": list(queries.ending_contracts(today)[:200]),
            "offers": list(queries.ending_offers(today)[:200]),
            "leaves": list(queries.long_leaves(today)[:200]),
        }
