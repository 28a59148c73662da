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


class PurposeForm(forms.Form):
    """Making the payment file: it holds accounts in clear, so it asks for a purpose."""

    FORMATS = [("xlsx", _("Excel 表格（.xlsx）")), ("txt", _("银行文本（GB18030，竖线分隔）"))]
    format = forms.ChoiceField(label=_("格式"), choices=FORMATS, widget=forms.RadioSelect, initial="xlsx")
    purpose = forms.CharField(
        label=_("用途"), max_length=100, help_text=_("文件含身份证号和账号明文，本次读取会逐人记录。")
    )
