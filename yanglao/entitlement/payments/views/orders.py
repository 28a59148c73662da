"""The orders, one order with its balance and list, closing it, and who failed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits.offered.queries import tabs
from yanglao.entitlement.payments import actions, queries
from yanglao.entitlement.payments.filters import FailedFilter, PaymentFilter
from yanglao.entitlement.payments.forms import (
    EmptyForm,
)
from yanglao.entitlement.payments.models import Payment, PayOrder
from yanglao.entitlement.payments.rules import PARTS, Balance
from yanglao.entitlement.payments.views.base import LABELS, TONES, OfOrder, format_words, month_text
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import Level, level_of
from yanglao.shell.pages import Column, Crumb, Empty, FormPage, ListPage, PageView


class OrdersPage(PageView):
    """Every order, with what of it was paid."""

    right = "payments.view"
    title = gettext_lazy("发放")
    template = "payments/orders.html"

    def context(self) -> dict[str, Any]:
        orders = list(queries.orders_of(self.actor)[:120])
        return {
            "rows": [(order, month_text(order.month), queries.balance_in_scope(order)) for order in orders],
            "claims": len(waiting_claims(self.actor)),
        }


def waiting_claims(actor: Actor) -> list[Any]:
    """The claims of providers somebody may gather into an order."""
    if actor.division is None or not actor.can("payments.pay", actor.division):
        return []
    return queries.claims_waiting(actor.division)


class PayClaimsPage(FormPage):
    """Gather the approved claims of providers into an order."""

    right = "payments.pay"
    title = gettext_lazy("发放消费券结算款")
    form_class = EmptyForm
    submit = gettext_lazy("建立发放单")
    template = "payments/pay_claims.html"
    lead = gettext_lazy("列入审核通过、还没有列入发放单的结算申请；银行回盘成功后自动登记为已结算。")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("发放"), reverse("payments:orders")),)

    def form_context(self, form: Any) -> dict[str, Any]:
        rows = waiting_claims(self.actor)
        return {
            **super().form_context(form),
            "claims": [(claim, month_text(claim.month)) for claim in rows],
            "fen": sum(claim.amount_fen for claim in rows),
        }

    def perform(self, data: dict[str, Any]) -> PayOrder:
        if self.actor.division is None:
            raise ValidationError(_("您的账号没有辖区，不能建立发放单。"))
        return actions.plan_claims(self.actor, division=self.actor.division)

    def done_url(self, result: PayOrder) -> str:
        return reverse("payments:order", args=[result.key])


class OrderPage(OfOrder):
    """The balance by state, the files with the bank's answers, what is withheld and why, by division."""

    template = "payments/order.html"

    def page_title(self) -> str:
        return _("发放：%(run)s") % {"run": self.order.name}

    def crumbs(self) -> tuple[Crumb, ...]:
        return super().crumbs()[:1]

    def context(self) -> dict[str, Any]:
        order, actor = self.order, self.actor
        found = queries.balance_in_scope(order)
        here = actor.division or order.division_id
        return {
            "order": order,
            "month": month_text(order.month),
            "found": found,
            "whole": queries.balance(order),
            "proved": queries.proved(order),
            "tabs": tabs(actor, order.run, "order") if order.run else [],
            "parts": [(name, LABELS[name], TONES[name], *found.part(name)) for name in PARTS],
            "shown": [(name, LABELS[name], TONES[name], *found.part(name)) for name in self._shown(found)],
            "files": [
                (file, format_words(order, file.format))
                for file in order.files.order_by("-number").prefetch_related("returns")
            ],
            "withheld": queries.withheld_by_reason(order),
            "divisions": self._divisions(Level(min(level_of(here) + 1, Level.STREET)), self._shown(found)),
            "may_pay": actor.can("payments.pay", order.division_id),
            "waiting": found.part("ready")[0] + found.part("corrected")[0],
        }

    def _shown(self, found: Balance) -> list[str]:
        """The states of which there is something, and what was paid in any case: a column of nothing tells nothing."""
        return [name for name in PARTS if name == "paid" or found.part(name)[0]]

    def _divisions(self, level: Level, shown: Sequence[str]) -> list[tuple[Any, list[tuple[Any, int, int]]]]:
        parts = queries.by_division(self.order, level)
        return [
            (part, [(LABELS[name], *part.by_state.get(name, (0, 0))) for name in shown]) for part in parts
        ]


