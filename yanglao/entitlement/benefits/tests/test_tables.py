"""Tables with up to three keys, shared standards, shares that round once: the same yuan on every engine."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ..rules.cases import Spell
from .engines import DatabaseEngine, DuckEngine, Engine
from .small import book, guest, paid, parameter, policy, rows, standard

POVERTY = {"dibao": {80: 200, 90: 400, 100: 600}, "*": {80: 25, 90: 400, 100: 600}}


@pytest.fixture(params=["duckdb", "database"])
def engine(request: pytest.FixtureRequest, db: None) -> Engine:
    return DuckEngine() if request.param == "duckdb" else DatabaseEngine()


def one(engine: Engine, amount: str, parameters: dict[str, Any], **facts: Any) -> float:
    found = book(policy(amount, parameters=parameters))
    return paid(engine, found, [guest(**facts)], "2024-07")[0][0]


@pytest.mark.parametrize(
    ("grade", "born", "yuan"),
    [
        ("dibao", date(1944, 7, 31), 200),
        ("dibao", date(1944, 8, 1), 0),
        ("dibao", date(1934, 7, 31), 400),
        ("other", date(1944, 7, 31), 25),
        (None, date(1924, 1, 1), 600),
    ],
)
def test_poverty_and_age(engine: Engine, grade: str | None, born: date, yuan: float) -> None:
    table = {"rates": parameter(POVERTY, by=["text", "age"])}
    assert one(engine, "bracket(rates, grade, age)", table, grade=grade, birth_date=born) == yuan


@pytest.mark.parametrize(
    ("beds", "born", "pension", "yuan"),
    [
        (9, date(1945, 12, 31), True, 0),
        (10, date(1945, 12, 31), True, 1),
        (10, date(1946, 1, 1), True, 2),
        (10, date(1946, 1, 1), False, 3),
        (10, date(1946, 1, 1), None, 0),
        (20, date(1960, 1, 1), False, 5),
    ],
)
def test_three_keys_of_other_kinds(
    engine: Engine, beds: int, born: date, pension: bool | None, yuan: float
) -> None:
    cohorts = {"1900-01-01": {True: 1, False: 1}, "1946-01-01": {True: 2, False: 3}}
    large = {"1900-01-01": {True: 4, False: 5}}
    table = {"rates": parameter({10: cohorts, 20: large}, by=["int", "date", "bool"])}
    facts = {"beds": beds, "born": born, "pension": pension}
    assert one(engine, "bracket(rates, beds, born, pension)", table, **facts) == yuan


def test_a_division_has_its_own_rate_and_the_narrowest_wins(engine: Engine) -> None:
    rates = {330203000000: 10, 330203001000: 20, "*": 5}
    found = book(policy("lookup(rates, home)", parameters={"rates": parameter(rates, by="division")}))
    homes = [330203001001, 330203002001, 330203000000, 330204001001]
    assert paid(engine, found, [guest(home=h) for h in homes], "2024-07") == [[20], [10], [10], [5]]


def test_yuan_may_be_steps(engine: Engine) -> None:
    table = {"rates": parameter({0: 5, "100.50": 9}, by="yuan")}
    assert one(engine, "bracket(rates, price)", table, price=10_049) == 5


def test_a_step_that_comes_later_counts_from_then_on(engine: Engine) -> None:
    values = [
        {"from": date(2020, 1, 1), "table": {"a": {80: 10}, "*": {80: 1}}},
        {"from": date(2024, 8, 1), "table": {"a": {70: 5, 80: 20}, "b": {80: 7}, "*": {80: 2}}},
    ]
    rates = {"label": {"zh": "x", "en": "x"}, "unit": "yuan", "by": ["text", "age"], "values": values}
    found = book(policy("bracket(rates, grade, age)", parameters={"rates": rates}))
    young, old = date(1950, 1, 1), date(1930, 1, 1)
    guests = [
        guest(grade="a", birth_date=young),
        guest(grade="a", birth_date=old),
        guest(grade="b", birth_date=old),
    ]
    assert paid(engine, found, guests, "2024-07..2024-08") == [[0, 5], [10, 20], [1, 7]]


def test_a_line_names_its_bracket_by_all_keys(engine: Engine) -> None:
    found = book(
        policy("bracket(rates, grade, age)", parameters={"rates": parameter(POVERTY, by=["text", "age"])})
    )
    guests = [guest(grade="dibao"), guest(birth_date=date(1930, 1, 1))]
    lines = rows(engine, found, guests, "2024-07")
    assert sorted(r["bracket"] for r in lines) == ["rates:*/90", "rates:dibao/80"]


@pytest.mark.parametrize(
    ("amount", "yuan"),
    [
        ("percent_of(base, ability, star)", 0.35),  # 10.05 × 33.33 % × 10.5 % = 0.35172…
        ("percent_of(percent_of(base, ability), star)", 0.35),  # rounded once, not 3.35 × 10.5 % = 0.351…
        ("raised_by(base, star)", 11.11),  # 11.10525
        ("raised_by(base, -star)", 8.99),
        ("percent_of(base, ability + star)", 4.40),  # 43.83 % = 4.404915
        ("percent_of(pro_rata(base, 7, month_days), ability)", 0.76),  # 0.75638…
        ("pro_rata(base, least(beds, 7), month_days)", 2.27),  # 2.26935…
        ("to_yuan(percent_of(base, ability))", 3),
        ("div_down(base, 4)", 2.51),
        ("base * greatest(beds - 8, 0)", 20.1),
        ("base * div_down(beds, 4)", 20.1),
        ("greatest(base - percent_of(price, ability), 0)", 0),
    ],
)
def test_shares_round_once(engine: Engine, amount: str, yuan: float) -> None:
    known = {
        "base": parameter(10.05),
        "ability": parameter(33.33, "percent"),
        "star": parameter(10.5, "percent"),
    }
    used = {name: p for name, p in known.items() if name in amount}
    assert one(engine, amount, used) == yuan


@pytest.mark.parametrize(
    ("to", "how", "yuan"),
    [
        ("yuan", "half_up", 12),  # 12.4996: by the fen it would be 12.50, and 13
        ("yuan", "up", 13),
        ("yuan", "down", 12),
        ("jiao", "half_up", 12.5),
        ("jiao", "down", 12.4),
        ("fen", "up", 12.5),
        ("fen", "down", 12.49),
    ],
)
def test_the_amount_is_rounded_from_the_exact_figure(engine: Engine, to: str, how: str, yuan: float) -> None:
    found = book(
        policy(
            "pro_rata(base, 124996, 1000000)",
            parameters={"base": parameter(100)},
            rounding={"to": to, "how": how},
        )
    )
    assert paid(engine, found, [guest()], "2024-07") == [[yuan]]


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ("days >= 15", [False, True, True]),
        ("days_between(opened_on, month_end) >= 29", [False, True, True]),
        ("month_of(born) = month_of_year", [False, True, False]),
        ("year_of(born) <= 1950 and year_of(born) >= 1950", [True, True, True]),
        ("days = month_days", [False, True, False]),
        ("year_days = 366", [True, True, True]),
        ("previous_year_end = '2023-12-31'", [True, True, True]),
    ],
)
def test_thresholds_of_days(engine: Engine, when: str, holds: list[bool]) -> None:
    days = (Spell(14, date(2024, 5, 1)), Spell(30, date(2024, 6, 1)), Spell(15, date(2024, 7, 1)))
    found = book(policy("base", when, parameters={"base": parameter(1)}))
    got = paid(engine, found, [guest(days=days, opened_on=date(2024, 6, 1))], "2024-05..2024-07")
    assert [bool(yuan) for yuan in got[0]] == holds


def test_what_is_given_may_be_hours_and_hours_have_a_price(engine: Engine) -> None:
    hours = parameter(12.5, "quantity")
    found = book(
        policy("greatest(hours - coalesce(used, 0), 0)", parameters={"hours": hours}, gives="hours"),
        policy("hours * price", parameters={"hours": hours}, id="priced"),
    )
    lines = rows(engine, found, [guest(used=250, price=2001)], "2024-07")
    assert {r["policy"]: (r["amount_fen"], r["quantity"], r["unit"]) for r in lines} == {
        "guest-policy": (0, 1000, "hours"),
        "priced": (25013, None, ""),
    }
    assert found["guest-policy"].gives == "hours"


WAGES = [{"from": date(2020, 1, 1), "value": 2000}, {"from": date(2024, 7, 1), "value": 2100}]


def test_a_standard_is_shared_and_may_be_last_years(engine: Engine) -> None:
    wage = {"wage": parameter(WAGES)}
    share = {"share": parameter(50, "percent")}
    shared = {"uses": {"lowest": "shared.wage"}, "parameters": share}
    found = book(
        standard(wage),
        policy("percent_of(lowest, share)", **shared),
        policy("percent_of(lowest, share)", **shared, id="late", values_on={"lowest": "previous_year_end"}),
    )
    lines = rows(engine, found, [guest()], "2024-06..2024-07")
    yuan = {(r["policy"], r["month"]): r["amount_fen"] / 100 for r in lines}
    assert yuan == {
        ("guest-policy", 202406): 1000,
        ("guest-policy", 202407): 1050,
        ("late", 202406): 1000,
        ("late", 202407): 1000,
    }


def test_a_policy_is_another_one_when_its_standard_changes() -> None:
    using = policy("lowest", uses={"lowest": "shared.wage"})
    versions = {book(standard({"wage": parameter(w)}), using).policies[0].version for w in (2000, 2100)}
    assert len(versions) == 2
    found = book(standard({"wage": parameter(1)}), using)
    assert found.texts().keys() == {"0.yaml", "1.yaml"}
