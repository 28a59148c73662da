"""What is counted for indicators: by street or village, for the month of a day."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, QuerySet

from yanglao.entitlement.vouchers import queries, rules
from yanglao.entitlement.vouchers.models import SampleCheck, Voucher
from yanglao.kernel.scope import everything


def _count(on: dt.date, column: str) -> dict[int, float]:
    with everything("figures of a whole city"):
        return {code: getattr(f, column) for code, f in queries.counted(rules.month_of(on), 0, 10**12)}


def issued_by_division(on: dt.date) -> dict[int, float]:
    return _count(on, "issued")


def claimed_by_division(on: dt.date) -> dict[int, float]:
    return _count(on, "claimed")


def used_by_division(on: dt.date) -> dict[int, float]:
    return _count(on, "used")


def amount_by_division(on: dt.date) -> dict[int, float]:
    """Yuan paid by vouchers of the month, net of refunds."""
    return {code: fen / 100 for code, fen in _count(on, "used_fen").items()}


def checked_by_division(on: dt.date) -> dict[int, float]:
    """Checks made on site in the month of the day, by the place's division."""
    first = on.replace(day=1)
    with everything("figures of a whole city"):
        rows = SampleCheck.objects.filter(checked_on__gte=first, checked_on__lte=on).exclude(outcome="")
        grouped = rows.order_by("redemption__place__division").values_list("redemption__place__division")
        return {code: float(n) for code, n in grouped.annotate(Count("pk"))}


def voucher_records(on: dt.date) -> QuerySet[Voucher]:
    return Voucher.objects.filter(month=rules.month_of(on)).exclude(state="void")
