"""Lists: persons, two-place claims."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.registers.people import queries
from yanglao.registers.people.completeness_file import ASKERS
from yanglao.registers.people.filters import PersonFilter
from yanglao.registers.people.kinds import kinds
from yanglao.registers.people.models import Claim, Person
from yanglao.registers.people.roster import ROSTER
from yanglao.registers.people.rules import names
from yanglao.shell.pages import Button, Column, Empty, ListPage
from yanglao.shell.templatetags.shell import source as source_label


def _value(kind: str) -> Any:
    def show(person: Person) -> str:
        value: str = getattr(person, kind)
        return kinds()[kind].name_of(value) if value else ""

    return show


def _state(person: Person) -> str:
    return str(_("已去世") if person.death_date else _("健在"))


def _apart(person: Person) -> str:
    return str(_("人户分离") if person.split else _("一致"))


def _unless_restricted(person: Person, field: str) -> str:
    """How he is reached; nothing while he has the processing of his data restricted."""
    return str(_("（已限制）")) if person.restricted_on else str(getattr(person, field))


class ImportButton(Button):
    """The way to the importer, with a template chosen: its name stands where others have the address's."""

    @property
    def url(self) -> str:
        return reverse("imports:start", args=[self.url_name])


IMPORT = ImportButton(_("导入花名册"), ROSTER.name, "people.import", icon="file-import")


class People(ListPage):
    """The register as a list. In a division it shows who lives there; by hukou when asked."""

    model = Person
    right = "people.view"
    title = _("老年人")
    filterset = PersonFilter
    private = ("name", "id_number")
    order = "residence_id"
    export_right = "people.export"
    columns = (
        Column("name", _("姓名"), sort="pinyin", link=True),
        Column("sex", _("性别")),
        Column("birth_date", _("年龄"), kind="age", sort="-birth_date", value=lambda p: p.birth_date),
        Column("born", _("出生日期"), kind="date", value=lambda p: p.birth_date, shown=False),
        Column("id_number", _("身份证号"), value=lambda p: str(p.id_number), minor=True),
        Column("residence_id", _("居住地"), kind="division", sort="residence_id"),
        Column("hukou_id", _("户籍地"), kind="division", sort="hukou_id", minor=True),
        Column("apart", _("人户"), value=_apart, tone=lambda p: "info" if p.split else "dull", shown=False),
        Column("living", _("居住状况"), value=_value("living")),
        Column("economic", _("经济状况"), value=_value("economic")),
        Column("ability", _("能力等级"), value=_value("ability")),
        Column("phone", _("联系电话"), value=lambda p: _unless_restricted(p, "phone"), minor=True),
        Column("address", _("居住地址"), value=lambda p: _unless_restricted(p, "address"), shown=False),
        Column("masked", _("公示姓名"), value=lambda p: names.masked(p.name), shown=False),
        Column("state", _("状态"), value=_state, tone=lambda p: "dull" if p.death_date else "good"),
        Column("death_date", _("去世日期"), kind="date", shown=False),
        Column("updated_at", _("更新时间"), kind="datetime", sort="-updated_at", shown=False),
    )
    buttons = (
        Button(_("新建档案"), "people:add", "people.edit", icon="user-plus", main=True),
        IMPORT,
        Button(_("两地报送"), "people:claims", "people.edit", icon="arrows-exchange"),
    )
    empty = Empty(
        _("还没有老年人档案"),
        _("先下载花名册模板，填好后导入；也可以逐人新建。"),
        (IMPORT, Button(_("新建档案"), "people:add", "people.edit", icon="user-plus", main=True)),
    )

    @property
    def by_place(self) -> str:
        asked = self.request.GET.get("by", "")
        return asked if asked in ("hukou", "any") else "residence"

    def queryset(self) -> QuerySet[Any]:
        """Who lives, or is registered, where the actor may look."""
        ordered = self.sorting[1].lstrip("-") == f"{self.by_place}_id"
        return queries.listed(self.actor.spans(self.right), self.by_place, ordered_by_place=ordered)

    def row_url(self, row: Any) -> str:
        """The file; from the list of whom to ask again, the form that asks only what is missing or old."""
        who = self.request.GET.get("gap", "")
        if who not in ASKERS or not self.actor.can("people.edit", *row.scope_codes()):
            return super().row_url(row)
        return f"{reverse('people:ask_again', args=[row.pk])}?who={who}"

    @cached_property
    def sorting(self) -> tuple[str, str]:
        name, order = super().sorting
        default = "pk" if self.by_place == "any" else f"{self.by_place}_id"
        return (name, order) if name else ("", default)


class Claims(ListPage):
    """Two places say a person is theirs: what waits to be settled, and what was."""

    model = Claim
    right = "people.edit"
    title = _("两地报送")
    lead = _("名册所报的户籍地或居住地与另一区县的档案不同。核实后采纳或不采纳；采纳前不会改动档案。")
    related = ("person",)
    order = "-raised_at"
    columns = (
        Column("person", _("姓名"), link=True, value=lambda c: c.person.name),
        Column("kind", _("情形"), value=lambda c: str(kinds()[c.kind])),
        Column("known", _("档案所记"), kind="division", value=lambda c: getattr(c.person, f"{c.kind}_id")),
        Column("division_id", _("名册所报"), kind="division"),
        Column("valid_from", _("所报日期"), kind="date"),
        Column("source", _("来源"), value=lambda c: source_label(c.source)),
        Column("raised_at", _("提出时间"), kind="datetime", sort="-raised_at"),
        Column(
            "outcome",
            _("处理结果"),
            value=lambda c: str(c.get_outcome_display()),
            tone=lambda c: {"": "warn", "accepted": "good"}.get(c.outcome, "dull"),
        ),
    )
    empty = Empty(_("没有两地报送"), _("导入名册时发现同一人在两个区县都有记载，会列在这里。"))

    def row_url(self, row: Any) -> str:
        return reverse("people:settle", args=[row.pk])
