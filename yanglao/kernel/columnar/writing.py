"""Arrow batches in the types asked for, and as Parquet files. The standard library, numpy and pyarrow only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

BATCH_ROWS = 122_880  # a row group of DuckDB
HELD = 4 * BATCH_ROWS  # rows kept back while rows of one value are gathered
# Stand for null in SQLite, whose driver guesses a column's type by the first rows, where all may be null.
ABSENT, NOTHING = "\x01", b"\x00"
TYPES = {"int": pa.int64(), "text": pa.string(), "date": pa.date32(), "bytes": pa.binary()}
NAMES = {kind: name for name, kind in TYPES.items()}


def typed(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The batch's columns, in their order, as the schema's."""
    arrays = [_cast(batch.column(i), field.type) for i, field in enumerate(schema)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _cast(array: pa.Array, wanted: pa.DataType) -> pa.Array:
    if pa.types.is_string(array.type) and not pa.types.is_integer(wanted):
        array = pc.if_else(pc.equal(array, ABSENT), pa.scalar(None, pa.string()), array)
    elif pa.types.is_binary(array.type):
        array = pc.if_else(pc.equal(array, NOTHING), pa.scalar(None, pa.binary()), array)
    return array if array.type == wanted else array.cast(wanted)


def write_parquet(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch], grouped: str = "") -> int:
    """A Parquet file whose bytes depend on its rows alone, not on how they came; returns how many.

    `grouped`: a text column without nulls of few values; rows of one value lie together, so that who reads those of
    one value passes the others by.
    """
    rows = 0
    numbers = [field.name for field in schema if pa.types.is_integer(field.type)]
    how: dict[str, Any] = {
        "compression": "snappy",
        "store_schema": False,
        "use_dictionary": [name for name in schema.names if name not in numbers],
        # ids stand nearly in order: their differences take a fifth of the room, and less time to write, hash and read
        "column_encoding": dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
    }
    with pq.ParquetWriter(path, schema, **how) as writer:
        groups = _groups(batches, schema)
        for group in _by_value(groups, grouped) if grouped else groups:
            writer.write_table(group, row_group_size=BATCH_ROWS)
            rows += group.num_rows
    return rows


def _groups(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows in portions of exactly BATCH_ROWS, the last one smaller."""
    held = pa.Table.from_batches([], schema)
    for batch in batches:
        held = pa.concat_tables([held, pa.Table.from_batches([batch], schema)])
        while held.num_rows >= BATCH_ROWS:
            yield held.slice(0, BATCH_ROWS).combine_chunks()
            held = held.slice(BATCH_ROWS)
    if held.num_rows:
        yield held.combine_chunks()


def _by_value(groups: Iterable[pa.Table], column: str) -> Iterator[pa.Table]:
    """The rows in portions of one value of the column; what is held until a portion is full stays within HELD rows."""
    held: dict[str, list[pa.Table]] = {}
    for group in groups:
        for value, rows in _parted(group, column):
            held.setdefault(value, []).append(rows)
        while sum(map(_size, held.values())) > HELD:
            yield _joined(held.pop(max(sorted(held), key=lambda value: _size(held[value]))))
    yield from (_joined(held[value]) for value in sorted(held))


def _parted(group: pa.Table, column: str) -> Iterator[tuple[str, pa.Table]]:
    codes = group[column].combine_chunks().dictionary_encode()
    numbers = codes.indices.to_numpy()
    sorted_rows = group.take(pa.array(np.argsort(numbers, kind="stable")))
    start = 0
    for value, count in zip(codes.dictionary.to_pylist(), np.bincount(numbers), strict=True):
        yield value, sorted_rows.slice(start, count)
        start += count


def _size(parts: list[pa.Table]) -> int:
    return sum(part.num_rows for part in parts)


def _joined(parts: list[pa.Table]) -> pa.Table:
    return pa.concat_tables(parts).combine_chunks()


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
