"""What is entered about an answer, and about a portion of the stock."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.catalogue.queries import Item
from yanglao.entitlement.proposals import occasions
from yanglao.entitlement.proposals.models import Proposal
from yanglao.kernel.files.kinds import KINDS
from yanglao.shell.fields import DivisionField
from yanglao.shell.filters import DayInput

EVIDENCE = "document"


class AnswerForm(forms.Form):
    """How and when they were told; of several at once, or of one."""

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


class OneAnswerForm(AnswerForm):
    """The same of one person, with who answered and what shows it."""

    relation = forms.ChoiceField(
        label=_("谁答复的"),
        choices=Proposal.Relation.choices,
        initial=Proposal.Relation.SELF,
        widget=forms.RadioSelect,
    )
    evidence = forms.FileField(
        label=_("凭证"),
        required=False,
        help_text=_("签字的告知单、通话记录等，PDF 或照片；没有的可以不传"),
        widget=forms.FileInput({"accept": KINDS[EVIDENCE].accept}),
    )
    note = forms.CharField(label=_("备注"), max_length=200, required=False)
    field_order = ("how", "on", "relation", "said_by", "reason", "evidence", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["said_by"].help_text = _("本人答复的不用填；别人代答的写姓名")


class AgreeForm(OneAnswerForm):
    pass


class RefuseForm(OneAnswerForm):
    reason = forms.ChoiceField(
        label=_("不要的原因"), choices=Proposal.Reason.choices, widget=forms.RadioSelect
    )


class ReopenForm(forms.Form):
    note = forms.CharField(label=_("为什么重新提出"), max_length=200)


class StockForm(forms.Form):
    """Where, of which item, and how many persons a village may have in hand."""

    division = DivisionField(label=_("区划"), right="proposals.plan")
    item = forms.ModelChoiceField(
        label=_("清单项目"),
        queryset=Item.objects.none(),
        required=False,
        empty_label=_("全部项目，一次走访都告知"),
    )
    each = forms.IntegerField(
        label=_("每个村（社区）手上最多几人"),
        min_value=1,
        max_value=1000,
        help_text=_("已有待告知的人算在内：手上的办完了，再来分下一份"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Item.objects.filter(standing=True).order_by("city", "position")
        self.fields["item"].queryset = rows  # type: ignore[attr-defined]
        self.fields["each"].initial = occasions.rules().portion
