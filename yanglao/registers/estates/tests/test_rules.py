"""What an estate owes, and the order of stages."""

import datetime as dt
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.registers.estates import rules

M = Decimal(30), Decimal(300)


@pytest.mark.parametrize(
    ("households", "owed"), [(1500, 450), (500, 300), (1000, 300), (1001, "300.30"), (0, 0)]
)
def test_thirty_per_hundred_households_and_three_hundred_at_least(households: int, owed: object):
    assert rules.required_area(households, *M) == Decimal(str(owed))


@given(
    st.integers(1, 50_000),
    st.integers(1, 50_000),
    st.decimals(1, 100, places=2),
    st.decimals(0, 1000, places=2),
)
def test_more_households_never_owe_less(a: int, b: int, per: Decimal, minimum: Decimal):
    few, many = sorted((a, b))
    assert minimum <= rules.required_area(few, per, minimum) <= rules.required_area(many, per, minimum)


DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2026, 1, 1))


@given(st.lists(st.tuples(st.sampled_from(rules.STAGES), DAYS), max_size=20))
def test_whatever_is_tried_the_stages_stand_in_order(tries: list[tuple[str, dt.date]]):
    reached: list[rules.Reached] = []
    for stage, day in tries:
        if not rules.may_reach(reached, stage, day):
            reached.append(rules.Reached(stage, day))
    stages = [each.stage for each in reached]
    assert len(set(stages)) == len(stages)
    by_stage = sorted(reached, key=lambda each: rules.STAGES.index(each.stage))
    for earlier, later in pairwise(by_stage):
        if stages.index(later.stage) > stages.index(earlier.stage):
            assert earlier.on <= later.on
    must = rules.STAGES[rules.STAGES.index("delivered") :]
    done = [stage for stage in must if stage in stages]
    assert done == list(must[: len(done)])


@pytest.mark.parametrize(
    ("required", "handed", "planned", "due", "state"),
    [
        (None, 0, 0, None, "unknown"),
        (300, 300, 300, None, "met"),
        (300, 299, 300, None, "planned"),
        (300, 0, 299, None, "short"),
        (300, 299, 400, dt.date(2026, 1, 1), "late"),
        (300, 299, 400, dt.date(2026, 1, 2), "planned"),
    ],
)
def test_it_says_where_an_estate_stands(required, handed, planned, due, state):
    wanted = None if required is None else Decimal(required)
    assert rules.state(wanted, Decimal(handed), Decimal(planned), due, dt.date(2026, 1, 2)) == state
