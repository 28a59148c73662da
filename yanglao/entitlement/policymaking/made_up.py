"""The engine on invented subjects: what the policies give somebody who is in no register. Nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import duckdb

from yanglao.entitlement.benefits.offered.queries import schema
from yanglao.entitlement.benefits.rules.cases import (
    LONG_AGO,
    Facts,
    Spell,
    on_made_up,
    values_sql,
    view_columns,
    view_rows,
)
from yanglao.entitlement.benefits.rules.compile import ROW, compile_policies
from yanglao.entitlement.benefits.rules.explain import Explanation, explain
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.entitlement.benefits.rules.schema import Subject, Type

_NAMES = tuple(name for name, _type in ROW)
# what must be there although nobody asked for it; the policies of the house do not look at it
FILLED: Mapping[Type, Any] = {
    Type.INT: 0,
    Type.MONEY: 0,
    Type.QUANTITY: 0,
    Type.BOOL: False,
    Type.TEXT: "",
    Type.DATE: date(1950, 1, 1),
    Type.DIVISION: 0,
}


def facts_of(values: Mapping[str, Any], subject: Subject) -> Facts:
    """Facts that have held for long; None and what is not named is unknown. Values may be spells already."""
    found: dict[str, tuple[Spell, ...]] = {}
    for name, (_view, fact) in subject.facts.items():
        value = values.get(name)
        if value is None and not fact.nullable:
            value = 2 if name == "sex" else FILLED[fact.type]
        found[name] = value if isinstance(value, tuple) else (Spell(value, LONG_AGO),)
    return found


def _tables(subject: Subject, people: Sequence[Facts], months: Sequence[Month]) -> dict[str, str]:
    return {
        f"made_{view.name}({', '.join(view_columns(view))})": values_sql(
            view, view_rows(view, people, months), "duckdb"
        )
        for view in subject.views
    }


def explained(policies: Sequence[Policy], months: Sequence[Month], facts: Facts) -> list[Explanation]:
    """Clause by clause what each policy of one kind of subject gives an invented one, month by month."""
    if not policies:
        return []
    made = [on_made_up(p) for p in policies]
    tables = _tables(policies[0].subject, [facts], months)
    with duckdb.connect(":memory:") as con:
        return explain(made, months, 0, lambda sql: con.execute(sql).fetchall(), tables=tables)


def amounts(policies: Sequence[Policy], month: Month, people: Sequence[Facts]) -> dict[tuple[int, str], int]:
    """(number of the invented subject, policy) → fen of one month, for all of them in one query."""
    found = monthly(policies, [month], people)
    return {(number, policy): fen for (number, policy, _month), fen in found.items()}


def monthly(
    policies: Sequence[Policy], months: Sequence[Month], people: Sequence[Facts]
) -> dict[tuple[int, str, int], int]:
    """(number of the invented subject, policy, month YYYYMM) → fen, or hundredths of what is given in kind."""
    if not people or not any(p.in_force(m) for p in policies for m in months):
        return {}
    made = [on_made_up(p) for p in policies]
    tables = _tables(policies[0].subject, people, months)
    compiled = compile_policies(made, months, schema(), tables=tables)
    with duckdb.connect(":memory:") as con:
        rows = con.execute(compiled.sql).fetchall()
    found = [dict(zip(_NAMES, row, strict=True)) for row in rows]
    return {(r["subject_id"], r["policy"], r["month"]): r["quantity"] or r["amount_fen"] for r in found}
