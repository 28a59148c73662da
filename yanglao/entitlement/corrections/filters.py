"""Filters of corrections, debts and prospects."""

from __future__ import annotations

import django_filters as df
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.corrections.models import Cause, Correction, Debt, Hold, Prospect
from yanglao.shell.filters import DivisionFilter

_ALL = _("全部")


class CorrectionFilter(df.FilterSet):
    """By state, kind, cause, division and month."""

    state = df.ChoiceFilter(label=_("处理"), choices=Correction.State.choices, empty_label=_ALL)
    kind = df.ChoiceFilter(label=_("性质"), choices=Correction.Kind.choices, empty_label=_ALL)
    cause = df.ChoiceFilter(label=_("原因"), choices=Cause.choices, empty_label=_ALL)
    division = DivisionFilter(label=_("区划"))
    recomputation = df.NumberFilter(label=_("重算编号"))
    month = df.NumberFilter(label=_("月份（如 202610）"))

    class Meta:
        model = Correction
        fields: list[str] = []


class DebtFilter(df.FilterSet):
    state = df.ChoiceFilter(label=_("状态"), choices=Debt.State.choices, empty_label=_ALL)
    division = DivisionFilter(label=_("区划"))

    class Meta:
        model = Debt
        fields: list[str] = []


class HoldFilter(df.FilterSet):
    state = df.ChoiceFilter(label=_("状态"), choices=Hold.State.choices, empty_label=_ALL)
    division = DivisionFilter(label=_("区划"))

    class Meta:
        model = Hold
        fields: list[str] = []


class ProspectFilter(df.FilterSet):
    kind = df.ChoiceFilter(label=_("变化"), choices=Prospect.Kind.choices, empty_label=_ALL)
    state = df.ChoiceFilter(label=_("状态"), choices=Prospect.State.choices, empty_label=_ALL)
    division = DivisionFilter(label=_("户籍区划"))
    age = df.NumberFilter(label=_("周岁"))

    class Meta:
        model = Prospect
        fields: list[str] = []
