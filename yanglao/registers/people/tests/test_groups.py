"""Named groups: the query finds whom the rule finds, on any day, as known at any moment."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions
from yanglao.registers.people.groups import members, memberships
from yanglao.registers.people.groups_file import Group, groups
from yanglao.registers.people.measures import BY_NAME
from yanglao.registers.people.models import Person
from yanglao.registers.people.queries import facts_on
from yanglao.registers.people.rules.groups import Condition, Rule, belongs, reasons
from yanglao.registers.people.tests.sample import VILLAGE, make

SYSTEM = Actor.system("test")
TODAY = timezone.localdate()
VALUES = {
    "economic": ["tekun_home", "dibao", "wubao", "ordinary"],
    "living": ["alone", "children"],
    "ability": ["gbt42195-2022:0", "gbt42195-2022:3", "mzt039-2013:1"],
    "disability": ["limb:1", "limb:3"],
    "empty_nest": ["listed"],
    "special_family": ["child_lost"],
}
FACT = st.sampled_from(sorted(VALUES)).flatmap(
    lambda kind: st.tuples(st.just(kind), st.sampled_from(VALUES[kind]), st.integers(2018, 2025))
)


def test_visits_and_meals_are_two_rules() -> None:
    visits, meals = (groups(())[name].rule for name in ("visits", "meals"))
    assert (belongs(visits, {}, 85), belongs(meals, {}, 85)) == (False, True)
    assert (belongs(visits, {"economic": ["dibao"]}, 70), belongs(meals, {"economic": ["dibao"]}, 70)) == (
        False,
        True,
    )
    assert (belongs(visits, {"living": ["alone"]}, 60), belongs(meals, {"living": ["alone"]}, 60)) == (
        True,
        True,
    )
    assert not belongs(visits, {"living": ["alone"]}, 59)


def test_historical_categories_are_not_taken_for_tekun() -> None:
    facts = {"economic": ["wubao"]}
    assert belongs(groups(())["wubao"].rule, facts, 70)
    assert not belongs(groups(())["tekun"].rule, facts, 70)


def test_a_rule_may_demand_all_of_its_conditions_and_an_upper_age() -> None:
    rule = Rule((Condition("living", ("alone",)), Condition(age=70)), (Condition("veteran"),), 60, 90)
    facts = {"living": ["alone"], "veteran": ["listed"]}
    assert [belongs(rule, facts, age) for age in (69, 70, 90, 91)] == [False, True, True, False]
    assert not belongs(rule, {"living": ["alone"]}, 75)
    assert len(reasons(rule, facts, 75)) == 3
    assert reasons(rule, facts, 95) == ()


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ({"any": [{"nothing": []}]}, "no kind nothing"),
        ({"any": [{"living": ["moon"]}]}, "no value moon"),
        ({"any": [{"living": [], "age": 3}]}, "a condition is one"),
        ({"all": [{"living": 3}]}, "wants a list"),
        ({"age_from": 80, "age_to": 70}, "below age_from"),
    ],
)
def test_it_refuses_a_wrong_group(said: dict[str, Any], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        Group(id="x1", label="甲", label_en="x", source="s", confidence="design", **said)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.lists(
        st.tuples(st.integers(1930, 1968), st.lists(FACT, max_size=4), st.booleans()), min_size=1, max_size=4
    ),
    year=st.integers(2019, 2026),
)
def test_the_query_finds_whom_the_rule_finds(house: House, people: Any, year: int) -> None:
    on = dt.date(year, 6, 1) if year < 2026 else TODAY
    with everything("test"):
        Person.objects.all().delete()
        for order, (born, facts, dies) in enumerate(people, 1):
            one = make(order, born=dt.date(born, 3, 1))
            for kind, value, since in facts:
                actions.record(
                    SYSTEM, one, kind=kind, value=value, valid_from=dt.date(since, 1, 1), source="x"
                )
            if dies:
                actions.report_death(SYSTEM, one, on=dt.date(2023, 1, 1), source="x")
        everyone = list(Person.objects.order_by("pk"))
        expected = {one.pk: {m.group.id for m in memberships(one, facts_on(one, on), on)} for one in everyone}
        for group in groups(on=on).values():
            for moment in (None, timezone.now()):
                found = {p.pk for p in members(group, on, moment)}
                assert found == {pk for pk, ids in expected.items() if group.id in ids}, group.id


def test_a_group_is_asked_as_known_at_a_moment(house: House) -> None:
    person = make(1)
    before = timezone.now()
    actions.record(SYSTEM, person, kind="living", value="alone", valid_from=dt.date(2024, 1, 1), source="x")
    actions.report_death(SYSTEM, person, on=dt.date(2025, 1, 1), source="x")
    group, day = groups()["living_alone"], dt.date(2024, 6, 1)
    with everything("test"):
        assert [members(group, day, m).count() for m in (before, None)] == [0, 1]
        assert members(groups()["advanced_age"], TODAY, before).count() == 1
        assert members(groups()["advanced_age"], TODAY).count() == 0


def test_the_old_measures_count_the_same_groups(house: House) -> None:
    make(1, facts={"living": "alone"})
    with everything("test"):
        for on in (TODAY, dt.date(2024, 3, 1)):
            both = [dict(BY_NAME[name].count(on)) for name in ("living_alone", "group:living_alone")]
            assert both == [{VILLAGE: 1}, {VILLAGE: 1}]


def test_the_list_is_filtered_by_a_group_and_the_file_says_why(house: House) -> None:
    with everything("test"):
        alone = make(1, born=dt.date(1955, 5, 1), facts={"living": "alone"})
        make(3, name="李二", born=dt.date(1955, 5, 1), facts={"living": "children"})
    client = house.client("street_worker", house.street)
    page = client.get("/people/?group=visits").content.decode()
    assert "张一" in page
    assert "李二" not in page
    file = client.get(alone.get_absolute_url()).content.decode()
    assert "特殊困难老年人（探访关爱）" in file
    assert "特殊困难老年人（助餐）" in file
    assert "自 2020-01-01" in file
