"""Every change of payments: plan, send, read back, correct, hold, close. Each is one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.offered.actions import paid_out, settled
from yanglao.entitlement.benefits.queries import Run, approver_of
from yanglao.entitlement.payments import changing, planning, returns, sending
from yanglao.entitlement.payments.accounts import receivers
from yanglao.entitlement.payments.events import PaymentsClosed, PaymentsReturned
from yanglao.entitlement.payments.formats import PaymentFormat, formats_for
from yanglao.entitlement.payments.models import (
    Attempt,
    Hold,
    MonthChange,
    PayeeAccount,
    Payment,
    PaymentFile,
    PayOrder,
)
from yanglao.entitlement.payments.queries import balance
from yanglao.kernel import bulk, identifiers
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything
from yanglao.registers.people.actions import set_pay_account
from yanglao.registers.people.models import Person

State = Payment.State
ACCOUNT_PATH = "payments.payeeaccount.account"


def _at_order(arguments: dict[str, object]) -> tuple[int, ...]:
    order = arguments["order"]
    assert isinstance(order, PayOrder)
    return (order.division_id,)


def _at_file(arguments: dict[str, object]) -> tuple[int, ...]:
    file = arguments["file"]
    assert isinstance(file, PaymentFile)
    return (file.order.division_id,)


def _locked(order: PayOrder) -> PayOrder:
    return PayOrder.objects.select_for_update(of=("self",)).select_related("run").get(pk=order.pk)


@action("payments.plan", right="payments.pay", at=lambda a: (a["run"].division_id,))
def plan(actor: Actor, *, run: Run) -> PayOrder:
    """Make the order of an approved run; asked twice it is the same one."""
    order = planning.plan(run)
    note(rows=order.rows, sum_fen=order.sum_fen)
    return order


@action("payments.compare", right="payments.view", at=lambda a: (a["run"].division_id,))
def compare(actor: Actor, *, run: Run, rows: Sequence[tuple[Any, ...]]) -> int:
    """Keep what of a run differs from the month before (`changing.changes`), in place of what was kept of it."""
    with everything("a whole run is compared with the month before"):
        MonthChange.objects.filter(run=run)._raw_delete(MonthChange.objects.db)
        count = bulk.insert(MonthChange, changing.COLUMNS, rows)
    note(rows=count)
    return count


@action("payments.send", right="payments.pay", at=_at_order)
def send(actor: Actor, order: PayOrder, *, format: str, purpose: str) -> tuple[PaymentFile, sending.Made]:
    """Make a payment file of everything that waits: the first, and after corrections the reissue.

    Raises ValidationError when nothing waits, the format is not known, or the one who asks approved the run.
    """
    with everything("a payment file is the whole order's"):
        order = _locked(order)
        if actor.user_id is not None and actor.user_id == approver_of(order.run):
            raise ValidationError(_("您审批了这一批次，发放须由另一人办理（不相容岗位分离）。"))
        form = _format(order, format)
        planning.withhold(order)
        waiting = Payment.objects.filter(order=order, state__in=[State.READY, State.CORRECTED])
        chosen = sending.items(waiting.only("payee_kind", "payee_id", "division_id", "amount_fen"))
        if not chosen:
            raise ValidationError(_("没有待发放的人：要么已经报送，要么暂缓（没有账户、待核查）。"))
        file = sending.first_time(actor, order, form, chosen)
        made = sending.content(actor, file, form, purpose)
        if order.run.state == Run.State.APPROVED:
            paid_out(actor, order.run, comment=_("发放 %(n)s 人") % {"n": file.rows})
    note(file=file.sha256, number=file.number, rows=file.rows, sum_fen=file.sum_fen, format=form.id)
    return file, made


@action("payments.download", right="payments.pay", at=_at_file)
def again(actor: Actor, file: PaymentFile, *, purpose: str, format: str = "") -> sending.Made:
    """The same file once more, in whatever format: the same rows, or ValidationError."""
    with everything("a payment file is the whole order's"):
        form = _format(file.order, format or file.format)
        made = sending.content(actor, file, form, purpose)
    note(file=file.sha256, number=file.number, format=form.id)
    return made


def _format(order: PayOrder, id: str) -> PaymentFormat:
    known = formats_for(order.division_id)
    if id not in known:
        raise ValidationError({"format": _("没有名为“%(id)s”的发放文件格式。") % {"id": id}})
    return known[id]


@action("payments.read_return", right="payments.pay", at=_at_file)
def read_return(
    actor: Actor, file: PaymentFile, *, path: Path, name: str, format: str = ""
) -> returns.Outcome:
    """Take in a bank's return file. With findings nothing was taken in. Raises FileRefused, ValidationError."""
    with everything("a return file is the whole order's"):
        order = _locked(file.order)
        outcome = returns.read(actor, file, _format(order, format or file.format), path, name)
    note(file=file.sha256, rows=outcome.rows, paid=outcome.paid, failed=outcome.failed, again=outcome.again)
    if outcome.paid or outcome.failed:
        publish(PaymentsReturned(run_id=order.run_id, paid=outcome.paid, failed=outcome.failed))
    return outcome


