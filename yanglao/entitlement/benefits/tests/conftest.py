"""The five cities' policies and the engines they are run on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.conf import settings
from django.db import connection

from yanglao.entitlement.benefits.facts.people import PERSON, TABLES
from yanglao.entitlement.benefits.rules.book import Book, load_texts
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.entitlement.benefits.rules.schema import Schema

CITIES = ["changchun", "ganzhou", "leishan", "ningbo", "zhongxiang"]
Run = Callable[[str], Iterable[tuple[Any, ...]]]
SCHEMA = Schema.of([PERSON], TABLES)


def book_of(city: str) -> Book:
    """What a city pays to persons: these tests know the people register alone."""
    folder = Path(settings.CITIES) / city / "policies"
    texts = {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in folder.rglob("*.yaml")}
    others = re.compile(r"^subject: (?!person$)", re.MULTILINE)
    return load_texts({name: text for name, text in texts.items() if not others.search(text)}, SCHEMA)


@pytest.fixture(scope="session")
def books() -> dict[str, Book]:
    return {city: book_of(city) for city in CITIES}


@pytest.fixture
def allowance(request: pytest.FixtureRequest, books: dict[str, Book]) -> Policy:
    """The old-age allowance of one city; parametrize it with the city's name."""
    return books[request.param][f"{request.param}-advanced-age-allowance"]


@pytest.fixture
def duck() -> Iterator[Run]:
    with duckdb.connect(":memory:") as con:
        yield lambda sql: con.execute(sql).fetchall()


@pytest.fixture
def database(db: None) -> Run:
    """The database the tests run on, SQLite or PostgreSQL."""

    def run(sql: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    return run
