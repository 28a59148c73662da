"""What the actions of payments share."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.entitlement.payments.formats import PaymentFormat, formats_for
from yanglao.entitlement.payments.models import (
    Payment,
    PaymentFile,
    PayOrder,
)

State = Payment.State
ACCOUNT_PATH = "payments.payeeaccount.account"


def at_order(arguments: dict[str, object]) -> tuple[int, ...]:
    order = arguments["order"]
    assert isinstance(order, PayOrder)
    return (order.division_id,)


def at_file(arguments: dict[str, object]) -> tuple[int, ...]:
    file = arguments["file"]
    assert isinstance(file, PaymentFile)
    return (file.order.division_id,)


def locked(order: PayOrder) -> PayOrder:
    return PayOrder.objects.select_for_update(of=("self",)).select_related("run").get(pk=order.pk)


def format_of(order: PayOrder, id: str) -> PaymentFormat:
    known = formats_for(order.division_id)
    if id not in known:
        raise ValidationError({"format": _("没有名为“%(id)s”的发放文件格式。") % {"id": id}})
    return known[id]
