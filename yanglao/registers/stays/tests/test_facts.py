"""What a policy sees of a stay, a bed and a home: on the day of admission, leave, transfer, discharge, death."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.harness.facts import facts_on
from tests.harness.house import House
from yanglao.kernel.scope import everything
from yanglao.registers.places.tests.sample import tell
from yanglao.registers.stays import actions
from yanglao.registers.stays.models import Bed, Stay
from yanglao.registers.stays.tests.sample import SYSTEM, beds, home, living, room

# months that are over, whenever the test runs
MARCH, APRIL = dt.date(2026, 3, 31), dt.date(2026, 4, 30)
ADMITTED = dt.date(2026, 3, 17)


@pytest.fixture
def place(house: House) -> Any:
    place = home()
    room(place, beds=2)
    room(place, "102", beds=1, bed_kind="nursing")
    return place


@pytest.fixture
def stay(place: Any) -> Stay:
    return living(place, beds(place)[0], on=ADMITTED, applied_on=dt.date(2026, 3, 1))


def month(stay: Stay, day: dt.date) -> tuple[int, ...]:
    """(days with a bed, away, in hospital, present)."""
    found = facts_on("stay", stay.pk, day)
    return tuple(found.get(n, 0) for n in ("stay_days", "away_days", "hospital_days", "present_days"))


def test_the_day_of_admission_counts(stay: Stay) -> None:
    assert month(stay, MARCH) == (15, 0, 0, 15)
    assert month(stay, APRIL) == (30, 0, 0, 30)
    assert month(stay, dt.date(2026, 2, 28)) == (0, 0, 0, 0)


def test_the_day_of_discharge_does_not(stay: Stay) -> None:
    actions.discharge(SYSTEM, stay, on=dt.date(2026, 4, 16), end="home")
    assert month(stay, APRIL) == (15, 0, 0, 15)
    assert facts_on("stay", stay.pk, APRIL)["discharged_on"] == dt.date(2026, 4, 16)
    assert month(stay, dt.date(2026, 5, 31)) == (0, 0, 0, 0)


def test_days_away_are_counted_by_reason(stay: Stay) -> None:
    actions.go_away(SYSTEM, stay, kind="home", on=dt.date(2026, 4, 3))
    actions.come_back(SYSTEM, stay, on=dt.date(2026, 4, 6))
    actions.go_away(SYSTEM, stay, kind="hospital", on=dt.date(2026, 4, 26))
    actions.come_back(SYSTEM, stay, on=dt.date(2026, 5, 4))
    assert month(stay, APRIL) == (30, 8, 5, 22)
    assert month(stay, dt.date(2026, 5, 31)) == (31, 3, 3, 28)


def test_a_leave_that_is_open_runs_to_the_end_of_the_month(stay: Stay) -> None:
    actions.go_away(SYSTEM, stay, kind="hospital", on=dt.date(2026, 4, 26))
    assert month(stay, APRIL) == (30, 5, 5, 25)


def test_a_transfer_within_the_home_changes_the_bed_and_not_the_days(stay: Stay, place: Any) -> None:
    actions.transfer(SYSTEM, stay, bed=beds(place)[2], on=dt.date(2026, 4, 10))
    assert month(stay, APRIL) == (30, 0, 0, 30)
    assert facts_on("stay", stay.pk, dt.date(2026, 4, 9))["bed_kind"] == "ordinary"
    assert facts_on("stay", stay.pk, dt.date(2026, 4, 10))["bed_kind"] == "nursing"
    first, last = beds(place)[0], beds(place)[2]
    assert facts_on("bed", first.pk, APRIL)["occupied_days"] == 9
    assert facts_on("bed", last.pk, APRIL)["occupied_days"] == 21


def test_another_home_is_another_stay(stay: Stay) -> None:
    other = home("松鹤养老院")
    room(other, beds=1)
    new = actions.move_home(SYSTEM, stay, bed=beds(other)[0], on=dt.date(2026, 4, 21))
    assert month(stay, APRIL)[0] == 20
    assert month(new, APRIL)[0] == 10


def test_a_death_ends_the_days_and_is_known(stay: Stay) -> None:
    actions.discharge(SYSTEM, stay, on=dt.date(2026, 4, 11), end="death")
    assert month(stay, APRIL)[0] == 10
    assert facts_on("stay", stay.pk, APRIL)["discharged_to"] == "death"


def test_what_the_home_is_counts_on_its_days(stay: Stay, place: Any) -> None:
    tell(place, "ownership", "private")
    tell(place, "star", "3", since=dt.date(2026, 4, 10))
    tell(place, "filing", number="备330203", since=dt.date(2020, 1, 1))
    found = facts_on("stay", stay.pk, dt.date(2026, 4, 9))
    assert (found["ownership"], "star" in found, found["filed_on"]) == ("private", False, dt.date(2020, 1, 1))
    assert facts_on("stay", stay.pk, dt.date(2026, 4, 10))["star"] == 3
    assert facts_on("bed", beds(place)[0].pk, APRIL)["star"] == 3


def test_what_the_resident_is_counts_on_its_days(stay: Stay) -> None:
    found = facts_on("stay", stay.pk, APRIL)
    assert found["person"] == stay.person_id
    assert found["place"] == stay.place_id
    assert found["care_level"] == "half"
    assert found["paid_by"] == "self"
    assert "hukou" in found


def test_a_home_counts_beds_and_residents(stay: Stay, place: Any) -> None:
    found = facts_on("place", place.pk, APRIL)
    assert (found["residents"], found["occupied_bed_days"], found["beds_in_use"]) == (1, 30, 3)
    assert "new_beds" not in found
    opened = facts_on("place", place.pk, dt.date(2024, 1, 31))
    assert (opened["new_beds"], opened["new_nursing_beds"]) == (3, 1)


def test_a_bed_in_repair_is_not_in_use(place: Any) -> None:
    bed = beds(place)[1]
    actions.set_bed(SYSTEM, bed, kind="ordinary", state="repair", on=dt.date(2026, 4, 2))
    assert facts_on("bed", bed.pk, dt.date(2026, 4, 1))["bed_state"] == "use"
    assert facts_on("bed", bed.pk, dt.date(2026, 4, 2))["bed_state"] == "repair"
    assert facts_on("bed", bed.pk, APRIL)["first_used_on"] == dt.date(2024, 1, 1)
    assert facts_on("place", place.pk, APRIL)["beds_in_use"] == 2


def test_a_bed_without_a_day_in_use_has_no_first_one(place: Any) -> None:
    with everything("test"):
        bed = Bed.objects.create(place=place, room=beds(place)[0].room, number="9")
    assert "first_used_on" not in facts_on("bed", bed.pk, APRIL)
