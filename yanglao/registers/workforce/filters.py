"""What the lists of the register are filtered by."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import django_filters as df
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from yanglao.registers.workforce import kinds, queries
from yanglao.registers.workforce.measures import BY_NAME
from yanglao.registers.workforce.models import (
    Award,
    Certificate,
    CertificateGap,
    Employment,
    PoolMember,
    Rank,
    Studio,
    Worker,
)
from yanglao.shell.filters import DayInput, DayRangeFilter, DivisionFilter, YesNoFilter

ANY = _("不限")
GROUP_CHOICES = [*kinds.GROUPS.items()]


class _Filters(df.FilterSet):
    """Filters that come by links alone (`rare`) have no room on the page until they are used."""

    rare: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.rare:
            if not (self.data and self.data.get(name)):
                del self.filters[name]

    def keep(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset

    @property
    def day(self) -> dt.date:
        """The day asked for, or today."""
        try:
            return parse_date(self.data.get("on") or "") or queries.today()
        except ValueError:
            return queries.today()

    def behind(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(pk__in=BY_NAME[value].records(self.day).order_by().values("pk"))


def _measures(page: str) -> Any:
    return lambda: [(m.name, str(m.label)) for m in BY_NAME.values() if m.page == page]


def _measure(page: str) -> df.ChoiceFilter:
    return df.ChoiceFilter(label=_("指标口径"), choices=_measures(page), empty_label=ANY, method="behind")


def _post(path: str = "post") -> df.ChoiceFilter:
    return df.ChoiceFilter(
        label=_("岗位"), field_name=path, choices=lambda: kinds.post_choices(), empty_label=ANY
    )


def employer_named(path: str, text: str) -> Q:
    """The employer's name or pinyin begins with the text; `path` leads to the spell."""
    typed, low = text.strip(), text.strip().lower()
    either = Q(pk__in=())
    for kind in ("place", "operator"):
        either |= Q(**{f"{path}{kind}__name__prefix": typed}) | Q(**{f"{path}{kind}__pinyin__prefix": low})
    return either | Q(**{f"{path}organisation__name__startswith": typed})


