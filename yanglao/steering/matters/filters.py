"""What the list of matters is filtered by."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as df
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.shell.filters import DivisionFilter
from yanglao.steering.matters.models import Matter
from yanglao.steering.matters.vocabulary import kinds

ANY = _("不限")
STATES = (("open", _("办理中")), ("late", _("逾期")), ("closed", _("已办结")))


class MatterFilter(df.FilterSet):
    """By kind, category, state, place and unit."""

    kind = df.ChoiceFilter(
        label=_("类别"),
        choices=lambda: [(name, str(kind)) for name, kind in kinds().items()],
        empty_label=ANY,
    )
    category = df.ChoiceFilter(
        label=_("分类"),
        choices=lambda: [
            (f"{name}.{key}", f"{kind}：{word}")
            for name, kind in kinds().items()
            for key, word in kind.categories.items()
        ],
        empty_label=ANY,
        method="in_category",
    )
    state = df.ChoiceFilter(label=_("状态"), choices=STATES, empty_label=ANY, method="in_state")
    division = DivisionFilter(label=_("所在区划"))
    lead = df.CharFilter(label=_("牵头单位"), lookup_expr="startswith")

    class Meta:
        model = Matter
        fields: ClassVar[list[str]] = []

    def in_category(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        kind, _dot, category = value.partition(".")
        return queryset.filter(kind=kind, category=category)

    def in_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "closed":
            return queryset.filter(closed_on__isnull=False)
        still = queryset.filter(closed_on=None)
        return still.filter(due_on__lt=timezone.localdate()) if value == "late" else still
