"""Who can be due in one of several months is asked once of each subject, before the months."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
import sqlglot
from django.conf import settings

from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.rules.book import Book, load_book
from yanglao.entitlement.benefits.rules.compile import compile_policies
from yanglao.entitlement.benefits.rules.months import Month, month_range
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.entitlement.benefits.rules.sometime import loosest

from .conftest import SCHEMA
from .test_gathering import steps

BENCH = settings.ROOT / "bench" / "policies"
MONTHS = month_range(Month(2025, 11), Month(2026, 10))


def care() -> Policy:
    """For those of a poverty category and a level of ability."""
    return load_book(BENCH, schema()).policies[2]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        # the latest day of birth, the first day of death, and turned round by a NOT
        (["b <= DATE '2000-01-01'", "b <= DATE '2001-01-01'"], "b <= CAST('2001-01-01' AS DATE)"),
        (
            ["d IS NULL OR d >= DATE '2026-02-01'", "d IS NULL OR d >= DATE '2026-01-01'"],
            "d IS NULL OR d >= CAST('2026-01-01' AS DATE)",
        ),
        (
            ["NOT (b < DATE '2000-01-01')", "NOT (b < DATE '2001-01-01')"],
            "NOT (b < CAST('2000-01-01' AS DATE))",
        ),
        (["k = 'a'", "k = 'a'"], "k = 'a'"),
    ],
)
def test_of_days_the_outermost_is_asked(conditions: list[str], expected: str) -> None:
    trees = [sqlglot.parse_one(text, read="duckdb") for text in conditions]
    assert loosest(trees).sql("duckdb") == expected


@pytest.mark.parametrize(
    "conditions",
    [
        ["b = DATE '2000-01-01'", "b = DATE '2001-01-01'"],
        ["b <= DATE '2000-01-01'", "b >= DATE '2001-01-01'"],
        ["DATE '2000-01-01' <= b", "DATE '2001-01-01' <= b"],
        ["n > 1 AND b <= DATE '2000-01-01'", "n > 2 AND b <= DATE '2001-01-01'"],
        [
            "CASE WHEN b <= DATE '2000-01-01' THEN x ELSE y END",
            "CASE WHEN b <= DATE '2001-01-01' THEN x ELSE y END",
        ],
        ["b + 1 * INTERVAL '1' YEAR <= DATE '2000-01-01'", "b + 2 * INTERVAL '1' YEAR <= DATE '2001-01-01'"],
    ],
)
def test_other_conditions_are_asked_one_beside_the_other(conditions: list[str]) -> None:
    trees = [sqlglot.parse_one(text, read="duckdb") for text in conditions]
    assert loosest(trees).sql("duckdb") == sqlglot.exp.or_(*trees).sql("duckdb")


def test_an_age_is_asked_before_the_months(books: dict[str, Book]) -> None:
    policy = books["ningbo"]["ningbo-advanced-age-allowance"]
    found = steps(compile_policies([policy], MONTHS, SCHEMA).sql)
    assert "birth_date <= CAST('1946-10-31' AS DATE)" in found["near_person"]
    assert "months" not in found["near_person"]
    assert "SELECT subject_id FROM near_person" in found["facts_person"]


def test_a_fact_of_few_is_asked_in_all_its_spells() -> None:
    found = steps(compile_policies([care()], MONTHS, schema()).sql)
    near = found["near_person"]
    assert "SELECT subject_id FROM v_ability WHERE" in near
    assert "valid_from <= CAST('2026-10-31' AS DATE)" in near
    assert "valid_to > CAST('2025-11-30' AS DATE)" in near


def test_whoever_is_named_is_searched_for_among_the_rows_of_those_named() -> None:
    (part,) = compile_policies([care()], MONTHS, schema(), only=[1, 2]).parts
    assert "FROM v_ability WHERE" in steps(part.sql)["near_person"]
    assert "FROM asked_person_circumstance" in steps(part.sql)["v_ability"]


def test_the_registers_databases_go_step_by_step() -> None:
    compiled = compile_policies([care()], MONTHS, schema(), "sqlite")
    assert "v_ability WHERE" not in compiled.sql


def test_a_policy_out_of_force_in_all_the_months_narrows_nothing(books: dict[str, Book]) -> None:
    policy = books["ningbo"]["ningbo-advanced-age-allowance"]
    later = replace(policy, id="later", since=dt.date(2090, 1, 1))
    both, alone = (compile_policies(each, MONTHS, SCHEMA).sql for each in ([policy, later], [policy]))
    assert steps(both)["near_person"] == steps(alone)["near_person"]
