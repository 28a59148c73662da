"""Closing a home: its plan, line by line, and its execution."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.registers.stays import actions, forms
from yanglao.registers.stays.models import Closure, Resettlement
from yanglao.registers.stays.places import open_places
from yanglao.registers.stays.rules import notice_due, told_in_time
from yanglao.registers.stays.views.base import OfPlace, OfRecord, map_url
from yanglao.registers.stays.views.changes import ToAnother
from yanglao.registers.stays.vocabulary import vocabulary
from yanglao.shell.pages import Column, Crumb, Empty, ListPage, PageView

TONES = {"planned": "warn", "done": "good", "cancelled": "dull"}


class Closures(ListPage):
    model = Closure
    right = "stays.view"
    title = gettext_lazy("停办安置")
    lead = gettext_lazy("机构停办或合并前，逐人落实在住老年人的去向；全部落实后一次执行。")
    related = ("place", "into")
    columns = (
        Column("place", gettext_lazy("机构"), link=True, value=lambda c: c.place.name),
        Column("into", gettext_lazy("并入机构"), value=lambda c: c.into.name if c.into else ""),
        Column("closes_on", gettext_lazy("停办日期"), kind="date"),
        Column("noticed_on", gettext_lazy("书面告知日期"), kind="date", minor=True),
        Column("reason", gettext_lazy("原因"), minor=True),
        Column(
            "state",
            gettext_lazy("状态"),
            value=lambda c: c.get_state_display(),
            tone=lambda c: TONES.get(c.state, "dull"),
        ),
    )
    empty = Empty(gettext_lazy("没有停办安置方案"), gettext_lazy("在要停办机构的床位图建立安置方案。"))


class PlanClosure(OfPlace):
    right = "stays.resettle"
    title = gettext_lazy("建立停办安置方案")
    lead = gettext_lazy("方案列出现在在住的每一位老年人。")
    form_class = forms.ClosureForm

    def form_arguments(self) -> dict[str, Any]:
        return {"places": open_places().exclude(pk=self.record.pk)}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.plan_closure(self.actor, self.record, **data)

    def done_url(self, result: Any) -> str:
        return str(result.get_absolute_url())


class ClosurePage(PageView):
    """The plan: everybody, where to, who agreed."""

    right = "stays.view"
    template = "stays/closure.html"

    def closure(self) -> Closure:
        if not hasattr(self, "_closure"):
            found = Closure.objects.select_related("place", "into")
            self._closure = get_object_or_404(found, pk=self.kwargs["pk"])
        return self._closure

    def page_title(self) -> Any:
        return _("%(place)s安置方案") % {"place": self.closure().place}

    def crumbs(self) -> tuple[Crumb, ...]:
        closure = self.closure()
        return (
            Crumb(_("停办安置"), reverse("stays:closures")),
            Crumb(str(closure.place), map_url(closure.place_id)),
        )

    def context(self) -> dict[str, Any]:
        closure, rule = self.closure(), vocabulary().closing
        lines = closure.lines.select_related("stay__person", "stay__bed__room", "bed__room", "bed__place")
        rows = list(lines.order_by("pk"))
        return {
            "closure": closure,
            "lines": rows,
            "settled": sum(1 for line in rows if line.settled),
            "rule": rule,
            "notice_due": notice_due(closure.closes_on, rule.notice_days),
            "in_time": told_in_time(closure.noticed_on, closure.closes_on, rule.notice_days),
            "tone": TONES.get(closure.state, "dull"),
            "may": self.actor.can("stays.resettle", closure) and closure.state == "planned",
        }


class OfClosure(OfRecord):
    model = Closure
    right = "stays.resettle"
    related = ("place",)

    def way_here(self) -> tuple[Crumb, ...]:
        return (Crumb(_("%(place)s安置方案") % {"place": self.record.place}, self.record.get_absolute_url()),)


class Execute(OfClosure):
    title = gettext_lazy("执行安置方案")
    form_class = forms.DayForm
    submit = gettext_lazy("全部执行")
    danger = gettext_lazy("方案里的每一位老年人都按去向退住或转机构，轮候的申请同时撤回；全部成功才生效。")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.execute_closure(self.actor, self.record, **data)


class Cancel(OfClosure):
    title = gettext_lazy("取消安置方案")
    form_class = forms.ReasonForm
    submit = gettext_lazy("取消方案")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.cancel_closure(self.actor, self.record, **data)


class Settle(ToAnother):
    """Where one resident goes."""

    model = Resettlement
    right = "stays.resettle"
    related = ("closure__place", "stay__person", "stay__place", "bed")
    form_class = forms.SettleForm

    def page_title(self) -> Any:
        return _("%(name)s的去向") % {"name": self.record.stay.person.name}

    def way_here(self) -> tuple[Crumb, ...]:
        closure = self.record.closure
        return (Crumb(_("%(place)s安置方案") % {"place": closure.place}, closure.get_absolute_url()),)

    def homes(self) -> QuerySet[Any]:
        return open_places().exclude(pk=self.record.closure.place_id)

    @property
    def to(self) -> int | None:
        return super().to or (self.record.bed.place_id if self.record.bed else self.record.closure.into_id)

    @property
    def person(self) -> Any:
        return self.record.stay.person

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.record, name) for name in ("to", "bed", "agreed_by", "agreed_on", "why")}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.settle(self.actor, self.record, **data)

    def done_url(self, result: Any) -> str:
        return str(self.record.closure.get_absolute_url())
