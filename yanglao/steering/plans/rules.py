"""How a target stands on a day: expected by the plan's curve, gap, light, what is needed from now on.

All arithmetic is in exact fractions: two thirds is two thirds, and a share of 57 % is met at 57 %, not
at 56.996 % that a screen rounds up.
"""

from __future__ import annotations

import calendar
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from .figures import Year as Year
from .figures import first_fall as first_fall
from .figures import marks_of as marks_of
from .figures import missing_from as missing_from
from .figures import parse_number as parse_number
from .figures import yearly_from as yearly_from

DAYS_A_MONTH = Fraction(36525, 1200)
SLOW_FROM = Fraction(85, 100)  # at 85 % of what is due a target is slow, below it late
NEAR = Fraction(5, 100)  # "about" (左右) allows five per cent either side


class Comparison(StrEnum):
    """How the document ties the value to the number."""

    REACH = "reach"  # 建设10个, 达到57%
    AT_LEAST = "at_least"  # 以上, 不少于, 不低于
    MORE_THAN = "more_than"  # 超过, 大于
    AT_MOST = "at_most"  # 以内, 不超过
    LESS_THAN = "less_than"  # 低于, 少于
    ALL = "all"  # 全部, 所有, 全覆盖
    ABOUT = "about"  # 左右

    @property
    def sign(self) -> str:
        return SIGNS[self]

    @property
    def downwards(self) -> bool:
        return self in (Comparison.AT_MOST, Comparison.LESS_THAN)


SIGNS = {
    Comparison.REACH: "",
    Comparison.AT_LEAST: "≥",
    Comparison.MORE_THAN: ">",
    Comparison.AT_MOST: "≤",
    Comparison.LESS_THAN: "<",
    Comparison.ALL: "",
    Comparison.ABOUT: "≈",
}


class Curve(StrEnum):
    """What is expected on the way to the deadline."""

    LINEAR = "linear"  # evenly from the baseline, through the marks
    STEPS = "steps"  # nothing between two marks, all of it on the mark's day (分段达标)
    SEASONAL = "seasonal"  # evenly by the weights of the months (适老化改造避开冬季)
    HOLD = "hold"  # the number holds from the first day (周探访率100%)
    END = "end"  # nothing before the deadline (a milestone)

    @property
    def grows(self) -> bool:
        """Whether a share of the way says something: not for milestones and rates to hold."""
        return self in (Curve.LINEAR, Curve.STEPS, Curve.SEASONAL)


class State(StrEnum):
    MET = "met"
    ON_TRACK = "on_track"
    SLOW = "slow"
    LATE = "late"
    OVERDUE = "overdue"
    UNREPORTED = "unreported"
    NOT_STARTED = "not_started"

    @property
    def light(self) -> str:
        """green, amber, red or grey."""
        return LIGHTS[self]


LIGHTS = {
    State.MET: "green",
    State.ON_TRACK: "green",
    State.SLOW: "amber",
    State.LATE: "red",
    State.OVERDUE: "red",
    State.UNREPORTED: "grey",
    State.NOT_STARTED: "grey",
}
URGENCY = [
    State.OVERDUE,
    State.LATE,
    State.SLOW,
    State.UNREPORTED,
    State.ON_TRACK,
    State.MET,
    State.NOT_STARTED,
]


@dataclass(frozen=True)
class Course:
    """The way a target is to go: ``baseline`` on ``start``, ``marks`` under way, ``goal`` on ``deadline``."""

    comparison: Comparison
    goal: Fraction
    start: date
    deadline: date
    baseline: Fraction = Fraction(0)
    curve: Curve = Curve.LINEAR
    marks: tuple[tuple[date, Fraction], ...] = ()
    whole: bool = False  # counts persons or things: needs are rounded up to whole ones
    weights: tuple[Fraction, ...] = ()  # of the twelve months, for a seasonal curve

    def __post_init__(self) -> None:
        if self.deadline < self.start:
            raise ValueError(f"deadline {self.deadline} lies before the start {self.start}")

    @property
    def points(self) -> list[tuple[date, Fraction]]:
        """Baseline, marks and goal, in the order of their days."""
        inner = [(day, number) for day, number in self.marks if self.start < day < self.deadline]
        return [(self.start, self.baseline), *sorted(inner), (self.deadline, self.goal)]


@dataclass(frozen=True)
class Standing:
    """How a target stands; fractions in the target's own unit, None where nothing can be said."""

    state: State
    value: Fraction | None
    goal: Fraction
    expected: Fraction
    progress: Fraction | None  # 0 at the baseline, 1 at the goal
    gap: Fraction  # still missing, never negative
    needed_per_month: Fraction | None  # None when met, overdue, or unknown
    forecast: Fraction | None  # value at the deadline at the pace so far

    @property
    def light(self) -> str:
        return self.state.light


def satisfied(comparison: Comparison, value: Fraction, goal: Fraction) -> bool:
    """Whether ``value`` keeps the promise."""
    match comparison:
        case Comparison.MORE_THAN:
            return value > goal
        case Comparison.LESS_THAN:
            return value < goal
        case Comparison.AT_MOST:
            return value <= goal
        case Comparison.ABOUT:
            return abs(value - goal) <= abs(goal) * NEAR
        case _:
            return value >= goal


def expected_on(course: Course, on: date) -> Fraction:
    """What the curve asks for on a day: the baseline before the start, the goal from the deadline on."""
    if on >= course.deadline or course.curve is Curve.HOLD:
        return course.goal
    if on <= course.start or course.curve is Curve.END:
        return course.baseline
    (since, low), (until, high) = around(course, on)
    return low + (high - low) * share_between(course, since, until, on)


