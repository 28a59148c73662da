"""Two places and two years side by side, within the reader's scope; a number says how old it is."""
# i18n: data

from __future__ import annotations

from datetime import date

from django.utils import timezone

from yanglao.steering.indicators import actions
from yanglao.steering.plans.tests import make
from yanglao.steering.plans.tests.conftest import plan, registers, system  # noqa: F401 - fixtures of the neighbour


def test_two_places_and_two_years_stand_side_by_side(house, plan, registers, system):  # noqa: F811
    registers["test.beds"] = lambda on: {house.village: on.year - 2000, house.other_village: 5}
    actions.compute(system, months=[date(2021, 3, 1), date(2020, 3, 1)])
    client = house.client("city_officer", house.city)
    address = f"/indicators/beds/compare/?a={house.county}&b={house.other_county}&year=2021"
    page = client.get(address).content.decode()
    assert "海曙区 2021" in page
    assert "江北区 2020" in page
    assert "同比 +1" in page
    assert "同比 0" in page


def test_a_place_outside_ones_scope_is_not_compared(house, plan, registers, system):  # noqa: F811
    client = house.client("district_officer", house.county)
    assert client.get(f"/indicators/beds/compare/?a={house.other_county}").status_code == 404
    assert client.get(f"/indicators/beds/compare/?a={house.street}").status_code == 200


def test_a_number_says_how_old_it_is(house, plan, registers, system):  # noqa: F811
    today = timezone.localdate()
    month = date(today.year - (today.month <= 2), (today.month - 3) % 12 + 1, 1)
    actions.compute(system, months=[month])
    assert make.row("beds").code == "beds"
    page = house.client("city_officer", house.city).get("/indicators/beds/").content.decode()
    assert "距今" in page
