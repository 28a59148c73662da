"""What is late and stuck, since when, and whom it was raised to; and the scores of districts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils import timezone

from yanglao.kernel.cases import queries as cases
from yanglao.kernel.cases.models import Case, Task
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import everything
from yanglao.steering.indicators import queries as indicators
from yanglao.steering.indicators.rules import counting_date, month_start, months_between
from yanglao.steering.plans.models import Plan, Return
from yanglao.steering.plans.queries.board import Board, TargetView, view_of
from yanglao.steering.plans.queries.breakdown import in_force, numbers_in
from yanglao.steering.plans.queries.returns import units, units_asked
from yanglao.steering.plans.rules import expected_on, progress_of
from yanglao.steering.plans.scoring import Deeds, Points, score, total
from yanglao.steering.plans.scoring_file import rules_of

SUBJECT = "plans.plan"


@dataclass(frozen=True)
class Stuck:
    """A target that is late or overdue: since which month without a break."""

    view: TargetView
    since: date
    months: int


def stuck(board: Board) -> list[Stuck]:
    """Red targets of a board, the longest red first."""
    found = [_stuck(board, view) for view in board.targets if view.standing.light == "red"]
    return sorted(found, key=lambda one: (-one.months, one.view.target.order))


def _stuck(board: Board, view: TargetView) -> Stuck:
    since, months = board.month, 0
    for month in reversed(months_between(board.plan.start, board.month)):
        until = [reading for reading in view.readings if reading.month <= month]
        then = view_of(board.plan, view.target, until, counting_date(month, timezone.localdate()))
        if not until or then.standing.light != "red":
            break
        since, months = month, months + 1
    return Stuck(view, since, max(months, 1))


@dataclass(frozen=True)
class Supervised:
    """A case of supervision of the plan, with the step it waits at."""

    case: Case
    task: Task | None

    @property
    def late(self) -> bool:
        return self.task is not None and self.task.due < timezone.localdate()


def supervised(plan: Plan) -> list[Supervised]:
    """Cases of supervision about a plan, open ones first, within the reader's scope; two queries."""
    found = list(cases.of_subject(SUBJECT, plan.pk).filter(process="supervision").select_related("division"))
    tasks = Task.objects.filter(case__in=found, state=Task.State.OPEN).order_by("pk")
    waiting = {task.case_id: task for task in tasks.select_related("place", "holder")}
    rows = [Supervised(case, waiting.get(case.pk)) for case in found]
    return sorted(rows, key=lambda one: (one.task is None, -one.case.pk))


@dataclass(frozen=True)
class Scored:
    """A district's score with every point's arithmetic; None: nothing to score yet."""

    division: Division
    points: list[Points]
    total: Fraction | None
    rank: int


def scores(plan: Plan, month: date) -> list[Scored]:
    """All districts by the rules of the plan's city, the best first; the queries do not grow with the districts."""
    month, rules, known = month_start(month), rules_of(plan.place), units(plan)
    codes = [unit.code for unit in known]
    progress = _progress(plan, codes, month)
    late, returned = _faults(plan, codes, month)
    slow = Counter(one.case.division_id for one in supervised(plan) if one.late)
    rows = []
    for unit in known:
        deeds = Deeds(progress[unit.code], late[unit.code], returned[unit.code], slow[unit.code])
        points = score(rules.items, deeds)
        rows.append((unit, points, total(points)))
    rows.sort(key=lambda row: (row[2] is None, -(row[2] or 0), row[0].code))
    return [Scored(unit, points, sum_, _rank(rows, sum_)) for unit, points, sum_ in rows]


def _rank(rows: Sequence[tuple[Division, list[Points], Fraction | None]], sum_: Fraction | None) -> int:
    return 1 + sum(other is not None and sum_ is not None and other > sum_ for _u, _p, other in rows)


def _progress(plan: Plan, codes: list[int], month: date) -> dict[int, dict[str, Fraction]]:
    """Per district and divided target: its way done against the way due by the plan's curve."""
    made, on = in_force(plan), counting_date(month, timezone.localdate())
    targets = {t.key: t for t in plan.targets.filter(key__in=made).select_related("plan", "indicator")}
    names = {target.indicator.code for target in targets.values()}
    readings = indicators.of_places(names, codes, month_start(plan.start), month)
    found: dict[int, dict[str, Fraction]] = {code: {} for code in codes}
    for key, breakdown in made.items():
        course = view_of(plan, targets[key], (), on).course
        due = progress_of(course, expected_on(course, on))
        for code, part in numbers_in(breakdown).items():
            reading = readings.get((targets[key].indicator.code, code))
            if code in found and part and due and reading is not None and reading.value is not None:
                found[code][key] = reading.value / part / due
    return found


def _faults(plan: Plan, codes: list[int], month: date) -> tuple[Counter[int], Counter[int]]:
    """How often each district was late in the plan's months so far, and had a return given back."""
    asked = {division for division, department in units_asked(plan) if not department}
    months = [m for m in months_between(plan.start, month) if _due(plan, m) < timezone.localdate()]
    with everything("who was late is known to all who work by the plan"):
        found = Return.objects.filter(plan=plan, division__in=codes, department="", month__in=months)
        rows = list(found.order_by("pk").values_list("division_id", "month", "state", "submitted_at"))
    returned = Counter(code for code, _m, state, _at in rows if state == Return.RETURNED)
    started = min((m for _c, m, _s, _at in rows), default=None)
    in_time = {(code, m) for code, m, _s, at in rows if at and timezone.localtime(at).date() <= _due(plan, m)}
    late: Counter[int] = Counter()
    for code in codes:
        if code in asked and started is not None:  # months before the first return of all were never asked
            late[code] = sum((code, m) not in in_time for m in months if m >= started)
    return late, returned


def _due(plan: Plan, month: date) -> date:
    return month.replace(day=plan.due_day)
