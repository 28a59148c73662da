"""`reader()`: SELECTs as Arrow batches or Parquet files, by ADBC where it can go, else by Django's cursor.

ADBC reads two to three times faster than a cursor. It has a connection of its own, so it does not see what an open
transaction has not committed, nor a database in memory: then the cursor of the transaction reads. SQLite is read by
ADBC in a process of its own (see `apart`). Of a large database two readers take turns at the tasks; they see one state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import date
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Protocol
from urllib.parse import quote

import pyarrow as pa
from django.db import DataError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from .packed import packable, packed, packed_binary, portions, unpacked, unpacked_binary
from .processes import ApartReader, Task, Written, select
from .writing import BATCH_ROWS, file_hash, typed, write_parquet

LARGE = 100 * 2**20  # bytes of a database from which a second reader is worth its start
READERS = 2


class Reader(Protocol):
    """Reads in one view of the database; `method` says how (adbc or cursor)."""

    method: str

    def batches(self, sql: str, schema: pa.Schema, *, order: str = "") -> Iterator[pa.RecordBatch]:
        """The rows of a SELECT whose columns bear the schema's names, in its types; `order`: a column to sort by.

        Types: int64, string, date32, binary. The SELECT must not have parameters.
        """

    def write(self, tasks: Sequence[Task]) -> list[Written]:
        """Write each task's rows to its file, several at a time where that is faster."""


@contextmanager
def reader(using: str = "default", *, several: bool = False) -> Iterator[Reader]:
    """The fastest reader of whole tables the database allows. Raises DatabaseError when a SELECT fails.

    `several`: many rows are to be written, so that a second reader of a large database is worth its start.
    """
    connection = connections[using]
    settings = connection.settings_dict
    if connection.in_atomic_block or "memory" in str(settings["NAME"]):
        yield CursorReader(connection)
        return
    with ExitStack() as stack:
        if connection.vendor == "sqlite":
            yield _sqlite(connection, stack, several=several)
        else:
            yield Several(_postgresql(settings, stack, several=several))


@contextmanager
def nearby(using: str = "default") -> Iterator[Reader]:
    """A reader of few rows: on SQLite Django's own connection in a transaction, which needs no process."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        with reader(using) as source:
            yield source
        return
    if connection.in_atomic_block:
        yield CursorReader(connection, few=True)
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")  # not `atomic`, which would keep writers out
        try:
            yield CursorReader(connection, few=True)
        finally:
            cursor.execute("ROLLBACK")


def _sqlite(connection: BaseDatabaseWrapper, stack: ExitStack, *, several: bool) -> ApartReader:
    path = Path(connection.settings_dict["NAME"])
    if not several or path.stat().st_size < LARGE:
        return stack.enter_context(closing(ApartReader(path)))
    opened = stack.enter_context(closing(ApartReader(path, READERS)))
    opened.ready()
    with connection.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE")  # nobody writes while all begin: they see one state
        try:
            opened.begin()
        finally:
            cursor.execute("ROLLBACK")
    return opened


def _postgresql(settings: dict[str, Any], stack: ExitStack, *, several: bool) -> list[AdbcReader]:
    from adbc_driver_postgresql import dbapi  # a site on SQLite never loads it

    user, host = quote(settings["USER"] or "", safe=""), quote(str(settings["HOST"] or ""), safe="")
    password = f":{quote(settings['PASSWORD'], safe='')}" if settings["PASSWORD"] else ""
    place = f"/{settings['NAME']}?host={host}&port={settings['PORT'] or '5432'}"  # also for socket folders
    address = f"postgresql://{user}{password}@{place}"
    opened = [stack.enter_context(closing(dbapi.connect(address))) for _ in range(1 + several)]
    shared = ""
    for each in opened:
        with each.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            if shared:
                cursor.execute(f"SET TRANSACTION SNAPSHOT '{shared}'")
            elif several:
                cursor.execute("SELECT pg_export_snapshot()")
                shared = cursor.fetchall()[0][0]
    if not several:
        return [AdbcReader(each) for each in opened]
    return [PackedReader(each, stack.enter_context(_seeing(address, shared))) for each in opened]


@contextmanager
def _seeing(address: str, shared: str) -> Iterator[Any]:
    """A connection of Django's driver that sees the state another one has exported."""
    import psycopg

    # short statements of large tables: compiling them takes longer than they do
    with psycopg.connect(address, options="-c jit=off -c max_parallel_workers_per_gather=0") as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.execute(f"SET TRANSACTION SNAPSHOT '{shared}'")
        yield connection
        connection.rollback()


