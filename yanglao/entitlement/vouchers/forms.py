"""Forms of vouchers: they read what was typed; what is right is the actions' concern."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.vouchers.models import Bar, Refund, SampleCheck, StatementLine, Who
from yanglao.entitlement.vouchers.schemes import service_choices
from yanglao.kernel.files.kinds import KINDS
from yanglao.shell.fields import DivisionField, YuanField
from yanglao.shell.filters import DayInput


def day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput(), initial=timezone.localdate, **more)


class MonthField(forms.CharField):
    """A month, cleaned to YYYYMM."""

    widget = forms.TextInput(attrs={"type": "month"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        year, _sep, month = text.partition("-")
        if not (year.isdigit() and month.isdigit() and 2025 <= int(year) <= 2999 and 1 <= int(month) <= 12):
            raise forms.ValidationError(_("请按“2026-11”的样子填写年月。"))
        return int(year) * 100 + int(month)


class Form(forms.Form):
    """Numbers of other people must not be offered by the browser of a shared computer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")


class MonthForm(Form):
    month = MonthField(label=_("月份"))


class IssueForm(Form):
    division = DivisionField(label=_("区划"), right="vouchers.issue")


class KindForm(Form):
    """Which kind, and who says so."""

    kind = forms.ChoiceField(label=_("券种"), widget=forms.RadioSelect)
    by = forms.ChoiceField(label=_("由谁提出"), choices=Who.choices)

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


class ReasonForm(Form):
    reason = forms.CharField(label=_("理由"), max_length=100)


class NothingForm(Form):
    pass


class BarForm(Form):
    reason = forms.ChoiceField(label=_("原因"), choices=Bar.Reason.choices)
    told_by = forms.ChoiceField(label=_("由谁报告"), choices=Who.choices)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)


class PlaceChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


def services() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("可用消费券的服务"), choices=service_choices, widget=forms.CheckboxSelectMultiple
    )


class AdmitForm(Form):
    place = PlaceChoice(None, label=_("机构"))
    since = day(_("自"))
    note = forms.CharField(
        label=_("说明"), max_length=200, required=False, help_text=_("如协议编号、批准文件")
    )

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places  # type: ignore[attr-defined]
        self.fields = {"place": self.fields["place"], "services": services(), **self.fields}


class EndForm(Form):
    until = day(_("自哪天起不再是定点机构"))


class TillForm(Form):
    """A service paid with a voucher."""

    number = forms.CharField(label=_("券号"), max_length=20, help_text=_("13 位，印在老人的消费券上"))
    id_tail = forms.CharField(
        label=_("身份证号后四位"), max_length=4, min_length=4, help_text=_("核对是本人的券")
    )
    place = PlaceChoice(None, label=_("机构"))
    service = forms.ChoiceField(label=_("服务"), choices=service_choices)
    item = forms.CharField(label=_("服务内容"), max_length=60, required=False, help_text=_("如“助浴 1 次”"))
    day = day(_("服务日期"))
    stay_days = forms.IntegerField(
        label=_("约定入住天数"), min_value=1, max_value=9999, required=False, help_text=_("只有托养服务要填")
    )
    price = YuanField(label=_("价格（元）"))
    ltci = YuanField(label=_("长护险支付（元）"), required=False, help_text=_("先扣除，没有的不填"))
    other = YuanField(label=_("其他补贴支付（元）"), required=False)
    order_number = forms.CharField(
        label=_("订单号"), max_length=40, help_text=_("您系统里这笔服务的编号；同一编号只能核销一次")
    )

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places  # type: ignore[attr-defined]

    def clean_number(self) -> str:
        return "".join(c for c in self.cleaned_data["number"] if not c.isspace())


class RefundForm(Form):
    price = YuanField(label=_("退还价款（元）"), help_text=_("退给老人和消费券的价款合计；全退填全部价格"))
    cause = forms.ChoiceField(label=_("原因"), choices=Refund.Cause.choices)
    reason = forms.CharField(label=_("说明"), max_length=200, required=False)


class ClaimForm(Form):
    place = PlaceChoice(None, label=_("机构"))
    month = MonthField(label=_("结算到哪个月"), help_text=_("这个月和以前尚未结算的都在内"))

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places  # type: ignore[attr-defined]


class CommentForm(Form):
    comment = forms.CharField(label=_("意见"), max_length=200, required=False)


class ReturnForm(Form):
    comment = forms.CharField(label=_("退回理由"), max_length=200)


class SettleForm(Form):
    on = day(_("结算日期"))
    payment = forms.CharField(label=_("付款凭证"), max_length=60, help_text=_("付款批次号或银行回单号"))


class UnsettleForm(Form):
    on = day(_("退汇日期"))
    why = forms.CharField(
        label=_("退汇原因"), max_length=200, help_text=_("银行的说明：户名不符、账户已注销……")
    )


class ResolveForm(Form):
    verdict = forms.ChoiceField(
        label=_("处理"), choices=StatementLine.Verdict.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("理由"), max_length=200)


class DrawForm(Form):
    division = DivisionField(label=_("区划"), right="vouchers.draw")
    month = MonthField(label=_("月份"))
    percent = forms.IntegerField(
        label=_("抽查比例（%）"), min_value=1, max_value=100, initial=1, help_text=_("不少于办法规定的比例")
    )
    seed = forms.CharField(
        label=_("种子"),
        max_length=64,
        required=False,
        help_text=_("可由多方约定（如当日公开的数字）；不填则随机产生并留存"),
    )


class CheckForm(Form):
    outcome = forms.ChoiceField(
        label=_("核查结果"), choices=SampleCheck.Outcome.choices, widget=forms.RadioSelect
    )
    checked_on = day(_("核查日期"))
    price_found = YuanField(label=_("实际价格（元）"), required=False, help_text=_("只有价格有误时填写"))
    note = forms.CharField(
        label=_("情况"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("见到了谁、怎么核实的；没有提供服务的写明老人或家属的说法"),
    )  # fmt: skip
    photo = forms.FileField(
        label=_("照片"), required=False, widget=forms.FileInput(attrs={"accept": KINDS["image"].accept})
    )
