"""What the list of suspected doubles is filtered by."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as df
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from yanglao.registers.people.queries import by_name
from yanglao.shell.filters import DayRangeFilter, DivisionFilter

from . import persons, queries
from .models import State, Suspect
from .rules.weights import BANDS

ANY = _("不限")
WITH_ID = (("missing", _("有一方缺身份证号")), ("tail", _("后四位相同")), ("different", _("身份证号不同")))


class SuspectFilter(df.FilterSet):
    """Without `state` those that wait."""

    name = df.CharFilter(label=_("姓名或拼音"), method="find_name")
    division = DivisionFilter(label=_("区划"), paths=Suspect.scope_paths)
    band = df.ChoiceFilter(
        label=_("判断"),
        choices=lambda: [(band, queries.band_label(band)) for band in BANDS[:-1]],
        empty_label=ANY,
    )
    ids = df.ChoiceFilter(label=_("身份证号"), choices=WITH_ID, empty_label=ANY, field_name="levels__id")
    found = DayRangeFilter(label=_("发现日期"), field_name="found_at")
    state = df.ChoiceFilter(
        label=_("状态"),
        choices=[*State.choices[1:], ("all", _("全部"))],
        empty_label=State.OPEN.label,
        method="keep",
    )

    class Meta:
        model = Suspect
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        state = self.form.cleaned_data.get("state") or State.OPEN
        found: QuerySet[Any] = super().filter_queryset(queryset)
        return found if state == "all" else found.filter(state=state)

    def keep(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset

    def find_name(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """By the names of files that may be seen: a masked name is not found by typing it."""
        people = by_name(persons.everybody(), value).order_by().values("pk")
        return queryset.filter(Q(first__in=people) | Q(second__in=people))
