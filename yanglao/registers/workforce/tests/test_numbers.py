"""Numbers: any past day, by division, each person once, down to the records."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.harness.house import House
from yanglao.kernel.rooms import house as the_house
from yanglao.kernel.scope import entered, everything
from yanglao.registers.workforce import actions
from yanglao.registers.workforce.measures import BY_NAME, COUNTED
from yanglao.registers.workforce.tests.sample import CLERK, certificate, home, spells, worker

APRIL, MAY, JUNE = dt.date(2026, 4, 15), dt.date(2026, 5, 1), dt.date(2026, 6, 15)


def count(name: str, on: dt.date) -> dict[int, float]:
    with everything("test"):
        return dict(BY_NAME[name].count(on))


def test_a_number_is_that_of_the_day(house: House):
    one = worker(home(house))
    assert count("carers", dt.date(2026, 2, 1)) == {}
    assert count("carers", APRIL) == {house.village: 1}
    actions.end(CLERK, spells(one)[0], on=MAY, left="resigned")
    assert count("carers", APRIL) == {house.village: 1}
    assert count("carers", MAY) == {}


def test_a_person_with_two_posts_counts_once(house: House):
    here = home(house)
    one = worker(here, full_time=False)
    actions.hire(
        CLERK, one, employer=home(house, "乙院", other=True), post="carer", starts=MAY, full_time=False, source="x"
    )  # fmt: skip
    assert sum(count("carers", JUNE).values()) == 1
    assert sum(count("staff", JUNE).values()) == 1


def test_an_expired_certificate_counts_as_none(house: House):
    one = worker(home(house))
    certificate(one, issued_on=dt.date(2020, 1, 1), expires_on=MAY)
    assert count("carers_certified", APRIL) == {house.village: 1}
    assert count("carers_certified", MAY) == {house.village: 1}
    assert count("carers_certified", JUNE) == {}
    assert count("carers_uncertified", JUNE) == {house.village: 1}
    assert count("carers_level_4", APRIL) == {house.village: 1}


def test_a_carer_counts_at_his_best_level_alone(house: House):
    one = worker(home(house))
    certificate(one, level=5, issued_on=dt.date(2020, 1, 1))
    certificate(one, level=3, issued_on=MAY)
    assert (count("carers_level_5", APRIL), count("carers_level_3", APRIL)) == ({house.village: 1}, {})
    assert (count("carers_level_5", JUNE), count("carers_level_3", JUNE)) == ({}, {house.village: 1})


def test_certificates_add_up_by_their_day_of_issue(house: House):
    one = worker(home(house))
    certificate(one, level=5, issued_on=dt.date(2025, 12, 31))
    certificate(one, level=4, issued_on=dt.date(2026, 1, 1))
    assert count("carer_certificates", dt.date(2025, 12, 31)) == {house.village: 1}
    assert count("carer_certificates", APRIL) == {house.village: 2}


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_every_number_opens_down_to_its_records(house: House, name: str):
    one = worker(home(house))
    certificate(one)
    counted, officer = BY_NAME[name], house.actor("city_officer")
    with entered(officer):
        assert sum(counted.count(JUNE).values()) == counted.records(JUNE).count()
        url = counted.list_url(JUNE, house.village)
    assert house.client("city_officer").get(url).status_code == 200
    assert f"workforce.{name}" in the_house().measures
    assert len(COUNTED) == len(BY_NAME)