_COLUMNS: tuple[Column, ...] = (
    Column("name", gettext_lazy("收款方"), value=lambda row: row.name, link=True),
    Column("subject", gettext_lazy("对象"), value=lambda row: row.subject, minor=True),
    Column("division_id", gettext_lazy("区划"), kind="division", sort="division"),
    Column("policy", gettext_lazy("政策"), value=lambda row: row.title, minor=True, shown=False),
    Column("month", gettext_lazy("待遇月份"), value=lambda row: month_text(row.month), minor=True),
    Column("amount_fen", gettext_lazy("金额（元）"), kind="yuan", sort="amount_fen"),
    Column(
        "state",
        gettext_lazy("状态"),
        value=lambda row: row.get_state_display(),
        tone=lambda row: TONES[row.state],
    ),
    Column("why", gettext_lazy("暂缓原因"), value=lambda row: row.get_why_display()),
    Column("account", gettext_lazy("账号"), value=lambda row: row.account, minor=True),
    Column("said", gettext_lazy("银行说明"), value=lambda row: row.said, minor=True),
    Column("settled_on", gettext_lazy("到账日期"), kind="date", minor=True, shown=False),
)


class PaymentsPage(ListPage):
    """Every payment of an order, in the divisions one may see."""

    right = "payments.view"
    title = gettext_lazy("逐人发放情况")
    model = Payment
    filterset = PaymentFilter
    order = "pk"
    export_right = "payments.export"
    private = ("name",)
    columns: Sequence[Column] = _COLUMNS

    @cached_property
    def pay_order(self) -> PayOrder:
        return get_object_or_404(queries.by_key(self.actor, self.kwargs["run"]))

    def queryset(self) -> Any:
        return queries.with_names(self.pay_order)

    def row_url(self, row: Payment) -> str:
        return reverse("payments:payment", args=[row.pk])

    def crumbs(self) -> tuple[Crumb, ...]:
        order = self.pay_order
        return (
            Crumb(_("发放"), reverse("payments:orders")),
            Crumb(order.name, reverse("payments:order", args=[order.key])),
        )


class FailedPage(ListPage):
    """Whose payment failed: the street finds the right account."""

    right = "payments.view"
    title = gettext_lazy("发放失败名单")
    model = Payment
    filterset = FailedFilter
    order = "pk"
    related = ("order__run",)
    export_right = "payments.export"
    columns: Sequence[Column] = (
        Column("name", gettext_lazy("收款方"), value=lambda row: row.name, link=True),
        Column("division_id", gettext_lazy("区划"), kind="division", sort="division"),
        Column("order", gettext_lazy("批次"), value=lambda row: row.order.name),
        Column("amount_fen", gettext_lazy("金额（元）"), kind="yuan", sort="amount_fen"),
        Column("account", gettext_lazy("账号"), value=lambda row: row.account, minor=True),
        Column("said", gettext_lazy("银行说明"), value=lambda row: row.said),
    )
    empty = Empty(_("没有发放失败的人"), _("银行回盘里失败的会列在这里，更正账户后补发。"), ())

    def queryset(self) -> Any:
        return queries.failed()

    def row_url(self, row: Payment) -> str:
        return reverse("payments:payment", args=[row.pk])

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("发放"), reverse("payments:orders")),)


class ClosePage(OfOrder, FormPage):
    """Close the order."""

    right = "payments.pay"
    title = gettext_lazy("关闭发放单")
    form_class = EmptyForm
    submit = gettext_lazy("关闭发放单")
    lead = gettext_lazy("银行已全部回盘、没有待发放的人时关闭。失败和暂缓的留在名单上，以后更正的仍可补发。")
    done = gettext_lazy("已关闭。")

    def perform(self, data: dict[str, Any]) -> PayOrder:
        return actions.close(self.actor, self.order)


class RefreshPage(OfOrder, FormPage):
    """Look again who can be paid."""

    right = "payments.pay"
    title = gettext_lazy("重新核对可发放人员")
    form_class = EmptyForm
    submit = gettext_lazy("重新核对")
    lead = gettext_lazy("补登了账户、解除了暂缓的转为待发放；新暂缓的移出。生成发放文件时也会自动核对。")

    def perform(self, data: dict[str, Any]) -> PayOrder:
        return actions.refresh(self.actor, self.order)
