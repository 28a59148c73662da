"""What a unit types into a table: the rows no register knows, and a remark."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yanglao.steering.tables.schema import TableFile


class FillForm(forms.Form):
    """One field per row to be typed, named by its code."""

    remark = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("审核关系不成立时写明原因；其他情况可不填。"),
    )

    def __init__(self, *args: Any, table: TableFile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = [item.code for item in table.items if item.typed]
        fields = {
            item.code: forms.DecimalField(
                label=f"{item.code} {item}（{item.unit}）",
                required=False,
                min_value=Decimal(0),
                max_digits=15 + item.digits,
                decimal_places=item.digits,
                help_text=item.note,
            )
            for item in table.items
            if item.typed
        }
        self.fields = {**fields, "remark": self.fields["remark"]}

    def typed(self) -> dict[str, Decimal | None]:
        return {code: self.cleaned_data[code] for code in self.codes}


class DayForm(forms.Form):
    """The day to count."""

    on = forms.DateField(
        label=_("统计日"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}),
    )


def as_initial(typed: Mapping[str, Fraction]) -> dict[str, Decimal]:
    """Numbers typed before, as a form shows them."""
    return {code: Decimal(n.numerator) / Decimal(n.denominator) for code, n in typed.items()}
