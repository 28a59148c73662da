"""What a snapshot table reads from the registers: its SELECT with the moments filled in, and its Arrow schema."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pyarrow as pa

from ..rules.schema import Column, Table

ARROW_TYPES = {"int": pa.int64(), "date": pa.date32(), "text": pa.string()}


def arrow_schema(columns: Iterable[Column]) -> pa.Schema:
    return pa.schema([(c.name, ARROW_TYPES[c.type]) for c in columns])


def moment(value: datetime, vendor: str) -> str:
    """A moment as a literal the database compares with a Django datetime column."""
    text = value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return f"TIMESTAMPTZ '{text}+00'" if vendor == "postgresql" else f"'{text}'"


def register_sql(table: Table, known_at: datetime, vendor: str, whom: str = "") -> str:
    """The table's SELECT over the registers with the cut-off moment filled in; `whom`: of one person, if it is of persons."""
    sql = table.of_one.replace("{whom}", whom) if whom and table.of_one else table.sql
    if whom and not table.of_one and of_persons(table):
        sql = f"SELECT * FROM ({sql}) AS of_all WHERE person_id = {whom}"
    return sql.replace("{known_at}", moment(known_at, vendor))


def of_persons(table: Table) -> bool:
    return any(column.name == "person_id" for column in table.columns)


def changed_keys_sql(table: Table, since: datetime, vendor: str) -> str:
    """SELECT of the keys (as `key`) of rows changed since a moment."""
    keys = table.changed.replace("{since}", moment(since, vendor))
    return f"WITH changed(key) AS ({keys}) SELECT key FROM changed"
