"""What is asked of those who apply, match and rate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.applications.actions import Said, Stranger
from yanglao.entitlement.applications.models import Application, Rating
from yanglao.kernel import identifiers
from yanglao.registers.people.asking_form import QuestionsForm
from yanglao.registers.people.completeness import Gap
from yanglao.registers.people.completeness_file import Item as Question
from yanglao.registers.people.kinds import kinds
from yanglao.registers.people.models import Circumstance, Person
from yanglao.shell import wording
from yanglao.shell.fields import DivisionField
from yanglao.shell.filters import DayInput

PHONE = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})


def _phone(text: str) -> str:
    try:
        return identifiers.phone(text) if text.strip() else ""
    except identifiers.Refused as refused:
        raise ValidationError(wording.why(refused, wording.PHONE)) from None


class ApplyForm(QuestionsForm):
    """Who applies, and what is missing or old in the file for this item; nothing that is known is asked."""

    by = forms.ChoiceField(label=_("谁来申请"), choices=Application.By.choices, widget=forms.RadioSelect)
    helper = forms.CharField(label=_("代办人"), max_length=60, help_text=_("本人申请的不用填"))
    relation = forms.CharField(label=_("与老人关系"), max_length=30)
    notify = forms.CharField(
        label=_("联系电话"), max_length=20, widget=PHONE, help_text=_("查询进度时用它的后四位")
    )
    on = forms.DateField(label=_("申请日期"), widget=DayInput())
    remark = forms.CharField(label=_("补充说明"), max_length=400, widget=forms.Textarea({"rows": 2}))

    def __init__(
        self, *args: Any, person: Person, gaps: Sequence[Gap], facts: Iterable[Circumstance], **kwargs: Any
    ) -> None:
        super().__init__(*args, person=person, gaps=gaps, facts=facts, **kwargs)
        for name in ("by", "on"):
            self.fields[name].required = True
        asked = [name for name in self.fields if name not in self.base_fields]
        self.order_fields(["by", "helper", "relation", "notify", *asked, "on", "remark"])

    def clean_notify(self) -> str:
        return _phone(self.cleaned_data["notify"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        data["said"] = Said(
            by=data.get("by", ""),
            helper=data.get("helper", ""),
            relation=data.get("relation", ""),
            phone=data.get("notify", ""),
            remark=data.get("remark", ""),
        )
        return data


class OnlineForm(forms.Form):
    """The same without an account. Every question of the item may be answered by 不清楚: staff then find out."""

    name = forms.CharField(
        label=_("老人姓名"), max_length=50, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    id_number = forms.CharField(
        label=_("老人身份证号"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    phone = forms.CharField(
        label=_("联系电话"), max_length=20, widget=PHONE, help_text=_("查询进度时用它的后四位")
    )
    by = forms.ChoiceField(
        label=_("谁来申请"), choices=Application.By.choices[:4], initial="self", widget=forms.RadioSelect
    )
    helper = forms.CharField(
        label=_("代办人"), max_length=60, required=False, help_text=_("本人申请的不用填")
    )
    relation = forms.CharField(label=_("与老人关系"), max_length=30, required=False)
    remark = forms.CharField(
        label=_("补充说明"), max_length=400, required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = [q.fact for q in questions if q.fact and not kinds()[q.fact].renews]
        for question in questions:
            if question.fact in self.asked:
                values = [(v, str(label)) for v, label in kinds()[question.fact].values.items()]
                self.fields[question.fact] = forms.ChoiceField(
                    label=str(question),
                    choices=[("", _("不清楚，或没有这种情况")), *values],
                    required=False,
                )
        self.order_fields(["name", "id_number", "phone", "by", "helper", "relation", *self.asked, "remark"])

    def clean_phone(self) -> str:
        return _phone(self.cleaned_data["phone"])

    def clean_id_number(self) -> str:
        try:
            return identifiers.resident_id(
                self.cleaned_data["id_number"],
                today=timezone.localdate(),
                allow_test=settings.TEST_ID_NUMBERS,
            ).number
        except identifiers.Refused as refused:
            raise ValidationError(wording.why(refused, wording.ID_NUMBER)) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("by") not in ("", None, Application.By.SELF) and not data.get("helper", "").strip():
            self.add_error("helper", _("不是本人申请的，请写明代办人。"))
        data["answers"] = {kind: data[kind] for kind in self.asked if data.get(kind)}
        return data

    @property
    def stranger(self) -> Stranger:
        data = self.cleaned_data
        return Stranger(data["name"].strip(), data["id_number"], data["phone"])

    @property
    def said(self) -> Said:
        data = self.cleaned_data
        return Said(by=data["by"], helper=data["helper"], relation=data["relation"], remark=data["remark"])


class MatchForm(forms.Form):
    other = forms.CharField(
        label=_("档案编号或公民身份号码"),
        max_length=30,
        help_text=_("编号见档案页“建档”一行；还没有档案的，先登记老年人再来对应"),
    )


class RateForm(forms.Form):
    mark = forms.TypedChoiceField(
        label=_("对办理过程满意吗"), choices=Rating.Mark.choices[::1], coerce=int, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("意见和建议"), max_length=400, required=False, widget=forms.Textarea({"rows": 3})
    )


class OwnRateForm(RateForm):
    """The same by the applicant himself, who shows number and code."""

    number = forms.CharField(
        label=_("编号"), max_length=24, help_text=_("回执上的编号，如 330203-2026-000123")
    )
    code = forms.CharField(
        label=_("查询码或电话后四位"), max_length=8, widget=forms.TextInput({"autocomplete": "off"})
    )
    field_order = ("number", "code", "mark", "words")


class PeriodForm(forms.Form):
    """Where, and of which days."""

    division = DivisionField(label=_("单位所在区划"), right="applications.view")
    first = forms.DateField(label=_("自"), widget=DayInput())
    last = forms.DateField(label=_("至（含当天）"), widget=DayInput())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", _("结束日期不能早于开始日期。"))
        return data
