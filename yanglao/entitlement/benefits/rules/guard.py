"""A second reader for the finished statement: DuckDB's own parser must see only what the compiler meant to write.

Guards against differences between sqlglot's idea of a text and DuckDB's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import duckdb

from .compile import Compiled
from .facts_sql import view_name

FUNCTIONS = {
    "*",
    "+",
    "-",
    "/",
    "//",
    "%",
    "substr",
    "greatest",
    "least",
    "coalesce",
    "date_part",
    "to_years",
    "trunc",
    "to_days",
    "to_months",
}  # to_days …: INTERVAL '1' DAY


class Unsafe(RuntimeError):
    """The statement holds something the compiler never writes: a fault of the program, not of a policy."""


def verify(compiled: Compiled, extra_tables: frozenset[str] = frozenset()) -> None:
    """Raises Unsafe unless each statement is one SELECT over snapshot tables with known functions only.

    The fact views come from the rooms' code, not from policy files; what those that are read use is allowed by
    `View.functions`.
    """
    verify_all(compiled.statements, {*compiled.tables, *extra_tables}, allowed(compiled))


def allowed(compiled: Compiled) -> set[str]:
    """The functions its statements may call."""
    return FUNCTIONS | _of_views(compiled)


def verify_all(statements: Iterable[str], tables: set[str], functions: set[str]) -> None:
    """Raises Unsafe unless each is one SELECT over these tables that calls these functions only."""
    with _parser().cursor() as con:
        for sql in statements:
            try:
                _verify(con, sql, tables, functions)
            except duckdb.Error as error:
                raise Unsafe(f"DuckDB does not understand it: {error}") from None


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    """An empty database that reads statements and runs none of them."""
    return duckdb.connect(":memory:", config={"threads": 1, "enable_external_access": False})


def _verify(con: duckdb.DuckDBPyConnection, sql: str, tables: set[str], functions: set[str]) -> None:
    statements = con.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise Unsafe("not exactly one SELECT")
    if read := set(con.get_table_names(sql)) - tables:
        raise Unsafe(f"reads {sorted(read)}")
    row = con.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()
    assert row is not None
    if called := set(_functions(json.loads(row[0]))) - functions:
        raise Unsafe(f"calls {sorted(called)}")


def _of_views(compiled: Compiled) -> set[str]:
    totals = {"sum"} if any(p.caps for p in compiled.policies) else set()  # running totals
    if compiled.gathers:
        totals.add("max")
    if compiled.parts:
        totals.add("getvariable")
    views = {view.name: view for p in compiled.policies for view in p.subject.views}
    read = [view for view in views.values() if f"{view_name(view)} AS " in compiled.sql]
    return totals | {name for view in read for name in view.functions}


def _functions(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        if tree.get("class") == "FUNCTION":
            yield str(tree["function_name"]).lower()
        for value in tree.values():
            yield from _functions(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _functions(value)
