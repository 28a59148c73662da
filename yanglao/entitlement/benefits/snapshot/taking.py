"""Take a snapshot: every table of the schema as known at a moment, into Parquet, hashed and read-only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connections

from ..rules.facts_sql import overlaps_sql
from ..rules.schema import Schema, Table
from .manifest import Snapshot, TableFile, file_hash
from .reading import BATCH_ROWS, Reader, arrow_schema, ordered_sql, reader, register_sql


def take(folder: Path, schema: Schema, *, known_at: datetime, using: str = "default") -> Snapshot:
    """The snapshot of all tables, in `folder` (made; must be empty). Raises FileExistsError when it is not.

    All tables are read in one transaction. Names, identity numbers, addresses and accounts are never read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    vendor = connections[using].vendor
    with reader(using) as source:
        tables = {t.name: _read(source, t, folder, known_at, vendor) for t in schema.tables.values()}
        method = source.method
    return Snapshot(folder, known_at, tables, withheld(folder, schema), method).write()


def _read(source: Reader, table: Table, folder: Path, known_at: datetime, vendor: str) -> TableFile:
    sql = ordered_sql(table, register_sql(table, known_at, vendor), vendor)
    path = folder / f"{table.name}.parquet"
    rows = 0
    with parquet(path, arrow_schema(table)) as writer:
        for batch in source.batches(sql, table.columns):
            writer.write_batch(batch, row_group_size=BATCH_ROWS)
            rows += batch.num_rows
    return TableFile(path.name, rows, file_hash(path))


@contextmanager
def parquet(path: Path, schema: pa.Schema) -> Iterator[pq.ParquetWriter]:
    """A Parquet file whose bytes depend on its rows alone."""
    with pq.ParquetWriter(path, schema, compression="snappy", store_schema=False) as writer:
        yield writer


def withheld(folder: Path, schema: Schema) -> dict[str, tuple[int, ...]]:
    """Subjects with two values of one dated fact on the same day: paying them once or twice would be a guess."""
    found: dict[str, tuple[int, ...]] = {}
    with duckdb.connect(":memory:") as con:
        for table in schema.tables.values():
            con.read_parquet(str(folder / f"{table.name}.parquet")).create_view(table.name)
        for subject in schema.subjects.values():
            ids: set[int] = set()
            for view in subject.views:
                if view.shape == "dated":
                    ids |= {row[0] for row in con.execute(overlaps_sql(view)).fetchall()}
            if ids:
                found[subject.name] = tuple(sorted(ids))
    return found
