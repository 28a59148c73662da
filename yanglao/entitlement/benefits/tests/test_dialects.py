"""The same expressions give the same money on every engine, at the places where SQL dialects differ."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yanglao.entitlement.benefits.rules.book import load_texts
from yanglao.entitlement.benefits.rules.cases import Facts, Spell, on_made_up
from yanglao.entitlement.benefits.rules.compile import compile_policies
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.rules.schema import Fact, Schema, Subject, Type, View

from .engines import DatabaseEngine, DuckEngine, Engine

STAY = Subject(
    "stay",
    "入住",
    "Stay",
    (
        View(
            "stay",
            "stay",
            "fixed",
            "SELECT 1 AS subject_id",
            (
                Fact("home", Type.DIVISION, "机构所在地", "Place of the home", nullable=False),
                Fact("price", Type.MONEY, "床位费", "Price", nullable=False),
                Fact("deposit", Type.MONEY, "押金", "Deposit"),
                Fact("beds", Type.INT, "床位数", "Beds", nullable=False),
                Fact("nursing", Type.BOOL, "护理型", "Nursing bed", nullable=False),
                Fact("level", Type.TEXT, "等级", "Level"),
            ),
        ),
        View(
            "stay_days", "stay", "monthly", "SELECT 1", (Fact("days", Type.INT, "入住天数", "Days stayed"),)
        ),
        View("star", "stay", "dated", "SELECT 1", (Fact("stars", Type.INT, "星级", "Stars"),)),
    ),
)
SCHEMA = Schema.of([STAY], [])
MONTHS = [Month(2024, 2), Month(2024, 3), Month(2024, 4)]
TEMPLATE = """
id: {id}
kind: subsidy
title: {{zh: 补贴, en: Subsidy}}
document: {{title: 试行, source: 测试, confidence: verified}}
division: 330200000000
effective: {{from: 2024-01-01, to: {to}}}
subject: stay
parameters:
{parameters}
eligibility:
  - id: here
    label: {{zh: 在本市, en: Here}}
    when: {when}
amount: {amount}
payer: {{fact: home, level: {level}}}
payee: {{kind: place, fact: beds}}
stacking: {stacking}
cases:
  - name: 例
    origin: design
    facts: {{home: 330203001001, price: 1, beds: 1, nursing: true}}
    months: 2024-02
    expect: {{total: 0}}
