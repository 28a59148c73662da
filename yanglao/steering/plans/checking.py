"""What a number of a return must keep: refused with the reason and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.steering.indicators.rules import Kind
from yanglao.steering.plans.models import Return, Target

Pair = tuple[Decimal, Decimal | None]


def refuse_impossible(target: Target, above: Decimal, below: Decimal | None) -> None:
    """Raises ValidationError with what is wrong and how to mend it."""
    if wrong := impossible(target, above, below):
        raise ValidationError(wrong)


def impossible(target: Target, above: Decimal, below: Decimal | None) -> str:
    """Why a number cannot be, or ""."""
    kind = target.indicator.of_kind
    words = {"name": target.name}
    if above < 0 or (below is not None and below < 0):
        return _("“%(name)s”不能是负数，请填 0 或正数。") % words
    if kind.has_denominator and below is None:
        return _("“%(name)s”要同时填分子和分母。") % words
    if kind is Kind.RATIO and below is not None and above > below:
        return _("“%(name)s”的分子大于分母，请核对。") % words
    if kind is Kind.MILESTONE and above not in (0, 1):
        return _("“%(name)s”只填 1（已完成）或 0（未完成）。") % words
    return ""


def refuse_falls(
    report: Return, before: Mapping[str, Pair], asked: Mapping[str, Target], remarks: Mapping[str, str]
) -> None:
    """A cumulative number below the last month's must be explained, at the number or in the remarks of the whole."""
    if report.note.strip():
        return
    now = {line.target.key: line.numerator for line in report.lines.select_related("target").order_by("id")}
    fallen = [
        asked[key].name
        for key, number in now.items()
        if key in asked and key not in remarks and fell(asked[key], report, before.get(key), number)
    ]
    if fallen:
        names = "、".join(fallen)
        raise ValidationError(
            _("累计数比上次上报的少：%(names)s。请核对；确实减少的，在该项说明或情况说明里写明原因。")
            % {"names": names}
        )


def fell(target: Target, report: Return, before: Pair | None, now: Decimal) -> bool:
    """Whether a number that only grows became smaller; a new year's count begins anew."""
    kind = target.indicator.of_kind
    if before is None or kind not in (Kind.CUMULATIVE, Kind.INCREMENT, Kind.MILESTONE):
        return False
    anew = target.indicator.date_rule == "year_to_date" and report.month.month == 1
    return not anew and now < before[0]
