"""How targets were divided among the districts, and what a division could go by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from django.db.models import Prefetch

from yanglao.kernel.divisions.models import Division
from yanglao.steering.indicators import queries as indicators
from yanglao.steering.indicators.rules import month_start
from yanglao.steering.plans.dividing import divide
from yanglao.steering.plans.models import Breakdown, BreakdownPart, Plan, Target
from yanglao.steering.plans.queries.returns import units
from yanglao.steering.plans.rules import parse_number

POPULATION = "older_60"
"""The indicator whose numbers stand for a district's older population."""


def districts_of(plan: Plan, target: Target) -> list[Division]:
    """Among whom a target is divided: its scope, or all districts of the plan."""
    scope = {int(code) for code in target.divisions}
    return [unit for unit in units(plan) if not scope or unit.code in scope]


def divisible(target: Target) -> bool:
    """Whether parts add up to the whole: a share or a milestone is handed down as it is."""
    return not target.indicator.of_kind.has_denominator and target.indicator.of_kind.adds_up


def proposed(plan: Plan, target: Target, method: str, month: date) -> dict[int, Fraction]:
    """Parts by a method: by older population, by what there is now, evenly, or the same for each."""
    codes, total = [unit.code for unit in districts_of(plan, target)], parse_number(target.number)
    if not codes:
        return {}
    if method == "same" or not divisible(target):
        return dict.fromkeys(codes, total)
    step = Fraction(1, 10**target.indicator.digits)
    return divide(total, _weights(plan, target, method, codes, month), step=step)


def _weights(plan: Plan, target: Target, method: str, codes: list[int], month: date) -> dict[int, Fraction]:
    name = {"population": POPULATION, "base": target.indicator.code}.get(method)
    if name is None:
        return dict.fromkeys(codes, Fraction(1))
    since = min(month_start(plan.start), date(month.year - 1, 1, 1))
    found = indicators.by_place(name, codes, since, month)
    return {code: found[code].amount.numerator if code in found else Fraction(0) for code in codes}


def in_force(plan: Plan) -> dict[str, Breakdown]:
    """The breakdowns in force, by target key, with their parts; two queries."""
    found = Breakdown.objects.filter(target__plan=plan, in_force=True, target__withdrawn=False)
    rows = found.select_related("target").prefetch_related("parts").order_by("target__order")
    return {one.target.key: one for one in rows}


def parts_in_force(target: Target) -> dict[int, Fraction]:
    """What each district has to reach, by its code; empty when the target was not divided."""
    one = Breakdown.objects.filter(target=target, in_force=True).prefetch_related("parts").first()
    return {} if one is None else numbers_in(one)


def numbers_in(breakdown: Breakdown) -> dict[int, Fraction]:
    """The parts of a breakdown by district (prefetched ones are not asked again)."""
    return {part.division_id: parse_number(part.number) for part in breakdown.parts.all()}


def history(target: Target) -> list[Breakdown]:
    """All versions, newest first."""
    parts = Prefetch("parts", BreakdownPart.objects.select_related("division").order_by("division_id"))
    return list(target.breakdowns.prefetch_related(parts).order_by("-version"))


def stale(breakdown: Breakdown) -> bool:
    """Whether the target's number has changed since it was divided."""
    return parse_number(breakdown.total) != parse_number(breakdown.target.number)


def progress_by_district(
    parts: Mapping[int, Fraction], readings: Mapping[int, indicators.Reading]
) -> dict[int, Fraction]:
    """How much of its part each district has; those without a number are left out."""
    return {
        code: (readings[code].value or Fraction(0)) / part
        for code, part in parts.items()
        if part and code in readings
    }
