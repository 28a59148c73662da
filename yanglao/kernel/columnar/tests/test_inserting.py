"""Columns that go into SQLite as a block of digits come out as they were."""

from __future__ import annotations

import sqlite3

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.kernel.columnar import inserting

SHAPE = pa.schema([("a", pa.int64()), ("b", pa.int64()), ("t", pa.string()), ("u", pa.string())])
QUOTED = {name: f'"{name}"' for name in (*SHAPE.names, "s")}
Row = tuple[int | None, int | None, str | None, str | None]
numbers = st.none() | st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3)
texts = st.none() | st.sampled_from(["", "甲", "n", "' -- \x01"]) | st.text(st.characters(exclude_characters="\x00", codec="utf-8"))  # fmt: skip


def put_and_read(rows: list[Row], same: str = "x") -> list[tuple[object, ...]]:
    columns = pa.table(list(zip(*rows, strict=True)) or [[]] * 4, schema=SHAPE)
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, a, b, t, u, s)")
        inserting.insert_portions(connection.execute, '"rows"', QUOTED, columns, {"s": same})
        found = connection.execute("SELECT a, b, t, u, s FROM rows ORDER BY id").fetchall()
        assert connection.execute("SELECT name FROM sqlite_temp_master").fetchall() == []
    connection.close()
    return found


@given(st.lists(st.tuples(numbers, numbers, texts, texts), max_size=30))
def test_rows_come_out_as_they_went_in_and_in_order(rows: list[Row]) -> None:
    assert put_and_read(rows) == [(*row, "x") for row in rows]


def test_portions_are_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inserting, "PORTION", 7)
    rows: list[Row] = [(n, -n if n % 3 else None, f"第{n % 5}", "同") for n in range(100)]
    assert put_and_read(rows) == [(*row, "x") for row in rows]


def test_equal_columns_are_both_filled() -> None:
    rows: list[Row] = [(n * 1000, n * 1000, None, None) for n in range(-2, 3)]
    assert put_and_read(rows, "y") == [(*row, "y") for row in rows]
