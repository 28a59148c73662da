"""Every change of indicators: definitions loaded, values computed or taken over from reports."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils import timezone

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.jobs.actions import enqueue
from yanglao.kernel.jobs.models import JobRun
from yanglao.kernel.scope import Level, everything
from yanglao.steering.indicators.counting import Counter
from yanglao.steering.indicators.models import Indicator, IndicatorPart, IndicatorValue, IndicatorVersion
from yanglao.steering.indicators.rules import (
    Amount,
    Kind,
    counting_date,
    month_start,
    previous_month,
)
from yanglao.steering.indicators.schema import IndicatorFile as IndicatorFile
from yanglao.steering.indicators.storing import Row, keep, keep_counted, keep_parts


def _nowhere(arguments: dict[str, Any]) -> tuple[int, ...]:
    return ()


@action("indicators.load", right="packs.load", at=_nowhere)
def load(actor: Actor, *, definitions: Sequence[IndicatorFile]) -> int:
    """Bring the definitions up to the files; gives how many changed. A changed one keeps its old version.

    Raises ValueError when a definition changed under the same version number.
    """
    known = {indicator.code: indicator for indicator in Indicator.objects.all()}
    changed = [
        definition.code
        for order, definition in enumerate(definitions)
        if _load_one(known.get(definition.code), definition, order)
    ]
    note(changed=changed[:50], count=len(changed))
    return len(changed)


@action("indicators.declare", right="plans.manage", at=lambda a: (a["division"],))
def declare(actor: Actor, *, definition: IndicatorFile, division: int) -> Indicator:
    """A reported indicator for a promise nothing counts yet. Raises ValueError for a code that is taken."""
    if not definition.reported or Indicator.objects.filter(code=definition.code).exists():
        raise ValueError(f"indicator {definition.code} is computed, or known already")
    _load_one(None, definition, Indicator.objects.count())
    note(code=definition.code)
    return Indicator.objects.get(code=definition.code)


def _load_one(known: Indicator | None, definition: IndicatorFile, order: int) -> bool:
    body = definition.model_dump(mode="json")
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    if known is not None:
        kept = known.versions.filter(version=definition.version).first()
        if kept is not None and kept.digest == digest:
            Indicator.objects.filter(pk=known.pk).exclude(order=order).update(order=order)
            return False
        if kept is not None:
            raise ValueError(
                f"indicator {definition.code} changed but kept version {definition.version}: "
                f"raise its version so that older values keep their meaning"
            )
    indicator, _ = Indicator.objects.update_or_create(
        code=definition.code, defaults={**_columns(definition), "order": order}
    )
    IndicatorVersion.objects.create(indicator=indicator, version=definition.version, body=body, digest=digest)
    return True


def _columns(definition: IndicatorFile) -> dict[str, Any]:
    plain = definition.model_dump(exclude={"code", "breakdowns", "owner"})
    return {
        **plain,
        "numerator": definition.numerator or "",
        "denominator": definition.denominator or "",
        "breakdowns": [name for name in definition.breakdowns if name != "division"],
    }


@action("indicators.compute", right="plans.manage", at=_nowhere)
def compute(actor: Actor, *, months: Iterable[date], codes: Sequence[str] = ()) -> int:
    """Compute the values of registers' indicators for months, street by street and up to the province.

    Any past month may be asked again: measures count as things were on that day. Gives the rows written.
    """
    wanted = Indicator.objects.filter(reported=False)
    if codes:
        wanted = wanted.filter(code__in=codes)
    indicators, counter, today = list(wanted), Counter(), timezone.localdate()
    places = sorted(Division.objects.filter(level__lte=Level.STREET).values_list("code", flat=True))
    rows = 0
    with everything("indicators are computed for all places"):
        for month in map(month_start, months):
            on = counting_date(month, today)
            for indicator in indicators:
                amounts = counter.amounts(indicator, on)
                if amounts is not None:
                    rows += keep_counted(indicator, month, on, places, amounts)
                    _keep_parts(indicator, month, on, counter, places)
    note(rows=rows, indicators=len(indicators))
    return rows


def _keep_parts(indicator: Indicator, month: date, on: date, counter: Counter, places: Sequence[int]) -> None:
    """The number by each dimension its definition names, in place of what was kept for the month before."""
    if not indicator.breakdowns:
        return
    IndicatorPart.objects.filter(indicator=indicator, month=month).delete()
    standing = set(places)
    for dimension in indicator.breakdowns:
        parts = counter.parts(indicator, on, dimension)
        if parts is not None:
            keep_parts(
                indicator, month, dimension, ((k, p) for k, p in sorted(parts.items()) if k[0] in standing)
            )


@action("indicators.ask", right="plans.manage", at=_nowhere)
def compute_later(actor: Actor, *, months: Sequence[date]) -> JobRun:
    """Have months computed in the background, one after the other."""
    from yanglao.steering.indicators.tasks import compute_months  # the job calls the action above

    return enqueue(actor, compute_months, months=[month_start(month).isoformat() for month in months])


@action("indicators.record", right="plans.report", at=lambda a: (a["division"],))
def record(
    actor: Actor,
    *,
    division: int,
    month: date,
    as_of: date,
    amounts: Mapping[str, Amount],
    total: int,
    units: Mapping[str, Sequence[int]],
) -> None:
    """Take over what a unit reported (code → amount) and bring the totals of ``total`` up to date.

    ``units`` names per indicator the divisions that are to report. The total of a month adds each unit's
    latest report up to that month in the same year, and says in ``coverage`` how many reported just then.
    """
    indicators = {i.code: i for i in Indicator.objects.filter(code__in=list(amounts))}
    with everything("the total of a plan adds what its units reported"):
        first = month_start(month)
        keep(Row(indicators[c], division, first, as_of, a, reported=True) for c, a in amounts.items())
        if division != total:
            keep(_add_up(indicators.values(), total, units, first))


@action("indicators.retract", right="plans.report", at=lambda a: (a["division"],))
def retract(
    actor: Actor,
    *,
    division: int,
    month: date,
    codes: Sequence[str],
    total: int,
    units: Mapping[str, Sequence[int]],
) -> None:
    """Take back what a unit reported for a month (its return was given back) and mend the totals of ``total``."""
    first = month_start(month)
    indicators = list(Indicator.objects.filter(code__in=list(codes)))
    with everything("what was taken back counts for nothing"):
        values = IndicatorValue.objects.filter(indicator__in=indicators, reported=True)
        values.filter(division_id=division, month=first).delete()
        if division != total:
            rows = _add_up(indicators, total, units, first)
            values.filter(division_id=total, month__gte=first).delete()
            keep(rows)


def _add_up(
    indicators: Iterable[Indicator], total: int, units: Mapping[str, Sequence[int]], first: date
) -> list[Row]:
    """The totals of ``first`` and of later months that already have one; two queries in all."""
    known = {one.pk: one for one in indicators}
    values = IndicatorValue.objects.filter(indicator__in=known, reported=True)
    everybody = {code for codes in units.values() for code in codes}
    reports: dict[int, list[IndicatorValue]] = {}
    for report in values.filter(division_id__in=everybody, month__gte=_year_before(first)).order_by("month"):
        reports.setdefault(report.indicator_id, []).append(report)
    months = {pk: {first} for pk in known}
    later = values.filter(division_id=total, month__gt=first).order_by("month")
    for pk, month in later.values_list("indicator_id", "month"):
        months[pk].add(month)
    rows = [
        _total(one, total, units[one.code], month, reports.get(pk, []))
        for pk, one in known.items()
        for month in sorted(months[pk])
    ]
    return [row for row in rows if row is not None]


def _year_before(month: date) -> date:
    """How long a silent unit's report stands in for it: a year, no longer."""
    return month.replace(year=month.year - 1)


