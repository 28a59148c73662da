"""Rows of the register as Arrow tables. Plain resident ids are never read: only their blind indexes."""

from __future__ import annotations

import pyarrow as pa
from django.db import connection

from yanglao.kernel.columnar import reader

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
    "SELECT id AS key, name AS written, pinyin, {birth} AS birth, sex, residence_id AS p1, hukou_id AS p2, "
    "id_number_hash AS id_hash, id_tail_hash AS tail FROM people_person"
)
_STANDING = " WHERE merged_into_id IS NULL"


def register(*, merged: bool) -> pa.Table:
    """All files of the register, whatever the scope: one person may have a file anywhere in the city.

    `merged`: also those that are part of another file now, for a number or name may be found in them.
    """
    sql = _SQL.format(birth="birth_date" if connection.vendor == "sqlite" else "birth_date::text")
    with reader() as source:
        return pa.Table.from_batches(source.batches(sql + ("" if merged else _STANDING), REGISTER), REGISTER)
