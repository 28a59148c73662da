"""The process a run is computed in: DuckDB shut off from files and network, with limits of memory, time and output.

A script of its own that imports nothing of the project but `confine`: it reads one order (JSON) from standard input,
gives one answer (JSON) on standard output, and writes the rows as Parquet to the descriptor named in its argument.
It may be started ahead of the order: then its libraries are loaded by the time the order comes.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parent))  # run as a script, not as a part of the package
from confine import confine

MEBI = 2**20
BATCH_ROWS = 100_000  # rows that are written at a time
AT_A_TIME = 2  # statements
AHEAD = 3  # such batches that may wait for being written
ALL_IDS = (-(2**62), 2**62)
AROUND = 1024  # MiB that Python, Arrow and the threads' stacks need beside DuckDB's own memory


def main() -> None:
    locks = confine()  # before anything starts a thread, which would go without
    import duckdb
    import pyarrow.parquet  # noqa: F401  loaded ahead of the order

    text = sys.stdin.buffer.read()
    if not text:
        return
    order = json.loads(text)
    limit(order["seconds"] * order["threads"], order["memory_mb"], order["file_mb"])
    try:
        answer: dict[str, Any] = {**compute(order, int(sys.argv[1])), "locks": locks}
    except duckdb.InterruptException:
        answer = {"failed": "time", "text": f"not done after {order['seconds']} s"}
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        answer = {"failed": "memory", "text": str(error)}
    except duckdb.Error as error:
        answer = {"failed": "query", "text": str(error)}
    except OSError as error:
        answer = {"failed": "disk", "text": str(error)}
    json.dump(answer, sys.stdout)


def limit(cpu_seconds: int, memory_mb: int, file_mb: int) -> None:
    """The kernel's limits, behind DuckDB's own: whoever passes those ends here."""
    _set(resource.RLIMIT_CPU, cpu_seconds + 10, cpu_seconds + 15)
    _set(resource.RLIMIT_DATA, (memory_mb * 5 // 4 + AROUND) * MEBI)
    _set(resource.RLIMIT_FSIZE, file_mb * MEBI)
    _set(resource.RLIMIT_NOFILE, 256)
    _set(resource.RLIMIT_CORE, 0)


def _set(what: int, soft: int, hard: int | None = None) -> None:
    resource.setrlimit(what, (soft, soft if hard is None else hard))


def compute(order: dict[str, Any], out: int) -> dict[str, Any]:
    """Run the order's statements over the tables and write their rows to the descriptor."""
    import duckdb

    began, cpu, libraries = time.monotonic(), time.process_time(), _peak_mb()
    with locked(order) as con, os.fdopen(out, "wb") as file:
        running = Running(con, order)
        alarm = threading.Timer(order["seconds"], running.stop)
        alarm.daemon = True
        alarm.start()
        rows = write(running.readers(), file, order["repeated"])
        file.flush()
        os.fsync(out)
        alarm.cancel()
    return {
        "rows": rows,
        "seconds": time.monotonic() - began,
        "cpu_seconds": time.process_time() - cpu,
        "peak_mb": _peak_mb(),
        "libraries_mb": libraries,
        "engine": f"duckdb {duckdb.__version__}",
    }


def _peak_mb() -> int:
    """The most memory this process took; what getrusage says would count the process that started it."""
    with suppress(OSError, StopIteration), open("/proc/self/status") as status:
        return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


class Running:
    """The statements of an order, each on a connection of its own; `stop` ends what runs and what is still to run.

    Two at a time: to plan one, to read its rows and to write them takes a single thread.
    """

    def __init__(self, con: Any, order: dict[str, Any]) -> None:
        self.between, self.stopped = order["between"], False
        self.jobs = [
            (con.cursor(), part["sql"], ends)
            for part in order["parts"]
            for ends in ranges(con, part["base"], part["slices"])
        ]

    def readers(self) -> Iterator[Any]:
        """The rows of each statement, in turn; of many subjects those of one range of ids after the other."""
        with ThreadPoolExecutor(AT_A_TIME) as beside:
            begun: deque[Future[Any]] = deque()
            for job in self.jobs:
                if len(begun) == AT_A_TIME:
                    yield begun.popleft().result()
                begun.append(beside.submit(self._begin, *job))
            for each in begun:
                yield each.result()

    def _begin(self, con: Any, sql: str, ends: tuple[int, int]) -> Any:
        """Until the first rows are there."""
        import duckdb

        if self.stopped:
            raise duckdb.InterruptException
        for name, value in zip(self.between, ends, strict=True):
            con.execute(f"SET VARIABLE {name} = {int(value)}::BIGINT")
        return con.sql(sql).to_arrow_reader(BATCH_ROWS)

    def stop(self) -> None:
        self.stopped = True
        for con, *_rest in self.jobs:
            con.interrupt()


def ranges(con: Any, base: str, slices: int) -> list[tuple[int, int]]:
    """So many ranges of ids, equally wide, that hold all subjects of the SELECT `base`."""
    if slices > 1:
        first, last = con.execute(f"SELECT min(subject_id), max(subject_id) FROM ({base}) AS b").fetchone()
        if first is not None:
            starts = [first + (last + 1 - first) * n // slices for n in range(slices + 1)]
            return [(start, end - 1) for start, end in pairwise(starts)]
    return [ALL_IDS]


def write(found: Iterator[Any], file: Any, repeated: list[str]) -> int:
    """All rows into one Parquet file; returns how many. They are written while the next are computed."""
    import pyarrow.parquet as pq

    rows, first = 0, next(found)
    how = {"compression": "snappy", "store_schema": False, "use_dictionary": repeated}
    with pq.ParquetWriter(file, first.schema, **how) as writer, ThreadPoolExecutor(1) as beside:
        waiting: deque[Future[None]] = deque()
        for batch in chain.from_iterable(chain([first], found)):
            while len(waiting) >= AHEAD:
                waiting.popleft().result()
            waiting.append(beside.submit(writer.write_batch, batch))
            rows += batch.num_rows
        for written in waiting:
            written.result()
    return rows


def locked(order: dict[str, Any]) -> Any:
    """A connection that can read the order's files and nothing else; its settings cannot be changed back."""
    import duckdb

    con = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": f"{order['memory_mb']}MB",
            "threads": order["threads"],
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
            "temp_directory": "",
            # facts are joined to subjects as they are written: DuckDB takes the many subjects left for few
            "disabled_optimizers": "build_side_probe_side",
        },
    )
    con.execute("CREATE TABLE withheld (subject VARCHAR, subject_id BIGINT)")
    for subject, ids in order["withheld"]:
        con.execute("INSERT INTO withheld SELECT ?, unnest(?::BIGINT[])", [subject, ids])
    con.execute("CREATE TABLE asked AS SELECT unnest(?::BIGINT[]) AS subject_id", [order["asked"]])
    con.execute("SET allowed_paths = ?", [order["files"]])
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    for name, select in order["tables"].items():
        con.execute(f"CREATE VIEW {name} AS {select}")
    return con


if __name__ == "__main__":
    main()
