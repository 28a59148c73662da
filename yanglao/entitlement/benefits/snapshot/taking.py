"""Take a snapshot: every table of the schema as known at a moment, into Parquet, hashed and read-only.

With a previous snapshot only what changed since is read: its whole tables go on standing (the same files, linked
into the new folder), beside them the keys that changed and the rows these have now. Changes are always taken against
the whole reading, so there is one level of them; when they grow too many the tables are read whole again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import connections

from yanglao.kernel.columnar import Reader, Task, Written, file_hash, nearby, reader, write_parquet

from ..rules.schema import Schema, Table
from .latest import latest
from .manifest import Part, Snapshot, TableFiles, link
from .reading import arrow_schema, changed_keys_sql, register_sql
from .withheld import withheld

MARGIN = timedelta(days=1)  # a transaction may commit long after the moment it wrote into its rows
FEW = 50_000  # rows a cursor reads as quickly as another process begins
MANY = 0.1  # the part of a table that may have changed before it is read whole
LEAST = 1000  # changed rows that are never too many
SPLIT = 200_000  # the highest id from which a table is read in two halves
LONG = 800_000  # characters of numbers in a statement; SQLite takes a million
NUMBER = pa.schema([("n", pa.int64())])
KEYS = pa.schema([("key", pa.int64())])


class TooMuch(Exception):
    """Too much changed, or rows were deleted: everything has to be read whole."""


def take(
    folder: Path,
    schema: Schema,
    *,
    known_at: datetime,
    using: str = "default",
    previous: Snapshot | None = None,
) -> Snapshot:
    """The snapshot of all tables, in `folder` (made; must be empty). Raises FileExistsError when it is not.

    With `previous` only what changed since is read; the rows are the same. All tables are read in one transaction.
    Names, identity numbers, addresses and accounts are never read. Raises SnapshotChanged when somebody changed
    the previous one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    if previous is not None and previous.known_at <= known_at:
        with suppress(TooMuch):
            return _changed(folder, schema, known_at, using, previous)
        for path in folder.iterdir():
            path.unlink()
    with reader(using, several=True) as source:
        taking = Taking(source, folder, known_at, connections[using].vendor)
        tables = taking.whole(list(schema.tables.values()))
    return _finished(Snapshot(folder, known_at, tables, {}, source.method), schema)


def _changed(folder: Path, schema: Schema, known_at: datetime, using: str, before: Snapshot) -> Snapshot:
    """The snapshot by what changed. Raises TooMuch, SnapshotChanged."""
    untold = (
        before.tables[t.name].rows
        for t in schema.tables.values()
        if not t.changed and t.name in before.tables
    )
    near = nearby if max(untold, default=0) <= FEW else reader
    with ThreadPoolExecutor(1) as beside:
        earlier = Earlier(before, beside)
        with near(using) as source:
            taking = Taking(source, folder, known_at, connections[using].vendor)
            tables = {t.name: taking.changed(t, earlier) for t in schema.tables.values()}
        earlier.verified.result()
    return _finished(Snapshot(folder, known_at, tables, {}, f"{source.method} changes"), schema, before)


def _finished(snapshot: Snapshot, schema: Schema, before: Snapshot | None = None) -> Snapshot:
    """With what is told of the tables as a whole."""
    with ThreadPoolExecutor(1) as beside:
        side_by_side = beside.submit(latest, snapshot, schema, before)
        contradicted = withheld(snapshot, schema, before)
        return replace(snapshot, withheld=contradicted, latest=side_by_side.result()).write()


class Earlier:
    """An earlier snapshot, verified and searched while the database is read."""

    def __init__(self, snapshot: Snapshot, beside: ThreadPoolExecutor) -> None:
        self.snapshot, self.beside = snapshot, beside
        self.verified = beside.submit(snapshot.verify)

    def held(self, table: str, keys: pa.Array) -> Future[int]:
        """How many of the keys stand in the table as it was read whole. The answer may raise SnapshotChanged."""
        files = self.snapshot.tables[table]
        paths = [self.snapshot.folder / part.file for part in files.whole]

        def count() -> int:
            self.verified.result()
            read = (pq.ParquetFile(path).read([files.key], use_threads=False)[files.key] for path in paths)
            return sum(pc.sum(pc.is_in(found, keys)).as_py() or 0 for found in read)

        return self.beside.submit(count)


