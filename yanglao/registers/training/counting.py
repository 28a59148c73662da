"""What counts as trained: completions in a span of days. Measures and plans count by the same conditions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from yanglao.kernel.scope import Span
from yanglao.registers.training import kinds
from yanglao.registers.training.models import Enrolment, Plan
from yanglao.registers.training.rules.goals import Due, Goal, Light, goals, light

COUNTED = {
    Plan.Counts.PERSONS: "trainee",
    Plan.Counts.TIMES: "pk",
    Plan.Counts.SITES: "session__place",
    Plan.Counts.SESSIONS: "session",
}


def trained(kind: str, *, sites: str = "", free_only: bool = False) -> Q:
    """Completions of a kind (all kinds for staff when empty), at sites of a kind, free of charge."""
    found = Q(session__kind=kind) if kind else Q(session__kind__in=kinds.of_staff())
    if sites:
        found &= Q(session__place__kind__in=kinds.place_kinds(sites))
    if free_only:
        found &= Q(session__fee=0)
    return found


def between(first: dt.date | None, last: dt.date) -> Q:
    """Completed in these days, both included."""
    found = Q(completed_on__lte=last)
    return found & Q(completed_on__gte=first) if first else found


@dataclass(frozen=True)
class Standing:
    """Where a plan stands on a day. `due`: the goal of the running year."""

    plan: Plan
    goals: tuple[Goal, ...]
    done: int
    by_year: Mapping[int, int]
    light: Light | None
    due: int

    @property
    def behind(self) -> bool:
        return self.light in (Light.SLOW, Light.LATE, Light.OVERDUE)


def standings(plans: Iterable[Plan], day: dt.date) -> list[Standing]:
    """Where plans (with their `years` fetched) stand on a day: one query for all of them.

    Counted from the first day of a plan's first year, in all divisions: a plan is the promise of its division, and
    who may see the plan may see its total.
    """
    known = list(plans)
    wanted = {}
    for plan in known:
        for goal in _goals(plan):
            last = min(day, dt.date(goal.year, 12, 31))
            wanted[f"p{plan.pk}_{goal.year}"] = _count(plan, dt.date(goal.year, 1, 1), last)
        if plan_goals := _goals(plan):
            wanted[f"p{plan.pk}"] = _count(plan, dt.date(plan_goals[0].year, 1, 1), day)
    numbers = Enrolment.objects.exclude(completed_on=None).aggregate(**wanted) if wanted else {}
    return [_standing(plan, numbers, day) for plan in known]


def _goals(plan: Plan) -> list[Goal]:
    return goals(Due(year.year, year.number, year.total) for year in plan.years.all())


def _count(plan: Plan, first: dt.date, last: dt.date) -> Count:
    span = Span.of(plan.division_id)
    here = Q(session__division__gte=span.lo, session__division__lte=span.hi)
    what = trained(plan.kind, sites=plan.sites, free_only=plan.free_only)
    counted = COUNTED[Plan.Counts(plan.counts)]
    return Count(counted, distinct=True, filter=here & what & between(first, last))


def _standing(plan: Plan, numbers: Mapping[str, int], day: dt.date) -> Standing:
    plan_goals = _goals(plan)
    done = numbers.get(f"p{plan.pk}", 0)
    running = [goal for goal in plan_goals if goal.year >= day.year] or plan_goals[-1:]
    return Standing(
        plan=plan,
        goals=tuple(plan_goals),
        done=done,
        by_year={goal.year: numbers[f"p{plan.pk}_{goal.year}"] for goal in plan_goals},
        light=light(plan_goals, done, day),
        due=running[0].total if running else 0,
    )
