"""What the lists of training are filtered by."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as df
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from yanglao.registers.training import kinds
from yanglao.registers.training.measures import BY_NAME
from yanglao.registers.training.models import Award, Certificate, Enrolment, Session
from yanglao.registers.training.models.contests import Honour
from yanglao.shell.filters import DayInput, DayRangeFilter, DivisionFilter, TextFilter

ANY = _("不限")


class SessionFilter(df.FilterSet):
    name = TextFilter(paths=("name", "pinyin", "code"), label=_("名称、拼音或编号"))
    division = DivisionFilter(label=_("举办地"))
    kind = df.ChoiceFilter(label=_("类别"), choices=kinds.choices, empty_label=ANY)
    state = df.ChoiceFilter(label=_("状态"), choices=Session.State.choices, empty_label=ANY)
    first_on = DayRangeFilter(label=_("开班日期"))
    when = df.ChoiceFilter(
        label=_("时间"),
        choices=[("coming", _("未开班")), ("running", _("进行中")), ("past", _("已上完"))],
        empty_label=ANY,
        method="at",
    )

    class Meta:
        model = Session
        fields: ClassVar[list[str]] = []

    def at(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        today = timezone.localdate()
        if value == "coming":
            return queryset.filter(first_on__gt=today)
        if value == "running":
            return queryset.filter(first_on__lte=today, last_on__gte=today)
        return queryset.filter(last_on__lt=today)


class EnrolmentFilter(df.FilterSet):
    name = TextFilter(paths=("trainee__name", "trainee__pinyin"), label=_("姓名或拼音"))
    division = DivisionFilter(label=_("举办地"), paths=("session__division",))
    kind = df.ChoiceFilter(
        label=_("类别"), choices=kinds.choices, field_name="session__kind", empty_label=ANY
    )
    state = df.ChoiceFilter(label=_("状态"), choices=Enrolment.State.choices, empty_label=ANY)
    done = df.ChoiceFilter(
        label=_("结果"),
        choices=[("1", _("已合格")), ("0", _("未合格"))],
        empty_label=ANY,
        method="completed",
    )
    completed_on = DayRangeFilter(label=_("合格日期"))
    measure = df.ChoiceFilter(
        label=_("指标口径"),
        choices=lambda: [(m.name, str(m.label)) for m in BY_NAME.values()],
        empty_label=ANY,
        method="behind",
    )
    on = df.DateFilter(label=_("统计日"), method="keep", widget=DayInput())

    class Meta:
        model = Enrolment
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("measure", "on"):  # come by links from the board; no room for them before
            if not (self.data and self.data.get(name)):
                del self.filters[name]

    def keep(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset

    def behind(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        on = parse_date(self.data.get("on", "")) or timezone.localdate()
        return queryset.filter(pk__in=BY_NAME[value].records(on).order_by().values("pk"))

    def completed(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(completed_on__isnull=value == "0")


class CertificateFilter(df.FilterSet):
    number = TextFilter(paths=("number",), label=_("证书编号"))
    name = TextFilter(paths=("enrolment__trainee__name", "enrolment__trainee__pinyin"), label=_("姓名或拼音"))
    division = DivisionFilter(label=_("发证地"), paths=("enrolment__session__division",))
    issued_on = DayRangeFilter(label=_("发证日期"))
    printed = df.ChoiceFilter(
        label=_("打印"),
        choices=[("0", _("未打印")), ("1", _("已打印"))],
        empty_label=ANY,
        method="was_printed",
    )

    class Meta:
        model = Certificate
        fields: ClassVar[list[str]] = []

    def was_printed(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(printed_at__isnull=value == "0", revoked_on=None)


class AwardFilter(df.FilterSet):
    title = TextFilter(paths=("title",), label=_("荣誉名称"))
    to = TextFilter(paths=("to",), label=_("获奖者"))
    division = DivisionFilter(label=_("区划"))
    level = df.ChoiceFilter(label=_("级别"), choices=Honour.choices, empty_label=ANY)
    on = DayRangeFilter(label=_("授予日期"))

    class Meta:
        model = Award
        fields: ClassVar[list[str]] = []
