"""Lists: what waits for me, all cases, what is late where, the processes in force."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import django_filters as df
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases import actions, queries
from yanglao.kernel.cases.doing import desk_label
from yanglao.kernel.cases.models import Case, Desk, ProcessVersion, Task
from yanglao.kernel.cases.picture import draw
from yanglao.kernel.rooms import house
from yanglao.shell.cases.drawing import lay_out
from yanglao.shell.cases.queries import process_choices, processes
from yanglao.shell.cases.words import standing, urgency
from yanglao.shell.filters import DayRangeFilter, DivisionFilter
from yanglao.shell.pages import BulkAction, Button, Column, Crumb, Empty, ListPage, PageView

VIEW, WORK, MANAGE = "cases.view", "cases.work", "cases.manage"


class TaskFilter(df.FilterSet):
    process = df.ChoiceFilter(label=_("流程"), choices=process_choices)
    division = DivisionFilter(label=_("所在区划"), paths=("division",))
    late = df.ChoiceFilter(
        label=_("期限"), choices=[("late", _("已逾期")), ("soon", _("三天内到期"))], method="by_due"
    )
    mine = df.ChoiceFilter(
        label=_("领取"), choices=[("mine", _("我已领取")), ("free", _("待领取"))], method="by_holder"
    )

    class Meta:
        model = Task
        fields: ClassVar[list[str]] = []

    def by_due(self, rows: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        today = timezone.localdate()
        if value == "late":
            return rows.filter(due__lt=today, suspended=False)
        return rows.filter(due__lte=today + dt.timedelta(days=3), suspended=False)

    def by_holder(self, rows: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        return rows.filter(holder=self.request.actor.user_id) if value == "mine" else rows.filter(holder=None)


def _take(actor: Actor, rows: QuerySet[Task], data: dict[str, Any]) -> Any:
    taken = [actions.take(actor, task) for task in rows]
    return _("已领取 %(n)s 项。") % {"n": len(taken)}


class Mine(ListPage):
    """What waits for him, most urgent first."""

    model = Task
    right = WORK
    title = _("待办事项")
    filterset = TaskFilter
    columns = (
        Column("case.title", _("事项"), link=True),
        Column("name", _("步骤")),
        Column("process", _("流程"), value=lambda t: t.case.version.name, minor=True),
        Column("division_id", _("所在区划"), kind="division"),
        Column("opened_on", _("到达日期"), kind="date", minor=True),
        Column("due", _("办理期限"), kind="date", sort="due,id"),
        Column("urgency", _("状态"), value=lambda t: urgency(t)[0], tone=lambda t: urgency(t)[1]),
        Column("holder", _("领取"), value=lambda t: t.holder.name if t.holder else _("待领取"), minor=True),
        Column("case.number", _("编号"), shown=False),
    )
    order = "due,id"
    related = ("case__version", "holder")
    bulk = (BulkAction("take", _("领取"), WORK, _take, explain=_("领取后，同岗位其他人的待办中不再出现。")),)
    buttons = (
        Button(_("委托代办"), "cases:stand_ins", WORK, icon="user-share"),
        Button(_("发起办件"), "cases:processes", WORK, icon="plus", main=True),
    )
    empty = Empty(_("没有待办"), _("轮到您办理的步骤会出现在这里，最急的在前面。"))

    def queryset(self) -> QuerySet[Task]:
        return queries.waiting(self.actor)

    def row_url(self, row: Task) -> str:
        return reverse("cases:case", args=[row.case_id])


class CaseFilter(df.FilterSet):
    number = df.CharFilter(label=_("编号"), lookup_expr="iexact")
    process = df.ChoiceFilter(label=_("流程"), choices=process_choices)
    state = df.ChoiceFilter(label=_("状态"), choices=Case.State.choices)
    division = DivisionFilter(label=_("所在区划"))
    late = df.ChoiceFilter(label=_("期限"), choices=[("late", _("有逾期步骤"))], method="is_late")
    opened_on = DayRangeFilter(label=_("受理日期"))

    class Meta:
        model = Case
        fields: ClassVar[list[str]] = []

    def is_late(self, rows: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        today = timezone.localdate()
        late = Task.objects.filter(state="open", due__lt=today, suspended=False).order_by()
        return rows.filter(pk__in=late.values("case_id"))


def _result(case: Case) -> str:
    return queries.result_label(case.version.read, case.result) if case.result else ""


def _step(case: Case) -> str:
    return case.version.read.steps[case.step].name if case.step else ""


class Cases(ListPage):
    model = Case
    right = VIEW
    title = _("办件")
    filterset = CaseFilter
    columns = (
        Column("number", _("编号"), link=True),
        Column("title", _("事项")),
        Column("process", _("流程"), value=lambda c: c.version.name, minor=True),
        Column("division_id", _("所在区划"), kind="division", sort="division,-id"),
        Column("step", _("当前步骤"), value=_step),
        Column("opened_on", _("受理日期"), kind="date", sort="opened_on,id", minor=True),
        Column("due", _("办结期限"), kind="date", minor=True),
        Column("ended_at", _("办结时间"), kind="datetime", shown=False),
        Column(
            "state",
            _("状态"),
            value=lambda c: standing(c, _result(c))[0],
            tone=lambda c: standing(c, _result(c))[1],
        ),
    )
    order = "-id"
    related = ("version",)
    buttons = (Button(_("发起办件"), "cases:processes", WORK, icon="plus", main=True),)
    empty = Empty(_("还没有办件"), _("由窗口发起，或由比对、申请等自动产生。"))
    export_right = VIEW

    def row_url(self, row: Case) -> str:
        return reverse("cases:case", args=[row.pk])


class Late(PageView):
    """What is late where: for those who answer for it."""

    right = VIEW
    title = _("逾期督办")
    template = "cases/late.html"

    def context(self) -> dict[str, Any]:
        rows = queries.late(self.actor)
        names = dict(process_choices())
        by_place: dict[int, list[Any]] = {}
        for row in rows:
            by_place.setdefault(row.place, []).append(row)
        today = timezone.localdate()
        return {
            "rows": [(row, names.get(row.process, row.process), (today - row.since).days) for row in rows],
            "places": sorted(
                ((place, sum(r.count for r in found), found[0].since) for place, found in by_place.items()),
                key=lambda one: -one[1],
            ),
            "total": sum(row.count for row in rows),
            "raised": list(queries.escalated(self.actor)[:50]),
            "today": today,
        }


class Processes(PageView):
    """The processes in force in his city."""

    right = VIEW
    title = _("流程目录")
    template = "cases/processes.html"

    def context(self) -> dict[str, Any]:
        return {"versions": processes(self.actor.division)}


class ProcessPage(PageView):
    """A process as it is in force: who does what in how many days, and its picture."""

    right = VIEW
    template = "cases/process.html"

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.version: ProcessVersion | None = next(
            (v for v in processes(self.actor.division) if v.process == kwargs["name"]), None
        )

    def page_title(self) -> Any:
        return self.version.name if self.version else ""

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Processes.title, reverse("cases:processes")),)

    def context(self) -> dict[str, Any]:
        if self.version is None:
            raise Http404
        process = self.version.read
        steps = [
            (process.steps[step].name, duty.name if branch else "", duty, _who(duty))
            for step, branch, duty in process.duties()
        ]
        handler = house().cases.get(process.id)
        return {
            "process": process,
            "version": self.version,
            "steps": steps,
            "drawing": lay_out(draw(process)),
            "may_open": self.actor.can(WORK) and (handler is None or not handler.subject_kind),
        }


def _who(duty: Any) -> str:
    if duty.who is None:
        return ""
    roles, kind, name = duty.who.desk
    return desk_label(Desk(roles=" ".join(roles), kind=kind, name=name))
