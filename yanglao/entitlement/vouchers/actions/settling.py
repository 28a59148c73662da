"""A provider's monthly claim: submitted, reviewed by the county, settled by a payment."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.vouchers import checks, rules
from yanglao.entitlement.vouchers.models import Claim, Redemption, Refund
from yanglao.entitlement.vouchers.paying import payment_of
from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.audit.action import action
from yanglao.kernel.scope import everything


@action("vouchers.submit_claim", right="vouchers.redeem", at=lambda a: (a["place"],))
def submit_claim(actor: Actor, *, place: Any, month: int) -> Claim:
    """Claim what a place's vouchers of a month, and of months before, are still owed: redemptions less refunds.

    Each line is in one claim only. Raises ValidationError: the month still runs, nothing to claim, more refunds.
    """
    if month >= rules.month_of(timezone.localdate()):
        raise ValidationError({"month": _("这个月还没有结束：次月起可以申请结算。")})
    once = checks.once("month", _("这个月的结算申请已经提交，请等待审核。"))
    with everything("a place's own lines"), once:
        made = _opened(actor, place, month)
        lines = Redemption.objects.filter(place=place, claim=None, month__lte=month)
        lines.update(claim=made, updated_at=timezone.now())
        refunds = Refund.objects.filter(redemption__claim__isnull=False, redemption__place=place, claim=None)
        Refund.objects.filter(pk__in=list(refunds.order_by().values_list("pk", flat=True))).update(claim=made)
        return _summed(made)


def _opened(actor: Actor, place: Any, month: int) -> Claim:
    return Claim.objects.create(
        place=place,
        month=month,
        count=0,
        gross_fen=0,
        refund_fen=0,
        amount_fen=0,
        submitted_by_id=actor.user_id,
        submitted_by=actor.name[:140],
    )


def _summed(claim: Claim) -> Claim:
    lines, refunds = claim.redemptions.all(), claim.refunds.all()
    claim.count = lines.count()
    claim.gross_fen = lines.aggregate(n=Sum("voucher_fen"))["n"] or 0
    claim.refund_fen = refunds.aggregate(n=Sum("voucher_fen"))["n"] or 0
    claim.amount_fen = claim.gross_fen - claim.refund_fen
    if not claim.count and not claim.refund_fen:
        raise ValidationError({"month": _("这个月没有待结算的核销。")})
    if claim.amount_fen < 0:
        raise ValidationError({"month": _("退款多于核销，这次不结算：差额在下次申请中扣除。")})
    claim.save()
    return claim


@action("vouchers.approve", right="vouchers.review")
def approve(actor: Actor, claim: Claim, *, comment: str = "") -> Claim:
    """The county finds a claim right; it may be paid. Not by the one who submitted it. Raises ValidationError."""
    _held(claim, Claim.State.SUBMITTED)
    if claim.submitted_by_id is not None and claim.submitted_by_id == actor.user_id:
        raise Forbidden(_("结算申请由您提交，须由另一人审核。"))
    return _reviewed(actor, claim, Claim.State.APPROVED, comment)


@action("vouchers.give_back_claim", right="vouchers.review")
def give_back_claim(actor: Actor, claim: Claim, *, comment: str) -> Claim:
    """Return a claim with the reason; its lines can be claimed anew. Raises ValidationError."""
    read = checks.reason(comment, "comment")
    _held(claim, Claim.State.SUBMITTED)
    with everything("the lines of a claim that is returned"):
        claim.redemptions.update(claim=None, updated_at=timezone.now())
        claim.refunds.update(claim=None)
    return _reviewed(actor, claim, Claim.State.RETURNED, read)


@action("vouchers.settle", right="vouchers.settle")
def settle(actor: Actor, claim: Claim, *, on: dt.date, payment: str) -> Claim:
    """Record that a claim was paid, on which day and by which payment. Not by the one who reviewed it, and not by hand
    while a payment order has it. Raises Forbidden, ValidationError."""
    _held(claim, *Claim.PAYABLE)
    if actor.user_id is not None:
        _by_hand(actor, claim)
    if not payment.strip():
        raise ValidationError({"payment": _("请填写付款凭证号或批次号。")})
    if on > timezone.localdate():
        raise ValidationError({"on": _("结算日期在今天之后：付款以后才登记。")})
    claim.state, claim.settled_on, claim.payment = Claim.State.SETTLED, on, payment.strip()[:60]
    claim.save()
    return claim


def _by_hand(actor: Actor, claim: Claim) -> None:
    if claim.reviewed_by_id == actor.user_id:
        raise Forbidden(_("结算申请由您审核，付款须由另一人办理（不相容岗位分离）。"))
    if payment_of(claim.pk):
        raise ValidationError(_("这份申请已列入发放单，由银行回盘结算，不能再手工登记付款。"))


@action("vouchers.unsettle", right="vouchers.settle")
def unsettle(actor: Actor, claim: Claim, *, on: dt.date, why: str) -> Claim:
    """The bank gave the money of a settled claim back 退汇: it is owed again. Raises ValidationError.

    Called by the room of payments when it books the bounce; by hand for what was paid by hand.
    """
    read = checks.reason(why, "why")
    _held(claim, Claim.State.SETTLED)
    if actor.user_id is not None and payment_of(claim.pk):
        raise ValidationError(_("这份申请由发放单付款，请在那一笔发放的页面登记退汇。"))
    if on > timezone.localdate() or (claim.settled_on and on < claim.settled_on):
        raise ValidationError({"on": _("退汇日期应在付款日至今天之间。")})
    claim.state, claim.settled_on = Claim.State.BOUNCED, None
    claim.bounced_on, claim.bounced_why = on, read[:200]
    claim.save()
    return claim


def _held(claim: Claim, *states: str) -> None:
    """Hold the row, bring the caller's instance up to date, and refuse unless it is in one of those states."""
    with everything("the claim an action holds"):
        fresh = Claim.objects.select_for_update().get(pk=claim.pk)
    for field in fresh._meta.concrete_fields:
        setattr(claim, field.attname, getattr(fresh, field.attname))
    if claim.state not in states:
        raise ValidationError(
            _("这份申请“%(state)s”，不能这样操作：请刷新页面看最新情况。")
            % {"state": claim.get_state_display()}
        )


def _reviewed(actor: Actor, claim: Claim, state: str, comment: str) -> Claim:
    claim.state, claim.comment = state, comment.strip()[:200]
    claim.reviewed_at, claim.reviewed_by = timezone.now(), actor.name[:140]
    claim.reviewed_by_id = actor.user_id
    claim.save()
    return claim
