"""Spending: admitted places, redemptions, refunds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.vouchers import checks, rules
from yanglao.entitlement.vouchers.models import Admission, Redemption, Refund, Voucher
from yanglao.entitlement.vouchers.schemes import service_choices
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything


@action("vouchers.admit", right="vouchers.admit", at=lambda a: (a["place"],))
def admit(actor: Actor, *, place: Any, services: Sequence[str], since: dt.date, note: str = "") -> Admission:
    """Let a place take vouchers for some services from a day on. Raises ValidationError."""
    known = {name for name, _label in service_choices()}
    if not services or set(services) - known:
        raise ValidationError({"services": _("请选择至少一项服务。")})
    with checks.once("place", _("它已是定点机构：如需更改服务，请先终止原来的登记。")):
        return Admission.objects.create(
            place=place, services=sorted(services), since=since, note=note.strip()[:200]
        )


@action("vouchers.end_admission", right="vouchers.admit")
def end_admission(actor: Actor, admission: Admission, *, until: dt.date) -> Admission:
    """A place takes no more vouchers from a day on. Raises ValidationError."""
    if admission.until is not None:
        raise ValidationError(_("这条登记已经终止。"))
    if until < admission.since:
        raise ValidationError({"until": _("终止日期早于起始日期：请核对。")})
    admission.until = until
    admission.save()
    return admission


def reckon(
    voucher: Voucher,
    *,
    place_id: int,
    service: str,
    day: dt.date,
    price: int,
    ltci: int = 0,
    other: int = 0,
    stay_days: int | None = None,
    left: int | None = None,
    service_spent: int | None = None,
) -> rules.Split:
    """How a price would split, after all checks and without writing anything. Raises ValidationError.

    `left`, `service_spent`: what the rows before in the same file leave; else as the database has it.
    """
    terms = checks.scheme_of(voucher)
    checks.usable(voucher, day, terms)
    entry = checks.service_of(voucher, service, terms)
    checks.admitted(place_id, service, day)
    checks.stay_days(entry, stay_days)
    if price <= 0:
        raise ValidationError({"price": _("请填写大于零的价格。")})
    spent = checks.spent_on(voucher, service) if service_spent is None else service_spent
    with checks.amounts():
        found = rules.split(
            price,
            percent=entry.points,
            left=voucher.left_fen if left is None else left,
            ltci=ltci,
            other=other,
            service_left=None if entry.cap_fen is None else entry.cap_fen - spent,
        )
    if not found.voucher:
        raise ValidationError({"price": _nothing(found)})
    return found


def _nothing(found: rules.Split) -> str:
    if found.limit == "month":
        return _("这张券本月的额度已经用完。")
    if found.limit == "service":
        return _("这类服务本月可抵扣的额度已经用完。")
    return _("个人没有需要自付的部分，不用消费券。")


@action("vouchers.redeem", right="vouchers.redeem", at=lambda a: (a["place"],))
def redeem(
    actor: Actor,
    *,
    place: Any,
    voucher: Voucher,
    service: str,
    day: dt.date,
    price: int,
    order_number: str,
    ltci: int = 0,
    other: int = 0,
    stay_days: int | None = None,
    item: str = "",
    source: str = "",
) -> Redemption:
    """Pay part of a service with a voucher; amounts in fen. Raises ValidationError with what stands against it.

    The voucher's row is held meanwhile: of two tills at the same moment the second sees what the first has left.
    """
    order = order_number.strip()[:40]
    if not order:
        raise ValidationError({"order_number": _("请填写订单号：同一笔服务只能核销一次，靠它分辨。")})
    held = checks.locked_voucher(voucher.pk)
    found = reckon(
        held,
        place_id=place.pk,
        service=service,
        day=day,
        price=price,
        ltci=ltci,
        other=other,
        stay_days=stay_days,
    )
    entry = checks.service_of(held, service, checks.scheme_of(held))
    taken = _("订单号“%(order)s”已经核销过：请核对，不要重复核销。") % {"order": order}
    with everything("a voucher is good wherever it is spent"), checks.once("order_number", taken):
        made = Redemption.objects.create(
            voucher=held,
            place=place,
            division_id=held.division_id,
            month=held.month,
            service=service,
            item=item.strip()[:60],
            day=day,
            stay_days=stay_days if entry.of_a_stay else None,
            price_fen=found.price,
            ltci_fen=found.ltci,
            other_fen=found.other,
            percent=entry.points,
            voucher_fen=found.voucher,
            own_fen=found.own,
            order_number=order,
            source=source,
            entered_at=timezone.now(),
            entered_by=actor.name[:140],
        )
    held.used_fen += found.voucher
    held.state = Voucher.State.USED
    held.save(update_fields=["used_fen", "state", "updated_at"])
    return made


@action("vouchers.refund", right="vouchers.redeem")
def refund(
    actor: Actor,
    redemption: Redemption,
    *,
    price: int,
    cause: str,
    reason: str = "",
    on: dt.date | None = None,
) -> Refund:
    """Give back a price (fen) in whole or part; the voucher gets back what it would not have paid of the rest.

    After the month the amount is not spent again: it lapses. Raises ValidationError.
    """
    return give_back(actor, redemption, price=price, cause=cause, reason=reason, on=on)


def give_back(
    actor: Actor,
    redemption: Redemption,
    *,
    price: int,
    cause: str,
    reason: str = "",
    on: dt.date | None = None,
) -> Refund:
    """`refund` for an action that has checked its own right (a finding on site)."""
    held = checks.locked_voucher(redemption.voucher_id)
    with everything("the redemption an action holds"):
        row = Redemption.objects.select_for_update().get(pk=redemption.pk)
        with checks.amounts():
            back = rules.given_back(
                price=row.price_fen,
                ltci=row.ltci_fen,
                other=row.other_fen,
                voucher=row.voucher_fen,
                percent=row.percent,
                price_refunded=row.price_refunded_fen,
                voucher_refunded=row.refunded_fen,
                refund=price,
            )
        row.price_refunded_fen += price
        row.refunded_fen += back
        row.save(update_fields=["price_refunded_fen", "refunded_fen", "updated_at"])
        made = Refund.objects.create(
            redemption=row,
            price_fen=price,
            voucher_fen=back,
            cause=cause,
            reason=reason.strip()[:200],
            on=on or timezone.localdate(),
            by=actor.name[:140],
        )
    _restore(held, back)
    redemption.price_refunded_fen, redemption.refunded_fen = row.price_refunded_fen, row.refunded_fen
    return made


def _restore(held: Voucher, back: int) -> None:
    """Give the voucher its amount back; when nothing of it is spent it can be spent again within its month."""
    held.used_fen -= back
    if not held.used_fen:
        open_ = timezone.localdate() <= rules.closes(held.month, checks.scheme_of(held).entry_days)
        held.state = Voucher.State.CLAIMED if open_ else Voucher.State.REFUNDED
    held.save(update_fields=["used_fen", "state", "updated_at"])


@action("vouchers.take_back", right="vouchers.redeem", at=lambda a: ())
def take_back(actor: Actor, *, source: str) -> int:
    """Undo an import of redemptions: they go, and the vouchers have their amounts back. Raises ValidationError."""
    with everything("an import is taken back whole"):
        rows = list(Redemption.objects.filter(source=source).order_by("pk"))
        if any(row.claim_id or row.price_refunded_fen or row.checks.exists() for row in rows):
            raise ValidationError(_("其中有已申请结算、已退款或已抽查的核销，不能整批撤销；请逐笔退款。"))
        for row in rows:
            held = checks.locked_voucher(row.voucher_id)
            row.delete()
            _restore(held, row.voucher_fen)
    note(rows=len(rows))
    return len(rows)
