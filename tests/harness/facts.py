"""What a policy would see of a subject: the facts rooms offer, read on both engines, which must agree."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
from django.utils import timezone

from yanglao.entitlement.benefits.engine.inplace import dialect_of, query, register_tables
from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.rules.emit import Constants, Dialect
from yanglao.entitlement.benefits.rules.facts_sql import months_sql, used_tables, views_sql
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.rules.schema import Type, View
from yanglao.kernel.scope import everything

SQL_TYPES = {"int": "BIGINT", "date": "DATE", "text": "VARCHAR"}


def facts_on(
    subject: str, subject_id: int, day: dt.date, *, known_at: dt.datetime | None = None
) -> dict[str, Any]:
    """Every fact of the subject on a day, monthly ones of the day's month; what has no value is left out."""
    tables = register_tables(schema(), known_at or timezone.now())
    found: dict[str, Any] = {}
    with everything("a test reads facts"), duckdb.connect(":memory:") as con:
        views = schema().subjects[subject].views
        for name in used_tables(views, schema()):
            table = schema().tables[name]
            columns = ", ".join(f"{c.name} {SQL_TYPES[c.type]}" for c in table.columns)
            con.execute(f"CREATE TABLE {name} ({columns})")
            rows = query(tables[name])
            if rows:
                con.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(table.columns))})", rows)
        for view in views:
            dialect = dialect_of()
            needed = {name: tables[name] for name in used_tables([view], schema())}
            here = _row(view, query(_sql(view, subject_id, day, needed, dialect)))
            there = _row(view, con.execute(_sql(view, subject_id, day, {}, "duckdb")).fetchall())
            assert here == there, (view.name, here, there)
            found.update({name: value for name, value in here.items() if value is not None})
    return found


def _sql(view: View, subject_id: int, day: dt.date, tables: dict[str, str], dialect: Dialect) -> str:
    month = Month(day.year, day.month)
    with_ = ", ".join([months_sql(Constants([month]), dialect), *views_sql([view], tables, dialect)])
    where = f"subject_id = {subject_id}"
    if view.shape == "dated":
        where += f" AND valid_from <= '{day}' AND (valid_to IS NULL OR valid_to > '{day}')"
    return f"WITH {with_} SELECT {', '.join(view.by_name)} FROM v_{view.name} WHERE {where}"


def _row(view: View, rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    assert len(rows) <= 1, (view.name, rows)
    if not rows:
        return {}
    return {f.name: _value(v, f.type) for f, v in zip(view.facts, rows[0], strict=True)}


def _value(value: Any, type_: Type) -> Any:
    """SQLite gives days as text and truths as numbers."""
    if type_ is Type.DATE and isinstance(value, str):
        return dt.date.fromisoformat(value)
    return bool(value) if type_ is Type.BOOL and value is not None else value
