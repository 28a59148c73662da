"""The state of a target: exact, monotone, and by the plan's curve alone."""
# i18n: data

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.steering.plans import rules
from yanglao.steering.plans.rules import Comparison, Course, Curve, State
from yanglao.steering.plans.working import steps

START, END = date(2021, 1, 1), date(2021, 12, 31)
numbers = st.fractions(min_value=0, max_value=100_000, max_denominator=100)
goals = st.fractions(min_value=1, max_value=100_000, max_denominator=100)
days = st.dates(START, END)
upward = st.sampled_from(
    [Comparison.REACH, Comparison.AT_LEAST, Comparison.MORE_THAN, Comparison.ALL],
)


def course(goal: Fraction | int, comparison: Comparison = Comparison.REACH, **more: object) -> Course:
    return Course(comparison, Fraction(goal), START, END, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("comparison", "value", "goal", "met"),
    [
        ("reach", "57", "57", True),
        ("reach", "56.996", "57", False),
        ("more_than", "50", "50", False),
        ("more_than", "50.01", "50", True),
        ("at_most", "5", "5", True),
        ("less_than", "5", "5", False),
        ("all", "99.99", "100", False),
        ("about", "95", "100", True),
        ("about", "94", "100", False),
        ("at_least", "200/3", "200/3", True),
        ("at_least", "66.67", "200/3", True),
        ("at_least", "66.66", "200/3", False),
    ],
)
def test_it_compares_exactly_at_the_boundary(comparison: str, value: str, goal: str, met: bool) -> None:
    assert rules.satisfied(Comparison(comparison), Fraction(value), Fraction(goal)) is met


@given(goals, upward, days)
def test_expected_never_exceeds_the_goal_and_reaches_it_at_the_deadline(
    goal: Fraction, comparison: Comparison, on: date
) -> None:
    way = course(goal, comparison)
    assert 0 <= rules.expected_on(way, on) <= goal
    assert rules.expected_on(way, END) == goal


@given(goals, st.lists(days, min_size=2, max_size=2))
def test_expected_only_rises_with_time(goal: Fraction, pair: list[date]) -> None:
    earlier, later = sorted(pair)
    assert rules.expected_on(course(goal), earlier) <= rules.expected_on(course(goal), later)


@given(goals, numbers, numbers, upward, days)
def test_more_is_never_worse(
    goal: Fraction, one: Fraction, other: Fraction, comparison: Comparison, on: date
) -> None:
    order = [State.OVERDUE, State.LATE, State.SLOW, State.ON_TRACK, State.MET]
    low, high = sorted([one, other])
    way = course(goal, comparison)
    assert order.index(rules.state_of(way, low, on)) <= order.index(rules.state_of(way, high, on))
    assert rules.gap_of(way, low) >= rules.gap_of(way, high)


@given(goals, numbers, upward, days)
def test_met_means_the_comparison_holds_and_nothing_is_missing(
    goal: Fraction, value: Fraction, comparison: Comparison, on: date
) -> None:
    standing = rules.stand(course(goal, comparison), value, on)
    assert (standing.state is State.MET) == rules.satisfied(comparison, value, goal)
    if standing.state is State.MET:
        assert standing.gap == 0
        assert standing.needed_per_month is None


@given(st.integers(1, 100_000), st.integers(0, 100_000), st.dates(START, END - timedelta(days=1)))
def test_what_is_needed_each_month_closes_the_gap(goal: int, value: int, on: date) -> None:
    way = course(goal, whole=True)
    need = rules.needed_per_month(way, Fraction(value), on)
    if need is not None:
        assert need.denominator == 1
        months = max((END - on).days / rules.DAYS_A_MONTH, Fraction(1))
        assert need * months >= goal - value


@given(numbers, days)
def test_a_rate_to_hold_is_red_or_amber_as_soon_as_it_is_missed(value: Fraction, on: date) -> None:
    state = rules.state_of(course(100, Comparison.ALL, curve=Curve.HOLD), value, on)
    if value >= 100:
        assert state in (State.ON_TRACK, State.MET)
    else:
        assert state in (State.SLOW, State.LATE, State.OVERDUE)


