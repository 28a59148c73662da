"""Who sees which plan, and how each of its targets stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.http import Http404
from django.utils import timezone

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import Span
from yanglao.steering.indicators import queries as indicators
from yanglao.steering.indicators.queries import Reading
from yanglao.steering.indicators.rules import (
    Kind,
    counting_date,
    month_start,
    months_between,
    previous_month,
)
from yanglao.steering.plans.models import Plan, Target, Task
from yanglao.steering.plans.rules import (
    URGENCY,
    Comparison,
    Course,
    Curve,
    Standing,
    State,
    Year,
    marks_of,
    parse_number,
    satisfied,
    stand,
)


def visible(actor: Actor) -> list[Plan]:
    """The plans of the places the actor works in, above or below: a district works by its city's plan."""
    spans = actor.spans("plans.view")
    plans = Plan.objects.select_related("division")
    return [plan for plan in plans if any(_meet(span, plan.span) for span in spans)]


def _meet(one: Span, other: Span) -> bool:
    return one.lo <= other.hi and other.lo <= one.hi


def visible_plan(actor: Actor, slug: str) -> Plan:
    """The plan of that name. Raises Http404 when there is none the actor may see."""
    for plan in visible(actor):
        if plan.slug == slug:
            return plan
    raise Http404


def default_plan(plans: Sequence[Plan], today: date) -> Plan | None:
    """The plan to open first: one that runs today, a real one before a demonstration, else the latest."""
    running = [plan for plan in plans if plan.start <= today <= plan.end]
    return min(running, key=lambda p: p.demonstration) if running else next(iter(plans), None)


def months_of(plan: Plan, today: date) -> list[date]:
    """The plan's months that have begun, oldest first; its first month when none has."""
    return months_between(plan.start, max(min(plan.end, today), plan.start))


def tasks_of(plan: Plan) -> list[Task]:
    return list(Task.objects.filter(plan=plan, withdrawn=False).order_by("item"))


def targets_of(plan: Plan) -> list[Target]:
    found = Target.objects.filter(plan=plan, withdrawn=False).select_related("task", "indicator")
    return list(found.order_by("order"))


@dataclass(frozen=True)
class TargetView:
    """A target with how it stands in a month."""

    target: Target
    course: Course
    standing: Standing
    reading: Reading | None
    readings: tuple[Reading, ...]  # up to the month, oldest first

    @property
    def state(self) -> State:
        return self.standing.state

    @property
    def decided(self) -> bool:
        """Whether a share of the way says something: not for milestones and rates to hold."""
        return self.course.curve.grows

    @property
    def expected_progress(self) -> Fraction:
        way = self.course.goal - self.course.baseline
        return (self.standing.expected - self.course.baseline) / way if way else Fraction(1)


@dataclass(frozen=True)
class Board:
    """All targets of a plan in a month, most urgent first."""

    plan: Plan
    month: date
    on: date
    targets: tuple[TargetView, ...]

    @property
    def counts(self) -> Counter[State]:
        return Counter(view.state for view in self.targets)

    def lights(self) -> dict[str, int]:
        found = Counter(view.standing.light for view in self.targets)
        return {light: found[light] for light in ("red", "amber", "green", "grey")}

    def of(self, *states: State) -> list[TargetView]:
        return [view for view in self.targets if view.state in states]


def board(plan: Plan, month: date) -> Board:
    """How the plan stands in a month: two queries, however many targets there are."""
    targets = targets_of(plan)
    month = month_start(month)
    on = counting_date(month, timezone.localdate())
    found = _readings(plan, targets, month)
    views = [view_of(plan, target, found[target.key], on) for target in targets]
    views.sort(key=lambda view: (URGENCY.index(view.state), _lead(view), view.target.order))
    return Board(plan, month, on, tuple(views))


def _readings(plan: Plan, targets: Sequence[Target], month: date) -> dict[str, list[Reading]]:
    """Readings by target key, from the month before the plan (the baseline) on; one query.

    A computed target for some divisions only is the sum of these; a reported one was summed when reported.
    """
    before = previous_month(month_start(plan.start))
    places = {plan.division_id, *(int(code) for target in targets for code in target.divisions)}
    found = indicators.totals({t.indicator.code for t in targets}, places, before, month)
    return {target.key: _of_target(plan, target, found) for target in targets}


