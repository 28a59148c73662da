"""What the list of proposals is filtered by."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as df
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.catalogue.queries import Item
from yanglao.entitlement.proposals.models import Proposal
from yanglao.entitlement.proposals.occasions import rules
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Person
from yanglao.registers.people.queries import by_name
from yanglao.shell.filters import DayRangeFilter, DivisionFilter

ANY = _("不限")


class ProposalFilter(df.FilterSet):
    """By name, state, occasion, item, suggestion, place and day."""

    name = df.CharFilter(method="by_name", label=_("姓名或拼音"))
    state = df.ChoiceFilter(label=_("状态"), choices=Proposal.State.choices, empty_label=ANY)
    occasion = df.ChoiceFilter(
        label=_("缘由"),
        choices=lambda: [(name, str(one)) for name, one in rules().occasions.items()],
        empty_label=ANY,
    )
    item = df.ModelChoiceFilter(
        label=_("清单项目"), queryset=Item.objects.order_by("city", "position"), empty_label=ANY
    )
    suggestion = df.ChoiceFilter(label=_("建议"), choices=Proposal.Suggestion.choices, empty_label=ANY)
    division = DivisionFilter(label=_("居住地"))
    made_on = DayRangeFilter(label=_("发现日期"))

    class Meta:
        model = Proposal
        fields: ClassVar[list[str]] = []

    def by_name(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if not value.strip():
            return rows
        with everything("a name within rows that are bounded themselves"):
            people = by_name(Person.objects.filter(pk=OuterRef("person_id")), value).order_by()
        return rows.filter(Exists(people))


class WaitingFilter(ProposalFilter):
    """The same of what waits to be told."""

    state = None