def _total(
    indicator: Indicator, total: int, units: Sequence[int], month: date, reports: Sequence[IndicatorValue]
) -> Row | None:
    """The sum of each unit's latest report up to the month; None when nobody has reported."""
    last = {
        report.division_id: report
        for report in reports
        if report.division_id in units and report.month <= month and _still_counts(indicator, report, month)
    }
    if not last:
        return None
    fresh = sum(report.month == month for report in last.values())
    return Row(
        indicator=indicator,
        division=total,
        month=month,
        as_of=max(report.as_of for report in last.values()),
        amount=_sum(indicator, [report.amount for report in last.values()]),
        reported=True,
        coverage=Fraction(fresh, len(units)),
    )


def _still_counts(indicator: Indicator, report: IndicatorValue, month: date) -> bool:
    """A unit's older report stands in until the next one, but what is counted per year ends with the year,
    and a mean of a month stands for that month alone."""
    if indicator.date_rule == "month_mean":
        return report.month >= previous_month(month)
    return indicator.date_rule != "year_to_date" or report.month.year == month.year


def _sum(indicator: Indicator, amounts: Sequence[Amount]) -> Amount:
    if indicator.of_kind is Kind.MILESTONE:
        return Amount(min(amount.numerator for amount in amounts))
    total = amounts[0]
    for amount in amounts[1:]:
        total += amount
    return total