@action("payments.bounce", right="payments.pay", at=lambda a: (a["payment"].order.division_id,))
def bounce(actor: Actor, payment: Payment, *, said: str) -> Payment:
    """The bank gave a paid transfer back 退汇: it failed after all, and can be corrected and sent again."""
    if not said.strip():
        raise ValidationError({"said": _("请写明银行退汇的原因。")})
    with everything("the payment an action holds"):
        _locked(payment.order)
        row = Payment.objects.get(pk=payment.pk)
        if row.state != State.PAID:
            raise ValidationError(
                _("只有已到账的才会退汇；这一笔是“%(state)s”。") % {"state": row.get_state_display()}
            )
        row.state, row.settled_on = State.FAILED, None
        row.save(update_fields=["state", "settled_on"])
        Attempt.objects.filter(payment=row, state=Attempt.State.PAID).update(
            state=Attempt.State.FAILED, said=said.strip()[:200], returned_at=timezone.now()
        )
    return row


@action("payments.correct", right="payments.correct")
def correct(actor: Actor, payment: Payment, *, account: str, bank: str, holder: str = "", source: str) -> int:
    """Register the right account of a failed payment's payee; all his failed payments wait for the reissue then.

    Returns how many. Raises ValidationError when it did not fail, or the account is the one that failed.
    """
    with everything("the payment an action holds"):
        row = Payment.objects.get(pk=payment.pk)
        if row.state not in (State.FAILED, State.WITHHELD):
            raise ValidationError(
                _("这一笔是“%(state)s”，不需要更正账户。") % {"state": row.get_state_display()}
            )
        before = receivers([(row.payee_kind, row.payee_id)])[row.payee_kind, row.payee_id].account_id
        today = timezone.localdate()
        if row.payee_kind == "person":
            person = Person.objects.get(pk=row.payee_id)
            made = set_pay_account(
                actor, person, account=account, bank=bank, on=today, source=source, holder=holder
            ).pk
        else:
            made = _keep_account(row, account, bank, holder, source, today).pk
        if made == before and row.state == State.FAILED:
            raise ValidationError({"account": _("这就是银行退回的那个账号，请填写正确的账号。")})
        return mark_corrected(row.payee_kind, row.payee_id)


def mark_corrected(payee_kind: str, payee_id: int) -> int:
    """Failed payments of a payee whose account was put right wait for the reissue. Called inside actions."""
    failed = Payment.objects.filter(payee_kind=payee_kind, payee_id=payee_id, state=State.FAILED)
    return failed.update(state=State.CORRECTED)


