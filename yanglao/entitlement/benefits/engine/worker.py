"""The process a run is computed in: DuckDB shut off from files and network, with limits of memory and time.

A script of its own that imports nothing of the project: it reads one order (JSON) from standard input, gives one
answer (JSON) on standard output, and writes the rows to the Parquet file named in the order.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any

import duckdb
import pyarrow.parquet as pq


def main() -> None:
    order = json.load(sys.stdin)
    _limit(order["seconds"])
    try:
        answer = compute(order)
    except duckdb.OutOfMemoryException as error:
        answer = {"failed": "memory", "text": str(error)}
    except duckdb.Error as error:
        answer = {"failed": "query", "text": str(error)}
    json.dump(answer, sys.stdout)


def _limit(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds * 4, seconds * 4 + 5))  # several threads count together
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def compute(order: dict[str, Any]) -> dict[str, Any]:
    """Run order["sql"] over the tables and write its rows."""
    began = time.monotonic()
    with locked(order["tables"], order["memory_mb"], order["threads"], order["withheld"]) as con:
        reader = con.sql(order["sql"]).to_arrow_reader(200_000)
        rows = 0
        with pq.ParquetWriter(
            order["out"], reader.schema, compression="snappy", store_schema=False
        ) as writer:
            for batch in reader:
                writer.write_batch(batch)
                rows += batch.num_rows
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "rows": rows,
        "seconds": time.monotonic() - began,
        "peak_mb": peak,
        "engine": f"duckdb {duckdb.__version__}",
    }


def locked(
    tables: dict[str, str], memory_mb: int, threads: int, withheld: list[list[Any]]
) -> duckdb.DuckDBPyConnection:
    """A connection that can read these Parquet files and nothing else; its settings cannot be changed back."""
    con = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": f"{memory_mb}MB",
            "threads": threads,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
            "temp_directory": "",
        },
    )
    con.execute("CREATE TABLE withheld (subject VARCHAR, subject_id BIGINT)")
    if withheld:
        con.executemany("INSERT INTO withheld VALUES (?, ?)", withheld)
    con.execute("SET allowed_paths = ?", [list(tables.values())])
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    for name, path in tables.items():
        quoted = path.replace("'", "''")
        con.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{quoted}')")
    return con


if __name__ == "__main__":
    main()
