"""The subjects on the limits notice nearly every small mistake in a policy."""

from __future__ import annotations

import re
from typing import Any

import pytest

from yanglao.entitlement.benefits.rules.book import Book
from yanglao.entitlement.benefits.rules.boundary import edge_subjects
from yanglao.entitlement.benefits.rules.cases import on_made_up
from yanglao.entitlement.benefits.rules.compile import compile_policies
from yanglao.entitlement.benefits.rules.mutation import mutants
from yanglao.entitlement.benefits.rules.policy import Policy

from .conftest import CITIES, SCHEMA
from .engines import DuckEngine
from .oracle import expected, months_of

LEAST = 0.95
# Mistakes that change nobody's money, because something else in the policy says the same.
HARMLESS = {
    "age: left out": "the table of rates begins at the same age",
    "age: age -1": "the table of rates begins at the same age",
    "start_age: -1": "the table of rates begins at the same age",
    "applied: and → or": "an application is looked up on the last day of the month before",
    "applied: previous_month_end → month_start": "an application is looked up on the last day of the month before",
    "applied: previous_month_end → month_middle": "an application is looked up on the last day of the month before",
    "applied: previous_month_end → month_end": "an application is looked up on the last day of the month before",
}


def paid(engine: DuckEngine, policy: Policy, city: str) -> dict[Any, int] | str:
    try:
        sql = compile_policies([on_made_up(policy)], months_of(city), SCHEMA).sql
    except LookupError:
        return "a month without a value"
    return {(row[4], row[0]): row[5] for row in engine.run(sql)}


@pytest.mark.parametrize("city", CITIES)
def test_its_mistakes_are_noticed(city: str, books: dict[str, Book]) -> None:
    policy, engine = books[city].policies[0], DuckEngine()
    subjects = edge_subjects(policy, months_of(city), 1500)
    engine.fill(policy, subjects)
    right = expected(city, subjects, months_of(city))
    made = [m for m in mutants(policy) if re.sub(r"[0-9]{4}-[0-9-]+ ", "", m.mistake) not in HARMLESS]
    alive = [m.mistake for m in made if paid(engine, m.policy, city) == right]
    assert len(made) > 20
    assert 1 - len(alive) / len(made) >= LEAST, alive
