"""Two at the same moment: exactly one wins, on both databases."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from tests.harness.at_once import AtOnce
from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases import actions, queries
from yanglao.kernel.cases.models import Case, Task
from yanglao.kernel.scope import everything

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case(at_once: AtOnce, house: House) -> Case:
    return actions.open_case(Actor.system("比对"), "clue", title="某人", division=house.village)


def test_of_two_who_perform_a_task_one_wins(at_once: AtOnce, house: House, case: Case):
    one = house.actor("street_worker", house.street)
    two = house.actor("street_worker", house.street, name="乙某")
    task = queries.open_tasks(case).get()
    raised = at_once(
        *(
            lambda who=who: actions.perform(who, task, outcome="dismiss", reason="核实不属实")  # type: ignore[misc]
            for who in (one, two)
        )
    )
    assert sorted(type(error).__name__ for error in raised) == ["NoneType", "ValidationError"]
    with everything("test"):
        assert Task.objects.filter(case=case, state="done").count() == 1


def test_of_two_who_take_a_task_one_has_it(at_once: AtOnce, house: House, case: Case):
    actors = [house.actor("street_worker", house.street, name=name) for name in ("甲某", "乙某")]
    task = queries.open_tasks(case).get()
    raised = at_once(*(lambda who=who: actions.take(who, task) for who in actors))  # type: ignore[misc]
    assert [error for error in raised if error is not None and not isinstance(error, ValidationError)] == []
    assert len([error for error in raised if error is None]) == 1


def test_numbers_run_without_gap_or_double(at_once: AtOnce, house: House):
    raised = at_once(
        *(
            lambda n=n: actions.open_case(  # type: ignore[misc]
                Actor.system("比对"), "clue", title="某人", division=house.village, key=f"hit {n % 2}"
            )
            for n in range(4)
        )
    )
    assert raised == [None] * 4
    with everything("test"):
        numbers = sorted(Case.objects.values_list("number", flat=True))
    assert len(numbers) == 2, "asked for twice is opened once"
    assert len(set(numbers)) == 2
