"""What the lists are filtered by."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import django_filters as df
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.assessment import queries, residents, scales
from yanglao.entitlement.assessment.models import Assessment, Assignment, Body, Request
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Person
from yanglao.registers.people.queries import by_name
from yanglao.registers.stays.models import Stay
from yanglao.shell.filters import DayRangeFilter, DivisionFilter

ANY = _("不限")
DUE = (
    ("late", _("已到期")),
    ("30", _("30 天内到期")),
    ("60", _("31—60 天到期")),
    ("90", _("61—90 天到期")),
    ("all", _("90 天内到期")),
)
WITHIN = {"30": (0, 30), "60": (30, 60), "90": (60, 90), "all": (0, 90)}  # days from today: after, through


class PersonFilter(df.CharFilter):
    """By the person's name or pinyin; private, travels sealed."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value.strip():
            return qs
        with everything("a name within rows that are bounded themselves"):
            people = by_name(Person.objects.filter(pk=OuterRef("person_id")), value).order_by()
        return qs.filter(Exists(people))


def _bodies() -> list[tuple[int, str]]:
    rows = Body.objects.select_related("organisation").order_by("organisation__name", "pk")
    return [(body.pk, str(body)) for body in rows]


class AssessmentFilter(df.FilterSet):
    name = PersonFilter(label=_("姓名或拼音"))
    division = DivisionFilter(label=_("居住地"))
    scale = df.ChoiceFilter(label=_("量表"), choices=scales.choices, empty_label=ANY)
    level = df.ChoiceFilter(
        label=_("最终等级"), choices=[(str(n), str(n)) for n in range(10)][:6], empty_label=ANY
    )
    state = df.ChoiceFilter(
        label=_("状态"),
        choices=[
            *Assessment.State.choices[:2],
            ("expired", _("已过期")),
            *Assessment.State.choices[2:4],
        ],
        empty_label=ANY,
        method="in_state",
    )
    due = df.ChoiceFilter(label=_("到期"), choices=DUE, empty_label=ANY, method="by_due")
    made_on = DayRangeFilter(label=_("评估日期"))
    body = df.ChoiceFilter(label=_("评估机构"), choices=_bodies, empty_label=ANY)

    class Meta:
        model = Assessment
        fields: ClassVar[list[str]] = []

    def in_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value not in ("valid", "expired"):
            return queryset.filter(state=value)
        over = Q(valid_to__lte=queries.today())
        return queryset.filter(over if value == "expired" else ~over, state=Assessment.State.VALID)

    def by_due(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        today = queries.today()
        valid = queryset.filter(state=Assessment.State.VALID, person__death_date=None)
        if value == "late":
            return valid.filter(valid_to__lte=today)
        after, through = (today + dt.timedelta(days=days) for days in WITHIN[value])
        return valid.filter(valid_to__gt=after, valid_to__lte=through)


class ResidentFilter(df.FilterSet):
    name = PersonFilter(label=_("姓名或拼音"))
    state = df.ChoiceFilter(
        label=_("状态"),
        choices=[
            ("none", _("没有有效结果")),
            ("ending", _("90 天内到期")),
            ("ask", _("需要申请")),
            ("open", _("正在办理")),
        ],
        empty_label=ANY,
        method="in_state",
    )

    class Meta:
        model = Stay
        fields: ClassVar[list[str]] = []

    def in_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "open":
            return queryset.filter(asked__isnull=False)
        if value == "ask":
            return queryset.filter(pk__in=residents.to_ask().order_by().values("pk"))
        return queryset.filter(residents.without_result() if value == "none" else residents.ending())


class RequestFilter(df.FilterSet):
    name = PersonFilter(label=_("姓名或拼音"))
    division = DivisionFilter(label=_("居住地"))
    state = df.ChoiceFilter(label=_("状态"), choices=Request.State.choices, empty_label=ANY)
    step = df.ChoiceFilter(
        label=_("当前步骤"),
        choices=[
            ("accept", _("受理")),
            ("assign", _("分派评估员")),
            ("assess", _("评估并签名")),
            ("deliver", _("送达结果")),
            ("reassign", _("异议复评")),
        ],
        empty_label=ANY,
        field_name="case__step",
    )
    why = df.ChoiceFilter(label=_("评估原因"), choices=Request.Why.choices, empty_label=ANY)
    by = df.ChoiceFilter(label=_("申请人"), choices=Request.By.choices, empty_label=ANY)
    asked_on = DayRangeFilter(label=_("申请日期"))

    class Meta:
        model = Request
        fields: ClassVar[list[str]] = []


class AssignmentFilter(df.FilterSet):
    name = PersonFilter(label=_("姓名或拼音"))
    division = DivisionFilter(label=_("居住地"))
    state = df.ChoiceFilter(
        label=_("状态"),
        choices=[*Assignment.State.choices, ("late", _("逾期"))],
        empty_label=ANY,
        method="in_state",
    )
    purpose = df.ChoiceFilter(label=_("类别"), choices=Assignment.Purpose.choices, empty_label=ANY)
    body = df.ChoiceFilter(label=_("评估机构"), choices=_bodies, empty_label=ANY)
    differ = df.ChoiceFilter(
        label=_("记录"), choices=[("1", _("有待核定的"))], empty_label=ANY, method="that_differ"
    )
    due_on = DayRangeFilter(label=_("完成期限"))
    planned_for = DayRangeFilter(label=_("约定日期"))

    class Meta:
        model = Assignment
        fields: ClassVar[list[str]] = []

    def in_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "late":
            return queryset.filter(state__in=Assignment.WAITING, due_on__lt=queries.today())
        return queryset.filter(state=value)

    def that_differ(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(Q(pk__in=queries.conflicts().order_by().values("assignment")))
