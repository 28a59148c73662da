"""What a year's approved runs gave: each person once however many policies and months, and all money. For indicators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from django.db.models import F, Max, QuerySet, Sum

from yanglao.entitlement.benefits.models import LedgerLine, RunTotal
from yanglao.entitlement.benefits.queries import PAYABLE

WIDTH = 10**12  # a division code has twelve digits
TEN_THOUSAND = 10**4  # 万人
HUNDRED_MILLION_YUAN = 10**10  # 亿元 in fen


def lines(on: date) -> QuerySet[LedgerLine]:
    """What persons were granted by the runs of the year of `on`, up to its month."""
    return LedgerLine.objects.filter(
        run__state__in=PAYABLE,
        run__month__gte=on.year * 100 + 1,
        run__month__lte=on.year * 100 + on.month,
        subject_kind="person",
        live=True,
        amount_fen__gt=0,
    )


def beneficiaries(on: date) -> Mapping[int, float]:
    """Persons (万人) by street; who moved within the year counts where the last line was granted."""
    last = lines(on).order_by().values("subject_id")
    placed = last.annotate(last=Max(F("month") * WIDTH + F("division_id"))).values_list("last", flat=True)
    people = Counter(mark % WIDTH for mark in placed.iterator())
    return {code: n / TEN_THOUSAND for code, n in people.items()}


def spending(on: date) -> Mapping[int, float]:
    """Money granted up to the month of `on` (亿元) by street, to persons and all other subjects, less what was
    clawed back; an indicator takes away what stood at the end of the year before."""
    totals = RunTotal.objects.filter(run__state__in=PAYABLE, run__month__lte=on.year * 100 + on.month)
    summed = totals.order_by("division_id").values_list("division_id").annotate(fen=Sum("amount_fen"))
    return {code: fen / HUNDRED_MILLION_YUAN for code, fen in summed}
