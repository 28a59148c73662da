"""Amounts add up exactly from street to city, and months follow one another."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.steering.indicators import rules
from yanglao.steering.indicators.rules import Amount, Kind

CITY, OTHER = 330200000000, 330100000000
streets = st.builds(
    lambda county, street, village: CITY + county * 10**6 + street * 10**3 + village,
    st.integers(0, 9),
    st.integers(0, 4),
    st.integers(0, 3),
)
amounts = st.builds(
    lambda n, d: Amount(Fraction(n), Fraction(n + d)), st.integers(0, 500), st.integers(0, 500)
)


@given(st.dictionaries(streets, amounts, min_size=1))
def test_the_city_is_the_sum_of_its_places(leaves: dict[int, Amount]) -> None:
    totals = rules.roll_up(leaves, CITY)
    assert totals[CITY].numerator == sum(a.numerator for a in leaves.values())
    assert totals[CITY].denominator == sum(a.denominator or 0 for a in leaves.values())


@given(st.dictionaries(streets, amounts, min_size=1))
def test_each_county_is_the_sum_of_what_lies_in_it(leaves: dict[int, Amount]) -> None:
    totals = rules.roll_up(leaves, CITY)
    for code, total in totals.items():
        if code % 10**6 == 0 and code != CITY:
            inside = [a.numerator for c, a in leaves.items() if code <= c < code + 10**6]
            assert total.numerator == sum(inside)


def test_what_lies_elsewhere_is_left_out() -> None:
    assert rules.roll_up({OTHER + 10**6: Amount.of(5)}, CITY) == {}


def test_a_county_can_be_the_root() -> None:
    leaves = {522634001001: Amount.of(1), 522634001002: Amount.of(2)}
    totals = rules.roll_up(leaves, 522634000000)
    assert totals[522634000000] == totals[522634001000] == Amount.of(3)
    assert 522600000000 not in totals


def test_ratio_and_density_divide_and_say_when_they_cannot() -> None:
    assert Amount.of(57, 100).value(Kind.RATIO) == 57
    assert Amount.of(19, 10_000).value(Kind.DENSITY) == 19
    assert Amount.of(1, 0).value(Kind.RATIO) is None
    assert Amount.of(7).value(Kind.STOCK) == 7


def test_a_ratio_and_a_count_are_not_added() -> None:
    with pytest.raises(ValueError, match="cannot be added"):
        Amount.of(1, 2) + Amount.of(1)


@given(st.dates(date(2000, 1, 2), date(2099, 1, 1)))
def test_months_follow_one_another(day: date) -> None:
    first = rules.month_start(day)
    assert rules.previous_month(rules.next_month(first)) == first
    assert rules.month_end(day) < rules.next_month(first)
    assert (rules.next_month(first) - rules.month_end(day)).days == 1


def test_it_lists_the_months_of_a_year() -> None:
    months = rules.months_between(date(2021, 1, 1), date(2021, 12, 31))
    assert (len(months), months[0], months[-1]) == (12, date(2021, 1, 1), date(2021, 12, 1))


def test_the_running_month_is_counted_today() -> None:
    assert rules.counting_date(date(2021, 6, 1), date(2021, 6, 10)) == date(2021, 6, 10)
    assert rules.counting_date(date(2021, 5, 1), date(2021, 6, 10)) == date(2021, 5, 31)


def test_coverage_counts_only_what_was_expected() -> None:
    assert rules.coverage([1, 2, 9], [1, 2, 3, 4]) == Fraction(1, 2)
    assert rules.coverage([], []) == 1


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [("57.25", 1, "57.3"), ("57", 1, "57"), ("8000", 0, "8,000"), ("200/3", 2, "66.67"), ("0.5", 0, "1")],
)
def test_numbers_are_shown_as_people_read_them(value: str, digits: int, text: str) -> None:
    assert rules.shown(Fraction(value), digits) == text


def test_an_unknown_number_is_a_dash() -> None:
    assert rules.shown(None) == "—"


@pytest.mark.parametrize(
    ("value", "other", "text"),
    [("99.97", "100", "99.97"), ("100", "100", "100"), ("99.99999", "100", "100"), ("0.04", "0", "0.04")],
)
def test_rounding_does_not_make_a_missed_goal_look_kept(value: str, other: str, text: str) -> None:
    assert rules.shown_apart(Fraction(value), Fraction(other), 1) == text
