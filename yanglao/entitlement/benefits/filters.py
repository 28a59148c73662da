"""Filters of the lines of a run."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.benefits.models import LedgerLine
from yanglao.shell.filters import DivisionFilter


class LineFilter(django_filters.FilterSet):
    """By division (any level) and bracket."""

    division = DivisionFilter(label=_("区划"))
    reason = django_filters.CharFilter(label=_("档次"))

    class Meta:
        model = LedgerLine
        fields = ["division", "reason"]
