"""Pages of payments: the orders, one order with its balance, its list, files and answers."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yanglao.entitlement.benefits.queries import policy_titles
from yanglao.entitlement.payments import actions, queries
from yanglao.entitlement.payments.accounts import named_payee
from yanglao.entitlement.payments.filters import AccountFilter, FailedFilter, PaymentFilter
from yanglao.entitlement.payments.formats import formats_for
from yanglao.entitlement.payments.forms import (
    AccountForm,
    EmptyForm,
    PayeeForm,
    ReasonForm,
    ReturnForm,
    SendForm,
)
from yanglao.entitlement.payments.models import Hold, PayeeAccount, Payment, PaymentFile, PayOrder
from yanglao.entitlement.payments.returns import Outcome
from yanglao.entitlement.payments.rules import PARTS
from yanglao.entitlement.payments.sending import Made
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope import Level, level_of
from yanglao.shell.pages import Button, Column, Crumb, Empty, FormPage, ListPage, PageView
from yanglao.shell.sheets import FileRefused

TONES = {
    "ready": "info",
    "sent": "info",
    "paid": "good",
    "failed": "bad",
    "corrected": "warn",
    "withheld": "warn",
}
LABELS = dict(Payment.State.choices)


def month_text(month: int) -> str:
    return _("%(year)s年%(month)s月") % {"year": month // 100, "month": month % 100}


class OrdersPage(PageView):
    """Every order, with what of it was paid."""

    right = "payments.view"
    title = gettext_lazy("发放")
    template = "payments/orders.html"

    def context(self) -> dict[str, Any]:
        orders = list(queries.orders_of(self.actor)[:120])
        return {
            "rows": [(order, month_text(order.month), queries.balance_in_scope(order)) for order in orders]
        }


class OfOrder(PageView):
    """A page about one order that concerns the one who looks; found by its run."""

    right = "payments.view"

    @cached_property
    def order(self) -> PayOrder:
        return get_object_or_404(queries.orders_of(self.actor), run=self.kwargs["run"])

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("发放"), reverse("payments:orders")),
            Crumb(self.order.run.title, reverse("payments:order", args=[self.order.run_id])),
        )

    def done_url(self, result: Any) -> str:
        return reverse("payments:order", args=[self.order.run_id])


class OrderPage(OfOrder):
    """The balance by state, the files with the bank's answers, what is withheld and why, by division."""

    template = "payments/order.html"

    def page_title(self) -> str:
        return _("发放：%(run)s") % {"run": self.order.run.title}

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
            "parts": [(name, LABELS[name], TONES[name], *found.part(name)) for name in PARTS],
            "files": order.files.order_by("-number").prefetch_related("returns"),
            "withheld": queries.withheld_by_reason(order),
            "divisions": self._divisions(Level(min(level_of(here) + 1, Level.STREET))),
            "states": [(name, LABELS[name]) for name in PARTS],
            "may_pay": actor.can("payments.pay", order.division_id),
            "waiting": found.part("ready")[0] + found.part("corrected")[0],
        }

    def _divisions(self, level: Level) -> list[tuple[Any, list[tuple[int, int]]]]:
        parts = queries.by_division(self.order, level)
        return [(part, [part.by_state.get(name, (0, 0)) for name in PARTS]) for part in parts]


_COLUMNS: tuple[Column, ...] = (
    Column("name", gettext_lazy("收款方"), value=lambda row: row.name, link=True),
    Column("division_id", gettext_lazy("区划"), kind="division", sort="division"),
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
    Column("settled_on", gettext_lazy("到账日期"), kind="date", minor=True),
)


