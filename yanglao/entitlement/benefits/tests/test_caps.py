"""Caps: running totals over rows, the same on every engine as in plain Python, whatever the order rows come in."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..rules.book import PolicyInvalid, load_texts
from ..rules.caps import GRANTED
from ..rules.cases import run_cases
from ..rules.compile import ROW, compile_policies
from ..rules.guard import verify
from ..rules.months import Month
from ..rules.policy import Policy
from ..rules.schema import Column, Fact, Schema, Subject, Table, Type, View
from .conftest import Run

ORDER = Subject(
    "order",
    "订单",
    "Order",
    (
        View(
            "order",
            "order",
            "fixed",
            "SELECT order_id AS subject_id, location, person, day, price, item FROM orders",
            (
                Fact("location", Type.DIVISION, "地点", "Where", nullable=False),
                Fact("person", Type.INT, "老人", "Person"),
                Fact("day", Type.DATE, "日期", "Day", nullable=False),
                Fact("price", Type.MONEY, "价格", "Price", nullable=False),
                Fact("item", Type.TEXT, "服务内容", "Item"),
            ),
        ),
    ),
)
ORDERS = Table(
    "orders",
    "order_id",
    (
        Column("order_id", "int"),
        Column("location", "int"),
        Column("person", "int"),
        Column("day", "date"),
        Column("price", "int"),
        Column("item", "text"),
    ),
    "",
)
GRANTS = Table(
    GRANTED,
    "line_id",
    (
        Column("policy", "text"),
        Column("month", "int"),
        Column("subject", "text"),
        Column("subject_id", "int"),
        Column("amount", "int"),
    ),
    "",
)
SCHEMA = Schema.of([ORDER], [ORDERS, GRANTS])
TEMPLATE = """
id: meals
kind: meal_subsidy
title: {{zh: 助餐补贴, en: Meal subsidy}}
document: {{title: 试行, source: 测试, confidence: verified}}
division: 330200000000
effective: {{from: 2024-01-01, to: null}}
subject: order
parameters:
  half: {{label: {{zh: 比例, en: Share}}, unit: percent, values: [{{from: 2024-01-01, value: 50}}]}}
{limits}
eligibility:
  - {{id: used, label: {{zh: 当月, en: This month}}, when: day between month_start and month_end}}
amount: percent_of(price, half)
payer: {{fact: location, level: county}}
payee: {{kind: person, fact: person}}
caps:
{caps}
cases:
  - name: 例
    origin: design
    facts: {{location: 330203001001, person: 1, day: 2024-03-01, price: 0}}
    months: 2024-03
    expect: {{total: 0}}
