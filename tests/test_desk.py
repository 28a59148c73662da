"""The desk with what every room of the house offers, nothing left out."""

from __future__ import annotations

from tests.harness.house import House
from yanglao.registers.people.tests.sample import somebody


def test_the_desk_of_a_city_opens_with_all_that_rooms_offer(house: House):
    somebody(1, place=house.village)
    assert house.client("city_officer").get("/").status_code == 200
    assert house.client("street_worker", house.street).get("/").status_code == 200
