"""Rows that come packed together are the same rows as ever."""

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection

from yanglao.kernel.columnar import Task, nearby, packed, reader
from yanglao.kernel.columnar.packed import portions

SHAPE = pa.schema([("n", pa.int64()), ("t", pa.string()), ("d", pa.date32())])
VALUES = "SELECT 3 AS n, 'c' AS t, '2026-01-31' AS d UNION ALL SELECT 1, NULL, NULL UNION ALL SELECT 2, '', '1940-02-29'"
ROWS: list[dict[str, object]] = [
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
def test_nulls_empty_texts_and_every_character_come_as_they_are(text: str) -> None:
    written = text.replace("'", "''")
    found = rows(VALUES.replace("'c'", f"'{written}'"))
    assert found == [*ROWS[:2], {**ROWS[2], "t": text}]


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite packs rows")
def test_no_rows_are_no_rows() -> None:
    assert rows(f"SELECT * FROM ({VALUES}) AS v WHERE n = 9") == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite packs rows")
def test_in_a_transaction_of_its_own_the_rows_are_the_same() -> None:
    assert rows(VALUES) == ROWS


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite packs rows")
def test_what_is_too_long_to_pack_comes_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yanglao.kernel.columnar.reading.packed", lambda sql, _shape: TOO_LONG)
    assert rows(VALUES) == ROWS


TOO_LONG = "SELECT 1, group_concat(zeroblob(600000000)) FROM (SELECT 1 UNION ALL SELECT 2) AS two"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("text", ["c", "甲,\n\"乙'", "a\x02\x02b"])
@pytest.mark.parametrize("span", [(0, 9), (2, 3), (0, 1)])
def test_a_large_table_in_portions_is_all_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, span: tuple[int, int]
) -> None:
    monkeypatch.setattr(packed, "PORTION", 1)
    values = VALUES.replace("'c'", "'" + text.replace("'", "''") + "'")
    order = Task(values, SHAPE, tmp_path / "t.parquet", "n", span=span)
    none = Task(f"SELECT * FROM ({values}) AS v WHERE n = 9", SHAPE, tmp_path / "n.parquet", "n", span=span)
    with reader(several=True) as source:
        written = source.write([order, none])
    assert [w.rows for w in written] == [3, 0]
    assert pq.read_table(order.path).to_pylist() == [*ROWS[:2], {**ROWS[2], "t": text}]


def test_portions_have_no_gaps_and_no_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "PORTION", 10)
    assert [part.partition(" AS portion")[2] for part in portions("…", "id", (0, 30))] == [
        " WHERE id <= 10", " WHERE id > 10 AND id <= 20", " WHERE id > 20",
    ]  # fmt: skip
    assert [part.partition(" AS portion")[2] for part in portions("…", "id", (0, 9))] == [""]
