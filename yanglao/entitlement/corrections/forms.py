"""Forms of corrections."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.corrections.models import DebtEntry, Hold, Prospect
from yanglao.shell.fields import YuanField
from yanglao.shell.filters import DayInput


class MonthField(forms.CharField):
    """A month, cleaned to YYYYMM."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"type": "month"}), **kwargs)

    def clean(self, value: Any) -> int:
        text = super().clean(value)
        year, _sep, month = text.partition("-")
        if not (year.isdigit() and month.isdigit() and 2000 <= int(year) <= 2999 and 1 <= int(month) <= 12):
            raise forms.ValidationError(_("请按“2026-11”的样子填写年月。"))
        return int(year) * 100 + int(month)


class AskForm(forms.Form):
    """Which months are computed anew, and for whom."""

    first = MonthField(label=_("自"))
    last = MonthField(label=_("至"))
    whole = forms.BooleanField(
        label=_("重算全部人员"),
        required=False,
        help_text=_("不勾选时，只重算上次重算以后档案有变动的人；政策有修订时总是重算全部人员。"),
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("理由"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


class RepayForm(forms.Form):
    """Money that came back."""

    KINDS = [
        (DebtEntry.Kind.CASH.value, DebtEntry.Kind.CASH.label),
        (DebtEntry.Kind.TRANSFER.value, DebtEntry.Kind.TRANSFER.label),
    ]
    kind = forms.ChoiceField(label=_("方式"), choices=KINDS, widget=forms.RadioSelect)
    fen = YuanField(label=_("金额（元）"))
    on = forms.DateField(label=_("收到日期"), widget=DayInput())
    reference = forms.CharField(
        label=_("凭证号"), max_length=60, required=False, help_text=_("转账必填；同一凭证只能登记一次。")
    )
    remark = forms.CharField(label=_("说明"), max_length=400, required=False)


class ShareForm(ReasonForm):
    """How much of each payment is kept back."""

    share = forms.IntegerField(
        label=_("每月抵扣比例（%）"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("不填按本市统一比例；填 0 不抵扣。"),
    )
    field_order = ("share", "reason")


class HoldForm(ReasonForm):
    """What becomes of withheld payments."""

    OUTCOMES = [
        (Hold.State.RELEASED.value, _("恢复发放：暂停期间的一并补发")),
        (Hold.State.STOPPED.value, _("停发：按档案停发，不追回已发的")),
        (Hold.State.RECOVERED.value, _("停发并追回：已多发的重算后追回")),
    ]
    outcome = forms.ChoiceField(label=_("处理结果"), choices=OUTCOMES, widget=forms.RadioSelect)
    field_order = ("outcome", "reason")


class ProspectForm(forms.Form):
    """What the person or his helper said."""

    SAID = [
        (Prospect.State.CONFIRMED.value, _("同意享受")),
        (Prospect.State.REFUSED.value, _("放弃享受")),
        (Prospect.State.NO_ACCOUNT.value, _("同意享受，但没有收款账户")),
    ]
    outcome = forms.ChoiceField(label=_("本人意见"), choices=SAID, widget=forms.RadioSelect)
    said_by = forms.CharField(
        label=_("确认人"), max_length=60, help_text=_("老人本人，或代办人的姓名和关系，如“张三（女儿）”。")
    )
    helper = forms.BooleanField(label=_("由代办人确认"), required=False)
    remark = forms.CharField(
        label=_("说明"), max_length=400, required=False, help_text=_("放弃享受的，请写明理由。")
    )
