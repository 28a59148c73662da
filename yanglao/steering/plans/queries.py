"""Reads of plans: who sees which, how each target stands, who reported what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.http import Http404
from django.utils import timezone

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.divisions.queries import inside
from yanglao.kernel.scope import Level, Span, contains, everything
from yanglao.steering.indicators import queries as indicators
from yanglao.steering.indicators.queries import Reading
from yanglao.steering.indicators.rules import (
    Kind,
    counting_date,
    month_start,
    months_between,
    previous_month,
)
from yanglao.steering.plans.models import Plan, Return, ReturnLine, Target, Task
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
        return self.course.curve is Curve.LINEAR

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
        marks=marks_of(years),
        whole=target.indicator.whole,
    )


def _baseline(plan: Plan, target: Target, readings: Sequence[Reading]) -> Fraction:
    if target.baseline:
        return parse_number(target.baseline)
    if target.indicator.of_kind in (Kind.INCREMENT, Kind.CUMULATIVE, Kind.MILESTONE):
        return Fraction(0)
    before = [r.value for r in readings if r.month < month_start(plan.start) and r.value is not None]
    return before[-1] if before else Fraction(0)


# --- who reports -------------------------------------------------------------------------------------------


def units(plan: Plan) -> list[Division]:
    """The units that report on a plan: the counties in its division, or the county itself."""
    return list(inside(plan.division_id, Level.COUNTY).order_by("code"))


def units_of(plan: Plan, target: Target, known: Sequence[Division] | None = None) -> list[int]:
    """The divisions that report a target: the plan's own, those of its scope, or all units."""
    if target.indicator.reported_by == "city":
        return [plan.division_id]
    if target.divisions:
        return [int(code) for code in target.divisions]
    return [unit.code for unit in (units(plan) if known is None else known)]


def asked(plan: Plan, division: int) -> list[Target]:
    """The targets a division is to report: what registers know is not asked."""
    known = units(plan)
    reported = [target for target in targets_of(plan) if target.indicator.reported]
    return [target for target in reported if division in units_of(plan, target, known)]


@dataclass(frozen=True)
class UnitView:
    """A reporting unit with its latest return of a month."""

    division: Division
    asked: int
    report: Return | None
    filled: int
    due: date

    @property
    def submitted(self) -> bool:
        return self.report is not None and self.report.state == Return.SUBMITTED

    @property
    def late(self) -> bool:
        return not self.submitted and timezone.localdate() > self.due


def reporting(plan: Plan, month: date) -> list[UnitView]:
    """Every reporting unit of the plan and what it sent for the month; five queries in all.

    Who has reported is known to all who work by the plan, as the late list is.
    """
    month = month_start(month)
    known = units(plan)
    wanted = Counter(
        code
        for target in targets_of(plan)
        if target.indicator.reported
        for code in units_of(plan, target, known)
    )
    places = Division.objects.in_bulk(list(wanted))
    with everything("who has reported is known to all who work by the plan"):
        returns = list(Return.objects.filter(plan=plan, month=month).order_by("version"))
        lines = Counter(
            ReturnLine.objects.filter(report__plan=plan, report__month=month)
            .order_by("id")
            .values_list("report_id", flat=True)
        )
    latest = {
        r.division_id: r for r in sorted(returns, key=lambda r: (r.state == Return.SUBMITTED, r.version))
    }
    due = month.replace(day=plan.due_day)
    return [
        UnitView(
            division=places[code],
            asked=wanted[code],
            report=latest.get(code),
            filled=lines[latest[code].pk] if code in latest else 0,
            due=due,
        )
        for code in sorted(wanted)
        if code in places
    ]


def latest_return(plan: Plan, division: int, month: date, *, submitted: bool = False) -> Return | None:
    """The newest version of a unit's return for a month, within the reader's scope."""
    found = Return.objects.filter(plan=plan, division_id=division, month=month_start(month))
    if submitted:
        found = found.filter(state=Return.SUBMITTED)
    return found.order_by("-version").first()


def last_numbers(plan: Plan, division: int, month: date) -> dict[str, tuple[Decimal, Decimal | None]]:
    """What the form is filled in with: this month's newest version, else the last month's submitted one."""
    report = latest_return(plan, division, month)
    if report is None:
        earlier = Return.objects.filter(
            plan=plan, division_id=division, month__lt=month_start(month), state=Return.SUBMITTED
        )
        report = earlier.order_by("-month", "-version").first()
    if report is None:
        return {}
    lines = report.lines.select_related("target").order_by("id")
    return {line.target.key: (line.numerator, line.denominator) for line in lines}


def own_units(actor: Actor) -> set[int]:
    """The divisions the actor himself reports for: those of his grants, not all that lie in them."""
    return {held.division for held in actor.grants if actor.can("plans.report", held.division)}


def may_report(actor: Actor, plan: Plan, division: int) -> bool:
    return contains((plan.span,), division) and actor.can("plans.report", division)


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