class WorkerFilter(_Filters):
    """Filters of the list of workers; without `state` those who are in a post."""

    name = df.CharFilter(label=_("姓名或拼音"), method="find_name")
    id_number = df.CharFilter(label=_("身份证号或后四位"), method="find_id_number")
    division = DivisionFilter(label=_("工作地"))
    employer = df.CharFilter(label=_("用人单位"), method="at_employer")
    post = _post()
    group = df.ChoiceFilter(label=_("岗位类别"), choices=GROUP_CHOICES, empty_label=ANY, method="in_group")
    level = df.ChoiceFilter(
        label=_("护理员等级"),
        choices=lambda: [
            *((str(n), name) for n, name in kinds.certificates()["carer"].levels.items()),
            ("none", str(_("无等级"))),
        ],
        empty_label=ANY,
        method="of_level",
    )
    certificate = df.ChoiceFilter(
        label=_("持有证书"), choices=kinds.certificate_choices, empty_label=ANY, method="holding"
    )
    gap = df.ChoiceFilter(
        label=_("持证情况"), choices=CertificateGap.State.choices, empty_label=ANY, method="lacking"
    )
    state = df.ChoiceFilter(
        label=_("状态"),
        choices=[("left", _("已离职")), ("all", _("全部"))],
        empty_label=_("在岗"),
        method="keep",
    )

    class Meta:
        model = Worker
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        state = self.form.cleaned_data.get("state")
        if state == "left":
            queryset = queryset.filter(post="")
        elif state != "all":
            queryset = queryset.exclude(post="")
        return super().filter_queryset(queryset)

    def find_name(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queries.named(queryset, value)

    def find_id_number(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queries.by_id_number(queryset, value)

    def at_employer(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        held = Employment.objects.filter(queries.held_on(queries.today())).filter(employer_named("", value))
        return queryset.filter(pk__in=held.order_by().values("worker"))

    def in_group(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(post__in=kinds.posts_of(value))

    def of_level(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(level=None) if value == "none" else queryset.filter(level=int(value))

    def holding(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        held = Certificate.objects.filter(queries.good_on(queries.today()), kind=value)
        return queryset.filter(pk__in=held.order_by().values("worker"))

    def lacking(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        rows = CertificateGap.objects.filter(state=value)
        return queryset.filter(pk__in=rows.order_by().values("worker"))


class StaffFilter(_Filters):
    """Who worked where on a day."""

    on = df.DateFilter(label=_("哪一天"), method="keep", widget=DayInput())
    division = DivisionFilter(label=_("工作地"))
    employer = df.CharFilter(label=_("用人单位"), method="at_employer")
    post = _post()
    contract = df.ChoiceFilter(label=_("用工形式"), choices=Employment.Contract.choices, empty_label=ANY)
    insured = df.ChoiceFilter(label=_("社会保险"), choices=Employment.Insured.choices, empty_label=ANY)
    full_time = YesNoFilter(label=_("全职或兼职"), yes=_("全职"), no=_("兼职"), empty_label=ANY)
    place = df.NumberFilter(label=_("机构编号"), field_name="place_id")
    ending = df.NumberFilter(label=_("N天内合同到期"), method="ends_within", min_value=1, max_value=366)
    measure = _measure("workforce:staff")
    rare = ("measure", "place", "ending")

    class Meta:
        model = Employment
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return super().filter_queryset(queryset.filter(queries.held_on(self.day)))

    def at_employer(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(employer_named("", value))

    def ends_within(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset.filter(contract_until__lte=queries.today() + dt.timedelta(days=int(value)))


class GapFilter(_Filters):
    """Missing certificates: by where, by post, by what is wrong."""

    state = df.ChoiceFilter(label=_("情况"), choices=CertificateGap.State.choices, empty_label=ANY)
    must = YesNoFilter(label=_("是否强制"), yes=_("强制"), no=_("参考"), empty_label=ANY)
    division = DivisionFilter(label=_("工作地"))
    employer = df.CharFilter(label=_("用人单位"), method="at_employer")
    post = _post()

    class Meta:
        model = CertificateGap
        fields: ClassVar[list[str]] = []

    def at_employer(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(employer_named("spell__", value))


class CertificateFilter(_Filters):
    """Certificates by kind, level and days."""

    kind = df.ChoiceFilter(label=_("证书"), choices=kinds.certificate_choices, empty_label=ANY)
    level = df.ChoiceFilter(
        label=_("等级"), choices=[(str(n), str(n)) for n in (5, 4, 3, 2, 1)], empty_label=ANY
    )
    division = DivisionFilter(label=_("工作地"), paths=("worker__division",))
    issued_on = DayRangeFilter(label=_("发证日期"))
    expires_on = DayRangeFilter(label=_("有效期至"))
    verified = df.ChoiceFilter(
        label=_("核验"),
        choices=[("1", _("已核验")), ("0", _("未核验"))],
        empty_label=ANY,
        method="is_verified",
    )
    number = df.CharFilter(label=_("证书编号"))
    state = df.ChoiceFilter(
        label=_("状态"),
        choices=[("good", _("有效")), ("over", _("失效"))],
        empty_label=ANY,
        method="in_state",
    )
    on = df.DateFilter(label=_("统计日"), method="keep", widget=DayInput())
    measure = _measure("workforce:certificates")
    rare = ("measure", "on")

    class Meta:
        model = Certificate
        fields: ClassVar[list[str]] = []

    def is_verified(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(verified_at__isnull=value == "0")

    def in_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        good = queries.good_on(self.day)
        return queryset.filter(good) if value == "good" else queryset.exclude(good)


class PoolFilter(_Filters):
    """Assessors and experts."""

    pool = df.ChoiceFilter(label=_("人才库"), choices=PoolMember.Pool.choices, empty_label=ANY)
    field = df.ChoiceFilter(label=_("专业领域"), choices=kinds.field_choices, empty_label=ANY)
    division = DivisionFilter(label=_("服务区域"), paths=("area",))
    name = df.CharFilter(label=_("姓名或拼音"), method="find_name")
    state = df.ChoiceFilter(
        label=_("状态"), choices=[("all", _("全部"))], empty_label=_("在聘"), method="keep"
    )
    on = df.DateFilter(label=_("统计日"), method="keep", widget=DayInput())
    measure = _measure("workforce:pool")
    rare = ("measure", "on")

    class Meta:
        model = PoolMember
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.form.cleaned_data.get("state") != "all":
            queryset = queryset.filter(queries.serving(self.day))
        return super().filter_queryset(queryset)

    def find_name(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        low = value.strip().lower()
        return queryset.filter(Q(worker__name__prefix=value.strip()) | Q(worker__pinyin__prefix=low))


class AwardFilter(_Filters):
    """Honours by kind, rank and year."""

    kind = df.ChoiceFilter(label=_("类别"), choices=Award.Kind.choices, empty_label=ANY)
    rank = df.ChoiceFilter(label=_("级别"), choices=Rank.choices, empty_label=ANY)
    division = DivisionFilter(label=_("工作地"), paths=("worker__division",))
    given_on = DayRangeFilter(label=_("授予日期"))

    class Meta:
        model = Award
        fields: ClassVar[list[str]] = []


class StudioFilter(_Filters):
    """Studios by kind and place."""

    kind = df.ChoiceFilter(label=_("类别"), choices=Studio.Kind.choices, empty_label=ANY)
    rank = df.ChoiceFilter(label=_("级别"), choices=Rank.choices, empty_label=ANY)
    division = DivisionFilter(label=_("所在区划"), paths=("place__division",))
    on = df.DateFilter(label=_("统计日"), method="keep", widget=DayInput())
    measure = _measure("workforce:studios")
    rare = ("measure", "on")

    class Meta:
        model = Studio
        fields: ClassVar[list[str]] = []
