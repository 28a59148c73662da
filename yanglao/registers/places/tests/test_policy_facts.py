"""What a policy sees of a place on a day: papers to their last good day, ratings, premises."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.harness.facts import facts_on
from tests.harness.house import House
from yanglao.registers.places.models import Place
from yanglao.registers.places.tests.sample import make, tell

DAY = dt.date(2026, 3, 15)


@pytest.fixture
def place(house: House) -> Place:
    return make()


def test_a_paper_counts_to_its_last_good_day(place: Place) -> None:
    tell(
        place, "liability_insurance", number="PZ1", since=dt.date(2025, 4, 1), expires_on=dt.date(2026, 3, 31)
    )
    assert facts_on("place", place.pk, dt.date(2026, 3, 31))["insured_on"] == dt.date(2025, 4, 1)
    assert "insured_on" not in facts_on("place", place.pk, dt.date(2026, 4, 1))


def test_a_rating_said_anew_counts_from_its_day(place: Place) -> None:
    tell(place, "star", "2", since=dt.date(2023, 1, 1), expires_on=dt.date(2026, 12, 31))
    tell(place, "star", "4", since=dt.date(2026, 3, 1))
    assert facts_on("place", place.pk, dt.date(2026, 2, 28))["star"] == 2
    assert facts_on("place", place.pk, dt.date(2026, 3, 1))["star"] == 4


def test_numbers_and_kinds_are_what_stood_on_the_day(place: Place) -> None:
    tell(place, "ownership", "private")
    tell(place, "approved_beds", amount=80)
    tell(place, "approved_beds", amount=120, since=dt.date(2026, 3, 16))
    found = facts_on("place", place.pk, DAY)
    assert (found["place_kind"], found["ownership"], found["approved_beds"]) == ("care_home", "private", 80)
    assert facts_on("place", place.pk, dt.date(2026, 3, 16))["approved_beds"] == 120
    assert found["location"] == place.division_id


def test_what_was_not_known_at_the_moment_is_not_seen(place: Place) -> None:
    tell(place, "star", "4")
    before = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert facts_on("place", place.pk, DAY)["star"] == 4
    assert "star" not in facts_on("place", place.pk, DAY, known_at=before)
