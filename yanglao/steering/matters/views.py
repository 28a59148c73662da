"""Pages of matters: how they stand, the list, one matter, registering, money."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.cases.queries import open_tasks
from yanglao.shell.pages import Button, Column, Crumb, DetailPage, Empty, FormPage, ListPage, PageView, Panel
from yanglao.shell.pages.detail import Way
from yanglao.steering.matters import actions, queries
from yanglao.steering.matters.filters import MatterFilter
from yanglao.steering.matters.forms import MatterForm, MovementForm
from yanglao.steering.matters.models import Matter, Movement
from yanglao.steering.matters.vocabulary import MatterKind, kinds

VIEW, EDIT = "matters.view", "matters.edit"


def _home() -> Crumb:
    return Crumb(_("督办事项"), reverse("matters:standing"))


def _state(matter: Matter) -> str:
    if matter.closed_on:
        return str(matter.case.version.read.results.get(matter.result, matter.result))
    return _("逾期") if matter.late else _("办理中")


def _tone(matter: Matter) -> str:
    if matter.closed_on:
        return "good" if matter.result in ("settled", "answered") else "dull"
    return "bad" if matter.late else "info"


class StandingPage(PageView):
    """How the matters of every kind stand, and the money by source."""

    right: ClassVar[str] = VIEW
    title = gettext_lazy("督办事项")
    template = "matters/standing.html"

    def context(self) -> dict[str, Any]:
        found = queries.standings()
        return {
            "groups": [
                {
                    "name": name,
                    "kind": kind,
                    "rows": found[name],
                    "total": sum(row.total for row in found[name]),
                    "open": sum(row.open for row in found[name]),
                    "late": sum(row.late for row in found[name]),
                    "closed": sum(row.closed for row in found[name]),
                    "account": _sum(row.account for row in found[name]),
                }
                for name, kind in kinds().items()
            ],
            "late": queries.late().select_related("case")[:10],
            "today": timezone.localdate(),
            "may_edit": self.actor.can(EDIT),
        }


def _sum(accounts: Any) -> queries.Account:
    listed = list(accounts)
    return queries.Account(
        sum(a.planned for a in listed), sum(a.arrived for a in listed), sum(a.spent for a in listed)
    )


class MatterList(ListPage):
    """The ledger of matters."""

    model = Matter
    right = VIEW
    title = gettext_lazy("督办台账")
    filterset = MatterFilter
    related = ("case__version",)
    order = "due_on"
    export_right = "matters.export"
    columns = (
        Column("number", gettext_lazy("编号")),
        Column("title", gettext_lazy("事项"), link=True),
        Column("kind", gettext_lazy("类别"), value=lambda m: m.kind_words),
        Column("category", gettext_lazy("分类"), value=lambda m: m.category_words),
        Column("division_id", gettext_lazy("所在区划"), kind="division", sort="division"),
        Column("lead", gettext_lazy("牵头单位")),
        Column("due_on", gettext_lazy("办理期限"), kind="date", sort="due_on"),
        Column("state", gettext_lazy("状态"), value=_state, tone=_tone),
        Column("closed_on", gettext_lazy("办结日期"), kind="date", minor=True),
        Column("planned_fen", gettext_lazy("计划资金（元）"), kind="yuan", minor=True),
        Column("arrived", gettext_lazy("到位（元）"), kind="yuan", minor=True),
        Column("spent", gettext_lazy("支出（元）"), kind="yuan", minor=True),
        Column("source", gettext_lazy("来源文件"), shown=False),
        Column("partners", gettext_lazy("配合单位"), shown=False),
    )
    buttons = (Button(gettext_lazy("登记事项"), "matters:choose", EDIT, icon="plus", main=True),)
    empty = Empty(
        gettext_lazy("还没有督办事项"), gettext_lazy("登记建议提案、堵点难点、清单事项或专项资金。"), buttons
    )

    def queryset(self) -> QuerySet[Any]:
        return queries.matters()

    def crumbs(self) -> tuple[Crumb, ...]:
        return (_home(),)


class MatterPage(DetailPage):
    """One matter: what is asked, where its case stands, its money."""

    model = Matter
    right = VIEW
    related = ("case__version",)
    panels = (
        Panel(
            gettext_lazy("基本情况"),
            (
                Column("kind", gettext_lazy("类别"), value=lambda m: f"{m.kind_words} · {m.category_words}"),
                Column("number", gettext_lazy("编号")),
                Column("words", gettext_lazy("内容")),
                Column("source", gettext_lazy("来源文件")),
                Column("division_id", gettext_lazy("所在区划"), kind="division"),
                Column("lead", gettext_lazy("牵头单位")),
                Column("partners", gettext_lazy("配合单位")),
                Column("registered_on", gettext_lazy("登记日期"), kind="date"),
                Column("due_on", gettext_lazy("办理期限"), kind="date"),
                Column("state", gettext_lazy("状态"), value=_state, tone=_tone),
                Column("closed_on", gettext_lazy("办结日期"), kind="date"),
            ),
        ),
        Panel(gettext_lazy("办理"), template="matters/case.html"),
        Panel(gettext_lazy("资金"), template="matters/money.html"),
    )

    def crumbs(self) -> tuple[Crumb, ...]:
        return (_home(), Crumb(_("督办台账"), reverse("matters:list")))

    @property
    def money(self) -> bool:
        return kinds()[self.record.kind].money

    def context(self) -> dict[str, Any]:
        found = super().context()
        if not self.money:
            found["cards"] = [card for card in found["cards"] if card[0].template != "matters/money.html"]
        return found

    def ways(self) -> tuple[Way, ...]:
        ways = []
        if self.record.origin:
            ways.append(
                Way(_("原文的句子"), reverse("documents:origin", args=[self.record.pk]), icon="file-text")
            )
        if self.money and self.actor.can(EDIT, self.record.division_id):
            ways.append(Way(_("登记资金进出"), reverse("matters:move", args=[self.record.pk]), icon="plus"))
        return tuple(ways)

    def extra(self) -> dict[str, Any]:
        case = self.record.case
        return {
            "case": case,
            "task": open_tasks(case).first(),
            "may_see_case": self.actor.can("cases.view", case.division_id),
            "account": queries.account(self.record),
            "movements": self.record.movements.order_by("on", "pk"),
        }


class ChoosePage(PageView):
    """Which kind of matter is to be registered."""

    right = EDIT
    title = gettext_lazy("登记事项")
    template = "matters/choose.html"

    def crumbs(self) -> tuple[Crumb, ...]:
        return (_home(),)

    def context(self) -> dict[str, Any]:
        return {"kinds": kinds()}


class RegisterPage(FormPage):
    """Register a matter of a kind."""

    right = EDIT
    form_class: ClassVar[type[forms.BaseForm]] = MatterForm
    submit = gettext_lazy("登记并交办")

    @cached_property
    def kind(self) -> MatterKind:
        found = kinds().get(self.kwargs["kind"])
        if found is None:
            raise Http404
        return found

    def page_title(self) -> Any:
        return _("登记：%(kind)s") % {"kind": self.kind}

    def crumbs(self) -> tuple[Crumb, ...]:
        return (_home(), Crumb(_("登记事项"), reverse("matters:choose")))

    def form_arguments(self) -> dict[str, Any]:
        return {"kind": self.kind}

    def initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("category", "")
        return {"division": self.actor.division, "category": asked}

    def perform(self, data: dict[str, Any]) -> Matter:
        return actions.register(self.actor, kind=self.kwargs["kind"], **data)

    def done_url(self, result: Matter) -> str:
        return result.get_absolute_url()


class MovePage(FormPage):
    """Record money of a matter that arrived or was spent."""

    right = EDIT
    title = gettext_lazy("登记资金进出")
    form_class = MovementForm

    @cached_property
    def matter(self) -> Matter:
        found = get_object_or_404(Matter, pk=self.kwargs["pk"])
        if not (kinds()[found.kind].money and self.actor.can(EDIT, found.division_id)):
            raise Http404
        return found

    def crumbs(self) -> tuple[Crumb, ...]:
        return (_home(), Crumb(str(self.matter), self.matter.get_absolute_url()))

    def initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}

    def perform(self, data: dict[str, Any]) -> Movement:
        return actions.move(self.actor, matter=self.matter, **data)

    def done_url(self, result: Movement) -> str:
        return self.matter.get_absolute_url()
