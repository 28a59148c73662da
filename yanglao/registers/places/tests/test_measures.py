"""What is counted: at any past day, only what is in force, down to the records."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.harness.house import House
from yanglao.kernel.scope import everything
from yanglao.registers.places import actions, queries
from yanglao.registers.places.measures import BY_NAME
from yanglao.registers.places.models import Place
from yanglao.registers.places.tests.sample import ELSEWHERE, NEIGHBOUR, SYSTEM, VILLAGE, contract, make, tell

TODAY = queries.today()
THEN = dt.date(2021, 6, 30)


def count(name: str, on: dt.date = TODAY) -> dict[int, float]:
    with everything("test"):
        return dict(BY_NAME[name].count(on))


def test_places_are_counted_while_they_are_open(house: House) -> None:
    place = make()
    make("江北养老院", place=ELSEWHERE, since=dt.date(2022, 1, 1))
    make("万安老年食堂", kind="canteen", state="building")
    with everything("test"):
        actions.close(SYSTEM, place, on=dt.date(2023, 1, 1), reason="停办")
    assert count("open", THEN) == {VILLAGE: 1}
    assert count("homes", dt.date(2022, 6, 1)) == {VILLAGE: 1, ELSEWHERE: 1}
    assert count("homes") == {ELSEWHERE: 1}
    assert count("kind_canteen") == {}


def test_beds_are_added_up_as_they_were_filed_then(house: House) -> None:
    place = make()
    tell(place, "approved_beds", amount=100)
    tell(place, "approved_beds", amount=130, since=dt.date(2024, 1, 1))
    tell(make("另一家"), "approved_beds", amount=20)
    assert count("approved_beds", THEN) == {VILLAGE: 120}
    assert count("approved_beds") == {VILLAGE: 150}
    assert count("beds_100", THEN) == {VILLAGE: 1}
    assert count("beds_50") == {VILLAGE: 1}


def test_an_expired_insurance_does_not_count(house: House) -> None:
    tell(make(), "liability_insurance", number="P1", expires_on=dt.date(2022, 12, 31))
    assert count("insured", THEN) == {VILLAGE: 1}
    assert count("insured", dt.date(2022, 12, 31)) == {VILLAGE: 1}
    assert count("insured", dt.date(2023, 1, 1)) == {}


def test_what_waits_for_confirmation_does_not_count(house: House) -> None:
    from yanglao.kernel.scope import entered
    from yanglao.registers.places.recording import Contents

    place = make(organisation=house.provider)
    manager = house.actor("care_home_manager")
    with entered(manager):
        actions.record(manager, place, kind="rehab_room", valid_from=TODAY, source="申报", said=Contents())
    assert count("beds_100_rehab") == {}
    assert count("smart") == {}


def test_streets_and_villages_are_counted_once(house: House) -> None:
    for name, village in (("甲站", VILLAGE), ("乙站", VILLAGE), ("丙站", NEIGHBOUR)):
        make(name, kind="station", place=village)
    make("嵌入甲", kind="embedded_home")
    make("嵌入乙", kind="embedded_home", place=NEIGHBOUR)
    assert count("villages_with_station") == {VILLAGE: 1, NEIGHBOUR: 1}
    assert count("streets_with_embedded") == {house.street: 1}


def test_shares_of_ningbo(house: House) -> None:
    for name, star, beds, extra in (
        ("甲院", "3", 120, True),
        ("乙院", "1", 100, False),
        ("丙院", "", 99, True),
    ):
        place = make(name)
        tell(place, "ownership", "public")
        tell(place, "sponsor", "county")
        tell(place, "setting", "urban")
        tell(place, "approved_beds", amount=beds)
        if star:
            tell(place, "star", star)
        if extra:
            for kind in ("rehab_room", "has_kitchen", "sunshine_kitchen", "dementia_zone"):
                tell(place, kind)
            tell(place, "neighbour_services", "day_care")
    expected = {
        "homes": 3, "stars_2": 1, "county_public": 3, "county_public_stars_3": 1, "homes_urban": 3,
        "homes_urban_outreach": 2, "beds_100": 2, "beds_100_rehab": 1, "with_kitchen": 2, "sunshine_kitchen": 2,
        "upper_public": 3, "upper_public_dementia": 2, "beds_50_social": 0,
    }  # fmt: skip
    assert {name: count(name).get(VILLAGE, 0) for name in expected} == expected


def test_every_number_opens_down_to_its_records(house: House) -> None:
    make()
    for name, counted in BY_NAME.items():
        with everything("test"):
            number = sum(counted.count(TODAY).values())
            assert number == len(counted.records(TODAY)) or counted.covers or counted.sums, name
        assert f"measure={name}" in counted.list_url(TODAY, house.county)


def test_what_was_built_stays_built(house: House) -> None:
    home = make(since=dt.date(2025, 3, 1))
    tell(home, "ownership", "private", since=dt.date(2025, 3, 1))
    assert count("private_homes_opened", dt.date(2024, 12, 31)) == {}
    with everything("test"):
        actions.close(SYSTEM, home, on=dt.date(2025, 9, 1), reason="停办")
    assert count("homes_private") == {}
    assert count("private_homes_opened") == {VILLAGE: 1}


def test_floor_area_is_in_ten_thousand_square_metres(house: House) -> None:
    tell(make(), "building_area", amount=12_345_600)
    assert count("floor_area") == {VILLAGE: pytest.approx(12.3456)}


def test_the_list_behind_a_number_is_that_number(house: House) -> None:
    make()
    gone = make("停办的养老院")
    with everything("test"):
        actions.close(SYSTEM, gone, on=dt.date(2022, 1, 1), reason="停办")
        assert Place.objects.count() == 2
    officer = house.client("district_officer", house.county)
    page = officer.get(BY_NAME["homes"].list_url(dt.date(2021, 1, 1), house.county)).content.decode()
    assert "安心养老院" in page
    assert "停办的养老院" in page
    page = officer.get(BY_NAME["homes"].list_url(TODAY, house.county)).content.decode()
    assert "停办的养老院" not in page


def test_contracts_that_end_soon_are_counted(house: House) -> None:
    from yanglao.registers.places.measures import CONTRACTS_ENDING

    contract(make(), ends_on=dt.date(2024, 6, 30))
    with everything("test"):
        ending = {
            on: dict(CONTRACTS_ENDING.count(on)) for on in (THEN, dt.date(2024, 3, 1), dt.date(2024, 7, 1))
        }
    assert ending == {THEN: {}, dt.date(2024, 3, 1): {VILLAGE: 1}, dt.date(2024, 7, 1): {}}


def test_who_owes_fire_safety_is_who_did_it_or_lacks_the_approval(house: House) -> None:
    done, lacking, excused, both = (make(f"第{n}敬老院") for n in "一二三四")
    tell(done, "fire_renovated")
    tell(excused, "fire_approval", number="F1")
    tell(both, "fire_renovated")
    tell(both, "fire_approval", number="F2")
    assert lacking.pk
    assert count("fire_owed") == {VILLAGE: 3}
    assert count("fire_renovated") == {VILLAGE: 2}