def _of_target(plan: Plan, target: Target, found: Mapping[tuple[str, int], list[Reading]]) -> list[Reading]:
    indicator = target.indicator
    if indicator.reported or not target.divisions:
        return found.get((indicator.code, plan.division_id), [])
    parts = [one for code in target.divisions for one in found.get((indicator.code, int(code)), [])]
    return indicators.together(indicator.of_kind, indicator.digits, parts)


def _lead(view: TargetView) -> Fraction:
    """How far ahead of the curve; behind sorts first."""
    if view.standing.progress is None:
        return Fraction(0)
    return view.standing.progress - view.expected_progress


def view_of(plan: Plan, target: Target, readings: Sequence[Reading], on: date) -> TargetView:
    """A target's standing from the readings of its place, oldest first."""
    course = course_of(plan, target, readings)
    within = [reading for reading in readings if reading.month >= month_start(plan.start)]
    now = _reading_that_counts(target, course, within)
    return TargetView(target, course, stand(course, now.value if now else None, on), now, tuple(within))


def _reading_that_counts(target: Target, course: Course, readings: Sequence[Reading]) -> Reading | None:
    """The latest one; after the deadline that of the deadline if it kept the promise, and always that if the
    number begins anew each year."""
    if not readings:
        return None
    latest, due = readings[-1], [r for r in readings if r.month <= course.deadline]
    if not due or latest.month <= course.deadline:
        return latest
    kept = due[-1].value is not None and satisfied(course.comparison, due[-1].value, course.goal)
    anew = target.indicator.date_rule == "year_to_date" and latest.month.year > course.deadline.year
    return due[-1] if kept or anew else latest


def course_of(plan: Plan, target: Target, readings: Sequence[Reading] = ()) -> Course:
    """The way a target is to go. The baseline is the document's, else the reading before the start, else 0."""
    years = [Year(y["year"], parse_number(y["number"]), y["as"] == "increment") for y in target.yearly]
    return Course(
        comparison=Comparison(target.comparison),
        goal=parse_number(target.number),
        start=plan.start,
        deadline=target.deadline,
        baseline=_baseline(plan, target, readings),
        curve=Curve(target.curve),
        marks=(*marks_of(years), *_marks(target)),
        whole=target.indicator.whole,
        weights=tuple(parse_number(weight) for weight in target.weights),
    )


def _marks(target: Target) -> list[tuple[date, Fraction]]:
    return [(date.fromisoformat(mark["on"]), parse_number(mark["number"])) for mark in target.marks]


def _baseline(plan: Plan, target: Target, readings: Sequence[Reading]) -> Fraction:
    if target.baseline:
        return parse_number(target.baseline)
    if target.indicator.of_kind in (Kind.INCREMENT, Kind.CUMULATIVE, Kind.MILESTONE):
        return Fraction(0)
    before = [r.value for r in readings if r.month < month_start(plan.start) and r.value is not None]
    return before[-1] if before else Fraction(0)


def find(plans: Iterable[Plan], text: str, limit: int) -> list[Target]:
    """Targets of the plans whose name contains the text."""
    found = Target.objects.filter(plan__in=list(plans), name__contains=text, withdrawn=False)
    return list(found.select_related("plan").order_by("plan", "order")[:limit])


def one(plan: Plan, key: str, month: date) -> TargetView | None:
    """One target with how it stands; None when the plan has no such target."""
    target = Target.objects.filter(plan=plan, key=key, withdrawn=False)
    found = target.select_related("task", "indicator", "plan").first()
    if found is None:
        return None
    readings = _readings(plan, [found], month)[found.key]
    return view_of(plan, found, readings, counting_date(month, timezone.localdate()))


def parts(plan: Plan, target: Target) -> list[Target]:
    """Targets that are part of this one."""
    return list(Target.objects.filter(plan=plan, part_of=target.key, withdrawn=False).order_by("order"))