def test_it_is_overdue_after_the_deadline_and_late_before() -> None:
    way = course(1000, whole=True)
    assert rules.state_of(way, Fraction(300), date(2021, 7, 1)) is State.LATE
    assert rules.state_of(way, Fraction(430), date(2021, 7, 1)) is State.SLOW
    assert rules.state_of(way, Fraction(500), date(2021, 7, 1)) is State.ON_TRACK
    assert rules.state_of(way, Fraction(999), END) is State.OVERDUE
    assert rules.state_of(way, Fraction(1000), END) is State.MET


def test_nothing_reported_is_said_and_not_counted_as_nought() -> None:
    standing = rules.stand(course(1000), None, date(2021, 7, 1))
    assert standing.state is State.UNREPORTED
    assert standing.light == "grey"
    assert standing.value is None
    assert standing.progress is None


def test_it_waits_before_the_start() -> None:
    assert rules.state_of(course(10), Fraction(0), date(2020, 12, 31)) is State.NOT_STARTED


def test_a_milestone_is_not_expected_before_its_day() -> None:
    way = course(1, curve=Curve.END)
    assert rules.state_of(way, Fraction(0), date(2021, 12, 30)) is State.ON_TRACK
    assert rules.state_of(way, Fraction(0), END) is State.OVERDUE
    assert rules.state_of(way, Fraction(1), date(2021, 3, 1)) is State.MET


def test_yearly_marks_bend_the_curve() -> None:
    marks = ((date(2021, 12, 31), Fraction(100)), (date(2022, 12, 31), Fraction(150)))
    way = Course(Comparison.REACH, Fraction(200), date(2021, 1, 1), date(2023, 12, 31), marks=marks)
    assert rules.expected_on(way, date(2021, 12, 31)) == 100
    assert rules.expected_on(way, date(2022, 12, 31)) == 150
    assert 150 < rules.expected_on(way, date(2023, 6, 30)) < 176


def test_the_baseline_counts_as_nothing_done() -> None:
    way = Course(Comparison.REACH, Fraction(36), START, END, baseline=Fraction(16), whole=True)
    assert rules.progress_of(way, Fraction(16)) == 0
    assert rules.progress_of(way, Fraction(26)) == Fraction(1, 2)
    assert rules.gap_of(way, Fraction(26)) == 10


def test_a_ceiling_is_kept_from_above() -> None:
    way = course(5, Comparison.AT_MOST, baseline=Fraction(15))
    assert rules.progress_of(way, Fraction(10)) == Fraction(1, 2)
    assert rules.gap_of(way, Fraction(10)) == 5
    assert rules.state_of(way, Fraction(5), date(2021, 2, 1)) is State.MET


def test_a_strict_target_of_whole_things_needs_one_more() -> None:
    assert rules.gap_of(course(50, Comparison.MORE_THAN, whole=True), Fraction(50)) == 1


def test_it_forecasts_at_the_pace_so_far() -> None:
    way = course(1000, whole=True)
    half = date(2021, 7, 2)  # 182 of 364 days
    assert rules.forecast_of(way, Fraction(400), half) == 800
    assert rules.forecast_of(way, Fraction(400), date(2021, 1, 20)) is None


def test_it_checks_increments_against_the_promised_total() -> None:
    increments = [Fraction(100), Fraction(50), Fraction(50)]
    assert rules.missing_from(increments, Fraction(200)) == 0
    assert rules.missing_from(increments, Fraction(210)) == 10
    assert rules.first_fall([Fraction(20), Fraction(30), Fraction(100)]) is None
    assert rules.first_fall([Fraction(30), Fraction(20)]) == (30, 20)


def test_yearly_increments_and_totals_become_marks() -> None:
    years = [rules.Year(2021, Fraction(100), True), rules.Year(2022, Fraction(50), True)]
    assert rules.marks_of(years) == ((date(2021, 12, 31), 100),)
    totals = [rules.Year(2021, Fraction(20), False), rules.Year(2022, Fraction(30), False)]
    assert rules.marks_of([*totals, rules.Year(2023, Fraction(100), False)])[-1] == (date(2022, 12, 31), 30)


@pytest.mark.parametrize("masked", ["20_0", "_", "", "约50", "２０"])
def test_it_refuses_a_number_that_cannot_be_read(masked: str) -> None:
    with pytest.raises(ValueError, match="number"):
        rules.parse_number(masked)


