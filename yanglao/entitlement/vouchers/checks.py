"""What an action refuses: each check raises ValidationError by field, with what, why and how to mend it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.vouchers import rules
from yanglao.entitlement.vouchers.models import Admission, Redemption, Voucher
from yanglao.entitlement.vouchers.schemes import Scheme, Service, scheme
from yanglao.kernel.scope import everything

FIELDS = {
    "negative": "price",
    "paid_beyond_price": "ltci",
    "beyond_what_is_left": "price",
    "nothing_to_refund": "price",
}


@contextmanager
def amounts() -> Iterator[None]:
    """What the arithmetic refuses, said at its field."""
    try:
        yield
    except rules.Refused as refused:
        raise ValidationError({FIELDS[refused.code]: amount_problem(refused.code)}) from None


def amount_problem(code: str) -> str:
    """A refusal of the arithmetic in words."""
    return {
        "negative": _("金额不能是负数：请核对。"),
        "paid_beyond_price": _("长护险和其他支付合计超过了价格：请核对三个金额。"),
        "beyond_what_is_left": _("退款超过了还没有退的价款：请核对金额。"),
        "nothing_to_refund": _("退款金额应大于零。"),
    }[code]


def reason(text: str, field: str = "reason") -> str:
    read = text.strip()
    if not read:
        raise ValidationError({field: _("请写明理由：它会留在记录中。")})
    return read[:200]


def scheme_of(voucher: Voucher) -> Scheme:
    found = scheme(voucher.scheme)
    if found is None:
        raise ValidationError(
            _("办法“%(key)s”已不在文件中，请系统管理员恢复后再试。") % {"key": voucher.scheme}
        )
    return found


def service_of(voucher: Voucher, name: str, terms: Scheme) -> Service:
    """The service, which the voucher's kind pays for."""
    kind = terms.kinds.get(voucher.kind)
    if kind is None or name not in kind.services:
        found = terms.service(name)
        raise ValidationError(
            {
                "service": _("这张是“%(kind)s”，不能用于“%(service)s”；一个月只能用一种券，改券种从次月起。")
                % {"kind": voucher.get_kind_display(), "service": found or name}
            }
        )
    return kind.services[name]


def usable(voucher: Voucher, day: dt.date, terms: Scheme) -> None:
    """Claimed, of the month the service was given in, and still open to entries."""
    today = timezone.localdate()
    if voucher.state == Voucher.State.ISSUED:
        raise ValidationError({"number": _("这张券还没有领取：请先由本人或代办人领取并选择券种。")})
    if voucher.state not in Voucher.LIVE:
        raise ValidationError(
            {"number": _("这张券“%(state)s”，不能使用。") % {"state": voucher.get_state_display()}}
        )
    if not rules.good_on(voucher.month, day):
        raise ValidationError(
            {
                "day": _("这张券只在 %(first)s 至 %(last)s 有效：服务日期不在其中。")
                % {"first": rules.first_day(voucher.month), "last": voucher.last_day}
            }
        )
    if day > today:
        raise ValidationError({"day": _("服务日期在今天之后：服务提供以后才能核销。")})
    if today > rules.closes(voucher.month, terms.entry_days):
        last = rules.closes(voucher.month, terms.entry_days)
        raise ValidationError({"day": _("当月的核销已于 %(day)s 截止，券已过期。") % {"day": last}})
    died = voucher.person.death_date
    if died is not None and day > died:
        raise ValidationError({"day": _("服务日期在档案登记的去世日期之后：请核对，并联系所在街道。")})


def admitted(place_id: int, service: str, day: dt.date) -> None:
    """The place takes vouchers for the service on the day."""
    with everything("whether a place takes vouchers"):
        rows = list(Admission.objects.filter(place_id=place_id, since__lte=day).order_by("pk"))
    services = {name for row in rows if row.until is None or day < row.until for name in row.services}
    if service not in services:
        raise ValidationError(
            {"service": _("本机构那天不是这项服务的定点机构：请联系县（市、区）民政部门办理定点。")}
        )


def stay_days(service: Service, days: int | None) -> None:
    if not service.of_a_stay:
        return
    least, most = service.least_days or 1, service.most_days or 10_000
    if days is None:
        raise ValidationError({"stay_days": _("请填写约定入住天数：长期与短期托养按它区分。")})
    if not least <= days <= most:
        text = (
            _("“%(service)s”要求入住满 %(days)s 天：不满的请选短期托养。")
            if days < least
            else _("“%(service)s”不超过 %(days)s 天：满30天的请选长期托养。")
        )
        raise ValidationError(
            {"stay_days": text % {"service": service, "days": least if days < least else most}}
        )


def spent_on(voucher: Voucher, service: str) -> int:
    """What a voucher has paid for one kind of service, net of refunds."""
    with everything("the voucher an action holds"):
        rows = Redemption.objects.filter(voucher=voucher, service=service).order_by("pk")
        return sum(paid - back for paid, back in rows.values_list("voucher_fen", "refunded_fen"))


def locked_voucher(voucher_id: int) -> Voucher:
    """The voucher's row, held until the transaction ends: whoever spends of it takes it first."""
    with everything("the voucher an action holds"):
        found: Voucher = (
            Voucher.objects.select_for_update(of=("self",)).select_related("person").get(pk=voucher_id)
        )
    return found


@contextmanager
def once(field: str, message: str) -> Iterator[None]:
    """What the database refuses because another was quicker, said in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise ValidationError({field: message}) from None
