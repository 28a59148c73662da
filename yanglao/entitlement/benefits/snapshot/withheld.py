"""Subjects with two values of one dated fact on the same day: paying them once or twice would be a guess."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import sqlglot
from sqlglot import exp

from ..rules.facts_sql import overlaps_sql
from ..rules.schema import Schema, View
from .manifest import Snapshot

Withheld = dict[str, tuple[int, ...]]


def withheld(snapshot: Snapshot, schema: Schema) -> Withheld:
    """By kind of subject; kinds without any are left out."""
    with duckdb.connect(":memory:") as con:
        snapshot.views(con)
        return _found(con, schema, {})


def withheld_since(snapshot: Snapshot, before: Snapshot, schema: Schema) -> Withheld:
    """The same, by looking only at subjects whose rows changed since an earlier snapshot's tables were read whole,
    and at those withheld then."""
    with duckdb.connect(":memory:") as con:
        snapshot.views(con)
        doubtful: dict[str, str] = {}
        for number, view in enumerate(_dated(schema)):
            table = plain_table(view)
            files = snapshot.tables.get(table)
            if files is None or files.gone is None or files.fresh is None:
                continue  # a view of several tables, or a table read whole: everybody is looked at
            con.execute(f"CREATE TEMP TABLE suspects_{number} (subject_id BIGINT)")
            for select in snapshot.changed_rows(table):
                con.execute(f"CREATE OR REPLACE TEMP VIEW changed_rows AS {select}")
                sql = over(view, table, "changed_rows")
                con.execute(f"INSERT INTO suspects_{number} SELECT DISTINCT subject_id FROM ({sql})")
            known = [[i] for i in before.withheld.get(view.subject, ())]
            if known:
                con.executemany(f"INSERT INTO suspects_{number} VALUES (?)", known)
            doubtful[view.name] = f"suspects_{number}"
        return _found(con, schema, doubtful)


def _found(con: duckdb.DuckDBPyConnection, schema: Schema, only: Mapping[str, str]) -> Withheld:
    found: dict[str, set[int]] = {}
    for view in _dated(schema):
        sql = overlaps_sql(view, only=only.get(view.name, ""))
        found.setdefault(view.subject, set()).update(row[0] for row in con.execute(sql).fetchall())
    return {subject: tuple(sorted(ids)) for subject, ids in found.items() if ids}


def _dated(schema: Schema) -> list[View]:
    return [v for s in schema.subjects.values() for v in s.views if v.shape == "dated"]


def plain_table(view: View) -> str:
    """The one table of a view that takes its rows one by one; "" when it joins or gathers."""
    tree = sqlglot.parse_one(view.sql, read="duckdb")
    tables = list(tree.find_all(exp.Table))
    gathers = tree.find(
        exp.Join, exp.Group, exp.Window, exp.AggFunc, exp.Distinct, exp.SetOperation, exp.Limit
    )
    return tables[0].name if len(tables) == 1 and not gathers and isinstance(tree, exp.Select) else ""


def over(view: View, table: str, other: str) -> str:
    """The view's SELECT over another table in place of its own."""
    tree = sqlglot.parse_one(view.sql, read="duckdb")
    for node in tree.find_all(exp.Table):
        if node.name == table:
            node.replace(exp.alias_(exp.to_table(other), node.alias or table, table=True))
    return tree.sql("duckdb")
