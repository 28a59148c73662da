"""What is put right: an account, a failed payment sent again, a payment held back or let go."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.payments import planning
from yanglao.entitlement.payments.accounts import receivers
from yanglao.entitlement.payments.actions.common import (
    ACCOUNT_PATH,
    State,
    locked,
)
from yanglao.entitlement.payments.models import (
    Hold,
    PayeeAccount,
    Payment,
    PayOrder,
)
from yanglao.kernel import identifiers
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.scope import everything
from yanglao.registers.people.actions import set_pay_account
from yanglao.registers.people.models import Person


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
        planning.withhold(locked(order))
