"""Which facts are looked up together, and who is left when policies are first asked by few facts."""

from __future__ import annotations

import pytest
import sqlglot

from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.rules.book import Book
from yanglao.entitlement.benefits.rules.compile import Compiled, compile_policies
from yanglao.entitlement.benefits.rules.gathering import selection
from yanglao.entitlement.benefits.rules.guard import Unsafe, verify
from yanglao.entitlement.benefits.rules.months import Month, month_range
from yanglao.entitlement.benefits.rules.schema import View

from .conftest import SCHEMA

ONE, SEVERAL = [Month(2026, 10)], month_range(Month(2026, 9), Month(2026, 10))


def steps(sql: str) -> dict[str, str]:
    """The common table expressions of a statement."""
    return {
        c.alias: c.this.sql("duckdb") for c in sqlglot.parse_one(sql, read="duckdb").find_all(sqlglot.exp.CTE)
    }


def test_a_view_that_takes_rows_of_one_table_is_a_selection() -> None:
    views = {view.name: view for subject in schema().subjects.values() for view in subject.views}
    hukou = selection(views["hukou"])
    assert hukou is not None
    assert (hukou.table, dict(hukou.values)) == ("circumstance", {"kind": "hukou"})
    applied = selection(views["applied_on"])
    assert applied is not None
    assert dict(applied.values) == {"kind": "allowance_application", "value": "advanced_age_allowance"}
    # joined, numbered, gathered, or a subject's own row
    assert [selection(views[name]) for name in ("stay_hukou", "place_star", "stay_month", "person")] == [
        None
    ] * 4


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT DISTINCT person_id AS subject_id, valid_from, valid_to, source, value AS v FROM t WHERE kind = 'a'",
        "SELECT person_id AS subject_id, valid_from, valid_to, source, value AS v FROM t WHERE kind = 'a' LIMIT 1",
        "SELECT person_id AS subject_id, valid_from, valid_to, source, MAX(value) AS v FROM t GROUP BY ALL",
        "SELECT person_id AS subject_id, valid_from, valid_to, source, value AS v FROM (SELECT * FROM t) AS u",
        "SELECT person_id AS subject_id, valid_from, valid_to, source, value AS v FROM t JOIN u USING (i)",
        "SELECT person_id AS subject_id, valid_from, valid_to, source, value AS v FROM t "
        "WHERE i IN (SELECT i FROM u)",
        "SELECT person_id AS subject_id, valid_from, valid_to, source, LEAD(value) OVER (ORDER BY i) AS v FROM t",
    ],
)
def test_no_other_view_is_taken_for_one(sql: str) -> None:
    assert selection(View("v", "person", "dated", sql, ())) is None


def test_only_a_single_month_in_duckdb_is_gathered(books: dict[str, Book]) -> None:
    policies = books["ningbo"].policies
    assert compile_policies(policies, ONE, SCHEMA).gathers
    assert not compile_policies(policies, SEVERAL, SCHEMA).gathers
    assert not compile_policies(policies, ONE, SCHEMA, "sqlite").gathers


def test_the_last_check_lets_it_gather_only_where_the_compiler_did(books: dict[str, Book]) -> None:
    good = compile_policies(books["ningbo"].policies, ONE, SCHEMA)
    verify(good)
    with pytest.raises(Unsafe, match="max"):
        verify(Compiled(good.sql, "duckdb", good.months, good.policies, good.tables))


def test_ages_are_asked_before_facts_are_looked_up(books: dict[str, Book]) -> None:
    policy = books["ningbo"]["ningbo-advanced-age-allowance"]
    found = steps(compile_policies([policy], ONE, SCHEMA).sql)
    assert "birth_date <=" in found["near_person"]
    assert "v_hukou" not in found["near_person"]
