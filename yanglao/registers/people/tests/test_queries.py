"""Finding persons, counting them, on indexed ranges."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import house as offers
from yanglao.kernel.scope import Unscoped, everything
from yanglao.registers.people import actions, desk, queries
from yanglao.registers.people.measures import BY_NAME, COUNTED
from yanglao.registers.people.models import Person, Tally
from yanglao.registers.people.rules.ages import born_by
from yanglao.registers.people.tests.sample import ELSEWHERE, SINCE, VILLAGE, make, number

SYSTEM = Actor.system("test")
TODAY = timezone.localdate()


def found(text: str) -> list[str]:
    with everything("test"):
        return [p.name for p in queries.find(text, 10)]


@pytest.mark.parametrize(
    "typed", ["曾小", "zxm", "ZXM", "zengx", number(3)[-4:], number(3)[-6:], number(3), number(3).lower()]
)
def test_it_finds_a_person_as_clerks_type(house: House, typed: str) -> None:
    make(3, name="曾小明")
    make(4, name="单一")
    assert found(typed) == ["曾小明"]


@pytest.mark.parametrize("typed", ["", "火星", "9999", "390203194005010019", "%", "_"])
def test_it_finds_nobody_for_other_texts(house: House, typed: str) -> None:
    make(3)
    assert found(typed) == []


def test_the_ending_of_a_number_looks_at_the_birth_date_too(house: House) -> None:
    make(3)
    assert found("01" + number(3)[-4:]) == ["张一"]
    assert found("02" + number(3)[-4:]) == []


def test_searching_uses_the_indexes(house: House) -> None:
    with everything("test"):
        plans = [
            queries.by_name(Person.objects.all(), "zx").explain(),
            queries.by_id_number(Person.objects.all(), number(3)).explain(),
            queries.turning_soon(80, 60).explain(),
        ]
    if connection.vendor == "sqlite":
        assert all("USING INDEX" in plan for plan in plans), plans


def test_nothing_is_found_outside_a_scope(house: House) -> None:
    with pytest.raises(Unscoped):
        queries.find("张", 10)


def test_turning_eighty_soon(house: House) -> None:
    born = born_by(80, TODAY + dt.timedelta(days=30))
    make(1, born=born)
    make(3, born=born - dt.timedelta(days=100))
    with everything("test"):
        assert queries.turning_soon(80, 60).count() == 1


def counts(name: str, on: dt.date = TODAY) -> dict[int, float]:
    with everything("test"):
        return dict(BY_NAME[name].count(on))


def test_it_counts_where_people_live_or_are_registered(house: House) -> None:
    make(1)
    make(3, residence=ELSEWHERE, facts={"economic": "dibao"})
    assert counts("older_80") == {VILLAGE: 1, ELSEWHERE: 1}
    assert counts("hukou_80") == {VILLAGE: 2}
    assert counts("living_apart") == {ELSEWHERE: 1}
    assert counts("dibao") == {VILLAGE: 1}


def test_the_past_is_counted_as_it_was(house: House) -> None:
    person = make(1, facts={"living": "spouse"})
    day = dt.date(2024, 3, 1)
    actions.move(SYSTEM, person, residence=ELSEWHERE, on=day, source="x")
    actions.record(SYSTEM, person, kind="living", value="alone", valid_from=day, source="x")
    actions.report_death(SYSTEM, person, on=dt.date(2026, 1, 1), source="x")
    assert counts("older_60") == {}
    assert counts("older_60", day) == {ELSEWHERE: 1}
    assert counts("older_60", day - dt.timedelta(days=1)) == {VILLAGE: 1}
    assert counts("living_alone", day) == {ELSEWHERE: 1}
    assert counts("living_alone", day - dt.timedelta(days=1)) == {}


def test_facts_of_two_kinds_count_together(house: House) -> None:
    make(1, facts={"three_elders": "old_party_member", "home_adapted": "done"})
    make(3, facts={"three_elders": "old_party_member"})
    assert (counts("three_elders"), counts("three_elders_adapted")) == ({VILLAGE: 2}, {VILLAGE: 1})


@pytest.mark.parametrize("on", [TODAY, dt.date(2024, 3, 1)])
def test_every_number_opens_down_to_its_records(house: House, on: dt.date) -> None:
    make(1, facts={"living": "alone", "economic": "tekun_home", "home_adapted": "done"})
    make(3, residence=ELSEWHERE, facts={"ability": "gbt42195-2022:3"})
    with everything("test"):
        for counted in COUNTED:
            assert sum(counted.count(on).values()) == counted.records(on).count(), counted.name
            assert counted.list_url(on, VILLAGE).startswith("/people/?measure=")


def test_what_is_missing_is_counted(house: House) -> None:
    make(1)
    make(3, facts={"living": "alone", "ability": "gbt42195-2022:0"})
    assert counts("living_unknown") == {VILLAGE: 1}
    assert counts("ability_unknown_80", dt.date(2024, 3, 1)) == {VILLAGE: 1}


def test_measures_are_offered_to_the_house(house: House) -> None:
    assert {"people.older_80", "people.three_elders_adapted", "people.disabled"} <= offers().measures.keys()


def test_the_desk_shows_what_was_counted_ahead(house: House) -> None:
    make(1)
    make(3, place=ELSEWHERE)
    actions.tally(SYSTEM)
    officer = house.actor("district_officer")
    with everything("test"):
        tiles = {str(t.label): t.value for t in desk.figures(officer)}
        assert Tally.objects.filter(measure="older_80").count() == 2
    assert tiles["80周岁以上常住老年人"] == 1


def test_the_desk_costs_the_same_for_ten_times_the_people(
    house: House, assert_same_queries: Callable[..., None]
) -> None:
    officer = house.actor("district_officer")

    def look() -> None:
        with everything("test"):
            list(desk.waiting(officer))
            list(desk.figures(officer))

    def grow() -> None:
        for order in range(10, 30):
            make(order)
        actions.tally(SYSTEM)

    make(1)
    actions.tally(SYSTEM)
    assert_same_queries(look, grow, at_most=12)


def test_rooms_offers_are_merged_into_one_timeline(house: House, monkeypatch: Any) -> None:
    from yanglao.kernel.rooms import TimelineEvent

    person = make()
    events = [TimelineEvent(SINCE, "一"), TimelineEvent(timezone.now(), "二")]
    monkeypatch.setattr(offers(), "timeline", (lambda pk: events[:1], lambda pk: events[1:]))
    assert [r.event.title for r in queries.received(person.pk)] == ["二", "一"]
