"""The house's own process: a clue is confirmed or dismissed by the street."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.calendar.actions import announce_year
from yanglao.kernel.cases import actions, daily, queries
from yanglao.kernel.cases.models import Case, Entry, Task
from yanglao.kernel.scope import everything

ANSWERS = {"how": "visit", "on": "2026-03-03"}


@pytest.fixture
def clue(house: House, on: Callable[[date], None]) -> Case:
    on(date(2026, 3, 2))
    return actions.open_case(
        Actor.system("比对"),
        "clue",
        title="某人可能已去世",
        division=house.village,
        subject=("people.person", 5),
    )


def the_task(case: Case) -> Task:
    return queries.open_tasks(case).get()


def test_a_clue_waits_for_the_street_and_for_nobody_else(house: House, clue: Case):
    assert [t.case for t in queries.waiting(house.actor("street_worker", house.street))] == [clue]
    assert not queries.waiting(house.actor("street_worker", house.other_street))
    assert not queries.waiting(house.actor("district_officer", house.county))


def test_it_has_a_number_and_a_deadline_in_working_days(clue: Case):
    assert clue.number == "330203-2026-000001"
    assert the_task(clue).due == date(2026, 3, 9)


def test_the_street_confirms_with_name_and_position(house: House, clue: Case):
    worker = house.actor("street_worker", house.street)
    case = actions.perform(worker, the_task(clue), outcome="confirm", data=ANSWERS)
    assert (case.state, case.result, case.data["check"]) == ("ended", "confirmed", ANSWERS)
    with everything("test"):
        done = Task.objects.get(case=case)
    assert (done.state, done.outcome, done.performer_position) == ("done", "confirm", "乡镇（街道）经办人")
    assert [e.kind for e in Entry.objects.filter(case=case)] == ["opened", "done", "ended"]
    assert not queries.waiting(worker)


def test_an_outsider_may_not_perform_it(house: House, clue: Case):
    for actor in (
        house.actor("street_worker", house.other_street),
        house.actor("district_officer", house.county),
        house.actor("city_officer"),
        Actor.system("任务"),
    ):
        with pytest.raises(PermissionDenied):
            actions.perform(actor, the_task(clue), outcome="confirm", data=ANSWERS)


def test_it_is_done_once(house: House, clue: Case):
    worker, task = house.actor("street_worker", house.street), the_task(clue)
    actions.perform(worker, task, outcome="confirm", data=ANSWERS)
    with pytest.raises(ValidationError, match="已由"):
        actions.perform(worker, task, outcome="dismiss", reason="重复")


def test_dismissing_asks_for_a_reason_but_not_for_the_form(house: House, clue: Case):
    worker = house.actor("street_worker", house.street)
    with pytest.raises(ValidationError, match="理由"):
        actions.perform(worker, the_task(clue), outcome="dismiss")
    assert actions.perform(worker, the_task(clue), outcome="dismiss", reason="本人健在").result == "dismissed"


def test_an_incomplete_form_is_refused_at_its_fields(house: House, clue: Case):
    with pytest.raises(ValidationError) as refused:
        actions.perform(
            house.actor("street_worker", house.street),
            the_task(clue),
            outcome="confirm",
            data={"how": "dream", "on": "gestern"},
        )
    assert set(refused.value.message_dict) == {"how", "on"}


def test_asked_for_twice_it_is_opened_once(house: House, clue: Case):
    one, two = (
        actions.open_case(Actor.system("比对"), "clue", title="某人", division=house.village, key="hit 7")
        for _n in range(2)
    )
    assert one == two
    assert one.number == "330203-2026-000002"


def test_what_one_has_taken_is_off_the_others_list(house: House, clue: Case):
    one = house.actor("street_worker", house.street)
    other = house.actor("street_worker", house.street, name="乙某")
    actions.take(one, the_task(clue))
    assert queries.waiting(one)
    assert not queries.waiting(other)
    with pytest.raises(ValidationError, match="领取"):
        actions.perform(other, the_task(clue), outcome="confirm", data=ANSWERS)


def test_the_first_step_may_have_its_own_term(house: House, on: Callable[[date], None]):
    on(date(2026, 3, 2))
    case = actions.open_case(Actor.system("比对"), "clue", title="某人", division=house.village, days=10)
    assert the_task(case).due == date(2026, 3, 16)


def test_a_case_lies_where_its_steps_can_be_performed(house: House):
    with pytest.raises(ValidationError, match="更低一级"):
        actions.open_case(Actor.system("比对"), "clue", title="某人", division=house.county)


def test_a_deadline_in_a_year_not_announced_is_provisional_until_it_is(
    house: House, on: Callable[[date], None]
):
    on(date(2026, 12, 29))
    case = actions.open_case(Actor.system("比对"), "clue", title="某人", division=house.village)
    task = the_task(case)
    assert (task.due.year, task.provisional) == (2027, True)
    assert daily.run(Actor.system("测试"))["dated"] == 0
    holiday = date(2027, 1, 4)
    announce_year(
        Actor.system("测试"),
        2027,
        {holiday: (False, "元旦"), date(2027, 1, 1): (False, "元旦")},
        source="通知",
    )
    assert daily.run(Actor.system("测试"))["dated"] == 1
    assert daily.run(Actor.system("测试"))["dated"] == 0
    task.refresh_from_db()
    assert (task.due, task.provisional) == (date(2027, 1, 7), False)
