"""The monthly return as a form: one row per target, filled in with what was reported last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.accounts.models import User
from yanglao.steering.indicators.rules import Kind
from yanglao.steering.plans.models import Target

Pair = tuple[Decimal, Decimal | None]


class ReturnForm(forms.Form):
    """Fields ``n-<key>`` and, where people must type it, ``d-<key>``. Rows left empty are not reported."""

    remark = forms.CharField(
        label=gettext_lazy("情况说明"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("困难、原因、下一步安排；可不填。"),
    )
    correction = forms.CharField(label=gettext_lazy("更正原因"), required=False, max_length=400)

    def __init__(
        self,
        targets: Sequence[Target],
        known: Mapping[str, Pair],
        denominators: Mapping[str, Fraction | None],
        *args: Any,
        remarks: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.targets, self.denominators = targets, denominators
        for target in targets:
            above, below = known.get(target.key, (None, None))
            self.fields[f"n-{target.key}"] = _field(target, target.indicator.numerator_name, above)
            if target.indicator.of_kind.has_denominator and denominators.get(target.key) is None:
                self.fields[f"d-{target.key}"] = _field(target, target.indicator.denominator_name, below)
            self.fields[f"r-{target.key}"] = forms.CharField(
                label=_("%(name)s·说明") % {"name": target.name},
                required=False,
                max_length=200,
                initial=(remarks or {}).get(target.key, ""),
            )

    def rows(self) -> list[dict[str, Any]]:
        """Per target: the target, its bound fields, and the denominator a register knows."""
        return [
            {
                "target": target,
                "above": self[f"n-{target.key}"],
                "below": self[f"d-{target.key}"] if f"d-{target.key}" in self.fields else None,
                "known": self.denominators.get(target.key),
                "remark": self[f"r-{target.key}"],
            }
            for target in self.targets
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for target in self.targets:
            above, below = cleaned.get(f"n-{target.key}"), cleaned.get(f"d-{target.key}")
            if f"d-{target.key}" in self.fields and (above is None) != (below is None):
                self.add_error(f"n-{target.key}", _("分子和分母要一起填，或都留空。"))
            elif (
                above is not None
                and below is not None
                and target.indicator.kind == Kind.RATIO
                and above > below
            ):
                self.add_error(f"n-{target.key}", _("分子大于分母，请核对。"))
        return cleaned

    def numbers(self) -> dict[str, Pair]:
        """What was filled in, by target key; call after is_valid()."""
        found: dict[str, Pair] = {}
        for target in self.targets:
            above = self.cleaned_data.get(f"n-{target.key}")
            if above is None or above == "":
                continue
            known = self.denominators.get(target.key)
            below = self.cleaned_data.get(f"d-{target.key}") if known is None else Decimal(int(known))
            found[target.key] = (Decimal(above), below)
        return found

    def remarks(self) -> dict[str, str]:
        """What was said to single numbers, by target key."""
        said = {t.key: self.cleaned_data.get(f"r-{t.key}", "") for t in self.targets}
        return {key: text for key, text in said.items() if text}


class HandOverForm(forms.Form):
    """Which targets to hand to whom."""

    keys = forms.MultipleChoiceField(
        label=gettext_lazy("目标"), error_messages={"required": gettext_lazy("请先勾选要交办的目标。")}
    )
    to = forms.ModelChoiceField(label=gettext_lazy("交给"), queryset=User.objects.none(), empty_label="—")

    def __init__(
        self, targets: Sequence[Target], colleagues: QuerySet[User], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keys"].choices = [(t.key, t.name) for t in targets]  # type: ignore[attr-defined]
        self.fields["to"].queryset = colleagues  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why a return is given back."""

    reason = forms.CharField(
        label=gettext_lazy("退回原因"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("退回要写明原因，填报单位据此更正。")},
    )


def _field(target: Target, part: str, initial: Decimal | None) -> forms.Field:
    label = f"{target.name}·{part}" if part else target.name
    if target.indicator.of_kind is Kind.MILESTONE:
        choices = [("", "—"), ("0", gettext_lazy("未完成")), ("1", gettext_lazy("已完成"))]
        value = "" if initial is None else str(int(initial))
        return forms.ChoiceField(label=label, choices=choices, required=False, initial=value)
    digits = 0 if target.indicator.of_kind.has_denominator else target.indicator.digits
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=0,
        max_digits=16,
        decimal_places=digits,
        initial=None if initial is None else initial.quantize(Decimal(1).scaleb(-digits)),
    )
