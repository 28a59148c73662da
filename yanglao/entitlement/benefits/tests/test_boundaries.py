"""On every limit, each engine pays what the hand-written oracle pays."""

from __future__ import annotations

import pytest

from yanglao.entitlement.benefits.rules.book import Book
from yanglao.entitlement.benefits.rules.boundary import edge_subjects, edge_values
from yanglao.entitlement.benefits.rules.cases import on_made_up
from yanglao.entitlement.benefits.rules.compile import compile_policies
from yanglao.entitlement.benefits.rules.policy import Policy

from .conftest import CITIES, SCHEMA
from .engines import DatabaseEngine, DuckEngine, Engine
from .oracle import expected, months_of

COUNT = 1200


def compare(policy: Policy, city: str, engine: Engine, count: int) -> int:
    months = months_of(city)
    subjects = edge_subjects(policy, months, count)
    engine.fill(policy, subjects)
    rows = engine.run(compile_policies([on_made_up(policy)], months, SCHEMA, engine.dialect).sql)
    got, want = {(row[4], row[0]): row[5] for row in rows}, expected(city, subjects, months)
    assert {k: (got.get(k), want.get(k)) for k in got.keys() | want.keys() if got.get(k) != want.get(k)} == {}
    return len(want)


@pytest.mark.parametrize("city", CITIES)
def test_it_agrees_with_the_oracle_on_duckdb(city: str, books: dict[str, Book]) -> None:
    assert compare(books[city].policies[0], city, DuckEngine(), COUNT) > 400


@pytest.mark.django_db
@pytest.mark.parametrize("city", CITIES)
def test_it_agrees_with_the_oracle_in_the_database(city: str, books: dict[str, Book]) -> None:
    assert compare(books[city].policies[0], city, DatabaseEngine(), COUNT) > 400


def test_it_stands_on_every_limit(books: dict[str, Book]) -> None:
    values = edge_values(books["ningbo"].policies[0], months_of("ningbo"))
    births = {str(v) for v in values["birth_date"]}
    assert {"1946-02-28", "1946-03-01", "1936-02-29", "1926-02-28", "1926-03-01"} <= births
    assert {330199999999, 330200000000, 330299999999, 330300000000} <= set(values["hukou"])
