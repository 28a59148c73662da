"""What a policy sees of a worker on a day: the post that counts, time without a gap, the highest certificate."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.harness.facts import facts_on
from tests.harness.house import House
from yanglao.registers.places.models import Place
from yanglao.registers.places.tests.sample import tell
from yanglao.registers.workforce import actions
from yanglao.registers.workforce.tests.sample import CLERK, certificate, home, spells, worker

DAY = dt.date(2026, 6, 30)


@pytest.fixture
def place(house: House) -> Place:
    return home(house)


def test_a_post_counts_from_its_first_day_to_the_day_he_left(place: Place) -> None:
    him = worker(place, starts=dt.date(2026, 3, 2))
    actions.end(CLERK, spells(him)[0], on=dt.date(2026, 6, 10), left="resigned")
    assert "post" not in facts_on("worker", him.pk, dt.date(2026, 3, 1))
    first = facts_on("worker", him.pk, dt.date(2026, 3, 2))
    assert (first["post"], first["place"], first["full_time"]) == ("carer", place.pk, True)
    assert first["location"] == place.division_id
    assert "post" in facts_on("worker", him.pk, dt.date(2026, 6, 9))
    assert "post" not in facts_on("worker", him.pk, dt.date(2026, 6, 10))


def test_a_change_of_post_keeps_the_time_with_the_employer(place: Place) -> None:
    him = worker(place, starts=dt.date(2025, 3, 1))
    actions.change(CLERK, spells(him)[0], on=dt.date(2026, 1, 1), source="测试", post="head_carer")
    found = facts_on("worker", him.pk, DAY)
    assert (found["post_since"], found["employed_since"]) == (dt.date(2026, 1, 1), dt.date(2025, 3, 1))


def test_another_employer_begins_anew_but_not_in_the_trade(place: Place, house: House) -> None:
    him = worker(place, starts=dt.date(2025, 3, 1))
    other = home(house, "松鹤养老院")
    actions.transfer(CLERK, spells(him)[0], to=other, on=dt.date(2026, 1, 1), source="测试")
    found = facts_on("worker", him.pk, DAY)
    assert (found["place"], found["employed_since"]) == (other.pk, dt.date(2026, 1, 1))
    assert found["in_trade_since"] == dt.date(2025, 3, 1)


def test_the_full_time_post_counts_before_another(place: Place, house: House) -> None:
    him = worker(place, starts=dt.date(2025, 3, 1), full_time=False)
    actions.hire(
        CLERK,
        him,
        employer=home(house, "松鹤养老院"),
        source="测试",
        post="nurse",
        starts=dt.date(2026, 5, 1),
    )
    assert facts_on("worker", him.pk, dt.date(2026, 4, 30))["post"] == "carer"
    assert facts_on("worker", him.pk, DAY)["post"] == "nurse"


def test_the_highest_certificate_in_force_counts(place: Place) -> None:
    him = worker(place)
    certificate(him, level=5, issued_on=dt.date(2023, 1, 1))
    certificate(him, level=3, issued_on=dt.date(2026, 2, 1), expires_on=dt.date(2026, 6, 29))
    assert facts_on("worker", him.pk, dt.date(2026, 1, 31))["carer_level"] == 5
    assert facts_on("worker", him.pk, dt.date(2026, 6, 29))["carer_level"] == 3
    assert facts_on("worker", him.pk, DAY)["carer_level"] == 5


def test_a_revoked_certificate_counts_no_more(place: Place) -> None:
    him = worker(place)
    paper = certificate(him, level=4, issued_on=dt.date(2024, 1, 1))
    actions.revoke_certificate(CLERK, paper, on=DAY, reason="冒用")
    assert facts_on("worker", him.pk, dt.date(2026, 6, 29))["carer_level"] == 4
    assert "carer_level" not in facts_on("worker", him.pk, DAY)


def test_whether_the_employer_has_filed_is_known(place: Place) -> None:
    him = worker(place, starts=dt.date(2025, 3, 1))
    tell(place, "filing", number="备1", since=dt.date(2026, 6, 1))
    assert "employer_filed_on" not in facts_on("worker", him.pk, dt.date(2026, 5, 31))
    assert facts_on("worker", him.pk, DAY)["employer_filed_on"] == dt.date(2026, 6, 1)
