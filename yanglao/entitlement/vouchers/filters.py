"""Filters of the lists."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as df
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.vouchers.forms import MonthField
from yanglao.entitlement.vouchers.models import (
    Admission,
    Claim,
    Redemption,
    SampleCheck,
    StatementLine,
    Voucher,
)
from yanglao.entitlement.vouchers.schemes import kind_choices, service_choices
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Person
from yanglao.registers.people.queries import by_name
from yanglao.shell.filters import DivisionFilter, TextFilter


class MonthFilter(df.Filter):
    field_class = MonthField


class PersonFilter(df.CharFilter):
    """By the person's name or pinyin; private, travels sealed. `path` leads to the person's key."""

    def __init__(self, path: str, **more: Any) -> None:
        super().__init__(**more)
        self.path = path

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value.strip():
            return qs
        with everything("a name within rows that are bounded themselves"):
            people = by_name(Person.objects.filter(pk=OuterRef(self.path)), value).order_by()
        return qs.filter(Exists(people))


class VoucherFilter(df.FilterSet):
    name = PersonFilter("person_id", label=_("姓名或拼音"))
    number = df.CharFilter(lookup_expr="exact", label=_("券号"))
    division = DivisionFilter(label=_("居住地"))
    month = MonthFilter(label=_("月份"))
    kind = df.ChoiceFilter(choices=kind_choices, label=_("券种"))
    state = df.ChoiceFilter(choices=Voucher.State.choices, label=_("状态"))

    class Meta:
        model = Voucher
        fields: ClassVar[list[str]] = []


class RedemptionFilter(df.FilterSet):
    name = PersonFilter("voucher__person_id", label=_("姓名或拼音"))
    order = df.CharFilter(field_name="order_number", lookup_expr="exact", label=_("订单号"))
    place = TextFilter(paths=("place__name", "place__pinyin"), label=_("机构"))
    division = DivisionFilter(paths=("place__division",), label=_("机构所在区划"))
    month = MonthFilter(label=_("月份"))
    service = df.ChoiceFilter(choices=service_choices, label=_("服务"))
    claim = df.NumberFilter(label=_("结算申请"))

    class Meta:
        model = Redemption
        fields: ClassVar[list[str]] = []


class AdmissionFilter(df.FilterSet):
    place = TextFilter(paths=("place__name", "place__pinyin"), label=_("机构"))
    division = DivisionFilter(paths=("place__division",), label=_("机构所在区划"))

    class Meta:
        model = Admission
        fields: ClassVar[list[str]] = []


class ClaimFilter(df.FilterSet):
    place = TextFilter(paths=("place__name", "place__pinyin"), label=_("机构"))
    division = DivisionFilter(paths=("place__division",), label=_("机构所在区划"))
    month = MonthFilter(label=_("月份"))
    state = df.ChoiceFilter(choices=Claim.State.choices, label=_("状态"))

    class Meta:
        model = Claim
        fields: ClassVar[list[str]] = []


class LineFilter(df.FilterSet):
    fate = df.ChoiceFilter(choices=StatementLine.Fate.choices, label=_("结果"))
    verdict = df.ChoiceFilter(
        choices=[("open", _("待处理")), *StatementLine.Verdict.choices], method="_verdict", label=_("处理")
    )
    number = df.CharFilter(field_name="voucher_number", lookup_expr="exact", label=_("券号"))

    def _verdict(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return qs.filter(verdict="").exclude(fate="matched") if value == "open" else qs.filter(verdict=value)

    class Meta:
        model = StatementLine
        fields: ClassVar[list[str]] = []


class CheckFilter(df.FilterSet):
    outcome = df.ChoiceFilter(
        choices=[("open", _("待核查")), *SampleCheck.Outcome.choices], method="_outcome", label=_("结果")
    )
    place = TextFilter(paths=("redemption__place__name", "redemption__place__pinyin"), label=_("机构"))

    def _outcome(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return qs.filter(outcome="" if value == "open" else value)

    class Meta:
        model = SampleCheck
        fields: ClassVar[list[str]] = []
