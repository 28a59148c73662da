"""What the list of proposals is filtered by."""

from __future__ import annotations

from typing import ClassVar

import django_filters as df
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.catalogue.queries import Item
from yanglao.entitlement.proposals.models import Proposal
from yanglao.entitlement.proposals.occasions import rules
from yanglao.shell.filters import DivisionFilter

ANY = _("不限")


class ProposalFilter(df.FilterSet):
    """By state, occasion, item and place."""

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

    class Meta:
        model = Proposal
        fields: ClassVar[list[str]] = []
