"""Lists: results, requests, assignments; the calendar of re-assessments."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.assessment import planning, queries, scales
from yanglao.entitlement.assessment.filters import AssessmentFilter, AssignmentFilter, RequestFilter
from yanglao.entitlement.assessment.models import Assessment, Assignment, Request
from yanglao.entitlement.assessment.views.base import (
    BODIES,
    EXPORT,
    REQUEST,
    SAMPLE,
    TONES,
    VIEW,
    home,
)
from yanglao.kernel.cases.models import Task
from yanglao.shell.pages import Button, Column, Crumb, Empty, ListPage, PageView


def state_of(row: Assessment) -> str:
    """The state of a result, said as of today."""
    return _("已过期") if row.expired else str(row.get_state_display())


def tone_of(row: Assessment) -> str:
    return "warn" if row.expired else TONES.get(row.state, "dull")


class AssessmentList(ListPage):
    """Results, the latest first."""

    model = Assessment
    right = VIEW
    title = gettext_lazy("能力评估")
    filterset = AssessmentFilter
    private = ("name",)
    related = ("person", "body__organisation", "first", "second")
    order = "-made_on,-pk"
    export_right = EXPORT
    columns = (
        Column("person", gettext_lazy("姓名"), value=lambda a: a.person.name, link=True),
        Column("sex", gettext_lazy("性别"), value=lambda a: a.person.get_sex_display(), minor=True),
        Column(
            "birth_date", gettext_lazy("年龄"), kind="age", value=lambda a: a.person.birth_date, minor=True
        ),
        Column("division_id", gettext_lazy("居住地"), kind="division"),
        Column("scale", gettext_lazy("量表"), value=lambda a: scales.number_of(a.scale), minor=True),
        Column("total", gettext_lazy("总分"), kind="number", minor=True),
        Column("level", gettext_lazy("最终等级"), value=lambda a: scales.level_label(a.scale, a.level)),
        Column("made_on", gettext_lazy("评估日期"), kind="date", sort="-made_on"),
        Column(
            "valid_to",
            gettext_lazy("有效期至"),
            kind="date",
            sort="valid_to",
            value=lambda a: a.last_day,
        ),
        Column("state", gettext_lazy("状态"), value=state_of, tone=tone_of),
        Column("body_name", gettext_lazy("评估机构"), minor=True),
        Column(
            "assessors",
            gettext_lazy("评估员"),
            value=lambda a: "、".join(str(one) for one in (a.first, a.second) if one),
            shown=False,
        ),
        Column("source", gettext_lazy("来源"), shown=False),
    )
    buttons = (
        Button(gettext_lazy("评估申请"), "assessment:requests", VIEW, icon="list-check"),
        Button(gettext_lazy("评估任务"), "assessment:assignments", VIEW, icon="checklist"),
        Button(gettext_lazy("复评日历"), "assessment:calendar", VIEW, icon="calendar"),
        Button(gettext_lazy("评估机构"), "assessment:bodies", BODIES, icon="building"),
        Button(gettext_lazy("质量和统计"), "assessment:statistics", SAMPLE, icon="chart-bar"),
    )
    empty = Empty(
        gettext_lazy("还没有评估结果"),
        gettext_lazy("在老年人的档案里申请评估，或导入旧的评估结果。"),
        (Button(gettext_lazy("评估申请"), "assessment:requests", VIEW),),
    )

    def queryset(self) -> QuerySet[Any]:
        return Assessment.objects.exclude(state=Assessment.State.SAMPLE)


def _step(row: Request) -> str:
    case = row.case
    steps = case.version.read.steps
    return steps[case.step].name if case.step in steps else "—"


class RequestList(ListPage):
    """Requests and where they stand."""

    model = Request
    right = VIEW
    title = gettext_lazy("评估申请")
    filterset = RequestFilter
    private = ("name",)
    related = ("person", "case__version")
    order = "-pk"
    export_right = EXPORT
    columns = (
        Column("person", gettext_lazy("姓名"), value=lambda r: r.person.name, link=True),
        Column("division_id", gettext_lazy("居住地"), kind="division"),
        Column("by", gettext_lazy("申请人")),
        Column("why", gettext_lazy("评估原因")),
        Column("asked_on", gettext_lazy("申请日期"), kind="date"),
        Column("step", gettext_lazy("当前步骤"), value=_step),
        Column("due", gettext_lazy("本步期限"), kind="date", value=lambda r: r.step_due, minor=True),
        Column("state", gettext_lazy("状态"), tone=lambda r: TONES.get(r.state, "dull")),
        Column("case", gettext_lazy("办件编号"), value=lambda r: r.case.number, minor=True),
    )
    empty = Empty(gettext_lazy("没有评估申请"), gettext_lazy("在老年人的档案里点“申请能力评估”。"), ())

    def queryset(self) -> QuerySet[Any]:
        open_ = Task._base_manager.filter(case=OuterRef("case"), state=Task.State.OPEN).order_by("due", "pk")
        return Request.objects.annotate(step_due=Subquery(open_.values("due")[:1]))

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(),)

    def context(self) -> dict[str, Any]:
        found = super().context()
        if self.actor.can(REQUEST) and self.actor.can("people.view"):
            button = {"label": _("选择老年人"), "url": reverse("people:list"), "icon": "plus", "main": True}
            found["page_buttons"] = (button,)
        return found


class AssignmentList(ListPage):
    """Assignments, the most urgent first: what is late, what differs."""

    model = Assignment
    right = VIEW
    title = gettext_lazy("评估任务")
    filterset = AssignmentFilter
    private = ("name",)
    related = ("person", "body__organisation", "first", "second")
    order = "due_on,pk"
    export_right = EXPORT
    columns = (
        Column("person", gettext_lazy("姓名"), value=lambda a: a.person.name, link=True),
        Column("division_id", gettext_lazy("居住地"), kind="division"),
        Column("purpose", gettext_lazy("类别")),
        Column("body", gettext_lazy("评估机构"), value=lambda a: str(a.body), minor=True),
        Column(
            "assessors",
            gettext_lazy("评估员"),
            value=lambda a: "、".join(str(one) for one in a.assessors),
        ),
        Column(
            "planned_for",
            gettext_lazy("约定时间"),
            value=lambda a: planning.when(a.planned_for, a.planned_time),
            minor=True,
        ),
        Column("due_on", gettext_lazy("完成期限"), kind="date", sort="due_on"),
        Column(
            "state",
            gettext_lazy("状态"),
            value=lambda a: _("逾期") if a.late else a.get_state_display(),
            tone=lambda a: "bad" if a.late else TONES.get(a.state, "dull"),
        ),
    )
    empty = Empty(gettext_lazy("没有评估任务"), gettext_lazy("申请受理、分派之后列在这里。"), ())

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(),)


class CalendarPage(PageView):
    """Whose results end within 30, 60, 90 days, by street."""

    right = VIEW
    title = gettext_lazy("复评日历")
    template = "assessment/calendar.html"

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(),)

    def context(self) -> dict[str, Any]:
        rows = queries.calendar()
        return {
            "rows": rows,
            "sum": {
                name: sum(getattr(row, name) for row in rows)
                for name in ("late", "in_30", "in_60", "in_90", "asked", "total")
            },
            "list": reverse("assessment:list"),
        }
