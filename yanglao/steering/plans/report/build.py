# i18n: data — words of the Chinese document
"""The monthly report's figures, read from the database."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope import Level
from yanglao.steering.indicators.rules import shown, shown_apart
from yanglao.steering.plans.models import Plan, Target
from yanglao.steering.plans.queries import Board, TargetView, UnitView, board, reporting, scores
from yanglao.steering.plans.report.content import COMPUTED, MISSING, REPORTED, Line, Ranked, Report, Unit
from yanglao.steering.plans.rules import Comparison, parse_number
from yanglao.steering.plans.scoring_file import rules_of

GOALS = {
    Comparison.REACH: "{}",
    Comparison.AT_LEAST: "{}以上",
    Comparison.MORE_THAN: "超过{}",
    Comparison.AT_MOST: "不超过{}",
    Comparison.LESS_THAN: "低于{}",
    Comparison.ALL: "{}",
    Comparison.ABOUT: "{}左右",
}


def build(plan: Plan, month: date, *, public: bool = False, ranked: bool = False) -> Report:
    """The report of a plan for a month: the same figures as its board.

    `public`: without units by name, ranking and targets nobody reported; `ranked`: with the districts' scores, for a
    reader who sees all of them.
    """
    state = board(plan, month)
    views = sorted(state.targets, key=lambda view: view.target.order)
    place = full_name(plan.division_id, below=Level.PROVINCE)
    return Report(
        plan=plan.title,
        document=plan.cited,
        place=place,
        month=state.month,
        as_of=state.on,
        issuer=plan.lead if plan.lead.startswith(place) else f"{place}民政局",
        demonstration=plan.demonstration,
        due_day=plan.due_day,
        lines=tuple(line_of(state, view) for view in views if view.reading or not public),
        units=() if public else tuple(_unit(unit) for unit in reporting(plan, month)),
        ranking=_ranking(plan, month) if ranked and not public else (),
        ranked_by=_ranked_by(plan) if ranked and not public else (),
        public=public,
    )


def _ranking(plan: Plan, month: date) -> tuple[Ranked, ...]:
    return tuple(
        Ranked(
            one.rank,
            one.division.name,
            shown(one.total, 1),
            tuple(shown(points.points, 1) for points in one.points),
        )
        for one in scores(plan, month)
    )


def _ranked_by(plan: Plan) -> tuple[str, ...]:
    rules = rules_of(plan.place)
    return (rules.name, *(f"{item.name}（{item.points}）" for item in rules.items))


def _unit(unit: UnitView) -> Unit:
    sent = unit.report.as_of if unit.submitted and unit.report else None
    return Unit(unit.name, sent, unit.filled, unit.asked)


def line_of(state: Board, view: TargetView) -> Line:
    """One target as words."""
    target, standing, reading = view.target, view.standing, view.reading
    return Line(
        item=target.task.item,
        chapter=target.task.chapter,
        name=target.name,
        goal=goal_words(target),
        value=amount_words(target, standing.value) if reading else "—",
        state=standing.state,
        progress=standing.progress,
        expected_progress=view.expected_progress,
        gap=difference_words(target, standing.gap),
        needed="" if not standing.needed_per_month else difference_words(target, standing.needed_per_month),
        deadline=target.deadline,
        lead=target.task.departments[0],
        origin=MISSING if reading is None else REPORTED if reading.reported else COMPUTED,
        indicator=target.indicator.code,
        version=reading.version if reading else target.indicator.version,
        words=target.indicator.words,
        as_of=reading.as_of if reading else None,
        parts=parts_words(view),
        coverage=coverage_words(view),
        decided=view.decided,
    )


def goal_words(target: Target) -> str:
    """8,000人以上, 超过50%."""
    number = shown(parse_number(target.number), 2)
    return GOALS[Comparison(target.comparison)].format(f"{number}{target.unit}")


def amount_words(target: Target, amount: Fraction | None) -> str:
    """A number of the target with its unit, never rounded so far that it looks like the goal."""
    return f"{shown_apart(amount, parse_number(target.number), target.indicator.digits)}{target.unit}"


def difference_words(target: Target, amount: Fraction) -> str:
    """A gap or a need: of a share it is in percentage points."""
    if target.unit != "%":
        return f"{shown_apart(amount, Fraction(0), target.indicator.digits)}{target.unit}"
    return f"{shown_apart(amount, Fraction(0), max(target.indicator.digits, 1))}个百分点"


def parts_words(view: TargetView) -> str:
    reading, indicator = view.reading, view.target.indicator
    if reading is None or reading.amount.denominator is None:
        return ""
    above, below = shown(reading.amount.numerator), shown(reading.amount.denominator)
    return f"{indicator.numerator_name}{above}÷{indicator.denominator_name}{below}"


def coverage_words(view: TargetView) -> str:
    if view.reading is None or not view.reading.reported or view.reading.complete:
        return ""
    return f"当月上报率{shown(view.reading.coverage * 100, 1)}%"
