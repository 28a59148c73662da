"""Rows of one value lie together in a file; which rows it holds and what its bytes are does not hang on that."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from yanglao.kernel.columnar import file_hash, write_parquet, writing

SCHEMA = pa.schema([("id", pa.int64()), ("kind", pa.string()), ("value", pa.string())])
KINDS = ("hukou", "residence", "ability")


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> pa.Table:
    monkeypatch.setattr(writing, "BATCH_ROWS", 100)
    monkeypatch.setattr(writing, "HELD", 400)
    chance = random.Random(7)
    kinds = chance.choices(KINDS, weights=(60, 38, 2), k=2_050)
    values = [None if n % 9 == 0 else str(n % 13) for n in range(len(kinds))]
    return pa.table([list(range(len(kinds))), kinds, values], schema=SCHEMA)


def written(path: Path, rows: pa.Table, portion: int) -> pq.ParquetFile:
    assert write_parquet(path, SCHEMA, rows.to_batches(portion), "kind") == rows.num_rows
    return pq.ParquetFile(path)


def test_a_portion_holds_one_value_in_the_order_the_rows_came(rows: pa.Table, tmp_path: Path) -> None:
    file = written(tmp_path / "a.parquet", rows, 77)
    groups = [file.read_row_group(n) for n in range(file.num_row_groups)]
    assert all(len(set(group["kind"].to_pylist())) == 1 for group in groups)
    for kind in KINDS:
        ids = [i for group in groups if group["kind"][0].as_py() == kind for i in group["id"].to_pylist()]
        assert ids == sorted(ids)


def test_it_holds_every_row_once(rows: pa.Table, tmp_path: Path) -> None:
    found = written(tmp_path / "a.parquet", rows, 77).read().sort_by("id")
    assert found.to_pylist() == rows.to_pylist()


def test_its_bytes_do_not_hang_on_how_the_rows_came(rows: pa.Table, tmp_path: Path) -> None:
    hashes = set()
    for portion in (1, 77, 5_000):
        written(tmp_path / f"{portion}.parquet", rows, portion)
        hashes.add(file_hash(tmp_path / f"{portion}.parquet"))
    assert len(hashes) == 1


def test_a_file_without_rows_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "none.parquet"
    assert write_parquet(path, SCHEMA, [], "kind") == 0
    assert pq.read_table(path).schema.names == SCHEMA.names
