"""Real policies of other places (library/policies): every case given in their sources comes out to the fen."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import duckdb
import pytest
from django.conf import settings

from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.rules.book import Book, check_texts, load_book
from yanglao.entitlement.benefits.rules.cases import CaseResult, run_cases

from .conftest import Run

FOLDER = settings.ROOT / "library" / "policies"
IDS = sorted(path.stem for path in FOLDER.glob("*.yaml"))
REPORTED = {  # totals that press and governments reported, in yuan
    "longling-advanced-age-allowance": 3_850_200,
    "menyuan-advanced-age-allowance": 2_634_600,
}


@cache
def the_book() -> Book:
    return load_book(FOLDER, schema())


@pytest.fixture(scope="module")
def results() -> Iterator[dict[str, list[CaseResult]]]:
    with duckdb.connect(":memory:") as con:
        yield {
            p.id: run_cases(p, schema(), lambda sql: con.execute(sql).fetchall()) for p in the_book().policies
        }


def test_it_has_at_least_forty_policies_each_named_as_its_file() -> None:
    assert len(IDS) >= 40
    assert [policy.id for policy in the_book().policies] == IDS


def test_every_case_comes_out_to_the_fen(results: dict[str, list[CaseResult]]) -> None:
    assert [f"{id} {r}" for id, each in results.items() for r in each if not r.right] == []
    assert min(len(each) for each in results.values()) >= 1


@pytest.mark.parametrize(("policy", "yuan"), REPORTED.items())
def test_a_reported_total_recomputes_exactly(
    policy: str, yuan: int, results: dict[str, list[CaseResult]]
) -> None:
    reported = [r for r in results[policy] if r.case.origin == "reported"]
    assert [sum(r.computed) for r in reported] == [yuan * 100]
    assert sum(group.count for r in reported for group in r.case.population) > 1


def test_a_population_is_counted_alike_in_the_database(database: Run) -> None:
    from django.db import connection

    dialect = "postgres" if connection.vendor == "postgresql" else "sqlite"
    policy = the_book()["longling-advanced-age-allowance"]
    assert [str(r) for r in run_cases(policy, schema(), database, dialect) if not r.right] == []


@pytest.mark.parametrize(
    "wrong", ["", "    population: []\n", "    facts: {birth_date: 1930-01-01}\n    population:\n"]
)
def test_a_case_says_one_subject_or_many(wrong: str) -> None:
    text = (FOLDER / "longling-advanced-age-allowance.yaml").read_text(encoding="utf-8")
    changed = text.replace("    population:\n", wrong, 1)
    if not wrong.endswith("population:\n"):
        changed = "\n".join(line for line in changed.splitlines() if "{count:" not in line)
    _book, problems = check_texts({"a.yaml": changed}, schema())
    assert any("population" in p.what for p in problems)
