"""What is entered about an answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.proposals.models import Proposal
from yanglao.shell.filters import DayInput


class AnswerForm(forms.Form):
    """How and when he was told, and who answered."""

    how = forms.ChoiceField(label=_("怎样告知的"), choices=Proposal.How.choices, widget=forms.RadioSelect)
    on = forms.DateField(label=_("答复日期"), widget=DayInput())
    said_by = forms.CharField(
        label=_("答复人"),
        max_length=60,
        required=False,
        help_text=_("本人答复的不用填；代办人请写姓名和关系"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate


class AgreeForm(AnswerForm):
    note = forms.CharField(label=_("备注"), max_length=200, required=False)


class RefuseForm(AnswerForm):
    reason = forms.ChoiceField(
        label=_("不要的原因"), choices=Proposal.Reason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("备注"), max_length=200, required=False)


class ReopenForm(forms.Form):
    note = forms.CharField(label=_("为什么重新提出"), max_length=200)