def test_it_reads_fractions_exactly() -> None:
    assert rules.parse_number("200/3") == Fraction(200, 3)
    assert rules.parse_number(1.3) == Fraction(13, 10)


def test_a_deadline_before_the_start_is_refused() -> None:
    with pytest.raises(ValueError, match="before the start"):
        Course(Comparison.REACH, Fraction(1), END, START)


weights = st.lists(st.integers(0, 10), min_size=12, max_size=12).filter(any)
growing = st.sampled_from([Curve.LINEAR, Curve.STEPS, Curve.SEASONAL])


@given(
    goals, growing, weights, st.lists(days, min_size=2, max_size=2), st.lists(days, max_size=3, unique=True)
)
def test_every_curve_rises_from_the_baseline_to_the_goal(
    goal: Fraction, curve: Curve, months: list[int], pair: list[date], inner: list[date]
) -> None:
    parts = [(day, goal * (n + 1) / (len(inner) + 1)) for n, day in enumerate(sorted(inner))]
    more = {"curve": curve, "weights": tuple(map(Fraction, months)), "marks": tuple(parts)}
    way = course(goal, **more)
    earlier, later = sorted(pair)
    assert 0 <= rules.expected_on(way, earlier) <= rules.expected_on(way, later) <= goal
    assert rules.expected_on(way, START) == 0
    assert rules.expected_on(way, END) == goal


@given(goals, weights, days)
def test_who_keeps_to_a_seasonal_curve_is_forecast_to_arrive(
    goal: Fraction, months: list[int], on: date
) -> None:
    way = course(goal, curve=Curve.SEASONAL, weights=tuple(map(Fraction, months)))
    forecast = rules.forecast_of(way, rules.expected_on(way, on), on)
    if forecast is not None:
        assert forecast == goal


def test_steps_ask_for_nothing_between_two_marks() -> None:
    marks = ((date(2021, 6, 30), Fraction(40)),)
    way = course(100, curve=Curve.STEPS, marks=marks)
    assert rules.expected_on(way, date(2021, 6, 29)) == 0
    assert rules.expected_on(way, date(2021, 6, 30)) == 40
    assert rules.expected_on(way, date(2021, 12, 30)) == 40
    assert rules.expected_on(way, END) == 100


def test_a_month_of_no_weight_asks_for_nothing() -> None:
    weights = tuple(Fraction(n not in (0, 1)) for n in range(12))
    way = course(100, curve=Curve.SEASONAL, weights=weights)
    assert rules.expected_on(way, date(2021, 2, 28)) == 0
    assert rules.expected_on(way, date(2021, 7, 31)) == 50


def test_the_arithmetic_says_what_each_month_needs() -> None:
    way = course(1000, whole=True)
    found = {step.what: step for step in steps(way, Fraction(430), date(2021, 7, 1), str)}
    assert found["今后每月需"].result == "95"
    assert found["尚差"].result == "570"
    assert "× 已过 181 天 ÷ 共 364 天" in found["此时应达"].how
    assert found["亮灯"].result == "86.5%"


def test_several_years_are_forecast_to_the_end_of_this_one_too() -> None:
    way = Course(Comparison.REACH, Fraction(200), START, date(2023, 12, 31), whole=True)
    found = {step.what: step.result for step in steps(way, Fraction(50), date(2021, 7, 1), str)}
    assert found["照此进度年底预计"] == "100"
    assert found["照此进度到期预计"] == "302"


def test_yearly_numbers_of_a_document_are_increments_or_totals_or_nothing() -> None:
    steps = rules.yearly_from([(2022, "50"), (2021, "100"), (2023, "50")], "200")
    assert [(step["year"], step["as"]) for step in steps] == [(y, "increment") for y in (2021, 2022, 2023)]
    assert [s["as"] for s in rules.yearly_from([(2021, "20"), (2022, "30"), (2023, "100")], "100")] == [
        "total"
    ] * 3
    assert rules.yearly_from([(2021, "20"), (2022, "30")], "100") == []
    assert rules.yearly_from([(2021, "100")], "100") == []
    assert rules.yearly_from([(2021, "50"), (2021, "50")], "100") == []
