"""What the list of applications is filtered by."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as df
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.applications import queries
from yanglao.entitlement.applications.models import Application
from yanglao.entitlement.catalogue.queries import Item
from yanglao.shell.filters import DayRangeFilter, DivisionFilter

ANY = _("不限")
STATES = (
    ("mine", _("等我办的")),
    ("open", _("办理中")),
    ("late", _("逾期")),
    ("unmatched", _("还没有对应档案")),
    ("granted", _("已同意")),
    ("refused", _("不同意")),
    ("closed", _("已办结")),
)


class ApplicationFilter(df.FilterSet):
    """By item, state, way, place and name."""

    name = df.CharFilter(label=_("姓名"), lookup_expr="startswith")
    item = df.ModelChoiceFilter(
        label=_("申请项目"), queryset=Item.objects.order_by("city", "position"), empty_label=ANY
    )
    state = df.ChoiceFilter(label=_("状态"), choices=STATES, empty_label=ANY, method="in_state")
    by = df.ChoiceFilter(label=_("申请方式"), choices=Application.By.choices, empty_label=ANY)
    division = DivisionFilter(label=_("受理区划"))
    applied_on = DayRangeFilter(label=_("申请日期"))

    class Meta:
        model = Application
        fields: ClassVar[list[str]] = []

    def in_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "mine":
            return queryset.filter(queries.waits_for(self.request.actor))  # type: ignore[union-attr]
        if value in ("granted", "refused"):
            return queryset.filter(result=value)
        if value == "closed":
            return queryset.filter(closed_on__isnull=False)
        still = queryset.filter(closed_on=None)
        if value == "unmatched":
            return still.filter(person=None)
        return still.filter(case__due__lt=timezone.localdate()) if value == "late" else still
