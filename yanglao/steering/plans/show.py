"""What the templates of plans are given: plain words and numbers for bars, made from the queries' answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.models import Division
from yanglao.shell import charts
from yanglao.steering.indicators.queries import Reading
from yanglao.steering.indicators.rules import month_end, months_between, shown, shown_apart
from yanglao.steering.plans.models import Plan, Target, Task
from yanglao.steering.plans.queries import Board, TargetView
from yanglao.steering.plans.rules import (
    Comparison,
    State,
    Year,
    expected_on,
    parse_number,
)
from yanglao.steering.plans.words import LIGHTS, STATES, TONES
from yanglao.steering.plans.working import Step, steps

Row = dict[str, Any]


def goal(target: Target) -> str:
    """≥ 8,000 人."""
    number = shown(parse_number(target.number), 2)
    sign = Comparison(target.comparison).sign
    return f"{sign} {number}{_thin(target.unit)}".strip()


def _thin(unit: str) -> str:
    return unit if unit == "%" else f" {unit}"


def amount(target: Target, number: Fraction | None, other: Fraction | None = None) -> str:
    """A number with its unit; never rounded so far that it looks like ``other`` (the goal by default)."""
    if number is None:
        return "—"
    against = parse_number(target.number) if other is None else other
    return f"{shown_apart(number, against, target.indicator.digits)}{_thin(target.unit)}"


def difference(target: Target, number: Fraction | None) -> str:
    """A gap or a need: of a share it is in percentage points."""
    if number is None or target.unit != "%":
        return amount(target, number, Fraction(0))
    return _("%(n)s 个百分点") % {"n": shown_apart(number, Fraction(0), max(target.indicator.digits, 1))}


def address(name: str, plan: Plan, month: date, *arguments: Any) -> str:
    return f"{reverse(name, args=[plan.slug, *arguments])}?month={month:%Y-%m}"


def card(view: TargetView, month: date) -> Row:
    """A target for a card or a row: words, tone, lengths of its bar."""
    target, standing, reading = view.target, view.standing, view.reading
    return {
        "key": target.key,
        "name": target.name,
        "goal": goal(target),
        "value": amount(target, standing.value) if reading else "—",
        "state": state_words(view),
        "tone": TONES[standing.light],
        "light": standing.light,
        "decided": view.decided,
        "done": float(min(standing.progress or Fraction(0), Fraction(1))),
        "percent": "" if standing.progress is None else f"{shown(standing.progress * 100, 1)}%",
        "mark": float(min(view.expected_progress, Fraction(1))) if view.decided else None,
        "needed": "" if standing.needed_per_month is None else difference(target, standing.needed_per_month),
        "gap": difference(target, standing.gap) if standing.gap else "",
        "deadline": target.deadline,
        "lead": target.task.departments[0],
        "other_lead": target.task.departments[0] if target.task.departments[0] != target.plan.lead else "",
        "item": target.task.item,
        "scope": target.scope,
        "origin": origin(reading) if reading else "—",
        "reported": reading is None or reading.reported,
        "as_of": reading.as_of if reading else None,
        "coverage": coverage(reading),
        "part": bool(target.part_of),
        "url": address("plans:target", target.plan, month, target.key),
    }


def state_words(view: TargetView) -> str:
    """The state's name; a register's number that was never counted is not anybody's missing report."""
    if view.state is State.UNREPORTED and not view.target.indicator.reported:
        return _("尚未计算")
    return str(STATES[view.state])


def origin(reading: Reading) -> str:
    return _("自报") if reading.reported else _("系统计算")


def coverage(reading: Reading | None) -> str:
    """How many of the units reported just then, when not all did."""
    if reading is None or reading.complete:
        return ""
    return _("当月上报率 %(share)s%%") % {"share": shown(reading.coverage * 100)}


def lights(state: Board, chosen: str) -> list[Row]:
    counts = state.lights()
    return [
        {
            "light": light,
            "tone": TONES[light],
            "label": label,
            "count": counts[light],
            "current": light == chosen,
        }
        for light, label in LIGHTS.items()
    ]


def strip(state: Board) -> list[Row]:
    """Parts of one bar, in per cent of its length."""
    counts, total, at, parts = state.lights(), max(len(state.targets), 1), 0.0, []
    for light in LIGHTS:  # in the order of the lights above it
        width = counts[light] / total * 100
        parts.append({"light": light, "x": f"{at:.2f}", "width": f"{width:.2f}"})
        at += width
    return parts


def headline(state: Board, before: Board | None, units: Sequence[Any]) -> str:
    """The month in one sentence: how much is late, against the month before, and who has not reported."""
    counts = state.lights()
    words = {"all": len(state.targets), "red": counts["red"], "green": counts["green"]}
    said = [_("%(all)s 项目标中，%(red)s 项滞后或逾期，%(green)s 项正常或达成") % words]
    if before is not None and any(view.reading for view in before.targets):
        more = counts["red"] - before.lights()["red"]
        said.append(
            _("滞后的比上月多 %(n)s 项") % {"n": more}
            if more > 0
            else _("滞后的比上月少 %(n)s 项") % {"n": -more}
            if more
            else _("滞后的与上月一样多")
        )
    late = [unit.name for unit in units if unit.late]
    if late:
        said.append(
            _("逾期未报：%(names)s") % {"names": "、".join(late[:3])} + (_("等") if len(late) > 3 else "")
        )
    return _("；").join(said) + _("。")


