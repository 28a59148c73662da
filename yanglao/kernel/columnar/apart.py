"""A process of its own that reads one SQLite database and answers with Arrow streams, or writes Parquet files.

`python apart.py FILE ROWS`: each line on standard input is a task (JSON): {"sql": SELECT}, answered on standard output
by one Arrow stream of batches of that many rows; with "to" (a path) and "columns" (pairs of name and type) the rows
go to that Parquet file, and the answer is a line of JSON with `rows` and `sha256`. All tasks see the database as it
was when the first was read. It ends when its input ends.

Why a process: the driver brings a SQLite library of its own. Two libraries in one process do not see each other's
locks, and POSIX drops a process's locks on a file when *any* of its handles is closed; the second library then takes
itself for the last reader, resets the write-ahead log under the first one, and the database is damaged
(sqlite.org/howtocorrupt.html, 2.2.1). Little is imported: it starts often.
"""

import json
import sys
from contextlib import closing
from pathlib import Path

import pyarrow as pa
from adbc_driver_sqlite import dbapi

sys.path.append(str(Path(__file__).parent))  # run as a script, not as a part of the package
from writing import TYPES, file_hash, typed, write_parquet


def main() -> None:
    with closing(dbapi.connect(f"file:{sys.argv[1]}?mode=ro")) as connection, connection.cursor() as cursor:
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": sys.argv[2]})
        for line in sys.stdin.buffer:
            task = json.loads(line)
            cursor.execute(task["sql"])
            answer = cursor.fetch_record_batch()
            if "to" in task:
                write(answer, task["columns"], Path(task["to"]))
            else:
                stream(answer)
            sys.stdout.buffer.flush()


def stream(answer: pa.RecordBatchReader) -> None:
    with pa.ipc.new_stream(sys.stdout.buffer, answer.schema) as out:
        for batch in answer:
            out.write_batch(batch)


def write(answer: pa.RecordBatchReader, columns: list[tuple[str, str]], path: Path) -> None:
    schema = pa.schema([(name, TYPES[kind]) for name, kind in columns])
    rows = write_parquet(path, schema, (typed(batch, schema) for batch in answer))
    said = json.dumps({"rows": rows, "sha256": file_hash(path)})
    sys.stdout.buffer.write(said.encode() + b"\n")


if __name__ == "__main__":
    try:
        main()
    except dbapi.Error as error:
        sys.exit(" ".join(str(error).split()))
