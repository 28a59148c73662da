"""Take a snapshot: every table of the schema as known at a moment, into Parquet, hashed and read-only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connections

from yanglao.kernel.columnar import BATCH_ROWS, Reader, reader

from ..rules.facts_sql import overlaps_sql
from ..rules.schema import Schema, Table
from .manifest import Snapshot, TableFile, file_hash
from .reading import arrow_schema, changed_keys_sql, register_sql

MARGIN = timedelta(days=1)  # a transaction may commit long after the moment it wrote into its rows


def take(
    folder: Path,
    schema: Schema,
    *,
    known_at: datetime,
    using: str = "default",
    previous: Snapshot | None = None,
) -> Snapshot:
    """The snapshot of all tables, in `folder` (made; must be empty). Raises FileExistsError when it is not.

    With `previous` only what changed since is read and merged into its files; the outcome is the same to the byte.
    All tables are read in one transaction. Names, identity numbers, addresses and accounts are never read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    with reader(using) as source:
        taking = Taking(source, folder, known_at, connections[using].vendor, _usable(previous, known_at))
        tables = {t.name: taking.table(t) for t in schema.tables.values()}
    method = f"{source.method}{' changes' if taking.merged else ''}"
    return Snapshot(folder, known_at, tables, withheld(folder, schema), method).write()


def _usable(previous: Snapshot | None, known_at: datetime) -> Snapshot | None:
    """The previous snapshot if it is older and nobody changed its files; raises SnapshotChanged if somebody did."""
    if previous is None or previous.known_at > known_at:
        return None
    previous.verify()
    return previous


class Taking:
    """One snapshot on its way. `merged`: tables for which only the changes were read."""

    def __init__(
        self, source: Reader, folder: Path, known_at: datetime, vendor: str, previous: Snapshot | None
    ) -> None:
        self.source, self.folder, self.known_at = source, folder, known_at
        self.vendor, self.previous = vendor, previous
        self.merged: list[str] = []

    def table(self, table: Table) -> TableFile:
        path = self.folder / f"{table.name}.parquet"
        rows = self._changed(table, path)
        if rows is None:
            shape = arrow_schema(table.columns)
            rows = write_parquet(path, shape, self.source.batches(self._sql(table), shape, order=table.key))
        return TableFile(path.name, rows, file_hash(path), declared(table))

    def _sql(self, table: Table) -> str:
        return register_sql(table, self.known_at, self.vendor)

    def _changed(self, table: Table, path: Path) -> int | None:
        """Rows of the merged table; None when it has to be read whole."""
        before = self.previous.tables.get(table.name) if self.previous else None
        if self.previous is None or before is None or before.declared != declared(table) or not table.changed:
            return None
        keys = changed_keys_sql(table, self.previous.known_at - MARGIN, self.vendor)
        fresh = f"SELECT * FROM ({self._sql(table)}) AS now_known WHERE {table.key} IN ({keys})"
        delta = self._read(fresh, arrow_schema(table.columns), order=table.key)
        gone = self._read(keys, pa.schema([("key", pa.int64())]))
        rows = merge(self.previous.path(table.name), delta, gone, table, path)
        if rows != self._count(table):  # something was deleted: only a whole reading knows what
            path.unlink()
            return None
        self.merged.append(table.name)
        return rows

    def _count(self, table: Table) -> int:
        counted = f"SELECT COUNT(*) AS n FROM ({self._sql(table)}) AS all_rows"
        return int(self._read(counted, pa.schema([("n", pa.int64())]))["n"][0].as_py())

    def _read(self, sql: str, shape: pa.Schema, *, order: str = "") -> pa.Table:
        return pa.Table.from_batches(self.source.batches(sql, shape, order=order), shape)


def declared(table: Table) -> str:
    """Hash of a table's declaration."""
    said = repr((table.name, table.key, table.columns, table.sql, table.changed))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def merge(before: Path, delta: pa.Table, gone: pa.Table, table: Table, path: Path) -> int:
    """The previous rows without those that changed, and the changed ones as they are now; returns how many."""
    with duckdb.connect(":memory:") as con:
        con.register("delta", delta)
        con.register("gone", gone)
        con.read_parquet(str(before)).create_view("before")
        names = ", ".join(c.name for c in table.columns)
        merged = con.sql(
            f"SELECT {names} FROM before WHERE {table.key} NOT IN (SELECT key FROM gone) "
            f"UNION ALL SELECT {names} FROM delta ORDER BY {table.key}"
        )
        return write_parquet(path, arrow_schema(table.columns), merged.to_arrow_reader(BATCH_ROWS))


def write_parquet(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
    """A Parquet file whose bytes depend on its rows alone, not on how they came; returns how many."""
    rows = 0
    with pq.ParquetWriter(path, schema, compression="snappy", store_schema=False) as writer:
        for group in _groups(batches, schema):
            writer.write_table(group, row_group_size=BATCH_ROWS)
            rows += group.num_rows
    return rows


def _groups(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows in portions of exactly BATCH_ROWS, the last one smaller."""
    held = pa.Table.from_batches([], schema)
    for batch in batches:
        held = pa.concat_tables([held, pa.Table.from_batches([batch]).cast(schema)])
        while held.num_rows >= BATCH_ROWS:
            yield held.slice(0, BATCH_ROWS).combine_chunks()
            held = held.slice(BATCH_ROWS)
    if held.num_rows:
        yield held.combine_chunks()


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
