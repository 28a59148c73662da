"""An explanation says how an amount came about: the part that falls due, the rules between policies, caps, shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from ..brackets import reason_text
from ..explaining import Told, told
from ..rules.cases import Facts, on_made_up
from ..rules.explain import Explanation, explain
from ..rules.months import Month
from .engines import DatabaseEngine, DuckEngine, Engine
from .small import book, guest, parameter, policy

HIGHEST = {"group": "g", "rule": "highest"}


@pytest.fixture(params=["duckdb", "database"])
def engine(request: pytest.FixtureRequest, db: None) -> Engine:
    return DuckEngine() if request.param == "duckdb" else DatabaseEngine()


def explained(
    engine: Engine, files: Sequence[dict[str, Any]], guests: Sequence[Facts], month: str, number: int = 0
) -> dict[str, Explanation]:
    found = book(*files)
    engine.fill(found.policies[0], guests)
    made = [on_made_up(p) for p in found.policies]
    return {e.policy.id: e for e in explain(made, [Month.of(month)], number, engine.run, engine.dialect)}


def said(e: Explanation) -> Told:
    with override("zh-hans"):
        return told(e)


def rate(yuan: float, **other: Any) -> dict[str, Any]:
    return policy("rate", parameters={"rate": parameter(yuan)}, **other)


def test_a_part_says_its_number_and_the_figures_of_its_own_month(engine: Engine) -> None:
    per_bed = [{"from": date(2020, 1, 1), "value": 33.33}, {"from": date(2024, 7, 1), "value": 50}]
    plan = [{"after_months": m, "percent": p} for m, p in ((0, 40), (1, 30), (12, 30))]
    file = policy(
        "per_bed * beds",
        parameters={"per_bed": parameter(per_bed)},
        instalments={"from": "opened_on", "plan": plan},
    )
    opened = [guest(opened_on=date(2024, 6, 30), beds=7)]
    e = explained(engine, [file], opened, "2025-06")["guest-policy"]
    part = e.steps.instalment
    assert part is not None
    assert (part.number, part.of, part.share, part.month) == (3, 3, 3_000, Month(2024, 6))
    assert (part.whole, e.amount_fen) == (23_331, 7_000)
    assert [(p.name, p.value.value, p.value.start) for p in e.amount_parameters] == [
        ("per_bed", 3_333, date(2020, 1, 1))
    ]
    assert said(e).steps == ("分 3 期发放，本月是第 3 期（30%）；总额 233.31 元，按 2024年6月 的标准。",)
    later = explained(DuckEngine(), [file], opened, "2025-07")["guest-policy"]
    assert (later.outcome, later.steps.instalment, said(later).steps) == ("refused", None, ())


def test_a_cap_is_named_with_what_it_cut(engine: Engine) -> None:
    caps = [
        {
            "label": {"zh": "每户每月封顶", "en": "Cap"},
            "per": "household",
            "period": "month",
            "amount": "most",
        }
    ]
    figures = {"rate": parameter(60), "most": parameter(100)}
    file = policy("rate", parameters=figures, caps=caps)
    guests = [guest(household=7), guest(household=7), guest(household=7)]
    first, second, third = (
        explained(engine if n == 0 else DuckEngine(), [file], guests, "2024-02", n)["guest-policy"]
        for n in range(3)
    )
    assert (first.amount_fen, first.steps.cuts) == (6_000, ())
    assert (second.outcome, second.amount_fen, second.steps.capped) == ("paid", 4_000, 2_000)
    assert said(second).steps == (
        "受“每户每月封顶”限制：限额 100.00 元，此前已用 60.00 元，原为 60.00 元，少发 20.00 元，实发 40.00 元。",
    )
    assert "少给 20.00 元" in said(second).sentence
    assert (third.outcome, third.amount_fen) == ("used_up", 0)
    assert said(third).sentence == "2024年2月不发放：条件都符合，但“每户每月封顶”的限额已经用完。"


def test_a_cap_by_times_says_how_often(engine: Engine) -> None:
    label = {"zh": "每户每月两次", "en": "Twice a month"}
    caps = [{"label": label, "per": "household", "and": "beds", "period": "month", "times": 2}]
    file = policy("rate", parameters={"rate": parameter(60)}, caps=caps)
    guests = [guest(household=7, beds=b) for b in (1, 1, 2, 1)]
    found = [
        explained(engine if n == 3 else DuckEngine(), [file], guests, "2024-02", n)["guest-policy"]
        for n in range(4)
    ]
    assert [e.amount_fen for e in found] == [6_000, 6_000, 6_000, 0]
    assert said(found[3]).sentence == "2024年2月不发放：条件都符合，但“每户每月两次”的次数已经用完。"
    assert said(found[3]).steps == ("受“每户每月两次”限制：最多 2 次，此前已满，本次 60.00 元 不发。",)
    assert said(found[1]).steps == ()


def test_the_rule_that_set_a_policy_aside_is_named(engine: Engine) -> None:
    files = [
        rate(60, stacking=HIGHEST, title={"zh": "低的", "en": "Lower"}),
        rate(70, id="higher", stacking=HIGHEST, title={"zh": "高的", "en": "Higher"}),
        rate(5, id="instead", stacking={"excluded_by": ["higher"]}),
        rate(100, id="rest", stacking={"reduced_by": ["higher"]}),
    ]
    found = explained(engine, files, [guest()], "2024-02")
    assert {i: (e.outcome, e.amount_fen) for i, e in found.items()} == {
        "guest-policy": ("set_aside", 0),
        "higher": ("paid", 7_000),
        "instead": ("set_aside", 0),
        "rest": ("paid", 3_000),
    }
    assert said(found["guest-policy"]).steps == (
        "同组的几项只发最高的一项：“高的”为 70.00 元，高于本项的 60.00 元。",
    )
    assert said(found["instead"]).steps == ("享受“高的”（本月 70.00 元）的，不再享受本项（5.00 元）。",)
    assert said(found["rest"]).steps == ("本项 100.00 元，要扣除“高的”已给的 70.00 元。",)
    assert said(found["higher"]).steps == ()


def test_of_equals_the_one_that_is_paid_is_named(engine: Engine) -> None:
    files = [rate(60, id=name, stacking=HIGHEST) for name in ("one", "two")]
    found = explained(engine, files, [guest()], "2024-02")
    assert [(e.outcome, [p.id for p in e.set_aside_by]) for e in found.values()] == [
        ("paid", []),
        ("set_aside", ["one"]),
    ]
    assert "同为 60.00 元" in said(found["two"]).steps[0]


def test_it_says_who_bears_how_much(engine: Engine) -> None:
    shares = [{"level": "city", "percent": 33.33}, {"level": "county"}]
    e = explained(engine, [rate(1.01, shares=shares)], [guest(home=330203001001)], "2024-02")["guest-policy"]
    assert [(b.level, b.division, b.fen, b.percent) for b in e.steps.borne] == [
        ("city", 330200000000, 34, 3_333),
        ("county", 330203000000, 67, 6_667),
    ]
    assert [(item.value, item.when) for item in said(e).borne] == [
        ("0.34 元", "33.33%"),
        ("0.67 元", "66.67%"),
    ]


def test_a_figure_is_shown_by_the_day_it_counts_on(engine: Engine) -> None:
    figures = {
        "rate": parameter([{"from": date(2020, 1, 1), "value": 5}, {"from": date(2024, 2, 15), "value": 9}])
    }
    file = policy("rate", parameters=figures, values_on={"default": "month_end", "rate": "month_start"})
    e = explained(engine, [file], [guest()], "2024-02")["guest-policy"]
    assert (e.amount_fen, [p.value.value for p in e.amount_parameters]) == (500, [500])


def test_a_bracket_of_several_keys_is_told_in_words() -> None:
    table = {"gbt42195-2022:2": {0: 100, 3: 120, 4: 140}, "*": {0: 50}}
    file = policy(
        "bracket(rates, grade, stars)",
        parameters={"rates": parameter(table, by=["text", "int"])},
    )
    (found,) = book(file).policies
    with override("zh-hans"):
        words = [
            reason_text(found, f"rates:{key}") for key in ("gbt42195-2022:2/0", "gbt42195-2022:2/4", "*/3")
        ]
    assert words == ["gbt42195-2022:2 · stars 0–2", "gbt42195-2022:2 · stars 4 及以上", "其他 · stars 3"]
