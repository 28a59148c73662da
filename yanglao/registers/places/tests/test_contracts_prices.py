"""Contracts and prices: no two on one day, what was once so stays."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.harness.house import House, make_divisions
from yanglao.kernel.scope import entered, everything
from yanglao.registers.places import actions, desk, queries
from yanglao.registers.places.models import Contract, Price
from yanglao.registers.places.tests.sample import SINCE, SYSTEM, contract, fresh, make, price, runner

TODAY = queries.today()


def day(n: int) -> dt.date:
    return SINCE + dt.timedelta(days=n)


def test_two_contracts_of_a_place_may_not_overlap(house: House) -> None:
    place, operator = make(), runner()
    contract(place, operator, starts_on=day(0), ends_on=day(100))
    with pytest.raises(ValidationError, match="重叠"):
        contract(place, operator, starts_on=day(100), ends_on=day(200))
    contract(place, operator, starts_on=day(101), ends_on=day(200))


def test_the_database_refuses_overlapping_contracts(house: House) -> None:
    place, operator = make(), runner()
    made = contract(place, operator, starts_on=day(0), ends_on=day(100))
    with everything("test"), pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.create(
            place=place,
            operator=operator,
            owner_name="甲方",
            starts_on=day(50),
            ends_on=day(60),
            agreed_end=day(60),
        )
    later = contract(place, operator, starts_on=day(101), ends_on=day(200))
    later.starts_on = day(100)
    with pytest.raises(IntegrityError), transaction.atomic():
        later.save()
    with everything("test"):
        actions.withdraw_contract(SYSTEM, made, reason="登错")
        later.save()


def test_a_contract_ended_early_makes_room_for_another(house: House) -> None:
    place, operator = make(), runner()
    made = contract(place, operator, starts_on=day(0), ends_on=day(1000))
    with everything("test"):
        with pytest.raises(ValidationError, match="合同期内"):
            actions.end_contract(SYSTEM, made, on=day(1000), reason="到期")
        actions.end_contract(SYSTEM, made, on=day(500), reason="年度考核不合格")
    assert (made.ends_on, made.agreed_end, made.end_reason) == (day(500), day(1000), "年度考核不合格")
    contract(place, operator, starts_on=day(501), ends_on=day(2000))


def test_the_one_who_runs_it_now_is_its_operator(house: House) -> None:
    place, operator = make(), runner()
    contract(place, operator, starts_on=SINCE, ends_on=TODAY + dt.timedelta(days=900))
    assert fresh(place).operator_id == operator.pk


def test_contracts_that_end_are_on_the_desk_until_renewed(house: House) -> None:
    place, operator = make(), runner()
    contract(place, operator, starts_on=SINCE, ends_on=TODAY + dt.timedelta(days=170))
    officer = house.actor("district_officer", house.county)
    with entered(officer):
        item = next(i for i in desk.waiting(officer) if "合同" in str(i.title))
        assert item.count == 1
    contract(
        place, operator, starts_on=TODAY + dt.timedelta(days=171), ends_on=TODAY + dt.timedelta(days=2000)
    )
    with entered(officer):
        assert next(i for i in desk.waiting(officer) if "合同" in str(i.title)).count == 0


def test_assets_and_yearly_assessments(house: House) -> None:
    made = contract(make())
    with everything("test"):
        for value in (100_00, 250_00):
            actions.hand_over(SYSTEM, made, name="护理床", quantity=2, value=value)
        actions.remove_asset(SYSTEM, made.assets.get(value=100_00), reason="报废")
        assert [a.value for a in made.assets.all()] == [250_00]
        for result in ("failed", "good"):
            actions.review_contract(SYSTEM, made, year=2022, result=result, reviewed_on=dt.date(2023, 1, 9))
        assert [r.result for r in made.reviews.all()] == ["good"]
        with pytest.raises(ValidationError, match="不在合同期内"):
            actions.review_contract(SYSTEM, made, year=2019, result="good", reviewed_on=TODAY)


def test_a_new_price_ends_the_old_one_which_stays(house: House) -> None:
    place = make()
    price(place, 100_000, 200_000)
    price(place, 120_000, 240_000, since=dt.date(2023, 1, 1))
    with everything("test"):
        assert [p.low for p in queries.prices_on(place, dt.date(2022, 12, 31))] == [100_000]
        assert [p.low for p in queries.prices_on(place, dt.date(2023, 1, 1))] == [120_000]
    with pytest.raises(ValidationError, match="更晚的日期"):
        price(place, 90_000, 90_000, since=dt.date(2022, 1, 1))
    with pytest.raises(ValidationError, match="最高价"):
        price(place, 3, 2, since=TODAY)


def test_a_withdrawn_price_lets_the_former_stand_again(house: House) -> None:
    place = make()
    price(place, 100_000, 200_000)
    wrong = price(place, 1, 2, since=dt.date(2023, 1, 1))
    with everything("test"):
        actions.withdraw_price(SYSTEM, wrong, reason="登错")
        assert [p.low for p in queries.prices_on(place, TODAY)] == [100_000]
        actions.end_price(SYSTEM, queries.prices_on(place, TODAY)[0], on=TODAY)
        assert not queries.prices_on(place, TODAY).exists()
        assert Price.objects.count() == 2


def test_prices_of_other_beds_stand_side_by_side(house: House) -> None:
    place = make()
    price(place, bed="ordinary")
    price(place, bed="nursing")
    price(place, item="meal", unit="meal", low=1_000, high=1_500)
    with everything("test"):
        assert queries.prices_on(place, TODAY).count() == 3


DAYS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), min_size=1, max_size=8)


class NeverTwo(TestCase):
    @settings(max_examples=15, deadline=None, derandomize=True)
    @given(DAYS)
    def test_contracts_hold_no_day_twice(self, spans: list[tuple[int, int]]) -> None:
        make_divisions()
        place, operator = make(), runner()
        taken: set[int] = set()
        for first, length in spans:
            days = set(range(first, first + length + 1))
            if days & taken:
                with pytest.raises(ValidationError):
                    contract(place, operator, starts_on=day(first), ends_on=day(first + length))
            else:
                contract(place, operator, starts_on=day(first), ends_on=day(first + length))
                taken |= days
        with everything("test"):
            held = [
                n
                for c in Contract.objects.order_by("starts_on")
                for n in range((c.starts_on - SINCE).days, (c.ends_on - SINCE).days + 1)
            ]
        assert sorted(held) == sorted(taken)

    @settings(max_examples=15, deadline=None, derandomize=True)
    @given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), min_size=1, max_size=8))
    def test_one_price_of_an_item_on_a_day(self, said: list[tuple[int, int]]) -> None:
        make_divisions()
        place, last, expected = make(), -1, {}
        for first, low in said:
            if first <= last:
                with pytest.raises(ValidationError):
                    price(place, low, low, since=day(first))
                continue
            price(place, low, low, since=day(first))
            last = first
            expected.update(dict.fromkeys(range(first, 61), low))
        with everything("test"):
            for n in range(61):
                lows = [p.low for p in queries.prices_on(place, day(n))]
                assert lows == ([expected[n]] if n in expected else [])
