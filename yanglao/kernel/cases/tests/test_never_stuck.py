"""The full process in the database, under whatever its people, strangers and the days do to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.harness.house import COUNTY, House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.models import Grant
from yanglao.kernel.accounts.roles import roles
from yanglao.kernel.calendar.queries import working_calendar
from yanglao.kernel.cases import actions, clock, daily, queries
from yanglao.kernel.cases.actions import Missing
from yanglao.kernel.cases.flow import pauses_of
from yanglao.kernel.cases.models import Case, Desk, Entry, Task
from yanglao.kernel.cases.people import seat_of
from yanglao.kernel.scope import everything

from .conftest import load, process_of
from .test_subsidy import MONDAY, paper

SYSTEM = Actor.system("测试")
REFUSED = (ValidationError, PermissionDenied)
WORDS = {"reason": "理由"}


class Clock:
    """The day, moved on by the machine."""

    def __init__(self) -> None:
        self.day = MONDAY

    def now(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def machine(house: House, time: Clock) -> type[RuleBasedStateMachine]:
    crowd = people(house)
    anyone = st.sampled_from(range(len(crowd)))

    class Life(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.savepoint = transaction.savepoint()
            time.day = MONDAY
            self.case = actions.open_case(
                crowd[0], "subsidy", title="某件", division=house.village, data={"beds": 20, "amount": 100}
            )
            self.refused = 0

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.savepoint)

        def tasks(self) -> list[Task]:
            return [task for task in queries.open_tasks(self.case) if task.desk_id]

        def attempt(self, act: Callable[[], object]) -> None:
            """What is refused changes nothing."""
            before = self.picture()
            try:
                with transaction.atomic():
                    act()
            except REFUSED:
                assert self.picture() == before
            self.case.refresh_from_db()

        def picture(self) -> tuple[object, ...]:
            with everything("test"):
                case = Case.objects.get(pk=self.case.pk)
                tasks = (
                    Task.objects.filter(case=case).order_by("pk").values_list("pk", "state", "holder", "due")
                )
                return (
                    case.step,
                    case.result,
                    case.votes,
                    list(tasks),
                    Entry.objects.filter(case=case).count(),
                )

        @rule(who=anyone, which=st.integers(0, 1), choice=st.integers(0, 4), whole=st.booleans())
        def perform(self, who: int, which: int, choice: int, whole: bool) -> None:
            tasks = self.tasks()
            if not tasks:
                return
            task = tasks[which % len(tasks)]
            names = list(task.duty.outcomes)
            answers = {field.name: 50 for field in task.duty.form} if whole else {}
            papers = [(p.name, paper()) for p in [*task.duty.documents, *papers_of(task)]] if whole else []
            outcome = names[choice % len(names)]
            self.attempt(
                lambda: actions.perform(
                    crowd[who],
                    task,
                    outcome=outcome,
                    data=answers,
                    files=papers,
                    reason="理由" if whole else "",
                )
            )

        @initialize(steps=st.sampled_from([4, 0, 2, 3, 5]))
        def on_its_way(self, steps: int) -> None:
            """Begin anywhere between the application and the decision."""
            for _n in range(steps):
                self.proceed(0, 0)

        @rule(which=st.integers(0, 1), choice=st.sampled_from([0, 0, 0, 1, 2]))
        def proceed(self, which: int, choice: int) -> None:
            """Whoever it waits for does it well: were he refused, the list would lie."""
            tasks = self.tasks()
            if not tasks:
                return self.days_pass(12)
            task = tasks[which % len(tasks)]
            who = next((actor for actor in crowd if task in queries.waiting(actor)), None)
            if who is None or self.case.suspended:
                return None
            if task.suspended:
                task = actions.supplement(who, task)
            ways = queries.choices(task)
            answers = {field.name: 50 for field in task.duty.form}
            papers = [(one.name, paper()) for one in [*task.duty.documents, *papers_of(task)]]
            outcome = ways[choice % len(ways)].name
            self.case = actions.perform(who, task, outcome=outcome, data=answers, files=papers, **WORDS)
            return None

        @rule(who=anyone, which=st.integers(0, 1))
        def take(self, who: int, which: int) -> None:
            if tasks := self.tasks():
                self.attempt(lambda: actions.take(crowd[who], tasks[which % len(tasks)]))

        @rule(who=anyone, to=anyone)
        def hand_over(self, who: int, to: int) -> None:
            if tasks := self.tasks():
                user = house_user(crowd[to])
                self.attempt(lambda: actions.hand_over(crowd[who], tasks[0], to=user))

        @rule(who=anyone, text=st.sampled_from(["签字", "盖章"]))
        def demand(self, who: int, text: str) -> None:
            if tasks := self.tasks():
                self.attempt(lambda: actions.demand_missing(crowd[who], tasks[0], items=[Missing(text)]))

        @rule(who=anyone)
        def supplement(self, who: int) -> None:
            if tasks := self.tasks():
                self.attempt(lambda: actions.supplement(crowd[who], tasks[0]))

        @rule(who=anyone)
        def suspend(self, who: int) -> None:
            self.attempt(lambda: actions.suspend(crowd[who], self.case, **WORDS))

        @precondition(lambda self: self.case.suspended)
        @rule(who=anyone)
        def resume(self, who: int) -> None:
            self.attempt(lambda: actions.resume(crowd[who], self.case))

        @rule(who=anyone)
        def object_to(self, who: int) -> None:
            self.attempt(lambda: actions.object_to(crowd[who], self.case, by="某人", **WORDS))

        @precondition(lambda self: time.day > date(2026, 4, 12))
        @rule(who=anyone)
        def withdraw(self, who: int) -> None:
            self.attempt(lambda: actions.withdraw(crowd[who], self.case, **WORDS))

        @rule(days=st.integers(1, 12))
        def days_pass(self, days: int) -> None:
            time.day += timedelta(days=days)
            daily.run(SYSTEM)
            assert not any(daily.run(SYSTEM).values()), "the second run of a day found something to do"
            self.case.refresh_from_db()

        @invariant()
        def it_is_never_stuck(self) -> None:
            tasks = list(queries.open_tasks(self.case))
            event(self.case.step or f"end: {self.case.result}")
            if self.case.state == Case.State.ENDED:
                assert not tasks
                assert self.case.result in {*self.case.version.read.results, "withdrawn", "void"}
                return
            assert tasks
            for task in tasks:
                assert task.desk_id is None or (self.somebody(task) and queries.choices(task))

        def somebody(self, task: Task) -> bool:
            """Roles of the desk are there, and held at that level."""
            assert task.desk is not None
            level = task.place.level
            return any(level in roles()[name].levels for name in task.desk.roles.split())

        @invariant()
        def nothing_is_done_twice_or_by_one_who_may_not(self) -> None:
            with everything("test"):
                done = list(Task.objects.filter(case=self.case, state=Task.State.DONE).select_related("desk"))
            signed = Entry.objects.filter(case=self.case, kind="done").values_list("task", flat=True)
            assert len(set(signed)) == len(signed)
            by_id = {actor.user_id: actor for actor in crowd}
            for task in done:
                if task.performer_id and task.desk_id:
                    assert seat_of(by_id[task.performer_id], task.desk, task.place_id)
                    assert task.performer_name
                    assert task.performer_position
            self.check_separation(done)

        def check_separation(self, done: list[Task]) -> None:
            for pair in self.case.version.read.separate:
                one, other = (
                    {
                        (t.performer_id, t.performer_organisation_id)
                        for t in done
                        if t.step == step and t.performer_id
                    }
                    for step in pair.steps
                )
                assert not {user for user, _office in one} & {user for user, _office in other}
                if pair.organisation:
                    assert not {office for _user, office in one} & {office for _user, office in other}

        @invariant()
        def every_clock_is_the_sum_of_its_days(self) -> None:
            calendar = working_calendar()
            for task in queries.open_tasks(self.case):
                stood = pauses_of(self.case, task)
                assert task.due == clock.due(calendar, task.opened_on, task.days, stood)

    return Life


def papers_of(task: Task) -> tuple[object, ...]:
    return task.case.version.read.documents if task.step == "accept" else ()


def house_user(actor: Actor):
    from yanglao.kernel.accounts.models import User

    return User.objects.get(pk=actor.user_id)


def people(house: House) -> list[Actor]:
    """Those it takes, a colleague of each kind, one with two roles, and strangers."""
    both = house.user("reviewer", COUNTY, name="乙某")
    with everything("test"):
        Grant.objects.create(
            user=both, role="approver", organisation=house.organisation(COUNTY), division_id=COUNTY
        )
    return [
        house.actor("street_worker", house.street),
        house.actor("street_worker", house.street, name="丁某"),
        house.actor("district_officer", COUNTY),
        house.actor("district_officer", COUNTY, name="丙某"),
        house.actor("reviewer", COUNTY),
        Actor.of(both, "page"),
        house.actor("approver", COUNTY),
        house.actor("city_officer", COUNTY),
        house.actor("street_worker", house.other_street),
        house.actor("auditor", COUNTY),
        house.actor("system_manager", COUNTY),
    ]


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    made = Clock()
    monkeypatch.setattr(timezone, "now", made.now)
    return made


def test_no_case_is_ever_stuck_or_done_twice_or_decided_by_one_who_may_not(house: House, time: Clock):
    load(process_of("subsidy"))
    Desk.objects.all().delete()
    run_state_machine_as_test(
        machine(house, time), settings=settings(max_examples=14, stateful_step_count=12, deadline=None)
    )
