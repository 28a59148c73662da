"""Forms of runs."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


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


class SpotForm(forms.Form):
    """What a street found of one drawn by lot."""

    verdict = forms.ChoiceField(
        label=_("核实结果"),
        choices=[("confirmed", _("属实")), ("objected", _("有异议"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择属实或有异议。")},
    )
    remark = forms.CharField(
        label=_("说明"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("有异议的，写明情况：去世、迁出、重复享受……"),
    )


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


class DecideForm(forms.Form):
    """What came of an objection."""

    verdict = forms.ChoiceField(
        label=_("核查结论"),
        choices=[("upheld", _("成立，暂缓发放")), ("dismissed", _("不成立，照常发放"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择成立或不成立。")},
    )
    remark = forms.CharField(label=_("核查说明"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
