"""The engines under test, filled with made-up subjects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import duckdb
import pyarrow as pa
from django.db import connection

from ..rules.cases import Facts, view_columns, view_rows
from ..rules.emit import SQL_TYPES, Dialect
from ..rules.months import Month
from ..rules.policy import Policy
from ..rules.schema import Type, View

ARROW_OF = {"DATE": pa.date32(), "TEXT": pa.string(), "BIGINT": pa.int64(), "BOOLEAN": pa.bool_()}
DATES = {"valid_from": Type.DATE, "valid_to": Type.DATE, "source": Type.TEXT}


def column_type(view: View, name: str) -> Type:
    return view.by_name[name].type if name in view.by_name else DATES.get(name, Type.INT)


class Engine(Protocol):
    dialect: Dialect

    def fill(self, policy: Policy, subjects: Sequence[Facts], months: Sequence[Month] = ()) -> None: ...

    def run(self, sql: str) -> Iterable[tuple[Any, ...]]: ...


class DuckEngine:
    dialect: Dialect = "duckdb"

    def __init__(self) -> None:
        self.con = duckdb.connect(":memory:")

    def fill(self, policy: Policy, subjects: Sequence[Facts], months: Sequence[Month] = ()) -> None:
        for view in policy.subject.views:
            self.con.register(f"made_{view.name}", self.table(view, subjects, months))

    def table(self, view: View, subjects: Sequence[Facts], months: Sequence[Month] = ()) -> pa.Table:
        names = view_columns(view)
        columns = list(zip(*view_rows(view, subjects, months), strict=True)) or [()] * len(names)
        types = [ARROW_OF[SQL_TYPES[column_type(view, n)]] for n in names]
        return pa.table({n: pa.array(c, type=t) for n, c, t in zip(names, columns, types, strict=True)})

    def run(self, sql: str) -> Iterable[tuple[Any, ...]]:
        return self.con.execute(sql).fetchall()


class DatabaseEngine:
    """Django's database, SQLite or PostgreSQL, with temporary tables."""

    def __init__(self) -> None:
        self.dialect: Dialect = "postgres" if connection.vendor == "postgresql" else "sqlite"

    def fill(self, policy: Policy, subjects: Sequence[Facts], months: Sequence[Month] = ()) -> None:
        with connection.cursor() as cursor:
            for view in policy.subject.views:
                names = view_columns(view)
                columns = ", ".join(f"{n} {SQL_TYPES[column_type(view, n)]}" for n in names)
                cursor.execute(f"CREATE TEMPORARY TABLE made_{view.name} ({columns})")
                marks = ", ".join(["%s"] * len(names))
                rows = view_rows(view, subjects, months)
                if rows:
                    cursor.executemany(f"INSERT INTO made_{view.name} VALUES ({marks})", rows)

    def run(self, sql: str) -> Iterable[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()
