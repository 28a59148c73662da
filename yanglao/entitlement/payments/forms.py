"""Forms of payments."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.payments.models import PayeeAccount
from yanglao.shell.fields import DivisionField


class SendForm(forms.Form):
    """Making a payment file: it holds accounts in clear, so it asks for a purpose."""

    format = forms.ChoiceField(label=_("格式"), widget=forms.RadioSelect)
    purpose = forms.CharField(
        label=_("用途"), max_length=100, help_text=_("文件含身份证号和账号明文，本次读取会逐人记录。")
    )

    def __init__(self, *args: object, formats: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["format"].choices = formats  # type: ignore[attr-defined]


class ReturnForm(forms.Form):
    """The bank's answer to a file."""

    file = forms.FileField(
        label=_("回盘文件"), help_text=_("按选定格式读取；有一处错误就整份不入账，错误会一次列全。")
    )
    format = forms.ChoiceField(label=_("格式"))

    def __init__(self, *args: object, formats: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["format"].choices = formats  # type: ignore[attr-defined]


class AccountForm(forms.Form):
    """The right account of one whose payment failed."""

    account = forms.CharField(label=_("银行账号"), max_length=40)
    bank = forms.CharField(label=_("开户银行"), max_length=80)
    holder = forms.CharField(
        label=_("户名"), max_length=50, required=False, help_text=_("不填就是收款人本人。")
    )
    source = forms.CharField(label=_("来源"), max_length=100, help_text=_("存折、银行卡复印件、机构来函……"))


class PayeeForm(forms.Form):
    """The account of a place, a worker or an operator."""

    payee_kind = forms.ChoiceField(label=_("收款方类别"), choices=PayeeAccount.Kind.choices)
    name = forms.CharField(label=_("收款方名称"), max_length=120, help_text=_("与登记的名称完全一致。"))
    division = DivisionField(label=_("所在区划"), right="payments.correct", levels=(3, 4, 5))
    account = forms.CharField(label=_("银行账号"), max_length=40)
    holder = forms.CharField(label=_("户名"), max_length=80)
    bank = forms.CharField(label=_("开户银行"), max_length=80)
    source = forms.CharField(label=_("来源"), max_length=100)


class ReasonForm(forms.Form):
    """A change that says why."""

    reason = forms.CharField(label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class EmptyForm(forms.Form):
    """A change that needs no more than a click."""
