"""The engine of record: the compiled statement on a snapshot, in a locked process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..rules.compile import ROW, Compiled, compile_policies
from ..rules.guard import verify
from ..rules.months import Month
from ..rules.policy import Policy
from ..rules.schema import Schema
from ..snapshot.manifest import Snapshot, file_hash

WORKER = Path(__file__).with_name("worker.py")


@dataclass(frozen=True)
class Limits:
    """What a run may take: seconds by the clock, megabytes of DuckDB's memory, threads."""

    seconds: int = 600
    memory_mb: int = 2048
    threads: int = 2


@dataclass(frozen=True)
class Result:
    """Rows of the shape ROW in a Parquet file, sorted, so that equal ledgers are equal bytes."""

    path: Path
    sha256: str
    rows: int
    sum_fen: int
    seconds: float
    peak_mb: int
    engine: str
    sql_sha256: str

    def table(self) -> pa.Table:
        return pq.read_table(self.path)

    def tuples(self) -> Iterator[tuple[Any, ...]]:
        """The rows in the order of ROW."""
        for batch in pq.ParquetFile(self.path).iter_batches():
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


class EngineFailed(RuntimeError):
    """The computation did not end well; nothing was written. `reason`: time, memory, query or crash."""

    def __init__(self, reason: Literal["time", "memory", "query", "crash"], text: str) -> None:
        super().__init__(f"{reason}: {text}")
        self.reason = reason


def compute(
    snapshot: Snapshot,
    policies: Sequence[Policy],
    months: Sequence[Month],
    schema: Schema,
    out: Path,
    limits: Limits | None = None,
) -> Result:
    """The ledger that is due for these months, for everybody in the snapshot, written to `out`.

    The snapshot's files are checked against its manifest after the run. Raises EngineFailed, SnapshotChanged,
    Unsafe, or ValueError when no policy is in force.
    """
    compiled = compile_policies(policies, months, schema, withheld=bool(snapshot.withheld))
    result = run(snapshot, compiled, out, limits or Limits())
    snapshot.verify()
    return result


def run(snapshot: Snapshot, compiled: Compiled, out: Path, limits: Limits) -> Result:
    """Run one compiled statement on the snapshot."""
    verify(compiled, frozenset({"withheld"}))
    names = ", ".join(name for name, _ in ROW)
    order = {
        "sql": f"SELECT {names} FROM ({compiled.sql}) ORDER BY policy, month, subject_id",
        "tables": {name: str(snapshot.path(name).resolve()) for name in compiled.tables},
        "withheld": [[subject, i] for subject, ids in snapshot.withheld.items() for i in ids],
        "out": str(out.resolve()),
        "seconds": limits.seconds,
        "memory_mb": limits.memory_mb,
        "threads": limits.threads,
    }
    answer = _ask(order, limits.seconds)
    if "failed" in answer:
        out.unlink(missing_ok=True)
        raise EngineFailed(answer["failed"], answer["text"])
    out.chmod(0o444)
    total = pc.sum(pq.read_table(out, columns=["amount_fen"])["amount_fen"]).as_py() or 0
    return Result(
        path=out,
        sha256=file_hash(out),
        rows=answer["rows"],
        sum_fen=total,
        seconds=answer["seconds"],
        peak_mb=answer["peak_mb"],
        engine=answer["engine"],
        sql_sha256=compiled.sha256,
    )


def _ask(order: dict[str, Any], seconds: int) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(WORKER)],
            input=json.dumps(order),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},  # no settings or secrets of the site
        )
    except subprocess.TimeoutExpired:
        raise EngineFailed("time", f"not done after {seconds} s") from None
    if done.returncode != 0 or not done.stdout:
        raise EngineFailed("crash", done.stderr[-2000:])
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
