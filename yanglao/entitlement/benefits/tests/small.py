# i18n: data — a made-up subject and policies written for the tests of the language
"""A made-up kind of subject with a fact of every type and shape, and short policies about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import yaml

from ..rules.book import Book, load_texts
from ..rules.cases import Facts, Spell, on_made_up
from ..rules.compile import compile_policies
from ..rules.months import Month, month_range
from ..rules.schema import Fact, Schema, Subject, Type, View
from .engines import Engine


def _dated(name: str, type_: Type) -> View:
    return View(name, "guest", "dated", "SELECT 1", (Fact(name, type_, name, name),))


GUEST = Subject(
    "guest",
    "客人",
    "Guest",
    (
        View(
            "guest",
            "guest",
            "fixed",
            "SELECT 1 AS subject_id",
            (
                Fact("home", Type.DIVISION, "住地", "Home", nullable=False),
                Fact("born", Type.DATE, "出生", "Born", nullable=False),
                Fact("birth_date", Type.DATE, "出生日期", "Date of birth", nullable=False),
                Fact("death_date", Type.DATE, "死亡日期", "Date of death"),
                Fact("opened_on", Type.DATE, "启用日期", "Opened on"),
                Fact("price", Type.MONEY, "价格", "Price", nullable=False),
                Fact("used", Type.QUANTITY, "已用", "Used"),
                Fact("beds", Type.INT, "床位", "Beds", nullable=False),
                Fact("pension", Type.BOOL, "有养老金", "Has a pension"),
                Fact("household", Type.INT, "家庭", "Household"),
            ),
        ),
        _dated("grade", Type.TEXT),
        _dated("stars", Type.INT),
        _dated("applied_on", Type.DATE),
        _dated("verified_on", Type.DATE),
        View("stay", "guest", "monthly", "SELECT 1", (Fact("days", Type.INT, "天数", "Days"),)),
    ),
)
SCHEMA = Schema.of([GUEST], [])
START = date(2024, 1, 1)
FACTS: Mapping[str, Any] = {
    "home": 330203001001,
    "born": date(1950, 6, 15),
    "birth_date": date(1940, 6, 15),
    "price": 10_000,
    "beds": 10,
}


def label(text: str = "x") -> dict[str, str]:
    return {"zh": text, "en": text}


def parameter(value: Any, unit: str = "yuan", by: Any = None) -> dict[str, Any]:
    """A parameter with one value since long ago, or with the values given by day."""
    values = value if isinstance(value, list) else [{"from": date(2000, 1, 1), "value": value}]
    if by:
        values = [{"from": date(2000, 1, 1), "table": value}]
    return {"label": label(), "unit": unit, "values": values, **({"by": by} if by else {})}


def policy(amount: str, when: str = "within(home, division)", **other: Any) -> dict[str, Any]:
    """A policy file as data; `other` replaces or adds keys."""
    return {
        "id": "guest-policy",
        "kind": "subsidy",
        "title": label("补贴"),
        "document": {"title": "试行", "source": "测试", "confidence": "verified"},
        "division": 330200000000,
        "effective": {"from": START, "to": None},
        "subject": "guest",
        "eligibility": [{"id": "here", "label": label(), "when": when}],
        "amount": amount,
        "payer": {"fact": "home", "level": "city"},
        "payee": {"kind": "operator", "fact": "household"},
        "cases": [
            {
                "name": "例",
                "origin": "design",
                "facts": _case_facts(),
                "months": "2024-02",
                "expect": {"total": 0},
            }
        ],
        **other,
    }


def _case_facts() -> dict[str, Any]:
    return {**FACTS, "price": 100}


def standard(parameters: Mapping[str, Any], **other: Any) -> dict[str, Any]:
    return {
        "id": "shared",
        "kind": "standard",
        "title": label("标准"),
        "document": {"title": "标准", "source": "测试", "confidence": "verified"},
        "division": 330200000000,
        "parameters": parameters,
        **other,
    }


def text_of(data: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(data), allow_unicode=True, sort_keys=False)


def book(*files: Mapping[str, Any]) -> Book:
    return load_texts({f"{i}.yaml": text_of(f) for i, f in enumerate(files)}, SCHEMA)


def guest(**facts: Any) -> Facts:
    given = {**FACTS, **facts}
    return {k: v if isinstance(v, tuple) else (Spell(v),) for k, v in given.items() if v is not None}


def months(span: str) -> tuple[Month, ...]:
    first, _dots, last = span.partition("..")
    return month_range(Month.of(first), Month.of(last or first))


def rows(engine: Engine, found: Book, guests: Sequence[Facts], span: str, **how: Any) -> list[dict[str, Any]]:
    """The ledger rows of made-up guests, as mappings."""
    from ..rules.compile import ROW

    engine.fill(found.policies[0], guests)
    made = [on_made_up(p) for p in found.policies]
    compiled = compile_policies(made, months(span), SCHEMA, engine.dialect, **how)
    names = [name for name, _type in ROW]
    return [dict(zip(names, row, strict=True)) for row in engine.run(compiled.sql)]


def paid(engine: Engine, found: Book, guests: Sequence[Facts], span: str, **how: Any) -> list[list[float]]:
    """Yuan by guest and month."""
    due = {
        (r["subject_id"], r["month"]): r["amount_fen"] / 100 for r in rows(engine, found, guests, span, **how)
    }
    return [[due.get((i, int(m)), 0) for m in months(span)] for i in range(len(guests))]
