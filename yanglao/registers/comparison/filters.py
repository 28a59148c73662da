"""What the lists of comparison are filtered by."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as df
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.registers.comparison.models import Clue, Delivery
from yanglao.registers.comparison.sources import standard
from yanglao.shell.filters import DayRangeFilter, DivisionFilter

STATES = (
    ("open", _("待核实")),
    ("late", _("逾期未核实")),
    ("confirmed", _("属实")),
    ("dismissed", _("不采纳")),
    ("agreed", _("档案已一致")),
    ("all", _("全部")),
)


def source_choices() -> list[tuple[str, str]]:
    return [(key, str(source)) for key, source in standard().items()]


class ClueFilter(df.FilterSet):
    """Clues that wait, unless another state is asked for."""

    state = df.ChoiceFilter(label=_("状态"), choices=STATES[1:], empty_label=STATES[0][1], method="keep")
    division = DivisionFilter(label=_("核实区划"))
    source = df.ChoiceFilter(label=_("来源"), choices=source_choices, empty_label=_("全部"))
    says = df.ChoiceFilter(
        label=_("线索"),
        choices=[("death", _("已去世")), ("holds", _("情形不同")), ("ends", _("情形可能结束"))],
        empty_label=_("全部"),
    )
    how = df.ChoiceFilter(
        label=_("对上方式"),
        choices=[("exact", _("身份证号")), ("scored", _("评分")), ("absent", _("名单中缺少"))],
        empty_label=_("全部"),
    )
    raised_at = DayRangeFilter(label=_("发现时间"))

    class Meta:
        model = Clue
        fields: ClassVar[list[str]] = []

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if (
            data is not None and data.get("state") == "open"
        ):  # the way of links; it is what an empty one means
            data = data.copy()
            data["state"] = ""
        super().__init__(data, *args, **kwargs)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        state = self.form.cleaned_data.get("state") or "open"
        if state in Clue.State.values:
            queryset = queryset.filter(state=state)
        elif state == "late":
            queryset = queryset.filter(state=Clue.State.OPEN, due_on__lt=timezone.localdate())
        return super().filter_queryset(queryset)

    def keep(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset


class DeliveryFilter(df.FilterSet):
    """Files by source, state and place."""

    source = df.ChoiceFilter(label=_("来源"), choices=source_choices, empty_label=_("全部"))
    state = df.ChoiceFilter(label=_("状态"), choices=Delivery.State.choices, empty_label=_("全部"))
    division = DivisionFilter(label=_("覆盖的区划"))

    class Meta:
        model = Delivery
        fields: ClassVar[list[str]] = []
