"""A home closes: everybody is settled first, and all move in one go."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import everything
from yanglao.registers.places import actions as places
from yanglao.registers.places.tests import sample as of_places
from yanglao.registers.stays import actions
from yanglao.registers.stays.models import Occupancy, Resettlement, Stay
from yanglao.registers.stays.rules import notice_due, told_in_time
from yanglao.registers.stays.tests.sample import OPEN, SYSTEM, ago, applied, beds, living, room, today


@pytest.fixture
def place(house: House) -> Any:
    made = of_places.make("安心养老院", since=OPEN)
    room(made, beds=3)
    return made


@pytest.fixture
def other(house: House) -> Any:
    made = of_places.make("乐龄养老院", since=OPEN)
    room(made, beds=2)
    return made


def lines(closure: Any) -> list[Resettlement]:
    with everything("test"):
        return list(closure.lines.select_related("closure__place", "stay__person", "bed").order_by("stay_id"))


def plan(place: Any, **more: Any) -> Any:
    given = {"reason": "并入区福利院", "closes_on": today() + dt.timedelta(days=30), **more}
    return actions.plan_closure(SYSTEM, place, **given)


def test_a_place_with_residents_cannot_be_closed(place: Any):
    stay = living(place, beds(place)[0])
    with pytest.raises(ValidationError, match="1位老人"):
        places.close(SYSTEM, place, on=today(), reason="停办")
    place.refresh_from_db()
    assert place.state == "open"
    actions.discharge(SYSTEM, stay, on=today(), end="home")
    places.close(SYSTEM, place, on=today(), reason="停办")
    assert place.state == "closed"


def test_everybody_is_settled_before_all_move_in_one_go(place: Any, other: Any):
    one, two = living(place, beds(place)[0], 1), living(place, beds(place)[1], 2)
    actions.set_fees(SYSTEM, one, fees={"bed": 100000}, on=ago(60), reason="合同")
    waits = applied(place, 3)
    closure = plan(place, into=other)
    first, second = lines(closure)
    actions.settle(SYSTEM, first, to="bed", bed=beds(other)[0], agreed_by="张小一", agreed_on=ago(1))
    with pytest.raises(ValidationError, match="1位老人没有落实"):
        actions.execute_closure(SYSTEM, closure, on=today())
    actions.settle(SYSTEM, second, to="home", why="家属暂未答复，由街道上门协商后接回")
    actions.execute_closure(SYSTEM, closure, on=today())
    with everything("test"):
        moved = Stay.objects.get(former=one)
        assert (moved.state, moved.place_id, moved.level) == ("admitted", other.pk, "half")
        assert moved.fees.get().amount == 100000
        assert Stay.objects.get(pk=two.pk).end == "home"
        assert Stay.objects.get(pk=waits.pk).state == "withdrawn"
        assert not Occupancy.objects.filter(place=place, until=None).exists()
    places.close(SYSTEM, place, on=today(), reason="停办")


def test_when_one_bed_was_taken_meanwhile_nobody_moves(place: Any, other: Any):
    one, two = living(place, beds(place)[0], 1), living(place, beds(place)[1], 2)
    closure = plan(place)
    for line, bed in zip(lines(closure), beds(other), strict=True):
        actions.settle(SYSTEM, line, to="bed", bed=bed, agreed_by="张小一", agreed_on=ago(1))
    living(other, beds(other)[1], 3, on=ago(1))
    with pytest.raises(ValidationError, match="已有人入住"):
        actions.execute_closure(SYSTEM, closure, on=today())
    with everything("test"):
        states = Stay.objects.filter(pk__in=[one.pk, two.pk]).values_list("state", "place_id")
        assert list(states) == [("admitted", place.pk)] * 2
        closure.refresh_from_db()
        assert closure.state == "planned"


def test_one_bed_is_given_to_one_of_those_who_move(place: Any, other: Any):
    living(place, beds(place)[0], 1)
    living(place, beds(place)[1], 2)
    closure = plan(place)
    first, second = lines(closure)
    bed = beds(other)[0]
    actions.settle(SYSTEM, first, to="bed", bed=bed, agreed_by="张小一", agreed_on=ago(1))
    with pytest.raises(ValidationError, match="另一位"):
        actions.settle(SYSTEM, second, to="bed", bed=bed, agreed_by="张小二", agreed_on=ago(1))
    with pytest.raises(ValidationError, match="同意人"):
        actions.settle(SYSTEM, second, to="home")


def test_who_moves_in_after_the_plan_must_be_settled_too(place: Any):
    living(place, beds(place)[0], 1)
    closure = plan(place)
    actions.settle(SYSTEM, lines(closure)[0], to="home", agreed_by="张小一", agreed_on=ago(1))
    living(place, beds(place)[1], 2, on=today())
    with pytest.raises(ValidationError, match="没有落实"):
        actions.execute_closure(SYSTEM, closure, on=today())


def test_a_manager_plans_for_his_home_but_moves_nobody_into_anothers(house: House, place: Any, other: Any):
    with everything("test"):
        place.organisation = house.provider
        place.save()
    manager = house.actor("care_home_manager")
    living(place, beds(place)[0], 1)
    closure = actions.plan_closure(manager, place, reason="停办", closes_on=today())
    line = lines(closure)[0]
    actions.settle(manager, line, to="bed", bed=beds(other)[0], agreed_by="张小一", agreed_on=ago(1))
    with pytest.raises(Forbidden):
        actions.execute_closure(manager, closure, on=today())
    officer = house.actor("district_officer", house.county)
    actions.execute_closure(officer, closure, on=today())
    with pytest.raises(Forbidden):
        actions.plan_closure(manager, other, reason="停办", closes_on=today())


def test_notice_is_due_so_many_days_before():
    closes = dt.date(2026, 12, 31)
    assert notice_due(closes, 60) == dt.date(2026, 11, 1)
    assert told_in_time(dt.date(2026, 11, 1), closes, 60)
    assert not told_in_time(dt.date(2026, 11, 2), closes, 60)
    assert not told_in_time(None, closes, 60)
