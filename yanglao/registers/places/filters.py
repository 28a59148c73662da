"""What the lists of the register are filtered by."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import django_filters as df
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from yanglao.registers.places import parts, queries
from yanglao.registers.places.kinds import FACT_GROUPS, GROUPS, facts, in_group, kinds
from yanglao.registers.places.measures import BY_NAME
from yanglao.registers.places.models import Contract, Operator, Place, PlaceFact, Report
from yanglao.shell.filters import DayInput, DivisionFilter, SplitFilter, TextFilter

ANY = _("不限")
STANDING = _("运营中和暂停")
WITHIN = [("30", _("30天内")), ("60", _("60天内")), ("180", _("180天内")), ("0", _("已过期"))]
RARE = ("measure", "on", "operator", "split")


def states() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in facts()["state"].values.items()]


def owned() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in facts()["ownership"].values.items()]


def _having() -> list[tuple[str, Any]]:
    """Facts as choices, under the headings of their groups."""
    return [
        (str(label), [(n, str(f)) for n, f in facts().items() if f.group == group and n != "state"])
        for group, label in FACT_GROUPS.items()
        if group != "state"
    ]


class PlaceFilter(df.FilterSet):
    """Filters of the list of places. Without `state` all but the closed ones."""

    name = TextFilter(paths=("name", "pinyin", "initials"), label=_("名称或拼音"))
    division = DivisionFilter(label=_("区划"))
    group = df.ChoiceFilter(label=_("大类"), choices=list(GROUPS.items()), empty_label=ANY, method="of_group")
    kind = df.ChoiceFilter(
        label=_("类别"), choices=lambda: [(n, str(k)) for n, k in kinds().items()], empty_label=ANY
    )
    state = df.ChoiceFilter(
        label=_("状态"),
        choices=lambda: [*states(), ("all", str(_("全部")))],
        empty_label=_("未停办"),
        method="in_state",
    )
    ownership = df.ChoiceFilter(label=_("所有制"), choices=owned, empty_label=ANY)
    expiring = df.ChoiceFilter(label=_("证照到期"), choices=WITHIN, empty_label=ANY, method="ends_within")
    tier = df.ChoiceFilter(label=_("层级"), choices=Place.Tier.choices, empty_label=ANY)
    has = df.ChoiceFilter(label=_("具备"), choices=_having, empty_label=ANY, method="having")
    lacks = df.ChoiceFilter(label=_("缺少"), choices=_having, empty_label=ANY, method="lacking")
    operator = df.ModelChoiceFilter(label=_("运营方"), queryset=lambda request: Operator.objects.all())
    measure = df.ChoiceFilter(
        label=_("指标口径"),
        choices=lambda: [(m.name, str(m.label)) for m in BY_NAME.values()],
        empty_label=ANY,
        method="behind",
    )
    on = df.DateFilter(label=_("统计日"), method="keep", widget=DayInput())
    split = SplitFilter(
        label=_("分组"),
        labels=parts.PART_LABELS,
        values=parts.part_values,
        part=parts.part_of,
        empty_label=ANY,
    )

    class Meta:
        model = Place
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in RARE:  # come by links; no room for them before
            if not (self.data and self.data.get(name)):
                del self.filters[name]

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        given = self.form.cleaned_data
        if not given.get("state") and not given.get("measure"):
            queryset = queryset.exclude(state="closed")
        return super().filter_queryset(queryset)

    def keep(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset

    def of_group(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(kind__in=in_group(value))

    def in_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset if value == "all" else queryset.filter(state=value)

    def ends_within(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        last = queries.today() + dt.timedelta(days=int(value) - (value == "0"))
        return queryset.filter(queries.standing(), next_expiry__lte=last)

    def having(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(queries.has(value, day=queries.today()))

    def lacking(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.exclude(queries.has(value, day=queries.today()))

    def behind(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        on = parse_date(self.data.get("on", "")) or queries.today()
        return queryset.filter(pk__in=BY_NAME[value].records(on).order_by().values("pk"))


class OperatorFilter(df.FilterSet):
    name = TextFilter(paths=("name", "pinyin"), label=_("名称或拼音"))
    division = DivisionFilter(label=_("登记地"))

    class Meta:
        model = Operator
        fields: ClassVar[list[str]] = []


class ContractFilter(df.FilterSet):
    division = DivisionFilter(paths=("place__division",), label=_("区划"))
    due = df.ChoiceFilter(
        label=_("到期"),
        choices=[("90", _("90天内")), ("180", _("180天内")), ("0", _("已到期未续签"))],
        empty_label=ANY,
        method="ends_within",
    )
    course = df.ChoiceFilter(
        label=_("状态"),
        choices=[("now", _("履行中")), ("future", _("未开始")), ("over", _("已结束")), ("void", _("已作废"))],
        empty_label=_("全部（不含作废）"),
        method="in_course",
    )

    class Meta:
        model = Contract
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.form.cleaned_data.get("course") != "void":
            queryset = queryset.filter(withdrawn_at=None)
        return super().filter_queryset(queryset)

    def ends_within(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        days = int(value) - (value == "0")
        return queryset.filter(pk__in=queries.expiring_contracts(days).order_by().values("pk"))

    def in_course(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        today = queries.today()
        conditions = {
            "now": Q(starts_on__lte=today, ends_on__gte=today),
            "future": Q(starts_on__gt=today),
            "over": Q(ends_on__lt=today),
            "void": Q(withdrawn_at__isnull=False),
        }
        return queryset.filter(conditions[value])


class PaperFilter(df.FilterSet):
    """Documents that end soon."""

    division = DivisionFilter(paths=("place__division",), label=_("区划"))
    kind = df.ChoiceFilter(
        label=_("证照"),
        choices=lambda: [(n, str(f)) for n, f in facts().items() if f.has_paper],
        empty_label=ANY,
    )

    class Meta:
        model = PlaceFact
        fields: ClassVar[list[str]] = []


class ReportFilter(df.FilterSet):
    division = DivisionFilter(paths=("place__division",), label=_("区划"))
    outcome = df.ChoiceFilter(
        label=_("处理"),
        choices=[*Report.Outcome.choices, ("all", _("全部"))],
        empty_label=_("待处理"),
        method="with_outcome",
    )

    class Meta:
        model = Report
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.form.cleaned_data.get("outcome"):
            queryset = queryset.filter(settled_at=None)
        return super().filter_queryset(queryset)

    def with_outcome(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset if value == "all" else queryset.filter(outcome=value)
