"""Filters of payments."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.benefits.queries import Run, policy_titles
from yanglao.entitlement.payments import queries
from yanglao.entitlement.payments.models import MonthChange, PayeeAccount, Payment
from yanglao.shell.filters import DivisionFilter


class PaymentFilter(django_filters.FilterSet):
    """By name, division, state and reason."""

    name = django_filters.CharFilter(label=_("对象名称或拼音"), method="of_name")
    division = DivisionFilter(label=_("区划"))
    state = django_filters.ChoiceFilter(label=_("状态"), empty_label=_("全部"), choices=Payment.State.choices)
    why = django_filters.ChoiceFilter(label=_("暂缓原因"), empty_label=_("全部"), choices=Payment.Why.choices)

    class Meta:
        model = Payment
        fields: ClassVar[list[str]] = ["name", "division", "state", "why"]

    def of_name(self, found: Any, name: str, value: str) -> Any:
        return queries.called(found, value)


class ChangeFilter(django_filters.FilterSet):
    """What changed since the month before, by division, policy and cause."""

    division = DivisionFilter(label=_("区划"))
    policy = django_filters.ChoiceFilter(label=_("政策"), empty_label=_("全部"))
    cause = django_filters.ChoiceFilter(
        label=_("原因"), empty_label=_("全部"), choices=MonthChange.Cause.choices
    )

    class Meta:
        model = MonthChange
        fields: ClassVar[list[str]] = ["division", "policy", "cause"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        run = Run.objects.get(pk=self.request.resolver_match.kwargs["run"])
        self.filters["policy"].extra["choices"] = list(policy_titles(run).items())


class FailedFilter(django_filters.FilterSet):
    """By division."""

    division = DivisionFilter(label=_("区划"))

    class Meta:
        model = Payment
        fields: ClassVar[list[str]] = ["division"]


class AccountFilter(django_filters.FilterSet):
    """By kind of payee; those in use unless asked otherwise."""

    payee_kind = django_filters.ChoiceFilter(
        label=_("收款方类别"), empty_label=_("全部"), choices=PayeeAccount.Kind.choices
    )
    used = django_filters.ChoiceFilter(
        label=_("使用中"),
        empty_label=_("全部"),
        choices=[("yes", _("使用中")), ("no", _("已停用"))],
        method="of_used",
    )

    class Meta:
        model = PayeeAccount
        fields: ClassVar[list[str]] = ["payee_kind"]

    def of_used(self, found: Any, name: str, value: str) -> Any:
        return found.filter(valid_to__isnull=value == "yes")