class AdbcReader:
    """PostgreSQL, by a connection of its own."""

    method = "adbc"

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def batches(self, sql: str, schema: pa.Schema, *, order: str = "") -> Iterator[pa.RecordBatch]:
        with self.connection.cursor() as cursor:
            cursor.execute(select(sql, schema, order))
            for batch in cursor.fetch_record_batch():
                yield typed(batch, schema)

    def write(self, tasks: Sequence[Task]) -> list[Written]:
        return [_write(task, self._rows(task)) for task in tasks]

    def _rows(self, task: Task) -> Iterator[pa.RecordBatch]:
        return self.batches(task.sql, task.schema, order=task.order)


class PackedReader(AdbcReader):
    """Reads large tables packed, in portions, by a second connection."""

    def __init__(self, connection: Any, packing: Any) -> None:
        super().__init__(connection)
        self.packing = packing

    def _rows(self, task: Task) -> Iterator[pa.RecordBatch]:
        if task.span is None or not packable(task.schema):
            yield from super()._rows(task)
            return
        for portion in portions(task.sql, task.order, task.span):
            together = self._packed(portion, task)
            yield from (
                self.batches(portion, task.schema, order=task.order) if together is None else [together]
            )

    def _packed(self, portion: str, task: Task) -> pa.RecordBatch | None:
        with self.packing.cursor(binary=True) as cursor:
            row = cursor.execute(packed_binary(portion, task.schema)).fetchone()
        return unpacked_binary(row, task.schema, task.order)


class CursorReader:
    """Django's connection, in the transaction it is in; `few` rows of SQLite come packed together."""

    method = "cursor"

    def __init__(self, connection: BaseDatabaseWrapper, *, few: bool = False) -> None:
        self.connection, self.few = connection, few

    def batches(self, sql: str, schema: pa.Schema, *, order: str = "") -> Iterator[pa.RecordBatch]:
        asked = select(sql, schema, order)
        together = self._packed(asked, schema)
        if together is not None:
            yield together
            return
        with self.connection.chunked_cursor() as cursor:
            cursor.execute(asked)
            while rows := cursor.fetchmany(BATCH_ROWS):
                columns = zip(zip(*rows, strict=True), schema, strict=True)
                arrays = [_array(values, field.type) for values, field in columns]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    def write(self, tasks: Sequence[Task]) -> list[Written]:
        return [_write(task, self.batches(task.sql, task.schema, order=task.order)) for task in tasks]

    def _packed(self, asked: str, schema: pa.Schema) -> pa.RecordBatch | None:
        """All rows at once, where SQLite can put them together and they are not too long for it."""
        if not self.few or not packable(schema):
            return None
        with self.connection.cursor() as cursor:
            try:
                cursor.execute(packed(asked, schema))
            except DataError:
                return None
            return unpacked(cursor.fetchone(), schema)


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """SQLite keeps days as text; PostgreSQL's driver gives bytes as views of its memory."""
    if pa.types.is_date(kind) and any(isinstance(value, str) for value in values):
        return pa.array(values, pa.string()).cast(kind)
    if pa.types.is_string(kind) and any(isinstance(value, date) for value in values):
        return pa.array(
            [value and str(value) for value in values], kind
        )  # declared so: read as a day in SQLite
    if pa.types.is_binary(kind):
        return pa.array([None if value is None else bytes(value) for value in values], kind)
    return pa.array(values, kind)


def _write(task: Task, batches: Iterable[pa.RecordBatch]) -> Written:
    rows = write_parquet(task.path, task.schema, batches, task.grouped)
    return Written(rows, file_hash(task.path))


class Several:
    """Readers that see one state of the database and take turns at the tasks."""

    method = "adbc"

    def __init__(self, readers: Sequence[AdbcReader]) -> None:
        self.readers = readers

    def batches(self, sql: str, schema: pa.Schema, *, order: str = "") -> Iterator[pa.RecordBatch]:
        return self.readers[0].batches(sql, schema, order=order)

    def write(self, tasks: Sequence[Task]) -> list[Written]:
        waiting: SimpleQueue[int] = SimpleQueue()
        for number in range(len(tasks)):
            waiting.put(number)
        found: dict[int, Written] = {}

        def work(each: AdbcReader) -> None:
            with suppress(Empty):
                while True:
                    number = waiting.get_nowait()
                    found[number] = each.write([tasks[number]])[0]

        with ThreadPoolExecutor(len(self.readers)) as pool:
            for done in [pool.submit(work, each) for each in self.readers]:
                done.result()
        return [found[number] for number in range(len(tasks))]
