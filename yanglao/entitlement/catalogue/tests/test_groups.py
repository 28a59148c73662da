"""The named groups in the language of the policies are the groups of the register, person by person."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from tests.harness.house import House
from yanglao.entitlement.benefits.offered.queries import due_of
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.catalogue import computing
from yanglao.entitlement.catalogue.lists import compiling
from yanglao.entitlement.catalogue.lists.reading import editions
from yanglao.entitlement.catalogue.tests import sample
from yanglao.kernel.scope import everything
from yanglao.registers.people import queries as people
from yanglao.registers.people.groups_file import groups

pytestmark = pytest.mark.django_db
CHOICES = {
    "living": ["alone", "spouse", "institution"],
    "economic": ["dibao", "tekun_home", "ordinary"],
    "ability": ["gbt42195-2022:0", "gbt42195-2022:1", "mzt039-2013:2"],
    "disability": ["limb:1", "vision:4", "several:2"],
    "special_family": ["child_lost"],
    "empty_nest": ["listed"],
    "left_behind": ["listed"],
}


def test_visits_and_meals_are_two_sets(house: House) -> None:
    """Poverty and a great age count for meals alone; a slight disability does too."""
    sample.ningbo(house)
    old = sample.person(1, born=dt.date(1938, 5, 1), living="spouse")
    poor = sample.person(2, born=dt.date(1960, 5, 1), economic="dibao", living="spouse")
    slight = sample.person(3, born=dt.date(1960, 5, 1), disability="vision:4")
    severe = sample.person(4, born=dt.date(1960, 5, 1), disability="limb:2")
    with everything("test"):
        on = timezone.localdate()
        visits, meals = (
            set(people.members(groups()[name], on).values_list("pk", flat=True))
            for name in ("visits", "meals")
        )
    assert visits == {severe.pk}
    assert meals == {old.pk, poor.pk, slight.pk, severe.pk}
    for person in (old, poor, slight, severe):
        states = sample.states(person.pk)
        assert ("visits" in states) == (person.pk in visits)
        assert ("meals" in states) == (person.pk in meals)


def test_items_of_a_group_are_due_to_its_members(house: House) -> None:
    city = sample.ningbo(house)
    chance = random.Random(7)
    made = []
    for order in range(1, 25):
        facts = {k: chance.choice(v) for k, v in CHOICES.items() if chance.random() < 0.25}
        made.append(sample.person(order, **facts))
    with everything("test"):
        plan = computing.plan_of(city, timezone.localdate())
        assert plan is not None
        for name in ("visits", "meals"):
            member = set(people.members(groups()[name], timezone.localdate()).values_list("pk", flat=True))
            policy = [p for p in plan.policies if p.id == f"{compiling.PREFIX}ningbo-{name}"]
            month = Month.of(timezone.localdate())
            due = {p.pk for p in made if due_of(policy, month, p.pk)}
            assert due == member


def test_whoever_becomes_poor_is_for_meals_from_that_day_and_never_for_visits(house: House) -> None:
    """One changes on a day: in one set from that day on, in the other not at all; then alone, in both."""
    sample.ningbo(house)
    today = timezone.localdate()
    eve = today - dt.timedelta(days=1)
    person = sample.person(31, born=dt.date(today.year - 66, 5, 1), living="spouse")
    sample.record(person, on=today, economic="dibao")
    with everything("test"):
        for day, fits in ((eve, set()), (today, {"meals"})):
            rules = groups(on=day)
            assert {n for n in ("visits", "meals") if people.members(rules[n], day).exists()} == fits
    assert {"visits", "meals"} & sample.states(person.pk).keys() == {"meals"}
    sample.record(person, on=today, living="alone")
    assert {"visits", "meals"} <= sample.states(person.pk).keys()


def test_a_special_group_holds_by_the_rule_of_its_day(house: House) -> None:
    """Before its document there is no such group, on a person's page as in the figures."""
    sample.ningbo(house)
    person = sample.person(33, born=dt.date(1938, 5, 1), living="alone")
    sample.record(person, on=dt.date(2020, 1, 1), living="alone")
    before, visits, both = dt.date(2022, 9, 30), dt.date(2022, 10, 1), dt.date(2023, 10, 1)
    with everything("test"):
        for day, known in ((before, set()), (visits, {"visits"}), (both, {"visits", "meals"})):
            assert {"visits", "meals"} & groups(on=day).keys() == known
            mine = {one.group.id for one in people.memberships(person, people.facts_on(person, day), day)}
            assert {"visits", "meals"} & mine == known
            assert "advanced_age" in mine


def test_every_list_serves_visits_and_meals_each_by_its_own_group() -> None:
    """No edition of any city gives meals by the rule for visits, nor visits by the rule for meals."""
    cities = sorted(path.parent.name for path in Path(settings.CITIES).glob("*/lists"))
    asked = {
        (city, listing.file.id, item.id): item.who.group
        for city in cities
        for listing in editions(city)
        if listing.file.kind == "services" and listing.file.division
        for item in listing.items
        if item.id in ("visits", "meals") and not item.who.elsewhere
    }
    assert {key[2] for key in asked} == {"visits", "meals"}
    assert {key: group for key, group in asked.items() if group != key[2]} == {}
