"""The named groups in the language of the policies are the groups of the register, person by person."""

from __future__ import annotations

import random

import pytest
from django.utils import timezone

from tests.harness.house import House
from yanglao.entitlement.benefits.offered.queries import due_of
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.catalogue import computing
from yanglao.entitlement.catalogue.lists import compiling
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
    import datetime as dt

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
