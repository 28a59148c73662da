"""Filters of the lists."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as df
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.registers.people import queries as people
from yanglao.registers.stays import parts, persons
from yanglao.registers.stays.measures import BY_NAME
from yanglao.registers.stays.models import Bed, Stay
from yanglao.registers.stays.vocabulary import choices, vocabulary
from yanglao.shell.filters import DayInput, DivisionFilter, SplitFilter, TextFilter


def _options(name: str) -> Any:
    return lambda: choices(getattr(vocabulary(), name))


class PersonFilter(df.CharFilter):
    """By the resident's name or pinyin; the name is private and travels sealed."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value.strip():
            return qs
        named = people.by_name(persons.unscoped().filter(pk=OuterRef("person_id")), value)
        return qs.filter(Exists(named.order_by()))


class MeasureFilter(df.ChoiceFilter):
    """The records behind a number of this room, on the day `on` of the address."""

    def __init__(self, table: str, **more: Any) -> None:
        offered = [(name, one.label) for name, one in BY_NAME.items() if one.table == table]
        super().__init__(choices=offered, **more)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        typed = self.parent.data.get("on") if self.parent is not None else None
        try:
            day = df.fields.forms.DateField(required=False).clean(typed) or timezone.localdate()
        except df.fields.forms.ValidationError:
            return qs
        return qs.filter(pk__in=BY_NAME[value].ids(day))


class _WithSplit(df.FilterSet):
    """A list behind numbers: the part it shows has room only where a link brought it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not (self.data and self.data.get("split")):
            del self.filters["split"]


class StayFilter(_WithSplit):
    name = PersonFilter(label=_("姓名或拼音"))
    place = TextFilter(paths=("place__name", "place__pinyin"), label=_("机构"))
    division = DivisionFilter(paths=("place__division",), label=_("机构所在区划"))
    state = df.ChoiceFilter(choices=Stay.State.choices, label=_("状态"))
    level = df.ChoiceFilter(choices=_options("care_levels"), label=_("护理等级"))
    payer = df.ChoiceFilter(choices=_options("payers"), label=_("费用来源"))
    measure = MeasureFilter("stays", label=_("统计口径"))
    on = df.DateFilter(method="_on", widget=DayInput(), label=_("统计日"))
    split = SplitFilter(label=_("分组"), labels=parts.STAYS, values=parts.values, part=parts.part_of)

    def _on(self, qs: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return qs  # read by the measure

    class Meta:
        model = Stay
        fields: ClassVar[list[str]] = []


class WaitingFilter(df.FilterSet):
    name = PersonFilter(label=_("姓名或拼音"))
    place = TextFilter(paths=("place__name", "place__pinyin"), label=_("机构"))
    division = DivisionFilter(paths=("place__division",), label=_("机构所在区划"))
    state = df.ChoiceFilter(choices=[(s.value, s.label) for s in Stay.BEFORE], label=_("状态"))

    class Meta:
        model = Stay
        fields: ClassVar[list[str]] = []


class BedFilter(_WithSplit):
    place = TextFilter(paths=("place__name", "place__pinyin"), label=_("机构"))
    division = DivisionFilter(paths=("place__division",), label=_("机构所在区划"))
    kind = df.ChoiceFilter(choices=_options("bed_kinds"), field_name="kind_now", label=_("床位类型"))
    state = df.ChoiceFilter(
        choices=[("use", _("在用")), ("repair", _("维修"))], field_name="state_now", label=_("状态")
    )
    measure = MeasureFilter("beds", label=_("统计口径"))
    on = df.DateFilter(method="_on", widget=DayInput(), label=_("统计日"))
    split = SplitFilter(label=_("分组"), labels=parts.BEDS, values=parts.values, part=parts.part_of)

    def _on(self, qs: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return qs  # read by the measure

    class Meta:
        model = Bed
        fields: ClassVar[list[str]] = []