def chapters(state: Board, light: str) -> list[Row]:
    """Rows by chapter in the plan's order; of one light if one is chosen."""
    found: dict[str, list[Row]] = {}
    for view in sorted(state.targets, key=lambda one: one.target.order):
        if not light or view.standing.light == light:
            found.setdefault(view.target.task.chapter, []).append(card(view, state.month))
    return [{"title": title, "rows": rows} for title, rows in found.items()]


def facts(view: TargetView) -> list[tuple[str, str]]:
    """The figures of the why-page, as label and words."""
    target, standing = view.target, view.standing
    rows = [
        (_("目标"), goal(target)),
        (_("现值"), amount(target, standing.value) if view.reading else state_words(view)),
        (_("按计划此时应达"), amount(target, standing.expected)),
        (_("期初数"), amount(target, view.course.baseline)),
        (_("尚差"), difference(target, standing.gap) if standing.gap else _("无")),
        (_("今后每月需"), difference(target, standing.needed_per_month)),
    ]
    if standing.forecast is not None and standing.state is not State.MET:
        rows.append((_("照此进度到期预计"), amount(target, standing.forecast)))
    reading, indicator = view.reading, target.indicator
    if reading is not None and reading.amount.denominator is not None:
        rows.append((indicator.numerator_name, shown(reading.amount.numerator)))
        rows.append((indicator.denominator_name, shown(reading.amount.denominator)))
    return rows


def arithmetic(view: TargetView, on: date) -> list[Step]:
    """How the light comes about, line by line."""
    target = view.target
    return steps(view.course, view.standing.value, on, lambda number: amount(target, number, Fraction(0)))


def course_chart(plan: Plan, view: TargetView) -> charts.Chart:
    """The number month by month beside what the plan's curve asks for."""
    months = months_between(plan.start, view.course.deadline)
    values = {reading.month: reading.value for reading in view.readings}
    ends = [min(month_end(month), view.course.deadline) for month in months]
    return charts.lines(
        _("进度：实际与计划"),
        [f"{month:%Y-%m}" for month in months],
        {
            _("实际"): [_number(values.get(month)) for month in months],
            _("计划曲线"): [_number(expected_on(view.course, end)) for end in ends],
        },
        unit=view.target.unit,
    )


def _number(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 2)


def years(view: TargetView) -> list[Row]:
    """What each year was to bring and the total due and reached at its end."""
    rows, total = [], Fraction(0)
    values = {reading.month.year: reading for reading in view.readings}
    for part in view.target.yearly:
        year = Year(part["year"], parse_number(part["number"]), part["as"] == "increment")
        total = total + year.number if year.increment else year.number
        reading = values.get(year.year)
        rows.append(
            {
                "year": str(year.year),
                "added": shown(year.number) if year.increment else "—",
                "total": shown(total),
                "reached": shown(reading.value) if reading else "—",
            }
        )
    return rows


def places(
    below: Sequence[Division],
    found: Mapping[int, Reading],
    plan: Plan,
    month: date,
    key: str,
    goals: Mapping[int, Fraction],
) -> list[Row]:
    """One row per place below, the largest number first; places not reported or not to be seen say so."""
    most = max((reading.value or Fraction(0) for reading in found.values()), default=Fraction(0))
    rows = []
    for division in below:
        reading = found.get(division.code)
        opens = reading is not None and not reading.reported  # a report has nothing below it
        rows.append(
            {
                "name": division.name,
                "code": division.code,
                "words": reading.words if reading else "—",
                "above": shown(reading.amount.numerator) if reading else "—",
                "below": _below(reading),
                "share": float((reading.value or Fraction(0)) / most) if reading and most else 0.0,
                "goal": shown(goals[division.code], 2) if division.code in goals else "",
                "done": _done(reading, goals.get(division.code)),
                "as_of": reading.as_of if reading else None,
                "origin": origin(reading) if reading else "",
                "known": reading is not None,
                "sort": reading.value if reading and reading.value is not None else Fraction(-1),
                "url": f"{address('plans:target', plan, month, key)}&place={division.code}" if opens else "",
            }
        )
    return sorted(rows, key=lambda row: -row["sort"])


def _done(reading: Reading | None, goal: Fraction | None) -> str:
    """How much of its own goal a district has."""
    if reading is None or reading.value is None or not goal:
        return ""
    return f"{shown(reading.value / goal * 100, 1)}%"


def _below(reading: Reading | None) -> str:
    return "" if reading is None or reading.amount.denominator is None else shown(reading.amount.denominator)


def task_table(tasks: Sequence[Task], state: Board) -> list[Row]:
    """Chapters with their tasks, and each task's targets with their lights."""
    by_task: dict[int, list[Row]] = {}
    for view in sorted(state.targets, key=lambda one: one.target.order):
        by_task.setdefault(view.target.task_id, []).append(card(view, state.month))
    found: dict[str, list[Row]] = {}
    for task in tasks:
        rows = by_task.get(task.pk, [])
        found.setdefault(task.chapter, []).append({"task": task, "targets": rows, "span": max(len(rows), 1)})
    return [{"title": title, "tasks": rows} for title, rows in found.items()]


def sees_only_own(actor: Actor, plan: Plan) -> bool:
    """Whether the reader's scope is narrower than the plan."""
    return not actor.can("indicators.view", plan.division_id)
