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
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parent))  # run as a script, not as a part of the package
from confine import confine

MEBI = 2**20
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
    """Run order["sql"] over the tables and write its rows to the descriptor."""
    import duckdb
    import pyarrow.parquet as pq

    began, cpu = time.monotonic(), time.process_time()
    with locked(order) as con, os.fdopen(out, "wb") as file:
        alarm = threading.Timer(order["seconds"], con.interrupt)
        alarm.daemon = True
        alarm.start()
        reader = con.sql(order["sql"]).to_arrow_reader(200_000)
        rows = 0
        how = {"compression": "snappy", "store_schema": False, "use_dictionary": order["repeated"]}
        with pq.ParquetWriter(file, reader.schema, **how) as writer:
            for batch in reader:
                writer.write_batch(batch)
                rows += batch.num_rows
        file.flush()
        os.fsync(out)
        alarm.cancel()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "rows": rows,
        "seconds": time.monotonic() - began,
        "cpu_seconds": time.process_time() - cpu,
        "peak_mb": peak,
        "engine": f"duckdb {duckdb.__version__}",
    }


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
