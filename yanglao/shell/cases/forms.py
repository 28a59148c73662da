"""Forms made of what a process asks for: its fields and papers, a reason, and who is to do what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.accounts.models import User
from yanglao.kernel.cases.schema import FormField, Paper
from yanglao.shell.fields import DivisionField
from yanglao.shell.filters import DayInput

ANSWER, PAPER = "answer-", "paper-"


def _bounds(field: FormField) -> dict[str, Any]:
    return {"min_value": field.min, "max_value": field.max}


def form_field(field: FormField, *, complete: bool) -> forms.Field:
    """The Django field for one answer. `complete=False`: nothing is required."""
    common: dict[str, Any] = {
        "label": field.label,
        "required": field.required and complete and field.type != "yes_no",
        "help_text": field.help,
    }
    match field.type:
        case "text":
            return forms.CharField(max_length=field.max or 400, **common)
        case "long":
            return forms.CharField(max_length=field.max or 4000, widget=forms.Textarea({"rows": 4}), **common)
        case "integer":
            return forms.IntegerField(**_bounds(field), **common)
        case "decimal":
            return forms.DecimalField(**_bounds(field), **common)
        case "yuan":
            return forms.DecimalField(decimal_places=2, **_bounds(field), **common)
        case "date":
            return forms.DateField(widget=DayInput(), **common)
        case "yes_no":
            return forms.BooleanField(**common)
        case "choice":
            return forms.ChoiceField(choices=[("", _("（请选择）")), *field.choices.items()], **common)
        case "choices":
            return forms.MultipleChoiceField(
                choices=list(field.choices.items()), widget=forms.CheckboxSelectMultiple(), **common
            )
        case "division":
            return DivisionField(**common)


def plain(field: FormField, value: Any) -> Any:
    """What the engine takes: yuan as whole fen, dates as they are."""
    if field.type == "yuan" and value is not None:
        return int((Decimal(value) * 100).to_integral_value())
    return value


class AnswerForm(forms.Form):
    """`fields`: the schema; `papers`: demanded documents not handed in yet; `reason`: None, or whether required."""

    def __init__(
        self,
        *args: Any,
        fields: Sequence[FormField] = (),
        papers: Sequence[Paper] = (),
        reason: bool | None = None,
        complete: bool = True,
        known: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked = list(fields)
        for field in fields:
            made = form_field(field, complete=complete)
            made.initial = (known or {}).get(field.name)
            self.fields[ANSWER + field.name] = made
        for paper in papers:
            self.fields[PAPER + paper.name] = forms.FileField(
                label=paper.label, required=paper.required and complete, help_text=paper.note
            )
        if reason is not None:
            self.fields["reason"] = forms.CharField(
                label=_("理由") if reason else _("说明"),
                required=reason,
                max_length=2000,
                widget=forms.Textarea({"rows": 3}),
            )

    def answers(self) -> dict[str, Any]:
        """By the names of the process file; what was left empty is left out."""
        found = {f.name: plain(f, self.cleaned_data.get(ANSWER + f.name)) for f in self.asked}
        return {name: value for name, value in found.items() if value not in (None, "", [])}

    def uploads(self) -> list[tuple[str, Any]]:
        """(name of the document, upload)."""
        return [
            (name.removeprefix(PAPER), value)
            for name, value in self.cleaned_data.items()
            if name.startswith(PAPER) and value
        ]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=400, widget=forms.Textarea({"rows": 3}))


class OptionalReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("说明"), max_length=400, required=False, widget=forms.Textarea({"rows": 3})
    )


class RemarkForm(forms.Form):
    text = forms.CharField(label=_("督办意见"), max_length=2000, widget=forms.Textarea({"rows": 4}))


class ObjectForm(forms.Form):
    by = forms.CharField(label=_("提出人"), max_length=100, help_text=_("姓名，或“申请人家属”等"))
    reason = forms.CharField(label=_("异议内容"), max_length=2000, widget=forms.Textarea({"rows": 4}))


class RevealForm(forms.Form):
    purpose = forms.CharField(label=_("用途"), max_length=200)


class PaperForm(forms.Form):
    upload = forms.FileField(label=_("材料"), help_text=_("PDF、Word 文档或图片"))


class MissingForm(forms.Form):
    """Everything missing at once: ticked documents and free lines."""

    papers = forms.MultipleChoiceField(
        label=_("缺少的材料"), required=False, widget=forms.CheckboxSelectMultiple()
    )
    others = forms.CharField(
        label=_("其他需要补正的内容"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("一行一条。告知书只能发一次，发出以后不能再要求别的内容，请一次写全。"),
    )

    def __init__(self, *args: Any, demanded: Iterable[Paper], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(paper.name, paper.label) for paper in demanded]
        self.fields["papers"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["papers"]


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(label=_("转交给"), queryset=None)
    reason = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = User.objects.filter(pk__in=[user.pk for user in people]).order_by("name", "pk")
        self.fields["to"].queryset = chosen  # type: ignore[attr-defined]


class StandInForm(forms.Form):
    to = forms.ModelChoiceField(label=_("代办人"), queryset=None, help_text=_("与您同岗位的人员"))
    first_day = forms.DateField(label=_("自"), widget=DayInput(), initial=timezone.localdate)
    last_day = forms.DateField(label=_("至（含当天）"), widget=DayInput())
    reason = forms.CharField(label=_("理由"), max_length=200, help_text=_("如“休假”“出差”"))

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = User.objects.filter(pk__in=[user.pk for user in people]).order_by("name", "pk")
        self.fields["to"].queryset = chosen  # type: ignore[attr-defined]


class OpenForm(AnswerForm):
    """Opening a case at the window: what, where, who, and the process's own form."""

    title = forms.CharField(label=_("事项"), max_length=200, help_text=_("一句话写明办什么，不写身份号码"))
    division = DivisionField(label=_("所在区划"), right="cases.work")
    applicant = forms.CharField(label=_("申请人"), max_length=120, required=False)
    phone = forms.CharField(
        label=_("联系电话"), max_length=30, required=False, help_text=_("申请人可凭编号和电话后四位查询进度")
    )


class TrackForm(forms.Form):
    number = forms.CharField(
        label=_("编号"), max_length=24, help_text=_("回执上的编号，如 330203-2026-000123")
    )
    code = forms.CharField(
        label=_("查询码或电话后四位"),
        max_length=8,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
