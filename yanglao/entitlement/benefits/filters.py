"""Filters of the lines of a run."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.benefits.computing import reasons_of
from yanglao.entitlement.benefits.models import LedgerLine, Run, SpotCheck
from yanglao.entitlement.benefits.queries import policy_titles
from yanglao.entitlement.benefits.subjects import called
from yanglao.shell.filters import DivisionFilter


class LineFilter(django_filters.FilterSet):
    """By name, division (any level), policy, bracket, and whether it is of this month or corrects another."""

    name = django_filters.CharFilter(label=_("对象名称或拼音"), method="of_name")
    division = DivisionFilter(label=_("区划"))
    policy = django_filters.ChoiceFilter(label=_("政策"), empty_label=_("全部"))
    reason = django_filters.ChoiceFilter(label=_("档次"), empty_label=_("全部"))
    kind = django_filters.ChoiceFilter(
        label=_("性质"), empty_label=_("全部"), choices=LedgerLine.Kind.choices
    )

    class Meta:
        model = LedgerLine
        fields = ["name", "division", "policy", "reason", "kind"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        run = Run.objects.get(pk=self.request.resolver_match.kwargs["run"])
        self.filters["policy"].extra["choices"] = [
            (policy, title) for policy, title in policy_titles(run).items() if policy in run.policies
        ]
        self.filters["reason"].extra["choices"] = list(reasons_of(run).items())

    def of_name(self, found: Any, name: str, value: str) -> Any:
        return called(found, value)


class SpotFilter(django_filters.FilterSet):
    """Those drawn by lot, by division and by what was found."""

    division = DivisionFilter(label=_("区划"))
    verdict = django_filters.ChoiceFilter(
        label=_("核实结果"),
        empty_label=_("全部"),
        choices=[
            ("open", _("待核实")),
            ("confirmed", _("属实")),
            ("objected", _("有异议")),
            ("missing", _("没找到")),
        ],
        method="of_verdict",
    )

    class Meta:
        model = SpotCheck
        fields = ["division"]

    def of_verdict(self, found: Any, name: str, value: str) -> Any:
        return found.filter(verdict="" if value == "open" else value)
