"""SQLite by ADBC in a process of its own, and what a reader is asked for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import DatabaseError

from .writing import BATCH_ROWS, NAMES, typed

# A short life with large pieces of memory: Arrow's own way of getting it lets the kernel clear a gigabyte first, and
# the C library gives pieces back only to ask for them again. Together a fifth of the processor time of reading.
MEMORY = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_MMAP_THRESHOLD_": "1073741824",
    "MALLOC_TRIM_THRESHOLD_": "1073741824",
}


@dataclass(frozen=True)
class Task:
    """Rows of a SELECT for a Parquet file: the columns of `schema`, sorted by `order`.

    `grouped`: a column by whose values the rows lie together in the file (`writing.write_parquet`). `span`: between
    which values of `order`, a number, most rows lie; a large table with a span may be read in portions.
    """

    sql: str
    schema: pa.Schema
    path: Path
    order: str
    grouped: str = ""
    span: tuple[int, int] | None = None


@dataclass(frozen=True)
class Written:
    """What came of a task."""

    rows: int
    sha256: str


def select(sql: str, schema: pa.Schema, order: str, *, no_nulls: bool = False) -> str:
    """The SELECT with its columns as they are carried."""
    columns = ", ".join(_carried(field) if no_nulls else field.name for field in schema)
    return f"SELECT {columns} FROM ({sql}) AS rows_of" + (f" ORDER BY {order}" if order else "")


def _carried(field: pa.Field) -> str:
    if pa.types.is_integer(field.type):
        return str(field.name)
    absent = "x'00'" if pa.types.is_binary(field.type) else "char(1)"
    return f"COALESCE({field.name}, {absent}) AS {field.name}"


class ApartReader:
    """SQLite, by ADBC in a process of its own; `readers`: so many work at the files of one `write`."""

    method = "adbc"

    def __init__(self, path: Path | str, readers: int = 1) -> None:
        script = Path(__file__).with_name("apart.py")
        self.process = subprocess.Popen(
            [sys.executable, "-I", str(script), str(path), str(BATCH_ROWS), str(readers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **MEMORY},
        )

    def close(self) -> None:
        """End the process; closing twice is harmless."""
        self.process.terminate()
        self.process.communicate()

    def ready(self) -> None:
        """Wait until the process has started. Raises DatabaseError when it cannot."""
        self._told({"begin": False})

    def begin(self) -> None:
        """Begin to see the database as it is now."""
        self._told({"begin": True})

    def batches(self, sql: str, schema: pa.Schema, *, order: str = "") -> Iterator[pa.RecordBatch]:
        try:
            self._ask({"sql": select(sql, schema, order, no_nulls=True)})
            for batch in pa.ipc.open_stream(self.process.stdout):
                yield typed(batch, schema)
        except (OSError, pa.ArrowInvalid) as error:
            raise self._failed(error) from error

    def write(self, tasks: Sequence[Task]) -> list[Written]:
        written = self._told({"write": [_order(task) for task in tasks]})
        return [Written(**each) for each in written]

    def _told(self, task: dict[str, Any]) -> Any:
        answered = self.process.stdout
        assert answered is not None
        try:
            self._ask(task)
            return json.loads(answered.readline())
        except (OSError, ValueError) as error:
            raise self._failed(error) from error

    def _ask(self, task: dict[str, Any]) -> None:
        asked = self.process.stdin
        assert asked is not None
        asked.write(json.dumps(task).encode() + b"\n")
        asked.flush()

    def _failed(self, error: Exception) -> DatabaseError:
        """It ended: what it said last tells why."""
        said = self.process.communicate()[1].decode(errors="replace").strip()
        return DatabaseError(said or str(error))


def _order(task: Task) -> dict[str, Any]:
    return {
        "plain": select(task.sql, task.schema, task.order),
        "sql": select(task.sql, task.schema, task.order, no_nulls=True),
        "columns": [(field.name, NAMES[field.type]) for field in task.schema],
        "to": str(task.path),
        "grouped": task.grouped,
    }
