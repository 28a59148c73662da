"""Province, city and district: a district's own rule, top-ups, cost shares to the fen, floors checked at load."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ..rules.book import PolicyInvalid, check_texts
from ..rules.cases import on_made_up
from ..rules.explain import explain
from ..rules.months import Month
from .engines import DatabaseEngine, DuckEngine, Engine
from .small import SCHEMA, book, guest, parameter, policy, rows, standard, text_of

DISTRICT = {"id": "district", "division": 330211000000}


@pytest.fixture(params=["duckdb", "database"])
def engine(request: pytest.FixtureRequest, db: None) -> Engine:
    return DuckEngine() if request.param == "duckdb" else DatabaseEngine()


def due(engine: Engine, files: list[dict[str, Any]], guests: list[Any], span: str) -> dict[Any, float]:
    lines = rows(engine, book(*files), guests, span)
    return {(r["policy"], r["subject_id"], r["month"]): r["amount_fen"] / 100 for r in lines}


def rate(yuan: float) -> dict[str, Any]:
    return {"parameters": {"rate": parameter(yuan)}}


HOMES = [guest(home=330203001001), guest(home=330211001001)]


def test_a_district_pays_by_its_own_rule_while_it_is_in_force(engine: Engine) -> None:
    own = policy(
        "rate",
        stacking={"overrides": ["guest-policy"]},
        effective={"from": date(2024, 2, 1), "to": date(2024, 2, 29)},
        **rate(5),
        **DISTRICT,
    )
    assert due(engine, [policy("rate", **rate(60)), own], HOMES, "2024-01..2024-03") == {
        ("guest-policy", 0, 202401): 60,
        ("guest-policy", 0, 202402): 60,
        ("guest-policy", 0, 202403): 60,
        ("guest-policy", 1, 202401): 60,
        ("district", 1, 202402): 5,  # although it is less
        ("guest-policy", 1, 202403): 60,
    }


def test_who_is_refused_by_the_district_does_not_fall_back_on_the_city(engine: Engine) -> None:
    own = policy("rate", "beds > 10", stacking={"overrides": ["guest-policy"]}, **rate(5), **DISTRICT)
    assert due(engine, [policy("rate", **rate(60)), own], HOMES, "2024-02") == {
        ("guest-policy", 0, 202402): 60
    }


def test_the_city_explains_that_the_district_has_its_own_rule(engine: Engine) -> None:
    own = policy("rate", stacking={"overrides": ["guest-policy"]}, **rate(5), **DISTRICT)
    found = book(policy("rate", **rate(60)), own)
    assert found["guest-policy"].sha256 != book(policy("rate", **rate(60)))["guest-policy"].sha256
    engine.fill(found.policies[0], HOMES)
    made = [on_made_up(p) for p in found.policies]
    told = {e.policy.id: e for e in explain(made, [Month(2024, 2)], 1, engine.run, engine.dialect)}
    failing = told["guest-policy"].first_failing
    assert told["guest-policy"].outcome == "refused"
    assert failing is not None
    assert failing.clause.id == "not_district"
    assert [f.value for f in failing.facts] == [330211001001]


def test_a_district_tops_up_or_the_higher_is_paid(engine: Engine) -> None:
    top = policy("rate", stacking={"reduced_by": ["guest-policy"]}, **rate(70), **DISTRICT)
    assert due(engine, [policy("rate", **rate(60)), top], HOMES[1:], "2024-02") == {
        ("guest-policy", 0, 202402): 60,
        ("district", 0, 202402): 10,
    }
    higher = {"group": "g", "rule": "highest"}
    files = [
        policy("rate", stacking=higher, **rate(60)),
        policy("rate", stacking=higher, **rate(70), **DISTRICT),
    ]
    second = DuckEngine()
    assert due(second, files, HOMES[1:], "2024-02") == {("district", 0, 202402): 70}


@pytest.mark.parametrize(
    ("fen", "shares", "parts"),
    [
        (10_00, [("city", 30), ("county", None)], [300, 700]),
        (1, [("province", 50), ("city", 50), ("county", None)], [1]),  # 0.5 goes up, nothing is left
        (100, [("province", 33.33), ("city", 33.33), ("county", None)], [33, 34, 33]),
        (101, [("province", 50), ("city", 25), ("county", 25)], [51, 25, 25]),
        (999, [("nation", 90), ("province", 10)], [899, 100]),
    ],
)
def test_cost_shares_always_add_up(
    engine: Engine, fen: int, shares: list[tuple[str, float | None]], parts: list[int]
) -> None:
    forms = [{"level": level} | ({"percent": p} if p is not None else {}) for level, p in shares]
    found = book(policy("price", shares=forms))
    lines = rows(engine, found, [guest(price=fen)], "2024-02", by_level=True)
    codes = {
        "nation": 0,
        "province": 330000000000,
        "city": 330200000000,
        "county": 330203000000,
    }
    assert sorted((r["payer"], r["amount_fen"]) for r in lines) == sorted(
        (codes[level], part) for (level, _p), part in zip(shares, parts, strict=False)
    )
    assert sum(r["amount_fen"] for r in lines) == fen


def test_a_share_may_differ_from_district_to_district(engine: Engine) -> None:
    city = parameter({330203000000: 30, "*": 20}, "percent", "division")
    shares = [{"level": "city", "percent": "lookup(city_share, home)"}, {"level": "county"}]
    found = book(policy("rate", parameters={"rate": parameter(30), "city_share": city}, shares=shares))
    lines = rows(engine, found, HOMES, "2024-02", by_level=True)
    assert {(r["subject_id"], r["payer"]): r["amount_fen"] for r in lines} == {
        (0, 330200000000): 900,
        (0, 330203000000): 2100,
        (1, 330200000000): 600,
        (1, 330211000000): 2400,
    }


FLOOR = standard({"least": parameter({80: 25, 90: 100}, by="age")})


@pytest.mark.parametrize(
    ("rates", "by", "found"),
    [
        ({80: 25, 90: 100}, "age", []),
        ({80: 24, 90: 100}, "age", ["80"]),
        ({80: 25}, "age", ["90"]),
        ({81: 25, 90: 100}, "age", ["80"]),
        ({"dibao": {80: 200, 90: 400}, "*": {80: 20, 90: 400}}, ["text", "age"], ["*/80"]),
    ],
)
def test_a_local_rate_below_the_floor_is_named_with_its_line(rates: Any, by: Any, found: list[str]) -> None:
    keys = "grade, age" if by != "age" else "age"
    local = policy(
        f"bracket(rates, {keys})",
        parameters={"rates": parameter(rates, by=by)},
        floors={"rates": "shared.least"},
    )
    texts = {"floor.yaml": text_of(FLOOR), "local.yaml": text_of(local)}
    _book, problems = check_texts(texts, SCHEMA)
    assert [p.what.split(" ")[1] for p in problems] == found
    lines = texts["local.yaml"].splitlines()
    assert all(p.file == "local.yaml" and "2000-01-01" in lines[p.line - 1] and p.how for p in problems)


def test_a_floor_that_rises_later_counts_from_then_on() -> None:
    values = [{"from": date(2020, 1, 1), "value": 10}, {"from": date(2025, 1, 1), "value": 20}]
    local = policy("rate", floors={"rate": "shared.least"}, **rate(15))
    texts = {"a.yaml": text_of(standard({"least": parameter(values)})), "b.yaml": text_of(local)}
    _book, (problem,) = check_texts(texts, SCHEMA)
    assert "2025-01-01" in problem.what
    assert "15" in problem.what
    assert "20" in problem.what


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"stacking": {"overrides": ["nobody"]}}, "nobody"),
        ({"stacking": {"overrides": ["guest-policy"]}, "id": "other"}, "other"),
        ({"shares": [{"level": "city", "percent": 60}]}, "分担"),
        ({"shares": [{"level": "city", "percent": 60}, {"level": "city"}]}, "分担"),
        ({"shares": [{"level": "city", "percent": 60.001}, {"level": "county"}]}, "60.001"),
        ({"shares": [{"level": "city", "percent": "rate"}, {"level": "county"}]}, "比例"),
        ({"floors": {"rate": "shared.nothing"}}, "底线"),
        ({"floors": {"rate": "shared.least"}}, "底线"),
        ({"floors": {"nothing": "shared.least"}}, "底线"),
        ({"uses": {"low": "shared.nothing"}}, "shared.nothing"),
        ({"uses": {"low": "shared.least"}}, "low"),
        ({"uses": {"rate": "shared.least"}}, "rate"),
        ({"values_on": {"nothing": "month_end"}}, "nothing"),
        ({"rounding": {"to": "kilo"}}, "to"),
        ({"gives": "hours"}, "数量"),
    ],
)
def test_it_says_what_is_wrong(wrong: dict[str, Any], word: str) -> None:
    texts = [FLOOR, policy("rate", **rate(1)), policy("rate", **{**rate(1), "id": "third", **wrong})]
    with pytest.raises(PolicyInvalid) as refused:
        book(*texts)
    assert any(word in p.what for p in refused.value.problems), refused.value.problems
    assert all(p.how for p in refused.value.problems)
