"""Every change of indicators: definitions loaded, values computed or taken over from reports."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.jobs.actions import enqueue
from yanglao.kernel.jobs.models import JobRun
from yanglao.kernel.rooms import house
from yanglao.kernel.scope import Level, everything
from yanglao.steering.indicators.models import Indicator, IndicatorValue, IndicatorVersion
from yanglao.steering.indicators.rules import (
    Amount,
    Kind,
    counting_date,
    month_start,
    previous_month,
    roll_up,
    street_of,
)
from yanglao.steering.indicators.schema import IndicatorFile

BATCH = 2000


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
    plain = definition.model_dump(exclude={"code", "breakdowns", "owner", "since"})
    return {**plain, "numerator": definition.numerator or "", "denominator": definition.denominator or ""}


class _Counter:
    """Counts of the rooms' measures by street, each asked once per date."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, date], dict[int, Fraction]] = {}

    def counts(self, name: str, on: date) -> dict[int, Fraction] | None:
        """Numbers by street; None when no room offers the measure."""
        measure = house().measures.get(name)
        if measure is None:
            return None
        if (name, on) not in self._kept:
            streets: dict[int, Fraction] = {}
            for code, number in measure.count(on).items():
                street = street_of(code)
                streets[street] = streets.get(street, Fraction(0)) + Fraction(str(number))
            self._kept[name, on] = streets
        return self._kept[name, on]

    def amounts(self, indicator: Indicator, on: date) -> dict[int, Amount] | None:
        """Numerator and denominator by street on a date; None when a measure is lacking."""
        above = self.counts(indicator.numerator, on)
        if above is not None and indicator.date_rule == "year_to_date":
            above = _less(above, self.counts(indicator.numerator, date(on.year, 1, 1) - timedelta(days=1)))
        if not indicator.of_kind.has_denominator:
            return None if above is None else {code: Amount(number) for code, number in above.items()}
        below = self.counts(indicator.denominator, on)
        if above is None or below is None:
            return None
        nought = Fraction(0)
        return {c: Amount(above.get(c, nought), below.get(c, nought)) for c in above.keys() | below.keys()}


def _less(now: Mapping[int, Fraction], before: Mapping[int, Fraction] | None) -> dict[int, Fraction]:
    """What was added since; places that lost (moves, deaths) count as they are, so that the sum stays true."""
    start = before or {}
    return {code: now.get(code, Fraction(0)) - start.get(code, Fraction(0)) for code in now.keys() | start}


@action("indicators.compute", right="plans.manage", at=_nowhere)
def compute(actor: Actor, *, months: Iterable[date], codes: Sequence[str] = ()) -> int:
    """Compute the values of registers' indicators for months, street by street and up to the province.

    Any past month may be asked again: measures count as things were on that day. Gives the rows written.
    """
    wanted = Indicator.objects.filter(reported=False)
    if codes:
        wanted = wanted.filter(code__in=codes)
    indicators, counter, today = list(wanted), _Counter(), timezone.localdate()
    places = set(Division.objects.filter(level__lte=Level.STREET).values_list("code", flat=True))
    rows = 0
    with everything("indicators are computed for all places"):
        for month in months:
            on = counting_date(month_start(month), today)
            for indicator in indicators:
                amounts = counter.amounts(indicator, on)
                if amounts is not None:
                    rows += _keep(indicator, month_start(month), on, _everywhere(indicator, amounts, places))
    note(rows=rows, indicators=len(indicators))
    return rows


def _everywhere(indicator: Indicator, amounts: Mapping[int, Amount], places: set[int]) -> dict[int, Amount]:
    """Amounts of every place that stands; nought where nothing was counted."""
    nought = Amount(Fraction(0), Fraction(0) if indicator.of_kind.has_denominator else None)
    totals = roll_up(amounts)
    return {code: totals.get(code, nought) for code in places}


def _keep(
    indicator: Indicator,
    month: date,
    as_of: date,
    amounts: Mapping[int, Amount],
    *,
    reported: bool = False,
    coverage: Mapping[int, Fraction] | None = None,
) -> int:
    now, shares = timezone.now(), coverage or {}
    rows = [
        IndicatorValue(
            indicator=indicator,
            version=indicator.version,
            division_id=code,
            month=month,
            as_of=as_of,
            numerator=_decimal(amount.numerator),
            denominator=None if amount.denominator is None else _decimal(amount.denominator),
            reported=reported,
            coverage=int(shares.get(code, Fraction(1)) * 1000),
            computed_at=now,
        )
        for code, amount in amounts.items()
    ]
    IndicatorValue.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["indicator", "division", "month", "reported"],
        update_fields=["version", "as_of", "numerator", "denominator", "coverage", "computed_at"],
    )
    return len(rows)


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


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
        for code, amount in amounts.items():
            _keep(indicators[code], month_start(month), as_of, {division: amount}, reported=True)
        if division != total:
            for code in amounts:
                _add_up(indicators[code], total, units[code], month_start(month))


def _add_up(indicator: Indicator, total: int, units: Sequence[int], first: date) -> None:
    """The totals of ``first`` and of later months that already have one."""
    found = IndicatorValue.objects.filter(indicator=indicator, reported=True, division_id__in=units)
    reports = sorted(found, key=lambda value: value.month)
    later = IndicatorValue.objects.filter(
        indicator=indicator, reported=True, division_id=total, month__gt=first
    )
    for month in sorted({first, *later.values_list("month", flat=True)}):
        last = {r.division_id: r for r in reports if r.month <= month and _still_counts(indicator, r, month)}
        if not last:
            continue
        amount = _sum(indicator, [report.amount for report in last.values()])
        fresh = sum(report.month == month for report in last.values())
        as_of = max(report.as_of for report in last.values())
        shares = {total: Fraction(fresh, len(units))}
        _keep(indicator, month, as_of, {total: amount}, reported=True, coverage=shares)


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
