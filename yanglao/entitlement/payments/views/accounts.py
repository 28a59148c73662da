"""Accounts of places, workers and operators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.payments import actions
from yanglao.entitlement.payments.accounts import named_payee
from yanglao.entitlement.payments.filters import AccountFilter
from yanglao.entitlement.payments.forms import (
    PayeeForm,
)
from yanglao.entitlement.payments.models import PayeeAccount
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope import Level
from yanglao.shell.pages import Button, Column, Crumb, Empty, FormPage, ListPage


class AccountsPage(ListPage):
    """Accounts of places, workers and operators."""

    right = "payments.view"
    title = gettext_lazy("机构和人员收款账户")
    model = PayeeAccount
    filterset = AccountFilter
    order = "pk"
    export_right = "payments.export"
    columns: Sequence[Column] = (
        Column("holder", gettext_lazy("户名")),
        Column("payee_kind", gettext_lazy("收款方类别")),
        Column("division_id", gettext_lazy("区划"), kind="division", sort="division"),
        Column("bank", gettext_lazy("开户银行")),
        Column("account", gettext_lazy("账号"), value=lambda row: str(row.account)),
        Column("valid_from", gettext_lazy("启用日期"), kind="date"),
        Column("valid_to", gettext_lazy("停用日期"), kind="date"),
        Column("source", gettext_lazy("来源"), minor=True),
    )
    buttons = (
        Button(gettext_lazy("登记账户"), "payments:account_add", "payments.correct", icon="plus", main=True),
    )
    empty = Empty(
        gettext_lazy("还没有机构或人员的收款账户"),
        gettext_lazy("机构补贴、岗位补贴发放之前，在这里登记。"),
        buttons,
    )

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("发放"), reverse("payments:orders")),)


class AccountAddPage(FormPage):
    """Register the account of a place, a worker or an operator."""

    right = "payments.correct"
    title = gettext_lazy("登记收款账户")
    form_class = PayeeForm
    lead = gettext_lazy("换账户时再登记一次，旧账户自动停用。老年人的账户在本人档案里登记。")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("发放"), reverse("payments:orders")),
            Crumb(AccountsPage.title, reverse("payments:accounts")),
        )

    def perform(self, data: dict[str, Any]) -> PayeeAccount:
        kind, name, division = data.pop("payee_kind"), data.pop("name"), data["division"]
        payee = named_payee(kind, name)
        if payee is None:
            place = full_name(division, below=Level.CITY)
            raise ValidationError(
                {
                    "name": _("您辖区的登记里没有叫“%(name)s”的，或有几个同名（%(place)s）。")
                    % {"name": name, "place": place}
                }
            )
        return actions.set_account(self.actor, payee=(kind, payee), **data)

    def done_url(self, result: Any) -> str:
        return reverse("payments:accounts")
