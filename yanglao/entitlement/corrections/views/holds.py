"""Persons whose payments are withheld: the list, and one of them with the arithmetic and the decision."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits.offered.queries import month_text
from yanglao.entitlement.corrections import actions, queries, told
from yanglao.entitlement.corrections.filters import HoldFilter
from yanglao.entitlement.corrections.forms import HoldForm
from yanglao.entitlement.corrections.models import Hold
from yanglao.entitlement.corrections.views.recomputing import home
from yanglao.registers.people.models import Person
from yanglao.shell.pages import Column, Crumb, Empty, FormPage, ListPage, PageView

TONES = {"open": "warn", "released": "good", "stopped": "dull", "recovered": "bad"}


def holds_crumb() -> Crumb:
    return Crumb(_("暂停发放"), reverse("corrections:holds"))


class Holds(ListPage):
    """Whose payments wait for a decision."""

    model = Hold
    right = "corrections.view"
    title = gettext_lazy("暂停发放")
    lead = gettext_lazy("比对线索核实属实后，本人的发放自动暂停，等待决定：恢复、停发，或停发并追回。")
    filterset = HoldFilter
    order = "-pk"
    export_right = "corrections.export"
    columns = (
        Column("name", gettext_lazy("姓名"), link=True, value=lambda h: h.name),
        Column("division_id", gettext_lazy("区划"), kind="division"),
        Column("reason", gettext_lazy("暂停原因")),
        Column("since", gettext_lazy("自"), kind="date"),
        Column("granted_fen", gettext_lazy("事实发生后已发（元）"), kind="yuan"),
        Column("state", gettext_lazy("状态"), tone=lambda h: TONES[h.state]),
        Column("decision", gettext_lazy("决定理由"), minor=True, shown=False),
        Column("decided_by", gettext_lazy("决定人"), minor=True, shown=False),
    )
    empty = Empty(
        gettext_lazy("没有暂停发放的人"), gettext_lazy("核实属实的比对线索涉及领取待遇的人时，会列在这里。")
    )

    def queryset(self) -> Any:
        return queries.holds_with_people()

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(),)


class OfHold(PageView):
    right = "corrections.view"

    @cached_property
    def hold(self) -> Hold:
        return get_object_or_404(Hold.objects.all(), pk=self.kwargs["pk"])

    @cached_property
    def person(self) -> Person | None:
        return Person.files.filter(pk=self.hold.person_id).first()

    @property
    def name(self) -> str:
        return self.person.name if self.person else str(self.hold.person_id)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), holds_crumb())


class HoldPage(OfHold):
    """What was granted since the fact, what waits, and the decision."""

    template = "corrections/hold.html"

    def page_title(self) -> str:
        return _("%(name)s暂停发放") % {"name": self.name}

    def context(self) -> dict[str, Any]:
        names = told.titles(self.hold.division_id)
        lines, total = [], 0
        for line in queries.granted_since(self.hold):
            total += line.amount_fen
            lines.append((month_text(line.month), names.get(line.policy, line.policy), line, total))
        waits = self.hold.state == Hold.State.OPEN
        return {
            "hold": self.hold,
            "person": self.person,
            "tone": TONES[self.hold.state],
            "lines": lines,
            "total": total,
            "may": waits and self.actor.can("corrections.decide", self.hold.division_id),
        }


class DecideHold(OfHold, FormPage):
    right = "corrections.decide"
    title = gettext_lazy("处理暂停发放")
    submit = gettext_lazy("确定")
    done = gettext_lazy("已处理。")
    form_class = HoldForm

    @property
    def lead(self) -> Any:  # type: ignore[override]
        return f"{self.name}：{self.hold.reason}"

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), holds_crumb(), Crumb(self.name, self.hold.get_absolute_url()))

    def perform(self, data: dict[str, Any]) -> Hold:
        return actions.decide_hold(self.actor, self.hold, **data)

    def done_url(self, result: Hold) -> str:
        return result.get_absolute_url()
