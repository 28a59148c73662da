"""Every construct of the language once more by hand, in plain Python, on subjects that stand on the limits.

The oracle reads neither trees nor SQL: it counts months and days as a clerk would.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from ..rules.boundary import edge_subjects
from ..rules.cases import Facts, on_made_up
from ..rules.compile import compile_policies
from ..rules.months import Month
from ..rules.mutation import mutants
from ..rules.policy import Policy
from .engines import DatabaseEngine, DuckEngine, Engine
from .oracle import on, value
from .small import SCHEMA, book, months, parameter, policy

MONTHS = {
    "matrix": "2024-01..2024-08",
    "shares": "2024-04..2024-12",
    "parts": "2024-01..2026-03",
    "days": "2024-01..2024-08",
}
LEAST = 0.95
RATES = {"poor": {80: 200, 90: 400}, "*": {80: 25, 90: 400}}
LEVELS = {"heavy": 150, "light": 33.33, "*": 0}
STARS = {1: 100, 3: 110.5}
FIGURES: dict[str, dict[str, Any]] = {
    "matrix": policy(
        "bracket(rates, grade, age)",
        parameters={"rates": parameter(RATES, by=["text", "age"])},
        start={
            "age": "half_month",
            "application": {"fact": "applied_on", "counted": "half_month", "late": {"months": 2}},
        },
        stop={"death": "death_month_paid"},
    ),
    "shares": policy(
        "percent_of(price, lookup(levels, grade), bracket(extra, stars))",
        parameters={
            "levels": parameter(LEVELS, "percent", "text"),
            "extra": parameter(STARS, "percent", "int"),
        },
        verification={"fact": "verified_on", "windows": [5, 11], "back_pay": False},
        rounding={"to": "yuan", "how": "down"},
    ),
    "parts": policy(
        "least(per_bed * beds, cap)",
        "beds >= 5",
        parameters={
            "per_bed": parameter(
                [
                    {"from": START, "value": v}
                    for START, v in ((date(2000, 1, 1), 33.33), (date(2024, 7, 1), 50))
                ]
            ),
            "cap": parameter(300),
        },
        effective={"from": date(2024, 1, 1), "to": date(2024, 12, 31)},
        instalments={
            "from": "opened_on",
            "plan": [{"after_months": m, "percent": p} for m, p in ((0, 40), (6, 30), (12, 30))],
        },
    ),
    "days": policy(
        "pro_rata(rate, coalesce(days, 0), month_days)",
        "days >= 15 or pension",
        parameters={"rate": parameter(100.01)},
        start={"application": {"fact": "applied_on", "counted": "month_after", "late": "this_year"}},
        verification={"fact": "verified_on", "every_months": 6, "back_pay": True},
    ),
}


def here(facts: Facts) -> bool:
    return str(value(facts, "home")).startswith("3302")


def number(day: date) -> int:
    return day.year * 12 + day.month


def index(month: Month) -> int:
    return month.year * 12 + month.number


def ever(facts: Facts, name: str) -> Any:
    """The value that is known last and still holds."""
    return on(facts, name, date(9999, 12, 31))


def birthday(born: date, years: int) -> date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 2, 28)


def matrix(facts: Facts, month: Month) -> int:
    died, born = value(facts, "death_date"), value(facts, "birth_date")
    if not here(facts) or (died is not None and number(died) < index(month)):
        return 0
    # the last day that counts: the 15th two months later
    asked = on(facts, "applied_on", month.plus(2).first.replace(day=15))
    if asked is None or number(asked) + (asked.day > 15) > index(month) + 2:
        return 0
    until = month.first.replace(day=15)
    until = min(until, died) if died else until
    grade = on(facts, "grade", month.last)
    if birthday(born, 90) <= until:
        return 40000
    return 0 if birthday(born, 80) > until else 20000 if grade == "poor" else 2500


def shares(facts: Facts, month: Month) -> int:
    seen = on(facts, "verified_on", month.last)
    window = (
        date(month.year, 5, 1) if 6 <= month.number <= 11 else date(month.year - (month.number < 6), 11, 1)
    )
    if not here(facts) or seen is None or seen < window:
        return 0
    level = {"heavy": 15000, "light": 3333}.get(on(facts, "grade", month.last), 0)
    stars = on(facts, "stars", month.last) or 0
    extra = 11050 if stars >= 3 else 10000 if stars >= 1 else 0
    return int(value(facts, "price")) * level * extra // 10**10 * 100


def parts(facts: Facts, month: Month) -> int:
    opened, beds = value(facts, "opened_on"), value(facts, "beds")
    if opened is None or opened.year != 2024 or beds < 5:
        return 0
    whole = min((3333 if opened.month < 7 else 5000) * beds, 30000)
    first, second = (whole * 40 + 50) // 100, (whole * 30 + 50) // 100
    return {0: first, 6: second, 12: whole - first - second}.get(index(month) - number(opened), 0)


def days(facts: Facts, month: Month) -> int:
    stayed = on(facts, "days", month.last) if _said(facts, month) else None
    asked = on(facts, "applied_on", date(month.year, 12, 31))
    seen = ever(facts, "verified_on")
    if not ((stayed is not None and stayed >= 15) or value(facts, "pension")) or not stayed:
        return 0
    if asked is None or seen is None or number(seen) < index(month) - 6:
        return 0
    return (2 * 10001 * int(stayed) + month.last.day) // (2 * month.last.day)


def _said(facts: Facts, month: Month) -> bool:
    return any(s.since <= month.last and number(s.since) == index(month) for s in facts.get("days", ()))


ORACLES: dict[str, Callable[[Facts, Month], int]] = {
    "matrix": matrix,
    "shares": shares,
    "parts": parts,
    "days": days,
}
# Mistakes that change nobody's money, because something else in the policy says the same.
HARMLESS = (
    "verified: and → or",
    "applied: (and → or|lt → le|month_middle → |year_end → )",  # looked up on the last day that counts
    "falls_due: ",  # the amount itself has a part for those months only
    "amount: (month_start → previous_month_end|lt → le)",  # … and the clause sees to the amount's
    "2000-01-01 a month late",
)


def made(name: str) -> Policy:
    found = book(FIGURES[name])
    return on_made_up(found.policies[0])


def subjects_of(name: str, count: int) -> list[Facts]:
    return edge_subjects(book(FIGURES[name]).policies[0], months(MONTHS[name]), count)


def expected(name: str, subjects: list[Facts]) -> dict[tuple[int, int], int]:
    due = {
        (i, int(m)): ORACLES[name](facts, m) for i, facts in enumerate(subjects) for m in months(MONTHS[name])
    }
    return {key: fen for key, fen in due.items() if fen}


def paid(engine: Engine, made_up: Policy, name: str) -> dict[tuple[int, int], int] | str:
    try:
        sql = compile_policies([made_up], months(MONTHS[name]), SCHEMA, engine.dialect).sql
    except LookupError:
        return "a month without a value"
    return {(row[4], row[0]): row[5] for row in engine.run(sql)}


@pytest.fixture(params=["duckdb", "database"])
def engine(request: pytest.FixtureRequest, db: None) -> Engine:
    return DuckEngine() if request.param == "duckdb" else DatabaseEngine()


@pytest.mark.parametrize("name", ORACLES)
def test_it_agrees_with_the_oracle(engine: Engine, name: str) -> None:
    subjects = subjects_of(name, 600)
    engine.fill(made(name), subjects)
    got, want = paid(engine, made(name), name), expected(name, subjects)
    assert isinstance(got, dict)
    wrong = {k: (got.get(k), want.get(k)) for k in got.keys() | want.keys() if got.get(k) != want.get(k)}
    assert {(k, v): subjects[k[0]] for k, v in list(wrong.items())[:3]} == {}
    assert len(want) > 60


@pytest.mark.parametrize("name", ORACLES)
def test_its_mistakes_are_noticed(name: str) -> None:
    engine, subjects = DuckEngine(), subjects_of(name, 800)
    engine.fill(made(name), subjects)
    right = expected(name, subjects)
    all_of_them = [m for m in mutants(made(name)) if not re.search("|".join(HARMLESS), m.mistake)]
    alive = [m.mistake for m in all_of_them if paid(engine, m.policy, name) == right]
    assert len(all_of_them) > 15
    assert 1 - len(alive) / len(all_of_them) >= LEAST, alive
