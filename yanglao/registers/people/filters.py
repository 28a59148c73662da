"""What the list of persons is filtered by."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import django_filters as df
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.scope import Span
from yanglao.registers.people import parts, queries
from yanglao.registers.people.completeness import with_gap
from yanglao.registers.people.completeness_file import ASKERS, items
from yanglao.registers.people.groups import of_rule
from yanglao.registers.people.groups_file import groups
from yanglao.registers.people.kinds import Kind, kinds
from yanglao.registers.people.measures import BY_NAME
from yanglao.registers.people.models import Contact, DataRequest, Household, Person, Sex
from yanglao.registers.people.rules.ages import BANDS, born_between
from yanglao.shell.fields import DivisionField
from yanglao.shell.filters import DayInput, SplitFilter

LISTED = ("economic", "living", "ability")
FLAGS = ("home_adapted", "family_care_bed", "home_service")
BANDS_SHOWN = ("60-69", "70-79", "80-89", "90-99", "100+", "60+", "65+", "80+", "90+", "0-59")
ANY = _("不限")
RARE = ("turning", "measure", "on", "gap", "split")
PLACES = (("residence", _("居住地")), ("hukou", _("户籍地")), ("any", _("任一")))


def _choices(kind: Kind) -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in kind.values.items() if not value.startswith("mzt")]


def _gaps() -> list[tuple[str, str]]:
    asked = [(who, _("由%(who)s补问") % {"who": label}) for who, label in ASKERS.items()]
    return [*asked, *((item.id, str(item)) for item in items().values())]


class _Division(df.Filter):
    field_class = DivisionField


class _PersonSplit(SplitFilter):
    """Urban or rural is that of the hukou where the number counts by hukou."""

    def expression(self, dimension: str, day: dt.date) -> Any:
        by_hukou = self.parent is not None and self.parent.by_place == "hukou"
        return parts.part_of(dimension, day, place="hukou" if by_hukou else "residence")


class PersonFilter(df.FilterSet):
    """Filters of the list. Without `by` a division is that of residence (常住); without `state` the living."""

    name = df.CharFilter(label=_("姓名或拼音"), method="find_name")
    id_number = df.CharFilter(label=_("身份证号或后四位"), method="find_id_number")
    division = _Division(label=_("区划"), method="in_division")
    by = df.ChoiceFilter(label=_("区划按"), choices=PLACES, empty_label=None, method="keep")
    band = df.ChoiceFilter(
        label=_("年龄"), choices=[(b, b) for b in BANDS_SHOWN], empty_label=ANY, method="of_age"
    )
    living = df.ChoiceFilter(
        label=_("居住状况"), choices=lambda: _choices(kinds()["living"]), empty_label=ANY
    )
    economic = df.ChoiceFilter(
        label=_("经济状况"), choices=lambda: _choices(kinds()["economic"]), empty_label=ANY
    )
    ability = df.ChoiceFilter(
        label=_("能力等级"), choices=lambda: _choices(kinds()["ability"]), empty_label=ANY
    )
    group = df.ChoiceFilter(
        label=_("人群"),
        choices=lambda: [(group.id, str(group)) for group in groups().values()],
        empty_label=ANY,
        method="in_group",
    )
    flag = df.ChoiceFilter(
        label=_("服务"),
        choices=lambda: [(k, str(kinds()[k])) for k in FLAGS],
        empty_label=ANY,
        method="with_flag",
    )
    sex = df.ChoiceFilter(label=_("性别"), choices=Sex.choices, empty_label=ANY)
    apart = df.ChoiceFilter(
        label=_("人户"),
        choices=[("1", _("人户分离")), ("0", _("人户一致"))],
        empty_label=ANY,
        method="is_apart",
    )
    state = df.ChoiceFilter(
        label=_("状态"),
        choices=[("dead", _("已去世")), ("all", _("全部"))],
        empty_label=_("健在"),
        method="keep",
    )
    turning = df.NumberFilter(label=_("60天内满（周岁）"), method="turns", min_value=50, max_value=130)
    measure = df.ChoiceFilter(
        label=_("指标口径"),
        choices=lambda: [(m.name, str(m.label)) for m in BY_NAME.values()],
        empty_label=ANY,
        method="behind",
    )
    gap = df.ChoiceFilter(label=_("缺或旧"), choices=_gaps, empty_label=ANY, method="lacking")
    on = df.DateFilter(label=_("统计日"), method="keep", widget=DayInput())
    split = _PersonSplit(
        label=_("分组"),
        labels=parts.PART_LABELS,
        values=parts.part_values,
        part=parts.part_of,
        empty_label=ANY,
    )

    class Meta:
        model = Person
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in RARE:  # come by links from the desk and the board; no room for them before
            if not (self.data and self.data.get(name)):
                del self.filters[name]

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        state = self.form.cleaned_data.get("state") or (
            "all" if self.form.cleaned_data.get("measure") else "alive"
        )
        if state != "all":
            queryset = queryset.filter(death_date__isnull=state == "alive")
        return super().filter_queryset(queryset)

    @property
    def by_place(self) -> str:
        """residence, hukou or any."""
        asked = self.data.get("by", "") if self.data else ""
        return asked if asked in ("hukou", "any") else "residence"

    def keep(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset

    def find_name(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queries.named(queryset, value)

    def find_id_number(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queries.by_id_number(queryset, value)

    def in_division(self, queryset: QuerySet[Any], name: str, value: int) -> QuerySet[Any]:
        paths = ("residence", "hukou") if self.by_place == "any" else (self.by_place,)
        return queryset.within((Span.of(value),), *paths)  # type: ignore[attr-defined]

    def of_age(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        earliest, latest = born_between(BANDS[value], queries.today())
        found = queryset.filter(birth_date__lte=latest)
        return found.filter(birth_date__gte=earliest) if earliest else found

    def in_group(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(of_rule(groups()[value].rule, queries.today(), each=True))

    def lacking(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(with_gap(value, queries.today()))

    def with_flag(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(queries.has_now(value))

    def is_apart(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        same = {"residence_id": F("hukou_id")}
        return queryset.filter(**same) if value == "0" else queryset.exclude(**same)

    def turns(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset.filter(pk__in=queries.turning_soon(int(value), 60).order_by().values("pk"))

    def behind(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        on = parse_date(self.data.get("on", "")) or timezone.localdate()
        return BY_NAME[value].among(queryset, on)


class ContactFilter(df.FilterSet):
    """Filters of the list of contacts; the division is that of the older person's residence."""

    name = df.CharFilter(label=_("老年人姓名或拼音"), method="find_name")
    division = _Division(label=_("居住地"), method="in_division")
    guardian = df.ChoiceFilter(
        label=_("监护人"), choices=[("1", _("是监护人"))], empty_label=ANY, method="is_guardian"
    )
    verified = df.ChoiceFilter(
        label=_("核实"),
        choices=[("never", _("从未核实")), ("year", _("一年以上未核实"))],
        empty_label=ANY,
        method="not_verified",
    )

    class Meta:
        model = Contact
        fields: ClassVar[list[str]] = []

    def find_name(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(person__in=queries.by_name(Person.objects.all(), value).order_by())

    def in_division(self, queryset: QuerySet[Any], name: str, value: int) -> QuerySet[Any]:
        return queryset.within((Span.of(value),), "person__residence")  # type: ignore[attr-defined]

    def is_guardian(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(guardian=True)

    def not_verified(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "never":
            return queryset.filter(verified_on=None)
        long_ago = queries.today() - dt.timedelta(days=365)
        return queryset.filter(Q(verified_on=None) | Q(verified_on__lt=long_ago))


class HouseholdFilter(df.FilterSet):
    """Filters of the list of households."""

    division = _Division(label=_("所在区划"), method="in_division")
    headless = df.ChoiceFilter(
        label=_("户主"), choices=[("1", _("没有户主"))], empty_label=ANY, method="without_head"
    )

    class Meta:
        model = Household
        fields: ClassVar[list[str]] = []

    def in_division(self, queryset: QuerySet[Any], name: str, value: int) -> QuerySet[Any]:
        return queryset.within((Span.of(value),), "division")  # type: ignore[attr-defined]

    def without_head(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(head=None)


class RequestFilter(df.FilterSet):
    """Filters of requests about personal data; without `state` those that wait for an answer."""

    state = df.ChoiceFilter(
        label=_("状态"),
        choices=[
            ("late", _("已逾期")),
            ("done", _("已答复")),
            ("restricted", _("限制处理中")),
            ("all", _("全部")),
        ],
        empty_label=_("待答复"),
        method="keep",
    )
    ask = df.ChoiceFilter(label=_("申请事项"), choices=DataRequest.Ask.choices, empty_label=ANY)

    class Meta:
        model = DataRequest
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = {
            "": {"outcome": ""},
            "late": {"outcome": "", "due_on__lt": queries.today()},
            "done": {"answered_on__isnull": False},
            "restricted": {"ask": "restrict", "outcome__in": ("granted", "partly"), "lifted_on": None},
        }.get(self.form.cleaned_data.get("state") or "", {})
        return super().filter_queryset(queryset.filter(**chosen))

    def keep(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset
