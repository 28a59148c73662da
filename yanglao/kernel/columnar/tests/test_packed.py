"""Few rows of SQLite come packed together and are the same rows as ever."""

import datetime as dt

import pyarrow as pa
import pytest
from django.db import connection

from yanglao.kernel.columnar import nearby

SHAPE = pa.schema([("n", pa.int64()), ("t", pa.string()), ("d", pa.date32())])
VALUES = "SELECT 3 AS n, 'c' AS t, '2026-01-31' AS d UNION ALL SELECT 1, NULL, NULL UNION ALL SELECT 2, '', '1940-02-29'"
ROWS = [
    {"n": 1, "t": None, "d": None},
    {"n": 2, "t": "", "d": dt.date(1940, 2, 29)},
    {"n": 3, "t": "c", "d": dt.date(2026, 1, 31)},
]


def rows(sql: str, order: str = "n") -> list[dict[str, object]]:
    with nearby() as source:
        return pa.Table.from_batches(source.batches(sql, SHAPE, order=order), SHAPE).to_pylist()


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite packs rows")
@pytest.mark.parametrize("text", ["c", "甲,\n\"乙'", "\x02", "a\x02\x02b"])
def test_nulls_empty_texts_and_every_character_come_as_they_are(text):
    written = text.replace("'", "''")
    found = rows(VALUES.replace("'c'", f"'{written}'"))
    assert found == [*ROWS[:2], {**ROWS[2], "t": text}]


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite packs rows")
def test_no_rows_are_no_rows():
    assert rows(f"SELECT * FROM ({VALUES}) AS v WHERE n = 9") == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite packs rows")
def test_in_a_transaction_of_its_own_the_rows_are_the_same():
    assert rows(VALUES) == ROWS


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite packs rows")
def test_what_is_too_long_to_pack_comes_row_by_row(monkeypatch):
    monkeypatch.setattr("yanglao.kernel.columnar.reading.packed", lambda sql, _shape: TOO_LONG)
    assert rows(VALUES) == ROWS


TOO_LONG = "SELECT 1, group_concat(zeroblob(600000000)) FROM (SELECT 1 UNION ALL SELECT 2) AS two"
