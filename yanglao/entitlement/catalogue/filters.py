"""Filters of the lists of persons."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as df
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.catalogue.models import Entitlement, Item
from yanglao.entitlement.catalogue.rules import MISSING
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Person
from yanglao.registers.people.queries import by_name
from yanglao.shell.filters import DayInput, DivisionFilter

MISSED = "missing"


def states() -> list[tuple[str, Any]]:
    return [(MISSED, _("应享未享（漏）")), *((str(v), label) for v, label in Entitlement.State.choices)]


def items() -> list[tuple[str, str]]:
    return [
        (str(item.pk), str(item)) for item in Item.objects.filter(standing=True).order_by("city", "position")
    ]


class EntitlementFilter(df.FilterSet):
    name = df.CharFilter(method="by_name", label=_("姓名或拼音"))
    item = df.ChoiceFilter(choices=items, field_name="item_id", label=_("项目"))
    state = df.ChoiceFilter(choices=states, method="by_state", label=_("状态"))
    division = DivisionFilter(label=_("居住地"))
    since = df.DateFilter(
        field_name="since", lookup_expr="gte", widget=DayInput(), label=_("状态自（不早于）")
    )

    class Meta:
        model = Entitlement
        fields: ClassVar[list[str]] = []

    def by_name(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if not value.strip():
            return rows
        with everything("a name within rows that are bounded themselves"):
            people = by_name(Person.objects.filter(pk=OuterRef("person_id")), value).order_by()
        return rows.filter(Exists(people))

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(state__in=MISSING) if value == MISSED else rows.filter(state=int(value))
