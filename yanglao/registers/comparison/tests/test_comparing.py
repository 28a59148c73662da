# i18n: data (invented persons and files)
"""A file against the register: who is found, what becomes a clue, and that nothing else changes."""

from __future__ import annotations

from typing import Any

import pytest

from yanglao.kernel.scope import everything
from yanglao.registers.comparison.tests.sample import (
    DIED,
    clues,
    persons,
    police,
)
from yanglao.registers.people.models import Circumstance

pytestmark = pytest.mark.django_db


def facts() -> list[tuple[Any, ...]]:
    with everything("test"):
        return list(Circumstance.objects.order_by("pk").values_list())


def test_a_death_the_register_does_not_know_becomes_a_clue_and_nothing_else_changes(house: Any) -> None:
    people = persons(3)
    before = facts()
    delivery = police(people[:2])
    assert delivery.state == "done"
    assert (delivery.rows, delivery.exact, delivery.news) == (2, 2, 2)
    assert [(c.person, c.says, c.value, c.on) for c in clues()] == [
        (people[0], "death", "police", DIED),
        (people[1], "death", "police", DIED),
    ]
    assert facts() == before


def test_a_file_read_twice_raises_nothing_new(house: Any) -> None:
    people = persons(3)
    police(people)
    again = police(people)
    assert (again.news, again.again) == (0, 3)
    assert [c.times for c in clues()] == [2, 2, 2]
