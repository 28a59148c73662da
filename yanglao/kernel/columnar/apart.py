"""A process of its own that reads one SQLite database and answers with Arrow streams, or writes Parquet files.

`python apart.py FILE ROWS READERS`: each line on standard input is a task (JSON). {"sql": SELECT} is answered on
standard output by one Arrow stream of batches of that many rows. {"write": [{"sql", "plain", "columns", "to",
"grouped"}, …]} writes the rows of each SELECT to the Parquet file `to`, in columns of these names and types, several at
a time by that many readers; the answer is a line of JSON, a list of `rows` and `sha256`. {"begin": true} lets every reader begin,
{"begin": false} asks whether the process is ready; the answer is a line of JSON. All tasks see the database as it was when its reader began. It ends when its input ends.

Why a process: the driver brings a SQLite library of its own. Two libraries in one process do not see each other's
locks, and POSIX drops a process's locks on a file when *any* of its handles is closed; the second library then takes
itself for the last reader, resets the write-ahead log under the first one, and the database is damaged
(sqlite.org/howtocorrupt.html, 2.2.1). Little is imported, for it starts often: the driver's own interface for Python
would bring a data-frame library with it.
"""

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import adbc_driver_manager as adbc
import adbc_driver_sqlite
import pyarrow as pa

sys.path.append(str(Path(__file__).parent))  # run as a script, not as a part of the package
from writing import TYPES, file_hash, typed, write_parquet

MAPPED = 2**35  # bytes of the file that are read through memory
NOTHING = "SELECT COUNT(*) AS n FROM sqlite_master"


class NoPandas:
    """Arrow would load pandas, where it is there, for half a second; None in sys.modules it takes for the module."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


class Connection:
    """One reader. From its first SELECT to its end it sees one state."""

    def __init__(self, path: str, rows: str) -> None:
        self.rows = rows
        self.database = adbc_driver_sqlite.connect(f"file:{path}?mode=ro")
        self.connection = adbc.AdbcConnection(self.database)
        self.run(f"PRAGMA mmap_size={MAPPED}")
        self.connection.set_autocommit(False)

    def close(self) -> None:
        self.connection.close()
        self.database.close()

    @contextmanager
    def select(self, sql: str) -> Iterator[pa.RecordBatchReader]:
        with adbc.AdbcStatement(self.connection) as statement:
            statement.set_options(**{"adbc.sqlite.query.batch_rows": self.rows})
            statement.set_sql_query(sql)
            stream, _rows = statement.execute_query()
            with pa.RecordBatchReader.from_stream(stream) as answer:
                yield answer

    def run(self, sql: str) -> None:
        with self.select(sql) as answer:
            answer.read_all()

    def write(self, task: dict[str, Any]) -> dict[str, Any]:
        """The rows of a task in its file.

        The driver takes a column's type from its first rows. Where they are all null it guesses a number and fails
        at the first text: then the SELECT that has no nulls is read, which takes longer.
        """
        try:
            return self._write(task, task["plain"])
        except (adbc.Error, pa.ArrowException, OSError):
            return self._write(task, task["sql"])

    def _write(self, task: dict[str, Any], sql: str) -> dict[str, Any]:
        schema = pa.schema([(name, TYPES[kind]) for name, kind in task["columns"]])
        path = Path(task["to"])
        with self.select(sql) as answer:
            rows = write_parquet(path, schema, (typed(batch, schema) for batch in answer), task["grouped"])
        return {"rows": rows, "sha256": file_hash(path)}


def write(connections: list[Connection], tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The readers take turns at the tasks."""
    waiting: SimpleQueue[int] = SimpleQueue()
    for number in range(len(tasks)):
        waiting.put(number)
    found: dict[int, dict[str, Any]] = {}

    def work(connection: Connection) -> None:
        with suppress(Empty):
            while True:
                number = waiting.get_nowait()
                found[number] = connection.write(tasks[number])

    with ThreadPoolExecutor(len(connections)) as pool:
        for done in [pool.submit(work, connection) for connection in connections]:
            done.result()
    return [found[number] for number in range(len(tasks))]


def stream(answer: pa.RecordBatchReader) -> None:
    with pa.ipc.new_stream(sys.stdout.buffer, answer.schema) as out:
        for batch in answer:
            out.write_batch(batch)


def say(answer: object) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")


def answer(connections: list[Connection], task: dict[str, Any]) -> None:
    if "write" in task:
        say(write(connections, task["write"]))
    elif "sql" in task:
        with connections[0].select(task["sql"]) as batches:
            stream(batches)
    else:
        for connection in connections if task["begin"] else ():
            connection.run(NOTHING)
        say({"ready": len(connections)})


def main() -> None:
    sys.meta_path.insert(0, NoPandas)
    path, rows, readers = sys.argv[1:]
    with ExitStack() as stack:
        connections = [stack.enter_context(closing(Connection(path, rows))) for _ in range(int(readers))]
        for line in sys.stdin.buffer:
            answer(connections, json.loads(line))
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    try:
        main()
    except (adbc.Error, pa.ArrowException) as error:
        sys.exit(" ".join(str(error).split()))
