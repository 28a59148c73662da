"""The forms of policymaking."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.policymaking import queries
from yanglao.shell.filters import DayInput


class BeginForm(forms.Form):
    """What a draft begins with, and which file it becomes."""

    source = forms.ChoiceField(
        label=gettext_lazy("从哪里开始"),
        help_text=gettext_lazy("修改在用的政策，选它本身；照外地的做法新写一项，从范例库里选。"),
    )
    name = forms.SlugField(
        label=gettext_lazy("文件名"),
        required=False,
        help_text=gettext_lazy(
            "新写一项时填写：小写字母、数字、连字符，例如 meal-subsidy。修改在用的政策不用填。"
        ),
    )

    def __init__(self, *args: Any, division: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        used = [(f"use:{n}", queries.title_in(t, n)) for n, t in queries.in_use(division).items()]
        choices = [(_("在用的政策"), used), (_("范例库"), queries.library_titles())]
        self.fields["source"].choices = [("", _("空白的政策")), *(c for c in choices if c[1])]  # type: ignore[attr-defined]
        self.fields["source"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("source", "").startswith("use:") and not data.get("name"):
            self.add_error("name", _("新写的政策要有文件名。"))
        return data


class SubmitForm(forms.Form):
    effective_on = forms.DateField(
        label=gettext_lazy("启用日期"),
        widget=DayInput(),
        help_text=gettext_lazy(
            "从这一天起，测算改用这一版。标准从哪天调整写在参数的日期里，两者不是一回事。"
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("例如：市政府令第×号，自2027年1月1日起调整标准。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_on"].initial = timezone.localdate()


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )


class CommentForm(forms.Form):
    comment = forms.CharField(
        label=gettext_lazy("意见"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
