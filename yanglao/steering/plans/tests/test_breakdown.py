"""A target divided among districts adds up to its whole, by whatever method; versions are kept."""
# i18n: data

from __future__ import annotations

import io
import itertools
from datetime import date
from fractions import Fraction

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import entered
from yanglao.steering.indicators import actions as indicators
from yanglao.steering.plans import actions, queries
from yanglao.steering.plans.dividing import divide
from yanglao.steering.plans.tests import make

JUNE = date(2021, 6, 1)
shares = st.dictionaries(
    st.integers(1, 40), st.fractions(0, 1000, max_denominator=50), min_size=1, max_size=12
)


@given(st.integers(0, 100_000), shares)
def test_whole_parts_add_up_and_are_fair(total: int, weights: dict[int, Fraction]) -> None:
    parts = divide(Fraction(total), weights, step=Fraction(1))
    assert sum(parts.values()) == total
    whole = sum(weights.values())
    for code, part in parts.items():
        exact = total * weights[code] / whole if whole else Fraction(total, len(weights))
        assert part.denominator == 1
        assert abs(part - exact) < 1


@given(st.integers(1, 10_000), shares)
def test_more_weight_is_never_less_work(total: int, weights: dict[int, Fraction]) -> None:
    parts = divide(Fraction(total, 10), weights, step=Fraction(1, 10))
    ranked = sorted(weights, key=lambda code: weights[code])
    assert sum(parts.values()) == Fraction(total, 10)
    for low, high in itertools.pairwise(ranked):
        assert weights[low] == weights[high] or parts[low] <= parts[high]


@pytest.fixture
def manager(house):
    return house.actor("city_officer", house.city)


@pytest.fixture
def trained(plan):
    return plan.targets.select_related("plan", "indicator").get(key="trained")


def test_it_is_divided_by_what_there_is(house, plan, registers, system, manager):
    registers["test.beds"] = {house.village: 30, house.other_village: 10}
    indicators.compute(system, months=[JUNE])
    target = plan.targets.select_related("plan", "indicator").get(key="beds")
    with entered(manager):
        assert queries.proposed(plan, target, "base", JUNE) == {house.county: 750, house.other_county: 250}
        assert set(queries.proposed(plan, target, "even", JUNE).values()) == {500}


def test_parts_that_miss_the_whole_are_refused(house, plan, trained, manager):
    def divided(one, other, **more):
        numbers = {house.county: Fraction(one), house.other_county: Fraction(other)}
        with entered(manager):
            return actions.divide_target(manager, target=trained, method="hand", numbers=numbers, **more)

    with pytest.raises(ValidationError, match="少 100"):
        divided(600, 500)
    with pytest.raises(ValidationError, match="多 100"):
        divided(700, 600)
    with pytest.raises(ValidationError, match="负数"):
        divided(1300, -100)
    assert divided(700, 600, remark="留有余地").version == 1
    assert divided(600, 600).version == 2
    assert queries.parts_in_force(trained) == {house.county: 600, house.other_county: 600}
    assert [one.in_force for one in queries.breakdown_history(trained)] == [True, False]
    with entered(manager), pytest.raises(ValidationError, match="每个区县"):
        actions.divide_target(manager, target=trained, method="hand", numbers={house.county: Fraction(1200)})


def test_a_share_is_handed_down_as_it_is(house, plan, manager):
    target = plan.targets.select_related("plan", "indicator").get(key="kitchens")
    with entered(manager):
        assert set(queries.proposed(plan, target, "population", JUNE).values()) == {80}


def test_only_who_manages_the_plan_divides(house, plan, trained):
    district = house.actor("district_officer", house.county)
    numbers = {house.county: Fraction(600), house.other_county: Fraction(600)}
    with entered(district), pytest.raises(Forbidden):
        actions.divide_target(district, target=trained, method="hand", numbers=numbers)


def test_it_is_divided_on_a_page_and_goes_out_as_a_workbook(house, plan):
    client = house.client("city_officer", house.city)
    address = "/plans/city-2021/breakdown/trained/?month=2021-06"
    assert client.get(address).status_code == 200
    wrong = client.post(address, {"method": "hand", f"d-{house.county}": "x", f"d-{house.other_county}": "1"})
    assert wrong.status_code == 422
    sent = {"method": "even", f"d-{house.county}": "600", f"d-{house.other_county}": "600"}
    assert client.post(address, sent).status_code == 302
    page = client.get("/plans/city-2021/breakdown/?month=2021-06").content.decode()
    assert "1,200" in page
    answer = client.get("/plans/city-2021/breakdown/?form=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    heads = [cell.value for cell in sheet[2]]
    row = next(row for row in sheet.iter_rows(values_only=True) if row[3] == "目标trained")
    assert dict(zip(heads, row, strict=True))["各地合计"] == 1200
    assert row[-1] == "一致"


def test_the_districts_goal_stands_beside_its_number(house, plan, registers, system, manager):
    registers["test.beds"] = {house.village: 300, house.other_village: 100}
    indicators.compute(system, months=[JUNE])
    target = make.Plan.objects.get(pk=plan.pk).targets.select_related("plan", "indicator").get(key="beds")
    numbers = {house.county: Fraction(600), house.other_county: Fraction(400)}
    with entered(manager):
        actions.divide_target(manager, target=target, method="hand", numbers=numbers)
    page = house.client("city_officer", house.city).get("/plans/city-2021/targets/beds/?month=2021-06")
    assert "50%" in page.content.decode()
