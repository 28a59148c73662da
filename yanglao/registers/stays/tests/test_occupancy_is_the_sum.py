"""A thousand random admissions, transfers, leaves and discharges: occupancy is always the sum."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Q

from tests.harness.house import House
from yanglao.kernel.scope import everything
from yanglao.registers.people.tests.sample import make
from yanglao.registers.stays import actions, queries
from yanglao.registers.stays.actions.applying import open_stay
from yanglao.registers.stays.models import Bed, Leave, Occupancy, Stay
from yanglao.registers.stays.queries.occupancy import Count, inside
from yanglao.registers.stays.tests.sample import SYSTEM, ago, beds, home, room, today

STEPS, SPAN = 1000, 300
S = Stay.State


class World:
    """Two homes, thirty persons, and what was done, kept in plain Python beside the database."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.places = [home("安心养老院"), home("乐龄养老院")]
        for place in self.places:
            for name in ("101", "102", "103"):
                room(place, name, beds=4)
        self.beds = [bed for place in self.places for bed in beds(place)]
        self.people = [make(n) for n in range(1, 31)]
        self.living: dict[int, tuple[Stay, Bed, dt.date]] = {}
        self.nights: set[tuple[dt.date, int, int]] = set()  # (day, bed, person)
        self.away: set[tuple[dt.date, int]] = set()
        self.left: dict[int, dt.date] = {}  # who is on leave since when
        self.done: Counter[str] = Counter()

    def step(self, day: dt.date) -> None:
        person = self.random.choice(self.people)
        bed = self.random.choice(self.beds)
        try:
            if person.pk not in self.living:
                self.admit(person, bed, day)
            else:
                self.random.choice([self.move, self.leave, self.leave, self.discharge])(person, bed, day)
        except ValidationError:
            self.done["refused"] += 1

    def admit(self, person, bed: Bed, day: dt.date) -> None:
        taken = any(b.pk == bed.pk for _s, b, _d in self.living.values())
        stay = open_stay(bed.place, person, applied_on=day, level="half", kind="short")
        try:
            actions.admit(SYSTEM, stay, bed=bed, on=day)
        except ValidationError:
            assert taken
            actions.withdraw(SYSTEM, stay, reason="无床")
            raise
        assert not taken
        self.living[person.pk] = (stay, bed, day)
        self.done["admitted"] += 1

    def move(self, person, bed: Bed, day: dt.date) -> None:
        stay, before, since = self.living[person.pk]
        taken = any(b.pk == bed.pk for _s, b, _d in self.living.values())
        try:
            if bed.place_id == stay.place_id:
                actions.transfer(SYSTEM, stay, bed=bed, on=day)
            else:
                stay = actions.move_home(SYSTEM, stay, bed=bed, on=day)
                self.back(person, day)
        except ValidationError:
            assert taken
            raise
        assert not taken
        self.slept(person, before, since, day)
        self.living[person.pk] = (stay, bed, day)
        self.done["moved"] += 1

    def leave(self, person, bed: Bed, day: dt.date) -> None:
        stay, _bed, _since = self.living[person.pk]
        if person.pk in self.left:
            actions.come_back(SYSTEM, stay, on=day)
            self.back(person, day)
            self.done["back"] += 1
            return
        actions.go_away(SYSTEM, stay, kind="hospital", on=day)
        self.left[person.pk] = day
        self.done["left"] += 1

    def discharge(self, person, bed: Bed, day: dt.date) -> None:
        stay, before, since = self.living.pop(person.pk)
        actions.discharge(SYSTEM, stay, on=day, end="home")
        self.back(person, day)
        self.slept(person, before, since, day)
        self.done["discharged"] += 1

    def back(self, person, day: dt.date) -> None:
        since = self.left.pop(person.pk, None)
        while since is not None and since < day:
            self.away.add((since, person.pk))
            since += dt.timedelta(days=1)

    def slept(self, person, bed: Bed, since: dt.date, until: dt.date) -> None:
        while since < until:
            self.nights.add((since, bed.pk, person.pk))
            since += dt.timedelta(days=1)

    def settle(self, end: dt.date) -> None:
        for person in self.people:
            self.back(person, end)
            if person.pk in self.living:
                _stay, bed, since = self.living[person.pk]
                self.slept(person, bed, since, end)


def test_a_thousand_random_steps_and_occupancy_is_the_sum(house: House):
    world, first = World(20260101), ago(SPAN)
    days = sorted(world.random.randrange(SPAN) for _ in range(STEPS))
    for offset in days:
        world.step(first + dt.timedelta(days=offset))
    world.settle(today() + dt.timedelta(days=1))
    assert (
        min(world.done[what] for what in ("admitted", "moved", "left", "back", "discharged", "refused")) > 30
    )
    with everything("test"):
        _every_day_is_the_sum(world, first)
        _nights_are_bed_days(world, first)
        _records_agree()


def _every_day_is_the_sum(world: World, first: dt.date) -> None:
    nights = Counter(day for day, _bed, _person in world.nights)
    away = Counter(day for day, _person in world.away)
    found = queries.daily(first, today())
    assert found == [(day, Count(len(world.beds), nights[day], away[day])) for day, _count in found]
    for day, count in found[::25]:
        assert queries.counts_on(day) == count
        by_home = [queries.counts_on(day, inside(place=place.pk)) for place in world.places]
        assert by_home[0] + by_home[1] == count
        assert queries.living_in(day).count() == count.taken


def _nights_are_bed_days(world: World, first: dt.date) -> None:
    of_bed = {bed.pk: bed.place_id for bed in world.beds}
    nights = Counter(of_bed[bed] for day, bed, _person in world.nights if first <= day < today())
    sums = queries.by_place(first, today())
    assert {place: count.taken for place, count in sums.items()} == dict(nights)
    months = queries.months(first, today())
    assert sum(count.taken for count in months.values()) == sum(nights.values())
    assert sum(count.beds for count in months.values()) == len(world.beds) * SPAN


def _records_agree() -> None:
    """What a stay says of itself is what its occupancies say."""
    for stay in Stay.objects.filter(state__in=[S.ADMITTED, S.DISCHARGED]).order_by("pk"):
        rows = list(Occupancy.objects.filter(stay=stay).order_by("since", "pk"))
        assert rows[0].since == stay.admitted_on
        assert all(a.until == b.since for a, b in pairwise(rows))
        assert rows[-1].until == stay.discharged_on
        assert (rows[-1].until is None) == (stay.state == S.ADMITTED)
        assert stay.state != S.ADMITTED or rows[-1].bed_id == stay.bed_id
    assert not Leave.objects.filter(Q(until=None) & ~Q(stay__state=S.ADMITTED)).exists()


@pytest.mark.parametrize("place", [0, 1])
def test_a_home_without_anybody_is_empty(house: House, place: int):
    homes = [home("安心养老院"), home("乐龄养老院")]
    room(homes[0], beds=3)
    with everything("test"):
        count = queries.counts_on(today(), inside(place=homes[place].pk))
    assert count == Count(3 if place == 0 else 0, 0, 0)
    assert count.rate == (0 if place == 0 else None)