"""
VALUES: dict[str, str] = {
    "base": "unit: yuan, values: [{from: 2024-01-01, value: 260}, {from: 2024-03-15, value: 300}]",
    "big": "unit: yuan, values: [{from: 2024-01-01, value: 90000000}]",
    "ratio": "unit: percent, values: [{from: 2024-01-01, value: 12.5}]",
    "by_level": "unit: yuan, by: text, values: [{from: 2024-01-01, table: {first: 10, second: 5.55, '*': 1}}]",
    "by_star": "unit: yuan, by: int, values: [{from: 2024-01-01, table: {1: 10, 3: 30}}]",
}


def policy_text(amount: str, when: str = "within(home, division)", **other: Any) -> str:
    used = [n for n in VALUES if n in f"{amount} {when}"]
    parameters = "\n".join(f"  {n}: {{label: {{zh: 数, en: n}}, {VALUES[n]}}}" for n in used) or "  {}"
    fields = {"id": "subsidy", "to": "null", "stacking": "{}", "level": "city", **other}
    return TEMPLATE.format(amount=amount, when=when, parameters=parameters, **fields)


def fixed(value: Any) -> tuple[Spell, ...]:
    return (Spell(value),)


def stay(**facts: Any) -> Facts:
    given = {"home": 330203001001, "price": 3333, "beds": 7, "nursing": True, "level": "second", **facts}
    return {k: v if isinstance(v, tuple) else fixed(v) for k, v in given.items()}


def pay(engine: Engine, texts: list[str], stays: list[Facts]) -> dict[tuple[str, int, int], int]:
    book = load_texts({f"{i}.yaml": t for i, t in enumerate(texts)}, SCHEMA)
    engine.fill(book.policies[0], stays)
    made = [on_made_up(p) for p in book.policies]
    rows = engine.run(compile_policies(made, MONTHS, SCHEMA, engine.dialect).sql)
    return {(row[1], row[4], row[0]): row[5] for row in rows}


@pytest.fixture(params=["duckdb", "database"])
def engine(request: pytest.FixtureRequest, db: None) -> Engine:
    return DuckEngine() if request.param == "duckdb" else DatabaseEngine()


@pytest.mark.parametrize(
    ("amount", "fen"),
    [
        ("base", 26000),
        ("base * beds", 182000),
        ("percent_of(price, ratio)", 417),  # 416.625 fen
        ("percent_of(base, ratio)", 3250),
        ("div_half_up(price * 15, 29)", 1724),  # 1723.97 fen
        ("div_half_up(price, 2)", 1667),  # 1666.5 fen: halves go up
        ("base - coalesce(deposit, 0)", 26000),
        ("greatest(price - base, 0)", 0),
        ("least(price, base)", 3333),
        ("big * beds", 63_000_000_000),
        ("lookup(by_level, level)", 555),
        ("bracket(by_star, stars)", 3000),
        ("case when nursing then base else 0 end", 26000),
        ("case when not nursing or days > 20 then base else price end", 3333),
        ("case when starts_with(level, 'sec') then base else 0 end", 26000),
        ("-(-base)", 26000),
    ],
)
def test_an_amount_is_the_same_everywhere(engine: Engine, amount: str, fen: int) -> None:
    one = stay(stars=(Spell(3),), days=(Spell(15, date(2024, 2, 1)), Spell(31, date(2024, 3, 1))))
    assert pay(engine, [policy_text(amount)], [one]).get(("subsidy", 0, 202402), 0) == fen


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ("deposit is null", True),
        ("deposit < price", False),  # unknown refuses
        ("not deposit < price", False),
        ("level in ('first', 'second')", True),
        ("level not in ('first')", True),
        ("beds between 7 and 8 and beds != 8", True),
        ("within(home, 330203000000) and not within(home, 330204000000)", True),
        ("home = 330203001001", True),
        ("nursing", True),
        ("nursing = false", False),
        ("stars >= 3", True),
        ("days >= 15", True),
        ("month_of_year = 2", True),
        ("month_end < '2024-03-01'", True),
    ],
)
def test_a_condition_is_the_same_everywhere(engine: Engine, when: str, holds: bool) -> None:
    one = stay(stars=(Spell(3),), days=(Spell(15, date(2024, 2, 1)),))
    paid = pay(engine, [policy_text("base", f'"{when} and within(home, division)"')], [one])
    assert (("subsidy", 0, 202402) in paid) is holds


def test_dated_values_begin_in_their_month_and_a_policy_ends(engine: Engine) -> None:
    paid = pay(engine, [policy_text("base", to="2024-03-31")], [stay()])
    assert paid == {("subsidy", 0, 202402): 26000, ("subsidy", 0, 202403): 30000}


def test_facts_of_the_month_are_those_of_the_month(engine: Engine) -> None:
    one = stay(days=(Spell(10, date(2024, 2, 1)), Spell(20, date(2024, 4, 1))))
    paid = pay(engine, [policy_text("base * coalesce(days, 0)")], [one])
    assert paid == {("subsidy", 0, 202402): 260000, ("subsidy", 0, 202404): 600000}


def test_of_a_group_the_highest_is_paid(engine: Engine) -> None:
    texts = [
        policy_text("base", id="one", stacking="{group: g, rule: highest}"),
        policy_text("price", id="two", stacking="{group: g, rule: highest}"),
    ]
    paid = pay(engine, texts, [stay(), stay(price=99999), stay(price=26000)])
    assert {k: v for k, v in paid.items() if k[2] == 202402} == {
        ("one", 0, 202402): 26000,
        ("two", 1, 202402): 99999,
        ("one", 2, 202402): 26000,  # of equals the first by id
    }


def test_exclusion_and_reduction_follow_what_is_really_paid(engine: Engine) -> None:
    texts = [
        policy_text("base", when="nursing", id="first"),
        policy_text("price", id="second", stacking="{excluded_by: [first]}"),
        policy_text("price", id="third", stacking="{reduced_by: [second]}"),
        policy_text("base * 2", id="fourth", stacking="{reduced_by: [first, second]}"),
    ]
    paid = pay(engine, texts, [stay(price=30000), stay(price=30000, nursing=False)])
    assert {(k[0], k[1]): v for k, v in paid.items() if k[2] == 202402} == {
        ("first", 0): 26000,
        ("third", 0): 30000,  # `second` is set aside, so nothing is taken off
        ("fourth", 0): 26000,
        ("second", 1): 30000,
        ("fourth", 1): 22000,
    }


@pytest.mark.parametrize(
    ("level", "code"),
    [("city", 330200000000), ("county", 330203000000), ("street", 330203001000), ("village", 330203001001)],
)
def test_the_payer_is_the_division_of_the_level(engine: Engine, level: str, code: int) -> None:
    book = load_texts({"a.yaml": policy_text("base", level=level)}, SCHEMA)
    engine.fill(book.policies[0], [stay()])
    rows = list(
        engine.run(compile_policies([on_made_up(book.policies[0])], MONTHS[:1], SCHEMA, engine.dialect).sql)
    )
    assert [(row[7], row[9]) for row in rows] == [(code, 330203001001)]
