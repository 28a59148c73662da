"""Rows of the register as Arrow tables: by ADBC, or by Django's cursor where ADBC cannot go.

ADBC opens a connection of its own, so it does not see what an open transaction has not committed, nor a database
in memory; then the cursor of the transaction reads. Plain resident ids are never read: only their blind indexes.
"""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from typing import Any
from urllib.parse import quote

import pyarrow as pa
from django.db import connection

BATCH_ROWS = 122_880  # a row group of DuckDB
NOTHING = b"\0"  # stands for no blind index in SQLite, whose driver guesses a column's type by the first rows
REGISTER = pa.schema(
    [
        ("key", pa.int64()),
        ("written", pa.string()),
        ("pinyin", pa.string()),
        ("birth", pa.string()),
        ("sex", pa.int64()),
        ("p1", pa.int64()),
        ("p2", pa.int64()),
        ("id_hash", pa.binary()),
        ("tail", pa.binary()),
    ]
)
_SQL = (
    "SELECT id, name, pinyin, {birth}, sex, residence_id, hukou_id, "
    "COALESCE(id_number_hash, {nothing}), COALESCE(id_tail_hash, {nothing}) FROM people_person"
)
_STANDING = " WHERE merged_into_id IS NULL"


def register(*, merged: bool) -> pa.Table:
    """All files of the register, whatever the scope: one person may have a file anywhere in the city.

    `merged`: also those that are part of another file now, for a number or name may be found in them.
    """
    sqlite = connection.vendor == "sqlite"
    sql = _SQL.format(
        birth="birth_date" if sqlite else "birth_date::text",
        nothing="x'00'" if sqlite else r"'\x00'::bytea",
    )
    sql += "" if merged else _STANDING
    found = None if connection.in_atomic_block else _by_adbc(sql)
    return (_by_cursor(sql) if found is None else found).rename_columns(REGISTER.names).cast(REGISTER)


def _by_adbc(sql: str) -> pa.Table | None:
    try:
        adbc = _opened()
    except ImportError:
        return None
    if adbc is None:
        return None
    with closing(adbc), adbc.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(BATCH_ROWS)})
        cursor.execute(sql)
        return cursor.fetch_arrow_table()


def _opened() -> Any:
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        from adbc_driver_sqlite import dbapi

        name = str(settings["NAME"])
        return None if "memory" in name else dbapi.connect(f"file:{name}?mode=ro")
    from adbc_driver_postgresql import dbapi as postgresql

    user, host = quote(settings["USER"] or "", safe=""), quote(str(settings["HOST"] or ""), safe="")
    password = f":{quote(settings['PASSWORD'], safe='')}" if settings["PASSWORD"] else ""
    place = f"/{settings['NAME']}?host={host}&port={settings['PORT'] or '5432'}"  # also for socket folders
    return postgresql.connect(f"postgresql://{user}{password}@{place}")


def _by_cursor(sql: str) -> pa.Table:
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        batches = []
        while rows := cursor.fetchmany(BATCH_ROWS):
            arrays = [
                pa.array([_plain(v) for v in values], type=field.type)
                for values, field in zip(zip(*rows, strict=True), REGISTER, strict=True)
            ]
            batches.append(pa.RecordBatch.from_arrays(arrays, schema=REGISTER))
    return pa.Table.from_batches(batches, REGISTER)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return bytes(value) if isinstance(value, memoryview) else value
