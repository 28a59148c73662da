"""错发 · 漏发 · 重发: what was granted wrongly, missed, or granted twice, by division, cause and month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.corrections.models import Cause, Correction
from yanglao.entitlement.corrections.queries import HEADS

ERRORS = {"wrong": _("错发"), "missed": _("漏发"), "double": _("重发")}
# found and not found to be something else since; what was waived was an error all the same
COUNTED = [s for s in Correction.State.values if s != Correction.State.REPLACED]
_CONDITION = {
    "wrong": Q(amount_fen__lt=0, doubled=False),
    "missed": Q(amount_fen__gt=0),
    "double": Q(amount_fen__lt=0, doubled=True),
}
# a new rate is paid late by everybody's consent: no error of the grant
NO_ERROR = (Cause.RATE,)


@dataclass(frozen=True)
class ErrorRow:
    """One division, cause and month: lines (a subject, a policy, a month) and fen of each kind of error: they add up."""

    division: int
    cause: str
    month: int
    wrong: tuple[int, int]
    missed: tuple[int, int]
    double: tuple[int, int]

    @property
    def fen(self) -> int:
        return self.wrong[1] + self.missed[1] + self.double[1]


def errors() -> QuerySet[Correction]:
    """Every error in the entered scope."""
    return Correction.objects.filter(state__in=COUNTED).exclude(cause__in=NO_ERROR)


def rows(first: int, last: int, by: str) -> list[ErrorRow]:
    """Errors of months YYYYMM in the entered scope, summed by `division_id`, `cause` or `month`."""
    sums = {}
    for name, condition in _CONDITION.items():
        sums[f"{name}_lines"] = Count("pk", filter=condition)
        sums[f"{name}_fen"] = Sum("amount_fen", filter=condition, default=0)
    found = errors().filter(month__gte=first, month__lte=last).order_by().values(by).annotate(**sums)
    told = []
    for row in sorted(found, key=lambda r: str(r[by])):
        parts = {n: (row[f"{n}_lines"], abs(row[f"{n}_fen"])) for n in _CONDITION}
        key = {"division": 0, "cause": "", "month": 0} | {by.removesuffix("_id"): row[by]}
        told.append(ErrorRow(**key, **parts))
    return told


def count(name: str, column: str) -> Callable[[date], dict[int, float]]:
    """A measure: people or yuan of one kind of error of the month of a date, by division."""

    def measured(on: date) -> dict[int, float]:
        rows = records(name)(on).order_by().values_list("division_id")
        if column == "people":
            return {code: float(n) for code, n in rows.annotate(n=HEADS)}
        return {code: abs(fen) / 100 for code, fen in rows.annotate(Sum("amount_fen"))}

    return measured


def records(name: str) -> Callable[[date], QuerySet[Correction]]:
    """The corrections behind a measure."""

    def behind(on: date) -> QuerySet[Correction]:
        return errors().filter(_CONDITION[name], month=on.year * 100 + on.month)

    return behind
