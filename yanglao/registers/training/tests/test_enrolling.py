"""Seats, the waiting list, one enrolment for each human."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import everything
from yanglao.registers.people.tests.sample import number
from yanglao.registers.training import actions
from yanglao.registers.training.models import Enrolment, Session, Trainee
from yanglao.registers.training.rules import seats
from yanglao.registers.training.tests import sample
from yanglao.registers.training.trainees import Human


def states(session: Session) -> list[str]:
    with everything("test"):
        return list(Enrolment.objects.filter(session=session).order_by("id").values_list("state", flat=True))


def test_it_gives_seats_then_places_in_the_queue_then_refuses(house: House):
    session = sample.session(capacity=2)
    for order in range(1, 5):
        sample.enrolled(session, order)
    with pytest.raises(ValidationError, match="都已报满"):
        sample.enrolled(session, 5)
    assert states(session) == ["in", "in", "waiting", "waiting"]
    assert sample.fresh(session).taken == 2


def test_the_first_who_waits_moves_up_when_one_leaves(house: House):
    session = sample.session(capacity=1)
    first, _second, _third = (sample.enrolled(session, order) for order in (1, 2, 3))
    actions.leave(sample.SYSTEM, first)
    assert states(session) == ["out", "in", "waiting"]
    assert sample.fresh(session).taken == 1


def test_more_seats_let_the_queue_move_up(house: House):
    session = sample.session(capacity=1)
    for order in (1, 2, 3):
        sample.enrolled(session, order)
    actions.change_session(sample.SYSTEM, session, capacity=2)
    assert states(session) == ["in", "in", "waiting"]
    with pytest.raises(ValidationError, match="名额不能少于"):
        actions.change_session(sample.SYSTEM, sample.fresh(session), capacity=1)


def test_one_human_enrols_once_and_may_come_back_at_the_end(house: House):
    session = sample.session(capacity=1)
    first = sample.enrolled(session, 1)
    with pytest.raises(ValidationError, match="不必重复报名"):
        sample.enrolled(session, 1)
    sample.enrolled(session, 2)
    actions.leave(sample.SYSTEM, first)
    assert sample.enrolled(session, 1).pk == first.pk
    assert states(session) == ["waiting", "in"]


def test_the_same_human_is_found_by_id_or_by_name_and_phone(house: House):
    first, second, third = (sample.session(name=f"第{n}期") for n in "一二三")
    one = sample.enrolled(first, 1)
    two = sample.enrolled(second, 1, id_number=number(1))
    three = actions.enrol(sample.SYSTEM, third, human=Human("王乙", "", number(1)), late=True)
    assert one.trainee_id == two.trainee_id == three.trainee_id
    with pytest.raises(ValidationError, match="另一个姓名"):
        actions.enrol(sample.SYSTEM, third, human=Human("李四", sample.phone(9), number(1)), late=True)


def test_father_and_son_of_one_name_at_one_phone_are_two(house: House):
    session = sample.session()
    one = sample.enrolled(session, 1, id_number=number(1))
    two = sample.enrolled(session, 1, id_number=number(3))
    assert one.trainee_id != two.trainee_id


def test_a_course_with_an_id_on_its_certificate_asks_for_it(house: House):
    session = sample.session(course=sample.course("carer", "护理员初级"))
    with pytest.raises(ValidationError, match="请填写"):
        sample.enrolled(session, 1)
    with everything("test"):
        assert not Trainee.objects.exists()


def test_the_database_refuses_one_too_many_and_a_second_enrolment(house: House):
    session = sample.session(capacity=1)
    each = sample.enrolled(session)
    with everything("test"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Session.objects.filter(pk=session.pk).update(taken=2)
        with pytest.raises(IntegrityError), transaction.atomic():
            Enrolment.objects.create(session=session, trainee=each.trainee, number="X")


def test_who_holds_the_right_elsewhere_enrols_nobody_here(house: House):
    session = sample.session()
    colleague = house.actor("street_worker", house.street)
    actions.enrol(colleague, session, human=sample.human(1))
    for actor in (house.actor("street_worker", house.other_street), house.actor("auditor", house.city)):
        with pytest.raises(Forbidden):
            actions.enrol(actor, session, human=sample.human(2))


def test_a_provider_runs_its_own_sessions_only(house: House):
    own = sample.session(organisation_id=house.provider.pk)
    other = sample.session(name="别家的班", organisation_id=house.other_provider.pk)
    manager = house.actor("care_home_manager")
    actions.enrol(manager, own, human=sample.human(1))
    with pytest.raises(Forbidden):
        actions.enrol(manager, other, human=sample.human(1))


@given(
    capacity=st.integers(1, 4),
    room=st.integers(0, 3),
    moves=st.lists(st.tuples(st.booleans(), st.integers(0, 9)), max_size=40),
)
@settings(deadline=None)
def test_seats_are_never_too_many_nor_left_empty_while_one_waits(
    capacity: int, room: int, moves: list[tuple[bool, int]]
):
    members: list[int] = []
    queue: list[int] = []
    for comes, who in moves:
        if comes and who not in members + queue:
            answer = seats.seat(seats.Seats(capacity, len(members), len(queue), room))
            {"in": members, "waiting": queue, "full": []}[answer].append(who)
        elif not comes and who in members + queue:
            (members if who in members else queue).remove(who)
            up = seats.moving_up(seats.Seats(capacity, len(members), len(queue), room))
            members, queue = members + queue[:up], queue[up:]
        assert len(members) <= capacity
        assert len(queue) <= room
        assert not queue or len(members) == capacity
