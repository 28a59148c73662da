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
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.divisions.models import Division
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
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content), data_only=True).active
    heads = [cell.value for cell in sheet[2]]
    row = next(row for row in sheet.iter_rows(values_only=True) if row[3] == "目标trained")
    assert dict(zip(heads, row, strict=True))["各地合计"] == 1200
    assert dict(zip(heads, row, strict=True))["核对"] == "一致"


def test_the_districts_goal_stands_beside_its_number(house, plan, registers, system, manager):
    registers["test.beds"] = {house.village: 300, house.other_village: 100}
    indicators.compute(system, months=[JUNE])
    target = make.Plan.objects.get(pk=plan.pk).targets.select_related("plan", "indicator").get(key="beds")
    numbers = {house.county: Fraction(600), house.other_county: Fraction(400)}
    with entered(manager):
        actions.divide_target(manager, target=target, method="hand", numbers=numbers)
    page = house.client("city_officer", house.city).get("/plans/city-2021/targets/beds/?month=2021-06")
    assert "50%" in page.content.decode()


def _table(client, change):
    """The exported table with cells typed over: {(target, heading): value}."""
    answer = client.get("/plans/city-2021/breakdown/?form=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book.active
    heads = {cell.value: cell.column for cell in sheet[2]}
    rows = {row[3].value: row[0].row for row in sheet.iter_rows(min_row=3) if row[3].value}
    for (name, head), value in change.items():
        sheet.cell(rows[name], heads[head]).value = value
    made = io.BytesIO()
    book.save(made)
    return SimpleUploadedFile("任务分解表.xlsx", made.getvalue())


def _names(house):
    return [Division.objects.get(pk=code).name for code in (house.county, house.other_county)]


def test_the_table_comes_back_filled_in_and_makes_new_versions(house, plan, trained):
    client, (one, other) = house.client("city_officer", house.city), _names(house)
    address = "/plans/city-2021/breakdown.xlsx?month=2021-06"
    filled = {
        ("目标trained", one): 500,
        ("目标trained", other): 700,
        ("目标beds", one): 400,
        ("目标beds", other): 600,
    }
    assert client.post(address, {"file": _table(client, filled)}).status_code == 302
    assert queries.parts_in_force(trained) == {house.county: 500, house.other_county: 700}
    again = {("目标beds", one): 300, ("目标beds", other): 700}
    page = client.post(address, {"file": _table(client, again)}, follow=True).content.decode()
    assert "1 项没有变化" in page
    assert [made.version for made in queries.breakdown_history(trained)] == [1]
    beds = plan.targets.get(key="beds")
    assert [(made.version, made.in_force) for made in queries.breakdown_history(beds)] == [
        (2, True),
        (1, False),
    ]


def test_all_errors_of_the_table_come_back_at_once_and_nothing_is_changed(house, plan, trained):
    client, (one, other) = house.client("city_officer", house.city), _names(house)
    wrong = {
        ("目标trained", one): 500,
        ("目标trained", other): 600,
        ("目标beds", one): "很多",
        ("目标kitchens", one): 80,
    }
    answer = client.post("/plans/city-2021/breakdown.xlsx", {"file": _table(client, wrong)})
    assert answer.status_code == 200
    marked = openpyxl.load_workbook(io.BytesIO(answer.content))
    words = " ".join(str(c.value) for sheet in marked for row in sheet.iter_rows() for c in row if c.value)
    assert "少 100" in words
    assert "读不成一个数" in words
    assert "没有任务的填 0" in words
    assert not queries.breakdown_history(trained)


def test_more_than_the_whole_needs_a_reason_in_the_table(house, plan, trained):
    client, (one, other) = house.client("city_officer", house.city), _names(house)
    more = {("目标trained", one): 700, ("目标trained", other): 600}
    answer = client.post("/plans/city-2021/breakdown.xlsx", {"file": _table(client, more)})
    assert answer.status_code == 200
    told = {**more, ("目标trained", "多下达的原因"): "留有余地"}
    assert client.post("/plans/city-2021/breakdown.xlsx", {"file": _table(client, told)}).status_code == 302
    (made,) = queries.breakdown_history(trained)
    assert made.note == "留有余地"


def test_a_table_older_than_the_plan_is_refused(house, plan, trained):
    client, (one, other) = house.client("city_officer", house.city), _names(house)
    table = _table(client, {("目标trained", one): 500, ("目标trained", other): 700})
    plan.targets.filter(key="trained").update(number="1300")
    answer = client.post("/plans/city-2021/breakdown.xlsx", {"file": table})
    assert answer.status_code == 200
    assert not queries.breakdown_history(trained)
