"""Arrow batches in the types asked for, and as Parquet files. The standard library and pyarrow only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

BATCH_ROWS = 122_880  # a row group of DuckDB
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


def write_parquet(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
    """A Parquet file whose bytes depend on its rows alone, not on how they came; returns how many."""
    rows = 0
    repeated = [field.name for field in schema if not pa.types.is_integer(field.type)]
    with pq.ParquetWriter(
        path, schema, compression="snappy", store_schema=False, use_dictionary=repeated
    ) as writer:
        for group in _groups(batches, schema):
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


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
