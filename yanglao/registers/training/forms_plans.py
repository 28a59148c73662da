"""Forms of plans."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.divisions.models import Division
from yanglao.registers.training import kinds
from yanglao.registers.training.models import Plan
from yanglao.registers.training.rules.goals import Due
from yanglao.shell.fields import DivisionField

_BETWEEN = re.compile(r"[\s,，、;；→]+")


class NumbersField(forms.CharField):
    """Numbers of following years as one types them: 20，30，100."""

    def clean(self, value: Any) -> list[int]:
        parts = [part for part in _BETWEEN.split(super().clean(value)) if part]
        wrong = [part for part in parts if not part.isdigit() or not 0 < int(part) < 10**8]
        if wrong or not parts:
            raise ValidationError(_("请只写整数，用逗号分开，如“20，30，100”。"))
        return [int(part) for part in parts]


class PlanForm(forms.Form):
    """A plan: what is counted, and how many by which year."""

    name = forms.CharField(label=gettext_lazy("计划名称"), max_length=100)
    kind = forms.ChoiceField(label=gettext_lazy("课程类别"), required=False)
    counts = forms.ChoiceField(label=gettext_lazy("计数单位"), choices=Plan.Counts.choices)
    sites = forms.ChoiceField(label=gettext_lazy("培训点类别"), choices=Plan.Sites.choices, required=False)
    free_only = forms.BooleanField(label=gettext_lazy("只计免费培训"), required=False)
    first_year = forms.IntegerField(label=gettext_lazy("第一年"), min_value=2000, max_value=2100)
    numbers = NumbersField(
        label=gettext_lazy("各年数量"),
        help_text=gettext_lazy("从第一年起逐年填写，用逗号分开，如“20，30，100”。"),
    )
    total = forms.BooleanField(label=gettext_lazy("以上为累计数（不勾选为每年新增数）"), required=False)
    document = forms.CharField(label=gettext_lazy("依据"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", gettext_lazy("全部从业人员课程"))]
        self.fields["kind"].choices = [*every, *kinds.choices()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, total = data.pop("first_year", None), data.pop("total", False)
        if "numbers" in data and first is not None:
            data["years"] = [Due(first + i, n, total) for i, n in enumerate(data.pop("numbers"))]
        return data


class NewPlanForm(PlanForm):
    division = DivisionField(label=gettext_lazy("区划"), right="training.edit")

    field_order = ("name", "division")


class AllotForm(forms.Form):
    """A number for each division one level down."""

    year = forms.TypedChoiceField(label=gettext_lazy("年度"), coerce=int)

    def __init__(self, *args: Any, years: list[int], below: list[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
        self.below = below
        for division in below:
            self.fields[f"d{division.code}"] = forms.IntegerField(
                label=division.name, min_value=0, max_value=10**7, required=False
            )

    def shares(self) -> dict[int, int]:
        """Division → number; what was left empty is 0."""
        return {d.code: self.cleaned_data.get(f"d{d.code}") or 0 for d in self.below}