Point = tuple[date, Fraction]


def around(course: Course, on: date) -> tuple[Point, Point]:
    """The points of the curve before and after a day that lies between start and deadline."""
    pairs = list(itertools.pairwise(course.points))
    return next((pair for pair in pairs if on < pair[1][0]), pairs[-1])


def share_between(course: Course, since: date, until: date, on: date) -> Fraction:
    """How much of the way between two points is due on a day between them, 0 to 1."""
    if course.curve is Curve.STEPS:
        return Fraction(0)
    if course.curve is Curve.SEASONAL and course.weights:
        whole = weight_between(course.weights, since, until)
        if whole:
            return weight_between(course.weights, since, on) / whole
    return Fraction((on - since).days, max((until - since).days, 1))


def weight_between(weights: Sequence[Fraction], since: date, until: date) -> Fraction:
    """The months' weights from a day (not counted) to a day; part of a month counts by its days."""
    total, month = Fraction(0), since.replace(day=1)
    while month <= until:
        length = calendar.monthrange(month.year, month.month)[1]
        last = month.replace(day=length)
        first_day = max(since, month - timedelta(days=1))
        days = (min(until, last) - first_day).days
        total += weights[month.month - 1] * Fraction(max(days, 0), length)
        month = last + timedelta(days=1)
    return total


def progress_of(course: Course, value: Fraction) -> Fraction:
    """How much of the way is gone, between 0 and (beyond the goal) more than 1."""
    if course.comparison.downwards:
        return _progress_downwards(course, value)
    way = course.goal - course.baseline
    if way <= 0:
        return Fraction(int(satisfied(course.comparison, value, course.goal)))
    return max((value - course.baseline) / way, Fraction(0))


def _progress_downwards(course: Course, value: Fraction) -> Fraction:
    if satisfied(course.comparison, value, course.goal):
        return Fraction(1)
    if course.baseline > course.goal:
        return max((course.baseline - value) / (course.baseline - course.goal), Fraction(0))
    return course.goal / value if value else Fraction(0)


def gap_of(course: Course, value: Fraction) -> Fraction:
    """What is still missing to keep the promise; for a strict comparison of whole things one more."""
    if satisfied(course.comparison, value, course.goal):
        return Fraction(0)
    gap = abs(course.goal - value)
    strict = course.comparison in (Comparison.MORE_THAN, Comparison.LESS_THAN)
    return gap + 1 if strict and course.whole else gap


def needed_per_month(course: Course, value: Fraction, on: date) -> Fraction | None:
    """What each month to come must bring so that the deadline is kept.

    None when no time is left, nothing is missing, or the number does not grow month by month.
    """
    gap, days = gap_of(course, value), (course.deadline - on).days
    if days <= 0 or not gap or not course.curve.grows:
        return None
    months = max(days / DAYS_A_MONTH, Fraction(1))
    need = gap / months
    return Fraction(math.ceil(need)) if course.whole else need


def forecast_of(course: Course, value: Fraction, on: date) -> Fraction | None:
    """The value at the deadline if the pace since the start goes on; None in the first month and afterwards."""
    return forecast_to(course, value, on, course.deadline)


def forecast_to(course: Course, value: Fraction, on: date, until: date) -> Fraction | None:
    """The value on a day to come if the pace so far goes on: by days, or by the months' weights.

    None in the first four weeks, for what does not grow, and for a day that is not ahead.
    """
    if not course.curve.grows or (on - course.start).days < 28 or on >= until:
        return None
    gone, ahead = _weighed(course, course.start, on), _weighed(course, on, until)
    if not gone:
        return None
    forecast = value + (value - course.baseline) * ahead / gone
    return Fraction(math.floor(forecast)) if course.whole else forecast


def _weighed(course: Course, since: date, until: date) -> Fraction:
    """Days between two days, or the weights of their months."""
    if course.curve is Curve.SEASONAL and any(course.weights):
        return weight_between(course.weights, since, until)
    return Fraction((until - since).days)


def year_end(course: Course, on: date) -> date:
    """The end of the year in which a day lies, or the deadline if that comes first."""
    return min(date(on.year, 12, 31), course.deadline)


def stand(course: Course, value: Fraction | None, on: date) -> Standing:
    """Everything said about a target on a day, from its course and its value (None: nobody reported)."""
    expected = expected_on(course, on)
    state = state_of(course, value, on)
    if value is None:
        missing = abs(course.goal - course.baseline)
        return Standing(state, None, course.goal, expected, None, missing, None, None)
    return Standing(
        state=state,
        value=value,
        goal=course.goal,
        expected=expected,
        progress=progress_of(course, value),
        gap=gap_of(course, value),
        needed_per_month=needed_per_month(course, value, on),
        forecast=forecast_of(course, value, on),
    )


def state_of(course: Course, value: Fraction | None, on: date) -> State:
    """The light's reason, by the plan's curve and nothing else."""
    if on < course.start:
        return State.NOT_STARTED
    if value is None:
        return State.UNREPORTED
    if satisfied(course.comparison, value, course.goal):
        # keeping a rate is not over before the deadline; a number that only grows is
        return State.MET if course.curve is not Curve.HOLD or on >= course.deadline else State.ON_TRACK
    if on >= course.deadline:
        return State.OVERDUE
    return _state_on_the_way(course, value, on)


def _state_on_the_way(course: Course, value: Fraction, on: date) -> State:
    due = progress_of(course, expected_on(course, on))
    done = progress_of(course, value)
    if done >= due:
        return State.ON_TRACK
    return State.SLOW if done >= due * SLOW_FROM else State.LATE
