"""The arithmetic of tables."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.steering.tables.rules import Figure, broken, check_of, reckon, terms

NUMBERS = st.integers(0, 10**9).map(Fraction)


@dataclass(frozen=True)
class Row:
    code: str
    count: str = ""
    share: tuple[str, str] | None = None
    per: int = 100


def test_a_count_adds_and_subtracts_measures() -> None:
    assert terms("a.x + b.y - c.z:w") == ((1, "a.x"), (1, "b.y"), (-1, "c.z:w"))
    assert terms("") == ()


@pytest.mark.parametrize("text", ["a", "a.x b.y", "a.x * b.y", "a.x +", "1 + a.x", "a.x + (b.y)"])
def test_a_count_written_otherwise_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        terms(text)


@pytest.mark.parametrize("text", ["1", "1 = ", "1 == 2", "1 = 2 - 3", "a = 1", "1 < 2"])
def test_a_relation_written_otherwise_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        check_of(text)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_row_is_the_signed_sum_of_its_measures(a: Fraction, b: Fraction, c: Fraction) -> None:
    figures = reckon([Row("1", "r.a + r.b - r.c")], {"r.a": a, "r.b": b, "r.c": c}, {})
    assert figures == {"1": Figure(a + b - c, "counted")}


def test_what_was_not_counted_stays_open_and_is_never_nought() -> None:
    rows = [Row("1", "r.a + r.gone"), Row("2"), Row("3", share=("1", "2"))]
    assert reckon(rows, {"r.a": Fraction(5)}, {}) == {
        "1": Figure(None, "open"),
        "2": Figure(None, "open"),
        "3": Figure(None, "open"),
    }


def test_a_typed_number_never_stands_in_for_a_counted_one() -> None:
    rows = [Row("1", "r.a"), Row("2")]
    figures = reckon(rows, {}, {"1": Fraction(7), "2": Fraction(8)})
    assert figures == {"1": Figure(None, "open"), "2": Figure(Fraction(8), "typed")}


@given(NUMBERS, NUMBERS)
def test_a_share_of_nothing_is_open(above: Fraction, below: Fraction) -> None:
    rows = [Row("1", share=("2", "3"), per=1000), Row("2", "r.a"), Row("3", "r.b")]
    figure = reckon(rows, {"r.a": above, "r.b": below}, {})["1"]
    assert figure.number == (above * 1000 / below if below else None)


@given(st.lists(NUMBERS, min_size=3, max_size=3))
def test_a_relation_is_broken_exactly_when_it_does_not_hold(numbers: list[Fraction]) -> None:
    figures = {str(n): Figure(number, "counted") for n, number in enumerate(numbers, 1)}
    one, two, three = numbers
    assert bool(broken([check_of("1 = 2 + 3")], figures)) == (one != two + three)
    assert bool(broken([check_of("1 + 2 >= 3")], figures)) == (one + two < three)
    assert bool(broken([check_of("1 <= 2")], figures)) == (one > two)


def test_a_relation_of_an_open_row_is_not_asked() -> None:
    figures = {"1": Figure(Fraction(1), "counted"), "2": Figure(None, "open")}
    assert broken([check_of("1 = 2")], figures) == []
