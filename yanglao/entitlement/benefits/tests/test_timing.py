"""When something is due and when it is paid: applications, proof of life, death, instalments, periods."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ..rules.book import check_texts
from ..rules.cases import Spell, on_made_up
from ..rules.compile import compile_policies, months_paid
from ..rules.explain import explain
from ..rules.guard import verify
from ..rules.months import Month
from ..rules.policy import Payment
from .engines import DatabaseEngine, DuckEngine, Engine
from .small import SCHEMA, book, guest, months, paid, parameter, policy, rows, text_of

ONE: dict[str, Any] = {"parameters": {"rate": parameter(1)}}
RATES: dict[str, Any] = {"parameters": {"rates": parameter({80: 10, 90: 20}, by="age")}}


@pytest.fixture(params=["duckdb", "database"])
def engine(request: pytest.FixtureRequest, db: None) -> Engine:
    return DuckEngine() if request.param == "duckdb" else DatabaseEngine()


def applied(day: date) -> tuple[Spell, ...]:
    return (Spell(day, day),)


@pytest.mark.parametrize(
    ("counted", "late", "first"),
    [
        ("same_month", "none", "2024-06"),
        ("month_after", "none", "2024-07"),
        ("half_month", "none", "2024-07"),
        ("same_month", {"months": 2}, "2024-04"),
        ("month_after", {"months": 2}, "2024-05"),
        ("half_month", {"months": 2}, "2024-05"),
        ("month_after", "this_year", "2024-01"),
        ("month_after", "full", "2023-11"),
    ],
)
def test_a_late_application_is_paid_back_as_far_as_the_policy_says(
    engine: Engine, counted: str, late: Any, first: str
) -> None:
    start = {"application": {"fact": "applied_on", "counted": counted, "late": late}}
    found = book(policy("rate", start=start, effective={"from": date(2023, 11, 1), "to": None}, **ONE))
    span = months("2023-11..2024-08")
    got = paid(engine, found, [guest(applied_on=applied(date(2024, 6, 16))), guest()], "2023-11..2024-08")
    assert got == [[int(m >= Month.of(first)) for m in span], [0] * len(span)]


@pytest.mark.parametrize(("day", "first"), [(15, "2024-06"), (16, "2024-07")])
def test_the_fifteenth_still_counts(engine: Engine, day: int, first: str) -> None:
    start = {"application": {"fact": "applied_on", "counted": "half_month"}}
    got = paid(
        engine,
        book(policy("rate", start=start, **ONE)),
        [guest(applied_on=applied(date(2024, 6, day)))],
        "2024-05..2024-08",
    )
    assert got == [[int(m >= Month.of(first)) for m in months("2024-05..2024-08")]]


CHECKED = (
    Spell(date(2023, 5, 10), date(2023, 5, 10), date(2024, 8, 20)),
    Spell(date(2024, 8, 20), date(2024, 8, 20)),
)


@pytest.mark.parametrize(
    ("rule", "yuan"),
    [
        ({"every_months": 12, "back_pay": False}, [1, 1, 0, 0, 1, 1]),
        ({"every_months": 12, "back_pay": True}, [1, 1, 1, 1, 1, 1]),
        ({"windows": [5, 11], "back_pay": False}, [0, 0, 0, 0, 1, 1]),
        ({"windows": [5, 11], "back_pay": True}, [1, 1, 1, 1, 1, 1]),
    ],
)
def test_who_is_not_verified_is_suspended(engine: Engine, rule: dict[str, Any], yuan: list[int]) -> None:
    found = book(policy("rate", verification={"fact": "verified_on", **rule}, **ONE))
    assert paid(engine, found, [guest(verified_on=CHECKED)], "2024-04..2024-09") == [yuan]


@pytest.mark.parametrize(("never", "yuan"), [("suspended", 0), ("paid", 1)])
def test_who_was_never_verified(engine: Engine, never: str, yuan: int) -> None:
    rule = {"fact": "verified_on", "every_months": 6, "back_pay": False, "never": never}
    assert paid(engine, book(policy("rate", verification=rule, **ONE)), [guest()], "2024-04") == [[yuan]]


@pytest.mark.parametrize(
    ("born", "died", "yuan"),
    [
        (date(1944, 6, 15), date(2024, 6, 14), [0, 0]),
        (date(1944, 6, 15), date(2024, 6, 15), [10, 0]),
        (date(1934, 6, 15), date(2024, 6, 14), [10, 0]),  # of the bracket below
        (date(1934, 6, 30), date(2024, 6, 30), [20, 0]),
        (date(1944, 6, 1), date(2024, 6, 30), [10, 0]),
    ],
)
def test_the_dead_grow_no_older(engine: Engine, born: date, died: date, yuan: list[int]) -> None:
    found = book(policy("bracket(rates, age)", stop={"death": "death_month_paid"}, **RATES))
    got = paid(engine, found, [guest(birth_date=born, death_date=died)], "2024-06..2024-07")
    assert got == [yuan]


@pytest.mark.parametrize(
    ("died", "yuan"),
    [(date(2026, 2, 27), 10), (date(2026, 2, 28), 20), (date(2024, 2, 28), 10), (date(2024, 2, 29), 10)],
)
def test_a_leap_day_birthday_is_reached_on_the_28th_of_a_common_year(
    engine: Engine, died: date, yuan: int
) -> None:
    found = book(policy("bracket(rates, age)", stop={"death": "death_month_paid"}, **RATES))
    born = date(1936, 2, 29)
    assert paid(engine, found, [guest(birth_date=born, death_date=died)], str(Month.of(died))) == [[yuan]]


def test_a_changing_age_limit_holds_for_the_dead_too(engine: Engine) -> None:
    limit = parameter(
        [{"from": date(2020, 1, 1), "value": 81}, {"from": date(2024, 7, 1), "value": 80}], "years"
    )
    found = book(
        policy(
            "rate",
            "age >= limit_age",
            parameters={"rate": parameter(1), "limit_age": limit},
            stop={"death": "month_after_death_paid"},
        )
    )
    guests = [
        guest(birth_date=date(1944, 6, 15), death_date=d) for d in (date(2024, 6, 14), date(2024, 6, 20))
    ]
    assert paid(engine, found, guests, "2024-06..2024-08") == [[0, 0, 0], [0, 1, 0]]


def test_instalments_add_up_to_the_fen_and_use_the_figures_of_the_beginning(engine: Engine) -> None:
    per_bed = [{"from": date(2020, 1, 1), "value": 33.33}, {"from": date(2024, 7, 1), "value": 50}]
    plan = [{"after_months": m, "percent": p} for m, p in ((0, 40), (1, 30), (12, 30))]
    found = book(
        policy(
            "per_bed * beds",
            parameters={"per_bed": parameter(per_bed)},
            effective={"from": date(2024, 1, 1), "to": date(2024, 6, 30)},
            instalments={"from": "opened_on", "plan": plan},
        )
    )
    guests = [guest(opened_on=date(2024, 6, 30), beds=7), guest(opened_on=date(2024, 7, 1)), guest()]
    got = paid(engine, found, guests, "2024-05..2025-07")
    due = {m: yuan for m, yuan in zip(months("2024-05..2025-07"), got[0], strict=True) if yuan}
    assert due == {Month(2024, 6): 93.32, Month(2024, 7): 69.99, Month(2025, 6): 70.0}
    assert round(sum(due.values()), 2) == 233.31
    assert [sum(each) for each in got[1:]] == [0, 0]  # opened after the policy had ended


def test_a_one_off_payment_has_its_month(engine: Engine) -> None:
    once = {"rhythm": "once", "once": {"fact": "birth_date", "after_years": 100}}
    got = paid(
        engine,
        book(policy("rate", payment=once, **ONE)),
        [guest(birth_date=date(1924, 6, 30)), guest(birth_date=date(1924, 7, 1))],
        "2024-05..2024-07",
    )
    assert got == [[0, 1, 0], [0, 0, 1]]


@pytest.mark.parametrize(
    ("payment", "month", "paid_months"),
    [
        (Payment(), "2026-11", "2026-11"),
        (Payment(timing="ahead"), "2026-11", "2026-12"),
        (Payment(timing="arrears"), "2026-01", "2025-12"),
        (Payment("quarterly", "prepaid"), "2026-10", "2026-10..2026-12"),
        (Payment("quarterly", "prepaid"), "2026-11", ""),
        (Payment("quarterly", "current"), "2026-12", "2026-10..2026-12"),
        (Payment("quarterly", "arrears"), "2027-01", "2026-10..2026-12"),
        (Payment("quarterly", "ahead"), "2026-12", "2027-01..2027-03"),
        (Payment("half_yearly", "current"), "2026-06", "2026-01..2026-06"),
        (Payment("half_yearly", "current"), "2026-12", "2026-07..2026-12"),
        (Payment("half_yearly", "current"), "2026-09", ""),
        (Payment("yearly", "current"), "2026-12", "2026-01..2026-12"),
        (Payment("yearly", "arrears", 8), "2026-08", "2025-08..2026-07"),
        (Payment("once"), "2026-08", "2026-08"),
    ],
)
def test_the_run_of_a_month_pays_a_period(payment: Payment, month: str, paid_months: str) -> None:
    assert payment.months_paid_in(Month.of(month)) == (months(paid_months) if paid_months else ())


@pytest.mark.parametrize("rhythm", ["monthly", "quarterly", "half_yearly", "yearly"])
@pytest.mark.parametrize("timing", ["prepaid", "current", "arrears", "ahead"])
def test_every_month_is_paid_exactly_once(rhythm: str, timing: Any) -> None:
    payment = Payment(rhythm, timing, 3)
    runs = months("2020-01..2030-12")
    due = [m for run in runs for m in payment.months_paid_in(run)]
    assert len(due) == len(set(due))
    assert set(months("2022-01..2028-12")) <= set(due)


def test_a_quarter_paid_ahead_steps_up_in_its_middle(engine: Engine) -> None:
    found = book(
        policy("bracket(rates, age)", payment={"rhythm": "quarterly", "timing": "prepaid"}, **RATES),
        policy("rate", id="monthly", **ONE),
    )
    run = Month(2024, 4)
    assert months_paid(found.policies, run) == months("2024-04..2024-06")
    lines = rows(engine, found, [guest(birth_date=date(1934, 5, 9))], "2024-04..2024-06", paid_in=run)
    yuan = {(r["policy"], r["month"]): r["amount_fen"] / 100 for r in lines}
    assert yuan == {
        ("guest-policy", 202404): 10,
        ("guest-policy", 202405): 20,
        ("guest-policy", 202406): 20,
        ("monthly", 202404): 1,
    }
    made = [on_made_up(p) for p in found.policies]
    assert months_paid([found["guest-policy"]], Month(2024, 5)) == ()
    compiled = compile_policies(made, [Month(2024, 5)], SCHEMA, engine.dialect, paid_in=Month(2024, 5))
    assert [row[1] for row in engine.run(compiled.sql)] == ["monthly"]


def test_an_explanation_tells_the_rules_and_shows_a_death_only_where_there_is_one(engine: Engine) -> None:
    rule = {"fact": "verified_on", "every_months": 12, "back_pay": False}
    start = {"application": {"fact": "applied_on", "counted": "month_after", "late": {"months": 12}}}
    found = book(policy("rate", "age >= 80", verification=rule, start=start, **ONE))
    one = guest(
        birth_date=date(1944, 6, 15), death_date=date(2024, 6, 14), applied_on=applied(date(2024, 9, 1))
    )
    engine.fill(found.policies[0], [one, guest(verified_on=CHECKED)])
    made = [on_made_up(found.policies[0])]

    def told(number: int) -> list[tuple[str, bool | None, list[str]]]:
        (e,) = explain(made, [Month(2024, 6)], number, engine.run, engine.dialect)
        return [(c.clause.id, c.holds, [f.fact.name for f in c.facts]) for c in e.clauses]

    assert told(0) == [
        ("here", False, ["birth_date", "death_date"]),
        ("applied", True, ["applied_on"]),
        ("verified", False, ["verified_on"]),
    ]
    assert told(1)[0] == ("here", True, ["birth_date"])


def test_the_statement_is_one_duckdb_itself_finds_harmless() -> None:
    plan = [{"after_months": 0, "percent": 50}, {"after_months": 5, "percent": 50}]
    found = book(
        policy(
            "pro_rata(bracket(rates, age), month_of(born) + days_between(born, month_end), month_days)",
            "year_of(born) > 1900",
            instalments={"from": "opened_on", "plan": plan},
            **RATES,
        )
    )
    compiled = compile_policies([on_made_up(found.policies[0])], months("2024-02..2024-04"), SCHEMA)
    verify(compiled, frozenset(f"made_{v.name}" for v in found.policies[0].subject.views))


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"payment": {"rhythm": "once"}}, "一次性"),
        ({"payment": {"rhythm": "monthly", "once": {"fact": "opened_on"}}}, "一次性"),
        ({"payment": {"rhythm": "once", "once": {"fact": "beds"}}}, "日期"),
        ({"instalments": {"from": "opened_on", "plan": [{"after_months": 0, "percent": 40}]}}, "分期"),
        ({"instalments": {"from": "nothing", "plan": [{"after_months": 0, "percent": 100}]}}, "nothing"),
        ({"verification": {"fact": "verified_on", "back_pay": True}}, "生存认证"),
        ({"verification": {"fact": "price", "every_months": 1, "back_pay": True}}, "不能"),
        ({"start": {"application": {"fact": "applied_on", "counted": "same_month", "late": "ten"}}}, "late"),
    ],
)
def test_it_says_what_is_wrong_with_a_rule(wrong: dict[str, Any], word: str) -> None:
    _book, problems = check_texts({"a.yaml": text_of(policy("rate", **ONE, **wrong))}, SCHEMA)
    assert any(word in p.what for p in problems), problems
    assert all(p.line > 1 and p.how for p in problems)