@action("payments.retry", right="payments.correct")
def retry(actor: Actor, payment: Payment, *, reason: str) -> Payment:
    """Send a failed payment again into the same account: the bank's reason is gone (an account reactivated)."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明为什么可以用原账户重发。")})
    with everything("the payment an action holds"):
        row = Payment.objects.select_for_update().get(pk=payment.pk)
        if row.state != State.FAILED:
            raise ValidationError(_("这一笔是“%(state)s”，不能重发。") % {"state": row.get_state_display()})
        row.state = State.CORRECTED
        row.save(update_fields=["state"])
    note(reason=reason.strip()[:200])
    return row


@action("payments.set_account", right="payments.correct", at=lambda a: (a["division"],))
def set_account(
    actor: Actor,
    *,
    payee: tuple[str, int],
    division: int,
    account: str,
    holder: str,
    bank: str,
    source: str,
    on: dt.date | None = None,
) -> PayeeAccount:
    """Money of a place, worker or operator goes there from the day `on`; the account before is closed that day."""
    with everything("the payee an action names"):
        blank = Payment(payee_kind=payee[0], payee_id=payee[1], division_id=division)
        return _keep_account(blank, account, bank, holder, source, on or timezone.localdate())


def _keep_account(
    payment: Payment, account: str, bank: str, holder: str, source: str, on: dt.date
) -> PayeeAccount:
    try:
        digits = identifiers.bank_account(account)
    except ValueError as error:
        raise ValidationError({"account": str(error)}) from None
    missing = {
        name: _("必填。")
        for name, given in (("holder", holder), ("bank", bank), ("source", source))
        if not given.strip()
    }
    if missing:
        raise ValidationError(missing)
    payee = {"payee_kind": payment.payee_kind, "payee_id": payment.payee_id}
    used = PayeeAccount.objects.filter(**payee, valid_to=None).first()
    if used and used.account_hash == blind_index(ACCOUNT_PATH, digits):
        return used
    if used:
        used.valid_to = max(on, used.valid_from)
        used.save()
    return PayeeAccount.objects.create(
        **payee,
        division_id=payment.division_id,
        account=digits,
        holder=holder.strip()[:80],
        bank=bank.strip()[:80],
        source=source.strip()[:100],
        valid_from=on,
    )


@action("payments.hold", right="payments.hold", at=lambda a: (a["division"],))
def hold(
    actor: Actor, *, subject: tuple[str, int], division: int, reason: str, policy: str = "", source: str = ""
) -> Hold:
    """Hold a subject's payments back 暂缓, of one policy or of all, until `lift`; asked twice it is one.

    What the bank has already is not held: only what no file holds yet.
    """
    with everything("the subject an action names"):
        same = {"subject_kind": subject[0], "subject_id": subject[1], "policy": policy, "source": source[:80]}
        known = Hold.objects.filter(**same, lifted_at=None).first()
        found = known or Hold.objects.create(
            **same, division_id=division, reason=reason[:200], placed_by=actor.name
        )
        bring_up_to_date(subject)
    return found


@action("payments.lift", right="payments.hold")
def lift(actor: Actor, hold: Hold, *, reason: str) -> Hold:
    """Let held payments go again 解除暂缓: they are ready for the next file."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明解除的理由。")})
    with everything("the subject an action names"):
        row = Hold.objects.select_for_update().get(pk=hold.pk)
        if row.lifted_at is None:
            row.lifted_at = timezone.now()
            row.save(update_fields=["lifted_at"])
            bring_up_to_date((row.subject_kind, row.subject_id))
    note(reason=reason.strip()[:200])
    return row


def bring_up_to_date(subject: tuple[str, int]) -> None:
    """What no bank has yet of a subject follows its holds. Called inside actions."""
    with everything("orders in which the subject is"):
        _bring(subject)


def _bring(subject: tuple[str, int]) -> None:
    waiting = Payment.objects.filter(subject_kind=subject[0], subject_id=subject[1])
    waiting = waiting.filter(state__in=[State.READY, State.WITHHELD, State.CORRECTED])
    for order in PayOrder.objects.filter(pk__in=waiting.values("order")).order_by("pk"):
        planning.withhold(_locked(order))


@action("payments.refresh", right="payments.pay", at=_at_order)
def refresh(actor: Actor, order: PayOrder) -> PayOrder:
    """Look again who can be paid now: accounts registered, holds placed or lifted since."""
    with everything("a whole order"):
        order = _locked(order)
        planning.withhold(order)
    return order


@action("payments.close", right="payments.pay", at=_at_order)
def close(actor: Actor, order: PayOrder) -> PayOrder:
    """Close an order 关闭: the bank has answered everything, nothing waits; planned = paid + failed + withheld.

    Who failed or is withheld stays on the list; put right later, he is paid by a further file of this order.
    """
    order = _locked(order)
    found = balance(order)
    if order.run.state == Run.State.APPROVED and not found.open:
        paid_out(actor, order.run, comment=_("没有可以发放的人"))  # everybody withheld: there is no file
        order.run.refresh_from_db()
    if found.open or not found.holds:
        names = {"sent": found.part("sent")[0], "wait": found.part("ready")[0] + found.part("corrected")[0]}
        raise ValidationError(
            _("还不能关闭：银行未回 %(sent)s 笔，待发放 %(wait)s 笔。请先读取回盘、生成补发文件。") % names
        )
    if order.closed_at is None:
        order.closed_at = timezone.now()
        order.save(update_fields=["closed_at"])
        settled(actor, order.run)
        publish(PaymentsClosed(run_id=order.run_id, division=order.division_id, month=order.month))
    note(paid=found.part("paid")[1], failed=found.part("failed")[1], withheld=found.part("withheld")[1])
    return order


def undo_plan(run_id: int) -> None:
    """A run that was set aside before anything was sent has no payments. Called inside actions.

    Raises ValidationError when a file was made: money may have left.
    """
    order = PayOrder.objects.filter(run=run_id).first()
    if order is None:
        return
    if PaymentFile.objects.filter(order=order).exists():
        raise ValidationError(_("已经生成过发放文件，不能作废或退回。请在发放页面逐笔处理。"))
    with everything("a run is set aside before it was paid"):
        Payment.objects.filter(order=order)._raw_delete(Payment.objects.db)
    order.delete()
