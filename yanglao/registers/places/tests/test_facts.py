"""Dated facts: what was true when, as known when; who may say what."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.harness.house import House, make_divisions
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import entered, everything
from yanglao.registers.places import actions, queries
from yanglao.registers.places.models import Place, PlaceFact, Report
from yanglao.registers.places.recording import Contents
from yanglao.registers.places.tests.sample import SINCE, SYSTEM, fresh, known, make, reports, tell

TODAY = queries.today()


def beds(place: Place, day: dt.date, moment: dt.datetime | None = None) -> int | None:
    with everything("test"):
        row = queries.facts_on(place, day, moment).filter(kind="approved_beds").first()
        return row.amount if row else None


def test_a_late_fact_changes_what_was_true_but_not_what_was_known(house: House) -> None:
    place = make()
    tell(place, "approved_beds", amount=100)
    before = timezone.now()
    tell(place, "approved_beds", amount=120, since=dt.date(2022, 7, 1))
    assert beds(place, dt.date(2022, 6, 30)) == 100
    assert beds(place, dt.date(2022, 7, 1)) == 120
    assert beds(place, dt.date(2022, 7, 1), before) == 100
    assert fresh(place).beds == 120


def test_the_same_fact_said_twice_is_one(house: House) -> None:
    place = make()
    tell(place, "rehab_room")
    assert tell(place, "rehab_room", since=dt.date(2021, 1, 1)) is None
    assert len(known(place, "rehab_room")) == 1


def test_a_licence_renewed_begins_a_new_spell(house: House) -> None:
    place = make()
    tell(place, "food_licence", number="JY1", expires_on=dt.date(2024, 12, 31))
    tell(place, "food_licence", number="JY1", expires_on=dt.date(2099, 12, 31), since=dt.date(2025, 1, 1))
    assert [r.expires_on for r in known(place, "food_licence")] == [
        dt.date(2024, 12, 31),
        dt.date(2099, 12, 31),
    ]
    assert fresh(place).next_expiry == dt.date(2099, 12, 31)


def test_several_services_hold_side_by_side(house: House) -> None:
    place = make()
    for value in ("day_care", "home_care"):
        tell(place, "neighbour_services", value)
    assert {r.value for r in known(place, "neighbour_services")} == {"day_care", "home_care"}
    with everything("test"):
        actions.end_fact(SYSTEM, place, kind="neighbour_services", value="day_care", on=TODAY, source="核查")
        now = queries.facts_on(place, TODAY).filter(kind="neighbour_services")
        assert [r.value for r in now] == ["home_care"]


def test_a_withdrawn_fact_was_never_true(house: House) -> None:
    place = make()
    row = tell(place, "star", "3")
    assert fresh(place).star == 3
    with everything("test"):
        actions.withdraw_fact(SYSTEM, row, reason="登错机构")
        assert not queries.facts_on(place, TODAY).filter(kind="star").exists()
        with pytest.raises(ValidationError, match="已被更正过"):
            actions.withdraw_fact(SYSTEM, row, reason="再撤一次")
    assert fresh(place).star is None


def test_an_expired_rating_is_no_rating(house: House) -> None:
    place = make()
    tell(place, "star", "4", expires_on=TODAY - dt.timedelta(days=1))
    assert fresh(place).star is None
    with everything("test"):
        assert not Place.objects.filter(queries.has("star", day=TODAY)).exists()
        assert Place.objects.filter(queries.has("star", day=TODAY - dt.timedelta(days=1))).exists()


@pytest.mark.parametrize(
    ("kind", "said", "field"),
    [
        ("approved_beds", Contents(), "amount"),
        ("approved_beds", Contents(amount=-1), "amount"),
        ("ownership", Contents("royal"), "value"),
        ("rehab_room", Contents(number="12"), "number"),
        ("food_licence", Contents(expires_on=dt.date(2019, 1, 1)), "expires_on"),
        ("no_such", Contents("x"), "kind"),
    ],
)
def test_it_refuses_contents_that_do_not_fit(house: House, kind: str, said: Contents, field: str) -> None:
    place = make()
    with everything("test"), pytest.raises(ValidationError) as refused:
        actions.record(SYSTEM, place, kind=kind, valid_from=SINCE, source="核查", said=said)
    assert field in refused.value.error_dict


def test_the_database_refuses_two_facts_of_a_slot_on_one_day(house: House) -> None:
    place = make()
    tell(place, "approved_beds", amount=100)
    row = known(place, "approved_beds")[0]
    row.pk, row.valid_from = None, dt.date(2023, 1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


# --- who may say what


def test_what_a_manager_says_of_his_licence_waits_for_the_county(house: House) -> None:
    place = make(organisation=house.provider)
    tell(place, "approved_beds", amount=100)
    manager, county = house.actor("care_home_manager"), house.actor("district_officer", house.county)
    with entered(manager):
        told = actions.record(
            manager,
            place,
            kind="approved_beds",
            valid_from=TODAY,
            source="机构申报",
            said=Contents(amount=150),
        )
        assert isinstance(told, Report)
    assert fresh(place).beds == 100
    with entered(county):
        actions.confirm(county, told)
        with pytest.raises(ValidationError, match="已经处理过"):
            actions.refuse(county, told, reason="重复处理")
    assert fresh(place).beds == 150
    assert reports(place)[0].outcome == "confirmed"


def test_a_refused_report_leaves_the_file_as_it_was(house: House) -> None:
    place = make(organisation=house.provider)
    manager, county = house.actor("care_home_manager"), house.actor("district_officer", house.county)
    with entered(manager):
        told = actions.record(
            manager, place, kind="star", valid_from=TODAY, source="机构申报", said=Contents("5")
        )
    assert isinstance(told, Report)
    with entered(county):
        actions.refuse(county, told, reason="没有评定文件")
    assert fresh(place).star is None
    assert (reports(place)[0].outcome, reports(place)[0].reason) == ("refused", "没有评定文件")


def test_what_needs_no_confirmation_counts_at_once(house: House) -> None:
    place = make(organisation=house.provider)
    manager = house.actor("care_home_manager")
    with entered(manager):
        row = actions.record(
            manager, place, kind="has_kitchen", valid_from=TODAY, source="机构申报", said=Contents()
        )
    assert isinstance(row, PlaceFact)


def test_a_later_report_takes_the_place_of_an_earlier_one(house: House) -> None:
    place = make(organisation=house.provider)
    manager = house.actor("care_home_manager")
    with entered(manager):
        for amount in (110, 120):
            actions.record(
                manager,
                place,
                kind="approved_beds",
                valid_from=TODAY,
                source="申报",
                said=Contents(amount=amount),
            )
    assert [r.outcome for r in reports(place)] == ["replaced", ""]


def test_an_officers_own_record_settles_what_waited(house: House) -> None:
    place = make(organisation=house.provider)
    manager = house.actor("care_home_manager")
    with entered(manager):
        actions.record(
            manager, place, kind="approved_beds", valid_from=TODAY, source="申报", said=Contents(amount=110)
        )
    tell(place, "approved_beds", amount=110)
    assert [r.outcome for r in reports(place)] == ["confirmed"]


def test_owner_colleague_and_outsider(house: House) -> None:
    place = make(organisation=house.provider)
    said: dict[str, Any] = {
        "kind": "has_kitchen", "valid_from": TODAY, "source": "申报", "said": Contents()
    }  # fmt: skip
    outsider = house.actor("care_home_manager", house.other_county)
    with entered(outsider):
        assert not Place.objects.filter(pk=place.pk).exists()
        with pytest.raises(Forbidden):
            actions.record(outsider, place, **said)
    inspector = house.actor("inspector", house.county)
    with entered(inspector):
        assert Place.objects.filter(pk=place.pk).exists()
        with pytest.raises(Forbidden):
            actions.record(inspector, place, **said)
    owner = house.actor("care_home_manager")
    with entered(owner):
        assert actions.record(owner, place, **said) is not None
        with pytest.raises(Forbidden):
            actions.close(owner, place, on=TODAY, reason="自行停办")


# --- any order of late and overlapping facts

SPELLS = st.lists(
    st.tuples(st.integers(0, 40), st.one_of(st.none(), st.integers(1, 30)), st.integers(0, 5)),
    min_size=1,
    max_size=8,
)


class AnyOrder(TestCase):
    @settings(max_examples=15, deadline=None, derandomize=True)
    @given(SPELLS)
    def test_the_last_word_holds_on_every_day(self, spells: list[tuple[int, int | None, int]]) -> None:
        make_divisions()
        place = make()
        start = dt.date(2021, 1, 1)
        expected: dict[int, int] = {}
        for first, length, amount in spells:
            end = None if length is None else start + dt.timedelta(days=first + length)
            tell(place, "seats", amount=amount, since=start + dt.timedelta(days=first), valid_to=end)
            expected.update(dict.fromkeys(range(first, 80 if length is None else first + length), amount))
        with everything("test"):
            for day in range(80):
                rows = list(queries.facts_on(place, start + dt.timedelta(days=day)).filter(kind="seats"))
                assert [r.amount for r in rows] == ([expected[day]] if day in expected else [])
