"""The engine of record: the compiled statement on a snapshot, in a locked process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any, Literal, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yanglao.kernel.columnar.writing import file_hash

from ..rules.compile import Compiled, compile_policies
from ..rules.guard import verify, verify_all
from ..rules.months import Month
from ..rules.policy import Policy
from ..rules.schema import Schema
from ..snapshot.manifest import Snapshot
from .statement import BESIDE, Statement

WORKER = Path(__file__).with_name("worker.py")
GRACE = 15  # seconds the process has to end by itself when its time is over
Reason = Literal["time", "memory", "disk", "query", "crash"]


@dataclass(frozen=True)
class Limits:
    """What a run may take: seconds by the clock, megabytes of DuckDB's memory, threads, megabytes of output."""

    seconds: int = 600
    memory_mb: int = 2048
    threads: int = 2
    file_mb: int = 4096


@dataclass(frozen=True)
class Result:
    """Rows of the shape ROW in a Parquet file, in one order, so that equal ledgers are equal bytes: by kind of subject,
    of many subjects by ranges of their ids, then by policy, month and id.

    `locks`: what held the process beside DuckDB's own locks (see `confine`). `seconds`: by the clock, from the order
    to the last row on disk; `cpu_seconds`: what its threads took for it; `peak_mb`: the most memory the process took,
    `libraries_mb`: of that what it had taken when the order came.
    """

    path: Path
    sha256: str
    rows: int
    sum_fen: int
    seconds: float
    peak_mb: int
    engine: str
    statement: Statement
    locks: tuple[str, ...] = ()
    cpu_seconds: float = 0.0
    libraries_mb: int = 0

    @property
    def sql_sha256(self) -> str:
        return self.statement.sql_sha256

    def table(self) -> pa.Table:
        return pq.ParquetFile(self.path).read()

    def tuples(self) -> Iterator[tuple[Any, ...]]:
        """The rows in the order of ROW."""
        for batch in pq.ParquetFile(self.path).iter_batches():
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


class EngineFailed(RuntimeError):
    """The computation did not end well; nothing was written."""

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(f"{reason}: {text}")
        self.reason = reason


class Engine:
    """A process for one computation, whose rows go to `out`. Started early, it is ready when the snapshot is.

    It holds nothing of the site but the descriptor it writes to: no settings, no secrets, no database.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self._part = out.with_name(f"{out.name}.part")
        out.parent.mkdir(parents=True, exist_ok=True)
        with self._part.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-s", str(WORKER), str(file.fileno())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=(file.fileno(),),
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            )
        Thread(
            target=import_module, args=["sqlglot.dialects.duckdb"]
        ).start()  # sqlglot itself would wait until asked

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """End the process if it runs still; what is not a whole ledger goes."""
        with suppress(ProcessLookupError):
            self.process.kill()
        self.process.communicate()
        self._part.unlink(missing_ok=True)

    def run(self, snapshot: Snapshot, compiled: Compiled, limits: Limits | None = None) -> Result:
        """Run one compiled statement on the snapshot. Raises EngineFailed, or Unsafe before anything is run."""
        verify(compiled, BESIDE)
        return self.carry_out(snapshot, Statement.of(snapshot, compiled), limits, compiled.only or ())

    def carry_out(
        self,
        snapshot: Snapshot,
        statement: Statement,
        limits: Limits | None = None,
        only: Sequence[int] = (),
    ) -> Result:
        """Run a statement that somebody has verified on the snapshot. Raises EngineFailed."""
        answer = self._ask({**statement.order(snapshot, only), **_limits(limits or Limits())})
        if "failed" in answer:
            raise EngineFailed(answer["failed"], answer["text"])
        self._part.chmod(0o444)
        self._part.replace(self.out)
        total = pc.sum(pq.ParquetFile(self.out).read(["amount_fen"])["amount_fen"]).as_py() or 0
        return Result(
            path=self.out,
            sha256=file_hash(self.out),
            rows=answer["rows"],
            sum_fen=total,
            seconds=answer["seconds"],
            peak_mb=answer["peak_mb"],
            engine=answer["engine"],
            statement=statement,
            locks=tuple(answer["locks"]),
            cpu_seconds=answer["cpu_seconds"],
            libraries_mb=answer["libraries_mb"],
        )

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        seconds = order["seconds"]
        try:
            said, complaint = self.process.communicate(json.dumps(order).encode(), timeout=seconds + GRACE)
        except subprocess.TimeoutExpired:
            raise EngineFailed("time", f"not done after {seconds} s") from None
        if self.process.returncode != 0 or not said:
            raise EngineFailed(*_ended(self.process.returncode, complaint.decode(errors="replace")))
        answer: dict[str, Any] = json.loads(said)
        return answer


def _ended(code: int, complaint: str) -> tuple[Reason, str]:
    """Why a process ended that gave no answer."""
    if code == -signal.SIGXCPU:
        return "time", "the limit of processor time was reached"
    if "bad_alloc" in complaint or "MemoryError" in complaint:
        return "memory", "the limit of memory was reached"
    if code < 0:
        return "crash", f"the process was ended by {signal.Signals(-code).name}. {complaint[-2000:]}"
    return "crash", complaint[-2000:]


def _limits(limits: Limits) -> dict[str, int]:
    return {
        "seconds": limits.seconds,
        "memory_mb": limits.memory_mb,
        "threads": limits.threads,
        "file_mb": limits.file_mb,
    }


def compute(
    snapshot: Snapshot,
    policies: Sequence[Policy],
    months: Sequence[Month],
    schema: Schema,
    out: Path,
    limits: Limits | None = None,
    *,
    engine: Engine | None = None,
    only: Sequence[int] | None = None,
    paid_in: Month | None = None,
) -> Result:
    """The ledger that is due for these months, for everybody in the snapshot, written to `out`.

    `paid_in`: only what the run of that month pays, by the rhythm of each policy (`compile.months_paid`).

    `engine`: one that was started ahead with the same `out`; `only`: just these subjects. The snapshot's files are
    checked against its manifest after the run; a ledger from files that somebody changed is thrown away. Raises
    EngineFailed, SnapshotChanged, Unsafe, or ValueError when no policy is in force.
    """
    compiled = compile_policies(
        policies,
        months,
        schema,
        withheld=bool(snapshot.withheld),
        only=only,
        paid_in=paid_in,
        spells=snapshot.spells,
    )
    return run(snapshot, compiled, out, limits, engine=engine)


def run(
    snapshot: Snapshot,
    compiled: Compiled,
    out: Path,
    limits: Limits | None = None,
    *,
    engine: Engine | None = None,
) -> Result:
    """Run one compiled statement on the snapshot, and verify the snapshot afterwards."""
    return _verified(snapshot, out, engine, lambda ready: ready.run(snapshot, compiled, limits))


def run_again(snapshot: Snapshot, statement: Statement, out: Path, limits: Limits | None = None) -> Result:
    """Run a statement that was kept, which reads nothing but the snapshot and calls nothing but what it says."""
    verify_all((step.sql for step in statement.steps), {*statement.tables, *BESIDE}, set(statement.functions))
    return _verified(snapshot, out, None, lambda ready: ready.carry_out(snapshot, statement, limits))


def _verified(
    snapshot: Snapshot, out: Path, engine: Engine | None, ask: Callable[[Engine], Result]
) -> Result:
    with ExitStack() as stack:
        result = ask(engine or stack.enter_context(Engine(out)))
    try:
        snapshot.verify()
    except BaseException:
        out.unlink()
        raise
    return result