class PaymentsPage(ListPage):
    """Every payment of an order, in the divisions one may see."""

    right = "payments.view"
    title = gettext_lazy("逐人发放情况")
    model = Payment
    filterset = PaymentFilter
    order = "pk"
    export_right = "payments.export"
    columns: Sequence[Column] = _COLUMNS

    @cached_property
    def pay_order(self) -> PayOrder:
        return get_object_or_404(queries.orders_of(self.actor), run=self.kwargs["run"])

    def queryset(self) -> Any:
        return queries.with_names(self.pay_order)

    def row_url(self, row: Payment) -> str:
        return reverse("payments:payment", args=[row.pk])

    def crumbs(self) -> tuple[Crumb, ...]:
        run = self.pay_order.run
        return (
            Crumb(_("发放"), reverse("payments:orders")),
            Crumb(run.title, reverse("payments:order", args=[run.pk])),
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
        Column("order", gettext_lazy("批次"), value=lambda row: row.order.run.title),
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


class OfPayment(PageView):
    """A page about one payment."""

    @cached_property
    def payment(self) -> Payment:
        return get_object_or_404(queries.one(self.kwargs["payment"]))

    def crumbs(self) -> tuple[Crumb, ...]:
        run = self.payment.order.run
        return (
            Crumb(_("发放"), reverse("payments:orders")),
            Crumb(run.title, reverse("payments:order", args=[run.pk])),
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
            "policy": policy_titles(payment.order.run).get(payment.policy, payment.policy),
            "attempts": queries.attempts_of(payment),
            "hold": queries.hold_of(payment),
            "ways": [
                (label, reverse(f"payments:{name}", args=[payment.pk]), icon)
                for states, right, name, label, icon in _WAYS
                if state in states and (not right or self.actor.can(right, payment.division_id))
            ],
            "may_hold": self.actor.can("payments.hold", payment.division_id),
        }


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


def handed_over(made: Made) -> HttpResponse:
    """A file in clear: to whoever asked, and kept by nobody on the way."""
    return HttpResponse(
        made.content,
        content_type=made.media_type,
        headers={"Content-Disposition": f'attachment; filename="{made.name}"', "Cache-Control": "no-store"},
    )


def _formats(division: int) -> list[tuple[str, str]]:
    return [(one.id, one.name) for one in formats_for(division).values()]


class SendPage(OfOrder, FormPage):
    """Make a payment file of everything that waits."""

    right = "payments.pay"
    title = gettext_lazy("生成发放文件")
    submit = gettext_lazy("生成并下载")
    form_class = SendForm
    lead = gettext_lazy(
        "列入所有待发放和已更正的人；同一笔不会列入两份文件。下载中断的，可在文件列表再次下载同样的内容。"
    )

    def form_arguments(self) -> dict[str, Any]:
        return {"formats": _formats(self.order.division_id)}

    def initial(self) -> dict[str, Any]:
        last = self.order.files.order_by("-number").first()
        return {"format": last.format if last else "excel"}

    def perform(self, data: dict[str, Any]) -> Made:
        return actions.send(self.actor, self.order, **data)[1]

    def finished(self, result: Made) -> HttpResponseBase:
        return handed_over(result)


class OfFile(FormPage):
    """A form about one payment file."""

    right = "payments.pay"

    @cached_property
    def file(self) -> PaymentFile:
        orders = queries.orders_of(self.actor)
        found = PaymentFile.objects.filter(order__in=orders).select_related("order__run")
        return get_object_or_404(found, pk=self.kwargs["file"])

    def crumbs(self) -> tuple[Crumb, ...]:
        run = self.file.order.run
        return (
            Crumb(_("发放"), reverse("payments:orders")),
            Crumb(run.title, reverse("payments:order", args=[run.pk])),
        )

    def form_arguments(self) -> dict[str, Any]:
        return {"formats": _formats(self.file.order.division_id)}

    def initial(self) -> dict[str, Any]:
        return {"format": self.file.format}

    def done_url(self, result: Any) -> str:
        return reverse("payments:order", args=[self.file.order.run_id])


class AgainPage(OfFile):
    """The same file once more."""

    title = gettext_lazy("再次下载发放文件")
    submit = gettext_lazy("下载")
    form_class = SendForm
    lead = gettext_lazy("逐行与当时完全相同，否则拒绝；可以换一种格式。")

    def perform(self, data: dict[str, Any]) -> Made:
        return actions.again(self.actor, self.file, **data)

    def finished(self, result: Made) -> HttpResponseBase:
        return handed_over(result)


class ReturnPage(OfFile):
    """Read the bank's answer."""

    title = gettext_lazy("读取银行回盘")
    template: ClassVar[str] = "payments/return.html"
    submit = gettext_lazy("读取")
    form_class = ReturnForm

    @property
    def lead(self) -> Any:  # type: ignore[override]
        file = self.file
        names = {"n": file.number, "rows": file.rows, "yuan": f"{file.sum_fen / 100:,.2f}"}
        return _("第 %(n)s 号发放文件：%(rows)s 行，%(yuan)s 元。") % names

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(self.form_context(form), status=422)
        try:
            outcome = self._read(form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return self.show(self.form_context(form), status=422)
        except FileRefused as refused:
            form.add_error("file", " ".join(refused.problem.texts(_)))
            return self.show(self.form_context(form), status=422)
        if outcome.findings:
            return self.show({**self.form_context(form), **self._told(outcome)}, status=422)
        messages.success(request, _said(outcome))
        return self.finished_quietly(outcome)

    def finished_quietly(self, outcome: Outcome) -> HttpResponseBase:
        from django.shortcuts import redirect

        return redirect(self.done_url(outcome))

    def _read(self, data: dict[str, Any]) -> Outcome:
        """The upload holds accounts: it lies in a file of its own only as long as it is read."""
        upload = data["file"]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "return"
            with path.open("wb") as stream:
                stream.writelines(upload.chunks())
            return actions.read_return(
                self.actor, self.file, path=path, name=upload.name, format=data["format"]
            )

    def _told(self, outcome: Outcome) -> dict[str, Any]:
        rows = [(f.row, *f.problem.texts(_, value=f.value)) for f in outcome.findings[:500]]
        more = len(outcome.findings) - len(rows)
        count = len(outcome.findings)
        head = ngettext(
            "回盘有 %(n)s 处错误，整份没有入账；改正后再读。",
            "回盘有 %(n)s 处错误，整份没有入账；改正后再读。",
            count,
        )
        return {"findings": rows, "more": more, "head": head % {"n": count}}


def _said(outcome: Outcome) -> str:
    if outcome.again:
        return _("这份回盘此前已经读过，没有变动。")
    names = {"rows": outcome.rows, "paid": outcome.paid, "failed": outcome.failed, "known": outcome.known}
    return _("读取 %(rows)s 行：成功 %(paid)s，失败 %(failed)s，此前已回 %(known)s。") % names


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
