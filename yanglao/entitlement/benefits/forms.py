"""Forms of runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.benefits.models import SpotCheck


class StartForm(forms.Form):
    """A new run: the month, and which policies."""

    month = forms.CharField(
        label=_("发放月份"),
        widget=forms.TextInput(attrs={"type": "month"}),
        help_text=_("本月津贴按月底的情况测算。"),
    )
    policies = forms.MultipleChoiceField(label=_("政策"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: object, policies: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["policies"].choices = policies  # type: ignore[attr-defined]

    def clean_month(self) -> int:
        text = self.cleaned_data["month"]
        year, _sep, month = text.partition("-")
        if not (year.isdigit() and month.isdigit() and 2000 <= int(year) <= 2999 and 1 <= int(month) <= 12):
            raise forms.ValidationError(_("请按“2026-11”的样子填写年月。"))
        return int(year) * 100 + int(month)


class CommentForm(forms.Form):
    """A signature with an opinion."""

    comment = forms.CharField(
        label=_("意见"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


VERDICTS = [("confirmed", _("属实")), ("objected", _("有异议")), ("missing", _("没找到"))]


class SpotForm(forms.Form):
    """What a street found of one drawn by lot."""

    verdict = forms.ChoiceField(
        label=_("核实结果"),
        choices=VERDICTS,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择属实、有异议或没有找到。")},
    )
    looked_on = forms.DateField(
        label=_("核实日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    remark = forms.CharField(
        label=_("说明"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("有异议或没有找到的，写明情况：去世、迁出、重复享受、三次上门无人……"),
    )


class StreetForm(forms.Form):
    """A street's answers to its whole list, as many as it has by now, and why the rest are left."""

    reason = forms.CharField(
        label=_("未尽说明"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("到期仍有不能核实的，写明原因后报送；能核实的不必填写。"),
    )

    def __init__(self, *args: Any, spots: Sequence[SpotCheck], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spots = spots
        for spot in spots:
            self._add(spot)

    def _add(self, spot: SpotCheck) -> None:
        names = {"name": spot.name}  # type: ignore[attr-defined]
        day = forms.DateInput(
            attrs={"type": "date", "class": "form-control", "aria-label": _("%(name)s的核实日期") % names},
            format="%Y-%m-%d",
        )
        self.fields[f"verdict_{spot.pk}"] = forms.ChoiceField(
            choices=[("", _("待核实")), *VERDICTS],
            required=False,
            initial=spot.verdict,
            widget=forms.Select(
                attrs={"class": "form-select", "aria-label": _("%(name)s的核实结果") % names}
            ),
        )
        words = {"class": "form-control", "aria-label": _("%(name)s的说明") % names}
        self.fields[f"looked_on_{spot.pk}"] = forms.DateField(
            required=False, initial=spot.looked_on, widget=day
        )
        self.fields[f"remark_{spot.pk}"] = forms.CharField(
            required=False,
            max_length=300,
            initial=spot.remark,
            widget=forms.TextInput(attrs=words),
        )

    def of(self, spot: SpotCheck) -> dict[str, forms.BoundField]:
        """The three fields of one on the list."""
        return {name: self[f"{name}_{spot.pk}"] for name in ("verdict", "looked_on", "remark")}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        answers = []
        for spot in self.spots:
            given = tuple(data.get(f"{name}_{spot.pk}") for name in ("verdict", "looked_on", "remark"))
            if given[0] and given != (spot.verdict, spot.looked_on, spot.remark):
                answers.append((spot, *given))
            elif not given[0] and (given[1] or given[2]):
                self.add_error(f"verdict_{spot.pk}", _("请选择核实结果。"))
        return {**data, "answers": answers}


class LiftForm(forms.Form):
    """Why a doubt is gone."""

    reason = forms.CharField(label=_("核查情况"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class ObjectForm(forms.Form):
    """An objection to a name of the public list."""

    channel = forms.CharField(
        label=_("提出渠道"),
        max_length=60,
        help_text=_("电话、来访、信箱……；不写提出人的姓名，保护反映问题的人。"),
    )
    reason = forms.CharField(label=_("异议内容"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, beds: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if beds:
            self.fields["beds"] = forms.MultipleChoiceField(
                label=_("哪些床位"),
                choices=[(str(pk), number) for pk, number in beds],
                initial=[str(pk) for pk, _number in beds],
                widget=forms.CheckboxSelectMultiple,
            )


class DecideForm(forms.Form):
    """What came of an objection."""

    verdict = forms.ChoiceField(
        label=_("核查结论"),
        choices=[("upheld", _("成立，暂缓发放")), ("dismissed", _("不成立，照常发放"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择成立或不成立。")},
    )
    remark = forms.CharField(label=_("核查说明"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, others: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if others:
            words = _("同一异议涉及的另外 %(n)s 张床位一并作此结论") % {"n": others}
            self.fields["together"] = forms.BooleanField(label=words, required=False, initial=True)
