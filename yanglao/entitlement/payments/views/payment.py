"""One payment: how it stands, and what can be done about it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.payments import actions, claims, queries
from yanglao.entitlement.payments.forms import (
    AccountForm,
    ReasonForm,
)
from yanglao.entitlement.payments.models import Hold, Payment
from yanglao.entitlement.payments.views.base import TONES, month_text
from yanglao.shell.pages import Crumb, FormPage, PageView


class OfPayment(PageView):
    """A page about one payment."""

    @cached_property
    def payment(self) -> Payment:
        return get_object_or_404(queries.one(self.kwargs["payment"]))

    def crumbs(self) -> tuple[Crumb, ...]:
        order = self.payment.order
        return (
            Crumb(_("发放"), reverse("payments:orders")),
            Crumb(order.name, reverse("payments:order", args=[order.key])),
            Crumb(self.payment.name, reverse("payments:payment", args=[self.payment.pk])),  # type: ignore[attr-defined]
        )

    def done_url(self, result: Any) -> str:
        return reverse("payments:payment", args=[self.payment.pk])


class PaymentPage(OfPayment):
    """One payment: how it stands, every attempt at it, what can be done."""

    right = "payments.view"
    template = "payments/payment.html"

    def page_title(self) -> str:
        return str(self.payment.name)  # type: ignore[attr-defined]

    def crumbs(self) -> tuple[Crumb, ...]:
        return super().crumbs()[:2]

    def context(self) -> dict[str, Any]:
        payment, state = self.payment, self.payment.state
        return {
            "payment": payment,
            "tone": TONES[state],
            "month": month_text(payment.month),
            "policy": queries.policy_words(payment.order).get(payment.policy, payment.policy),
            "attempts": queries.attempts_of(payment),
            "hold": queries.hold_of(payment),
            "claim": self._claim(),
            "line_url": self._line(),
            "next": _next(payment),
            "debts": self._debts(),
            "ways": [
                (label, reverse(f"payments:{name}", args=[payment.pk]), icon)
                for states, right, name, label, icon in _WAYS
                if state in states and (not right or self.actor.can(right, payment.division_id))
            ],
            "may_hold": self.actor.can("payments.hold", payment.division_id),
        }

    def _line(self) -> str:
        """Why he is paid it, for those who may read that."""
        line = queries.line_of(self.payment) if self.actor.can("benefits.view") else None
        return reverse("benefits:line", args=[line]) if line else ""

    def _claim(self) -> int | None:
        """The provider's claim it pays, for those who may read that."""
        of_claim = self.payment.subject_kind == "claim" and self.actor.can("vouchers.view")
        return self.payment.subject_id if of_claim else None

    def _debts(self) -> list[Any]:
        """What was kept back of it, and against which debt; a link for those who may read the debt."""
        payment = self.payment
        run = payment.order.run_id
        if not payment.offset_fen or run is None:
            return []
        may = self.actor.can("corrections.view", payment.division_id)
        entries = claims.kept_back(run, payment.payee_kind, payment.payee_id)
        return [(entry, entry.debt.get_absolute_url() if may else "") for entry in entries]


_NEXT = {
    "failed": gettext_lazy(
        "下一步：由民政或街道更正收款账户（账户没有错的，由经办人原账户重发），再列入下一份补发文件。"
    ),
    "corrected": gettext_lazy("下一步：财务生成补发文件时列入。"),
    "ready": gettext_lazy("下一步：财务生成发放文件时列入。"),
    "sent": gettext_lazy("下一步：等银行回盘。"),
}
_NEXT_WITHHELD = {
    "no_account": gettext_lazy("下一步：登记收款账户后自动转为待发放。"),
    "offset": gettext_lazy("全部用于抵扣应追回款，不再发放。"),
}


def _next(payment: Payment) -> str:
    """Who does what next, in a line; "" when it is paid."""
    if payment.state == Payment.State.WITHHELD:
        return str(_NEXT_WITHHELD.get(payment.why, _("下一步：原因消除、解除暂缓后转为待发放。")))
    return str(_NEXT.get(payment.state, ""))


_WAYS = (
    (("failed", "withheld"), "payments.correct", "correct", gettext_lazy("更正收款账户"), "edit"),
    (("failed",), "payments.correct", "retry", gettext_lazy("原账户重发"), "refresh"),
    (("paid",), "payments.pay", "bounce", gettext_lazy("登记退汇"), "arrow-back-up"),
    (("ready", "corrected"), "payments.hold", "hold", gettext_lazy("暂缓发放"), "player-pause"),
)


class CorrectPage(OfPayment, FormPage):
    """Register the right account."""

    right = "payments.correct"
    title = gettext_lazy("更正收款账户")
    form_class = AccountForm
    submit = gettext_lazy("保存账户，等待补发")
    lead = gettext_lazy("账户登记到收款人名下，以后各批都用它；本人所有失败的发放一并等待补发。")
    done = gettext_lazy("已更正，下一份发放文件会列入。")

    def initial(self) -> dict[str, Any]:
        return {"holder": self.payment.name}  # type: ignore[attr-defined]

    def perform(self, data: dict[str, Any]) -> int:
        return actions.correct(self.actor, self.payment, **data)


class RetryPage(OfPayment, FormPage):
    """Send it again into the same account."""

    right = "payments.correct"
    title = gettext_lazy("原账户重发")
    form_class = ReasonForm
    submit = gettext_lazy("等待重发")
    lead = gettext_lazy("账户没有错、银行的原因已经消除时用，例如休眠账户已激活。")

    def perform(self, data: dict[str, Any]) -> Payment:
        return actions.retry(self.actor, self.payment, reason=data["reason"])


class BouncePage(OfPayment, FormPage):
    """The bank gave it back."""

    right = "payments.pay"
    title = gettext_lazy("登记退汇")
    form_class = ReasonForm
    submit = gettext_lazy("登记退汇")
    danger = gettext_lazy("登记后这一笔算作发放失败，更正账户后可以补发；请确认款项确已退回。")

    def perform(self, data: dict[str, Any]) -> Payment:
        return actions.bounce(self.actor, self.payment, said=data["reason"])


class HoldPage(OfPayment, FormPage):
    """Hold it back."""

    right = "payments.hold"
    title = gettext_lazy("暂缓发放")
    form_class = ReasonForm
    submit = gettext_lazy("暂缓发放")
    lead = gettext_lazy("对象的各项待遇都暂缓，直到解除；已报送银行的不受影响。")

    def perform(self, data: dict[str, Any]) -> Hold:
        p = self.payment
        subject = (p.subject_kind, p.subject_id)
        return actions.hold(self.actor, subject=subject, division=p.division_id, reason=data["reason"])


class LiftPage(FormPage):
    """Let held payments go."""

    right = "payments.hold"
    title = gettext_lazy("解除暂缓")
    form_class = ReasonForm
    submit = gettext_lazy("解除暂缓")
    done = gettext_lazy("已解除，下一份发放文件会列入。")

    @cached_property
    def hold(self) -> Hold:
        return get_object_or_404(Hold, pk=self.kwargs["hold"])

    @property
    def lead(self) -> Any:  # type: ignore[override]
        return self.hold.reason

    def perform(self, data: dict[str, Any]) -> Hold:
        return actions.lift(self.actor, self.hold, reason=data["reason"])

    def done_url(self, result: Any) -> str:
        return reverse("payments:orders")
