"""The second engine: the same statement inside the registers' own database. It must agree to the fen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa
from django.db import connections

from ..rules.caps import GRANTED
from ..rules.compile import ROW, compile_policies
from ..rules.emit import Dialect
from ..rules.explain import Explanation, explain
from ..rules.facts_sql import overlaps_sql
from ..rules.months import Month
from ..rules.policy import Policy
from ..rules.schema import Schema
from ..snapshot.reading import of_persons, register_sql

ARROW_ROW = pa.schema([(name, pa.int64() if kind == "int" else pa.string()) for name, kind in ROW])


def dialect_of(using: str = "default") -> Dialect:
    return "postgres" if connections[using].vendor == "postgresql" else "sqlite"


def register_tables(schema: Schema, known_at: datetime, using: str = "default") -> dict[str, str]:
    """SELECTs over the registers that stand for the snapshot's tables."""
    vendor = connections[using].vendor
    return {t.name: register_sql(t, known_at, vendor) for t in schema.tables.values()}


def tables_of_one(schema: Schema, known_at: datetime, whom: str, using: str = "default") -> dict[str, str]:
    """The same for a question about one person, `whom` in SQL: of tables about persons his rows alone."""
    vendor = connections[using].vendor
    return {t.name: register_sql(t, known_at, vendor, whom) for t in schema.tables.values()}


def few_of_one(schema: Schema) -> set[str]:
    """Tables of which one person has a few rows: read once and kept. Else SQLite, which takes the joins of a dozen facts
    for a long loop, reads the whole table into a filter for each of them."""
    return {t.name for t in schema.tables.values() if of_persons(t)}


def query(sql: str, using: str = "default", values: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
    with connections[using].cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def compute_in_place(
    policies: Sequence[Policy],
    months: Sequence[Month],
    schema: Schema,
    *,
    known_at: datetime,
    using: str = "default",
    paid_in: Month | None = None,
) -> pa.Table:
    """The same rows as `duck.compute`, computed by the database, as an Arrow table (unsorted)."""
    dialect = dialect_of(using)
    tables = register_tables(schema, known_at, using)
    left_out = {
        p.subject.name: withheld_in_place(schema, p.subject.name, tables, dialect, using) for p in policies
    }
    if any(left_out.values()):
        tables["withheld(subject, subject_id)"] = _values(left_out)
    compiled = compile_policies(
        policies, months, schema, dialect, tables=tables, withheld=any(left_out.values()), paid_in=paid_in
    )
    columns = list(zip(*query(compiled.sql, using), strict=True)) or [()] * len(ROW)
    return pa.table(
        [pa.array(c, type=f.type) for c, f in zip(columns, ARROW_ROW, strict=True)], schema=ARROW_ROW
    )


def withheld_in_place(
    schema: Schema, subject: str, tables: Mapping[str, str], dialect: Dialect, using: str = "default"
) -> tuple[int, ...]:
    """Subjects with contradicting facts, as `snapshot.withheld` finds them."""
    views = [v for v in schema.subjects[subject].views if v.shape == "dated"]
    found = {row[0] for v in views for row in query(overlaps_sql(v, dialect, tables), using)}
    return tuple(sorted(found))


def _values(left_out: Mapping[str, Sequence[int]]) -> str:
    return "VALUES " + ", ".join(f"('{s}', {i})" for s, ids in left_out.items() for i in ids)


def explain_now(
    policies: Sequence[Policy],
    months: Sequence[Month],
    schema: Schema,
    subject_id: int,
    *,
    known_at: datetime,
    using: str = "default",
) -> list[Explanation]:
    """Explanations from the registers as they are, for a person's page: no snapshot is needed."""
    alone = all(p.subject.name == "person" for p in policies)  # then others' rows are of no use
    whom = str(int(subject_id))
    tables = (
        tables_of_one(schema, known_at, whom, using) if alone else register_tables(schema, known_at, using)
    )
    return explain(
        policies,
        months,
        subject_id,
        lambda sql: query(sql, using),
        dialect_of(using),
        tables=tables,
        few=few_of_one(schema) if alone else (),
        granted=GRANTED in tables,
    )


@dataclass(frozen=True)
class Difference:
    """Rows only one of two ledgers has; both empty when they agree."""

    only_first: tuple[tuple[Any, ...], ...]
    only_second: tuple[tuple[Any, ...], ...]

    def __bool__(self) -> bool:
        return bool(self.only_first or self.only_second)


def difference(first: pa.Table, second: pa.Table) -> Difference:
    """EXCEPT ALL in both directions."""
    with duckdb.connect(":memory:") as con:
        con.register("first", first)
        con.register("second", second)
        names = ", ".join(name for name, _ in ROW)

        def only(a: str, b: str) -> tuple[tuple[Any, ...], ...]:
            return tuple(
                con.execute(f"SELECT {names} FROM {a} EXCEPT ALL SELECT {names} FROM {b}").fetchall()
            )

        return Difference(only("first", "second"), only("second", "first"))