"""
LIMIT = "  cap_{yuan}: {{label: {{zh: 限额, en: Cap}}, unit: yuan, values: [{{from: 2024-01-01, value: {yuan}}}]}}"
Order = tuple[int, int | None, dt.date, int]  # id, person, day, price in fen
Grant = tuple[int, int, int]  # month, order id, fen


def policy(*caps: str) -> Policy:
    lines = "\n".join(f"  - {{label: {{zh: 封顶, en: Cap}}, {cap}}}" for cap in caps)
    named = sorted({int(cap.split("cap_")[1].split(",")[0]) for cap in caps if "cap_" in cap})
    limits = "\n".join(LIMIT.format(yuan=yuan) for yuan in named)
    return load_texts({"meals.yaml": TEMPLATE.format(caps=lines, limits=limits)}, SCHEMA).policies[0]


DAY = "per: person, period: day, amount: cap_5, order: day"
MONTH = "per: person, period: month, amount: cap_12, order: day"
YEAR = "per: person, period: year, amount: cap_30, order: day"
BUDGET = "per: policy, period: year, amount: cap_60, order: day"
BOTH = "per: person, and: item, period: year, amount: cap_20, order: day"
TWICE = "per: person, period: month, times: 2, order: day"
EACH_ONCE = "per: person, and: item, period: year, times: 1, order: day"
LIMITS = {DAY: 500, MONTH: 1200, YEAR: 3000, BUDGET: 6000, BOTH: 2000, TWICE: 2, EACH_ONCE: 1}


def item(number: int) -> str | None:
    """What an order is for: of every fifth that is not known."""
    return None if number % 5 == 4 else "ab"[number % 2]


def tables(orders: Sequence[Order], grants: Sequence[Grant]) -> dict[str, str]:
    def day(d: dt.date) -> str:
        return f"'{d}'"

    rows = [
        f"({i}, 330203001001, {'NULL' if p is None else p}, {day(d)}, {price}, "
        f"{'NULL' if item(i) is None else repr(item(i))})"
        for i, p, d, price in orders
    ]
    lines = [f"('meals', {month}, 'order', {i}, {fen})" for month, i, fen in grants] or ["('', 0, '', 0, 0)"]
    return {
        "orders_(order_id, location, person, day, price, item)": "VALUES " + ", ".join(rows),
        "orders(order_id, location, person, day, price, item)": (
            "SELECT order_id, location, CAST(person AS BIGINT), CAST(day AS {date}), price, item FROM orders_"
        ),
        f"{GRANTED}(policy, month, subject, subject_id, amount)": "VALUES " + ", ".join(lines),
    }


def paid(run: Run, dialect: str, one: Policy, months: Sequence[Month], orders, grants=()) -> dict[int, int]:  # type: ignore[no-untyped-def]
    found = tables(orders, grants)
    date = "TEXT" if dialect == "sqlite" else "DATE"
    found = {name: sql.replace("{date}", date) for name, sql in found.items()}
    compiled = compile_policies([one], months, SCHEMA, dialect, tables=found)  # type: ignore[arg-type]
    names = [name for name, _type in ROW]
    at = names.index("subject_id"), names.index("amount_fen")
    return {row[at[0]]: row[at[1]] for row in run(compiled.sql)}


def oracle(
    caps: Sequence[str], months: Sequence[Month], orders: Sequence[Order], grants: Sequence[Grant]
) -> dict[int, int]:
    """The same in plain Python: one row after the other, a counter for each total."""
    asked = {i: (price + 1) // 2 for i, _p, day, price in orders if Month(day.year, day.month) in months}
    persons = {i: p for i, p, _d, _price in orders}
    turn = sorted((o for o in orders if o[0] in asked), key=lambda o: (o[2].year, o[2].month, o[2], o[0]))
    for cap in caps:
        spent: dict[object, int] = {}
        before: dict[tuple[int, int], int] = {}
        for month, i, fen in grants:
            before[month, i] = before.get((month, i), 0) + fen
        for (month, i), fen in before.items():
            if (
                month < int(min(months))
                and month // 100 == months[0].year
                and cap in (YEAR, BUDGET, BOTH, EACH_ONCE)
            ):
                key = "all" if cap == BUDGET else persons.get(i)
                key = (key, item(i)) if cap in (BOTH, EACH_ONCE) else key
                spent[key] = spent.get(key, 0) + ((fen > 0) if cap == EACH_ONCE else fen)
        for i, p, day, _price in turn:
            who: object = ("nobody", i) if p is None else p
            both = (who, item(i)) if p is not None and item(i) else ("nobody", i)
            key = {DAY: (who, day), MONTH: (who, day.month), YEAR: who, BUDGET: "all", BOTH: both, EACH_ONCE: both,
                   TWICE: (who, day.month)}[cap]  # fmt: skip
            used = spent.get(key, 0)
            if cap in (TWICE, EACH_ONCE):
                spent[key] = used + (asked[i] > 0)
                asked[i] = asked[i] if used < LIMITS[cap] else 0
                continue
            spent[key] = used + asked[i]
            asked[i] = max(0, min(asked[i], LIMITS[cap] - used))
    return {i: fen for i, fen in asked.items() if fen}


MARCH, MAY = [Month(2024, 3)], [Month(2024, 3), Month(2024, 4), Month(2024, 5)]


def order(number: int, person: int | None, month: int, day: int, price: int) -> Order:
    return number, person, dt.date(2024, month, day), price


def test_a_day_and_a_month_are_capped_one_after_the_other(duck: Run) -> None:
    orders = [
        order(1, 7, 3, 1, 800),
        order(2, 7, 3, 1, 800),
        order(3, 7, 3, 2, 2000),
        order(4, 7, 3, 3, 2000),
    ]
    assert paid(duck, "duckdb", policy(DAY), MARCH, orders) == {1: 400, 2: 100, 3: 500, 4: 500}
    assert paid(duck, "duckdb", policy(DAY, MONTH), MARCH, orders) == {1: 400, 2: 100, 3: 500, 4: 200}


def test_what_earlier_runs_granted_counts(duck: Run) -> None:
    orders = [order(1, 7, 1, 1, 5000), order(2, 7, 3, 1, 5000), order(3, 8, 3, 1, 1000)]
    grants = [(202401, 1, 2500), (202312, 1, 9999)]
    assert paid(duck, "duckdb", policy(YEAR), MARCH, orders, grants) == {2: 500, 3: 500}
    assert paid(duck, "duckdb", policy(BUDGET), MARCH, orders, grants) == {2: 2500, 3: 500}


def test_recomputed_months_do_not_count_twice(duck: Run) -> None:
    orders = [order(1, 7, 3, 1, 5000), order(2, 7, 4, 1, 5000)]
    grants = [(202403, 1, 2500), (202404, 2, 500)]
    assert paid(duck, "duckdb", policy(YEAR), MAY, orders, grants) == {1: 2500, 2: 500}


def test_a_budget_goes_to_who_came_first(duck: Run) -> None:
    orders = [order(3, 9, 3, 1, 8000), order(1, 7, 3, 20, 8000), order(2, 8, 3, 2, 3000)]
    assert paid(duck, "duckdb", policy(BUDGET), MARCH, orders) == {3: 4000, 2: 1500, 1: 500}


def test_so_many_times_and_no_more(duck: Run) -> None:
    orders = [order(n, 7, 3, day, 1000) for n, day in enumerate([9, 3, 4], 1)]
    assert paid(duck, "duckdb", policy(TWICE), MARCH, [*orders, order(4, 8, 3, 5, 1000)]) == {
        2: 500,
        3: 500,
        4: 500,
    }
    nothing = order(5, 7, 3, 1, 0)  # what asks for nothing takes no turn
    assert paid(duck, "duckdb", policy(TWICE), MARCH, [*orders, nothing]) == {2: 500, 3: 500}


def test_two_facts_have_their_total_together(duck: Run) -> None:
    orders = [
        order(1, 7, 3, 1, 3000),
        order(2, 7, 3, 2, 3000),
        order(3, 7, 3, 3, 3000),
        order(6, 8, 3, 3, 9000),
    ]
    assert paid(duck, "duckdb", policy(BOTH), MARCH, orders) == {1: 1500, 2: 1500, 3: 500, 6: 2000}
    assert paid(duck, "duckdb", policy(EACH_ONCE), MARCH, orders) == {1: 1500, 2: 1500, 6: 4500}


def test_what_was_taken_back_does_not_count_as_a_time(duck: Run) -> None:
    orders = [order(1, 7, 1, 1, 3000), order(3, 7, 3, 1, 3000)]
    assert paid(duck, "duckdb", policy(EACH_ONCE), MARCH, orders, [(202401, 1, 1500)]) == {}
    back = [(202401, 1, 1500), (202401, 1, -1500)]
    assert paid(duck, "duckdb", policy(EACH_ONCE), MARCH, orders, back) == {3: 1500}


@pytest.mark.parametrize(
    ("cap", "why"),
    [
        ("per: person, period: month, order: day", "封顶要写限额"),
        ("per: person, period: month, times: 1, amount: cap_5, order: day", "封顶要写限额"),
        ("per: person, period: month, times: 0", "永远不发"),
        ("per: person, period: month, times: cap_5", "这里要的是整数"),
        ("per: policy, and: item, period: year, times: 1", "合不到一起"),
        ("per: person, and: person, period: year, times: 1", "合不到一起"),
        ("per: person, and: nobody, period: year, times: 1", "没有这个事实"),
    ],
)
def test_a_cap_that_says_too_little_or_too_much_is_refused(cap: str, why: str) -> None:
    with pytest.raises(PolicyInvalid) as found:
        policy(cap)
    assert why in str(found.value)
    assert all(problem.line for problem in found.value.problems)


def test_the_statement_holds_nothing_unexpected() -> None:
    one = policy(DAY, MONTH, YEAR, BUDGET, BOTH, TWICE, EACH_ONCE)
    verify(compile_policies([one], MAY, SCHEMA))


def test_an_example_before_the_policy_begins_gets_nothing(duck: Run) -> None:
    one = policy(YEAR)
    early = one.cases[0].model_copy(update={"months": (Month(2023, 12), Month(2023, 12))})
    assert [r.computed for r in run_cases(replace(one, cases=(early,)), SCHEMA, duck)] == [(0,)]


people = st.one_of(st.none(), st.integers(1, 3))
rows = st.lists(st.tuples(people, st.integers(1, 90), st.integers(0, 40)), min_size=1, max_size=12)
granted = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 30)), max_size=3)


@pytest.mark.parametrize(
    "caps", [(DAY, MONTH), (YEAR,), (DAY, YEAR, BUDGET), (BUDGET,), (TWICE, BOTH), (EACH_ONCE, YEAR)], ids=str
)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows, granted=granted, seed=st.integers(0, 99))
def test_it_agrees_with_plain_python_and_no_cap_is_passed(
    duck: Run, database: Run, caps: tuple[str, ...], rows: list[tuple[int | None, int, int]],
    granted: list[tuple[int, int]], seed: int,
) -> None:  # fmt: skip
    from django.db import connection

    dialect = "postgres" if connection.vendor == "postgresql" else "sqlite"
    start = dt.date(2024, 3, 1)
    orders = [(i, p, start + dt.timedelta(days=d), price * 100) for i, (p, d, price) in enumerate(rows)]
    grants = [(202401, i, fen * 100) for i, fen in granted if i < len(orders) and orders[i][1] is not None]
    one, wanted = policy(*caps), oracle(caps, MAY, orders, grants)
    mixed = random.Random(seed).sample(orders, len(orders))
    assert paid(duck, "duckdb", one, MAY, mixed, grants) == wanted
    assert paid(database, dialect, one, MAY, mixed, grants) == wanted
    assert all(fen > 0 for fen in wanted.values())
    if BUDGET in caps:
        assert sum(wanted.values()) + sum(fen for _m, _i, fen in grants) <= max(
            LIMITS[BUDGET], sum(fen for _m, _i, fen in grants)
        )