class Taking:
    """One snapshot on its way."""

    def __init__(self, source: Reader, folder: Path, known_at: datetime, vendor: str) -> None:
        self.source, self.folder, self.known_at, self.vendor = source, folder, known_at, vendor

    def sql(self, table: Table) -> str:
        return register_sql(table, self.known_at, self.vendor)

    def whole(self, tables: Sequence[Table]) -> dict[str, TableFiles]:
        """Every row of the tables."""
        stored = {table.name: self._stored(table) for table in tables}
        tasks = {table.name: self._tasks(table, stored[table.name][1]) for table in tables}
        # halves in turn, so that two readers go through the table side by side
        order = sorted((half, -len(ts), name) for name, ts in tasks.items() for half in range(len(ts)))
        written = self.source.write([tasks[name][half] for half, _size, name in order])
        found = {(name, half): w for (half, _size, name), w in zip(order, written, strict=True)}
        return {
            table.name: self._files(
                table,
                [_part(task, found[table.name, half]) for half, task in enumerate(tasks[table.name])],
                stored[table.name],
            )
            for table in tables
        }

    def _files(self, table: Table, parts: Sequence[Part], stored: tuple[int, int]) -> TableFiles:
        return TableFiles(
            key=table.key,
            declared=declared(table),
            rows=sum(part.rows for part in parts),
            whole=tuple(parts),
            read_at=self.known_at.isoformat(),
            stored=stored[0],
            last=stored[1],
        )

    def _tasks(self, table: Table, last: int) -> list[Task]:
        """What to read: the table, or its halves by the key."""
        sql, shape = self.sql(table), arrow_schema(table.columns)
        if last < SPLIT:
            return [Task(sql, shape, self.folder / f"{table.name}.parquet", table.key, table.grouped)]
        return [
            Task(
                f"SELECT * FROM ({sql}) AS both_halves WHERE {table.key} {side} {last // 2}",
                shape,
                self.folder / f"{table.name}-{number}.parquet",
                table.key,
                table.grouped,
                span,
            )
            for number, side, span in ((1, "<=", (0, last // 2)), (2, ">", (last // 2, last)))
        ]

    def changed(self, table: Table, earlier: Earlier) -> TableFiles:
        """The table as it was read whole, and what changed since. Raises TooMuch."""
        previous = earlier.snapshot
        before = previous.tables.get(table.name)
        if before is None or before.declared != declared(table):
            raise TooMuch
        if not table.changed:
            return self.whole([table])[table.name]
        since = datetime.fromisoformat(before.read_at) - MARGIN
        keys_sql = changed_keys_sql(table, since, self.vendor)
        gone = self._read(keys_sql, KEYS)
        if gone.num_rows > max(LEAST, MANY * before.rows):
            raise TooMuch
        held = earlier.held(table.name, gone["key"].combine_chunks())
        fresh = self._fresh(table, gone, keys_sql)
        whole = sum(part.rows for part in before.whole)
        rows = whole - held.result() + fresh.num_rows
        self._nothing_deleted(table, before, rows)
        for part in before.whole:
            link(previous.folder / part.file, self.folder / part.file)
        none = not gone.num_rows
        return replace(
            before,
            rows=rows,
            gone=None if none else self._write(f"{table.name}-gone.parquet", gone.sort_by("key")),
            fresh=None if none else self._write(f"{table.name}-fresh.parquet", fresh),
        )

    def _fresh(self, table: Table, gone: pa.Table, keys_sql: str) -> pa.Table:
        """The rows these keys have now."""
        shape = arrow_schema(table.columns)
        if not gone.num_rows:
            return shape.empty_table()
        among = ", ".join(map(str, gone["key"].to_pylist()))
        among = keys_sql if len(among) > LONG else among  # numbers are found quicker than asked for once more
        sql = f"SELECT * FROM ({self.sql(table)}) AS now_known WHERE {table.key} IN ({among})"
        return self._read(sql, shape, order=table.key)

    def _nothing_deleted(self, table: Table, before: TableFiles, rows: int) -> None:
        """Rows that are there no more leave no trace but their number. Raises TooMuch.

        On SQLite, where one transaction writes at a time and ids only grow, the rows of the stored table tell it:
        as many as before and those with higher ids. Else what is known now is counted.
        """
        if self.vendor == "sqlite" and table.stored:
            stored, _last = self._stored(table)
            added = self._number(f"SELECT COUNT(*) AS n FROM {table.stored} WHERE id > {before.last}")
            if stored != before.stored + added:
                raise TooMuch
        elif rows != self._number(f"SELECT COUNT(*) AS n FROM ({self.sql(table)}) AS all_rows"):
            raise TooMuch

    def _stored(self, table: Table) -> tuple[int, int]:
        """How many rows the stored table has, and its highest id."""
        if not table.stored:
            return 0, 0
        last = self._number(f"SELECT COALESCE(MAX(id), 0) AS n FROM {table.stored}")
        if self.vendor != "sqlite":
            return 0, last
        return self._number(f"SELECT COUNT(*) AS n FROM {table.stored}"), last

    def _number(self, sql: str) -> int:
        return int(self._read(sql, NUMBER)["n"][0].as_py())

    def _read(self, sql: str, shape: pa.Schema, *, order: str = "") -> pa.Table:
        return pa.Table.from_batches(self.source.batches(sql, shape, order=order), shape)

    def _write(self, file: str, rows: pa.Table) -> Part:
        path = self.folder / file
        return Part(file, write_parquet(path, rows.schema, rows.to_batches()), file_hash(path))


def _part(task: Task, written: Written) -> Part:
    return Part(task.path.name, written.rows, written.sha256)


def declared(table: Table) -> str:
    """Hash of a table's declaration."""
    said = repr((table.name, table.key, table.columns, table.sql, table.changed, table.stored, table.grouped))
    return hashlib.sha256(said.encode()).hexdigest()[:16]
