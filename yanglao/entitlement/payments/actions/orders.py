"""An order: planned, compared with the month before, sent, looked at again, closed. Each is one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.offered.actions import paid_out, settled
from yanglao.entitlement.benefits.queries import Run, approver_of
from yanglao.entitlement.payments import changing, claims, planning, queries, sending
from yanglao.entitlement.payments.actions.common import (
    State,
    at_file,
    at_order,
    format_of,
    locked,
)
from yanglao.entitlement.payments.events import PaymentsClosed
from yanglao.entitlement.payments.models import (
    MonthChange,
    Payment,
    PaymentFile,
    PayOrder,
)
from yanglao.entitlement.payments.queries import balance
from yanglao.kernel import bulk
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything


@action("payments.plan", right="payments.pay", at=lambda a: (a["run"].division_id,))
def plan(actor: Actor, *, run: Run) -> PayOrder:
    """Make the order of an approved run; asked twice it is the same one."""
    order = planning.plan(run)
    note(rows=order.rows, sum_fen=order.sum_fen)
    return order


@action("payments.plan_claims", right="payments.pay", at=lambda a: (a["division"],))
def plan_claims(actor: Actor, *, division: int) -> PayOrder:
    """Make an order of every approved claim of the division's providers that stands in none. Raises ValidationError."""
    chosen = queries.claims_waiting(division)
    if not chosen:
        raise ValidationError(_("没有待结算的消费券申请：审核通过、还没有列入发放单的才可以发放。"))
    today = timezone.localdate()
    title = _("消费券结算 %(day)s") % {"day": today.isoformat()}
    order = planning.plan_claims(division, today.year * 100 + today.month, title, chosen)
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


@action("payments.send", right="payments.pay", at=at_order)
def send(actor: Actor, order: PayOrder, *, format: str, purpose: str) -> tuple[PaymentFile, sending.Made]:
    """Make a payment file of everything that waits: the first, and after corrections the reissue.

    Raises ValidationError when nothing waits, the format is not known, or the one who asks approved the run.
    """
    with everything("a payment file is the whole order's"):
        order = locked(order)
        if actor.user_id is not None and order.run and actor.user_id == approver_of(order.run):
            raise ValidationError(_("您审批了这一批次，发放须由另一人办理（不相容岗位分离）。"))
        _not_reviewed_by(actor, order)
        form = format_of(order, format)
        planning.withhold(order)
        waiting = Payment.objects.filter(order=order, state__in=[State.READY, State.CORRECTED])
        chosen = sending.items(waiting.only("payee_kind", "payee_id", "division_id", "amount_fen"))
        if not chosen:
            raise ValidationError(_("没有待发放的人：要么已经报送，要么暂缓（没有账户、待核查）。"))
        file = sending.first_time(actor, order, form, chosen)
        made = sending.content(actor, file, form, purpose)
        if order.run and order.run.state == Run.State.APPROVED:
            paid_out(actor, order.run, comment=_("发放 %(n)s 人") % {"n": file.rows})
    note(file=file.sha256, number=file.number, rows=file.rows, sum_fen=file.sum_fen, format=form.id)
    return file, made


def _not_reviewed_by(actor: Actor, order: PayOrder) -> None:
    """Who found a provider's claim right does not pay it."""
    if actor.user_id is None or order.source != PayOrder.Source.VOUCHERS:
        return
    paid = Payment.objects.filter(order=order, subject_kind="claim").order_by("pk")
    if actor.user_id in claims.reviewers(paid.values_list("subject_id", flat=True)):
        raise ValidationError(_("本单有您审核的结算申请，发放须由另一人办理（不相容岗位分离）。"))


@action("payments.download", right="payments.pay", at=at_file)
def again(actor: Actor, file: PaymentFile, *, purpose: str, format: str = "") -> sending.Made:
    """The same file once more, in whatever format: the same rows, or ValidationError."""
    with everything("a payment file is the whole order's"):
        form = format_of(file.order, format or file.format)
        made = sending.content(actor, file, form, purpose)
    note(file=file.sha256, number=file.number, format=form.id)
    return made


@action("payments.refresh", right="payments.pay", at=at_order)
def refresh(actor: Actor, order: PayOrder) -> PayOrder:
    """Look again who can be paid now: accounts registered, holds placed or lifted since."""
    with everything("a whole order"):
        order = locked(order)
        planning.withhold(order)
    return order


@action("payments.close", right="payments.pay", at=at_order)
def close(actor: Actor, order: PayOrder) -> PayOrder:
    """Close an order 关闭: the bank has answered everything, nothing waits; planned = paid + failed + withheld.

    Who failed or is withheld stays on the list; put right later, he is paid by a further file of this order.
    """
    order = locked(order)
    found = balance(order)
    if order.run and order.run.state == Run.State.APPROVED and not found.open:
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
        if order.run is not None:
            settled(actor, order.run)
            publish(PaymentsClosed(run_id=order.run.pk, division=order.division_id, month=order.month))
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
