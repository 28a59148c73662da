"""Filters of the lines of a run."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.benefits.computing import reasons_of
from yanglao.entitlement.benefits.models import LedgerLine, Run
from yanglao.shell.filters import DivisionFilter


class LineFilter(django_filters.FilterSet):
    """By division (any level) and bracket."""

    division = DivisionFilter(label=_("区划"))
    reason = django_filters.ChoiceFilter(label=_("档次"), empty_label=_("全部"))

    class Meta:
        model = LedgerLine
        fields = ["division", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        run = Run.objects.get(pk=self.request.resolver_match.kwargs["run"])
        self.filters["reason"].extra["choices"] = list(reasons_of(run).items())
