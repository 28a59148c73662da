"""A process of its own that reads one SQLite database and answers with Arrow streams.

`python apart.py FILE ROWS`: each line on standard input is a SELECT as JSON text; each answer on standard output is one
Arrow stream of batches of that many rows. All of them are read in one transaction. It ends when its input ends.

Why a process: the driver brings a SQLite library of its own. Two libraries in one process do not see each other's
locks, and POSIX drops a process's locks on a file when *any* of its handles is closed; the second library then takes
itself for the last reader, resets the write-ahead log under the first one, and the database is damaged
(sqlite.org/howtocorrupt.html, 2.2.1). Only the standard library and the two packages below are imported: it starts
often.
"""

import json
import sys
from contextlib import closing

import pyarrow as pa
from adbc_driver_sqlite import dbapi


def main() -> None:
    with closing(dbapi.connect(f"file:{sys.argv[1]}?mode=ro")) as connection, connection.cursor() as cursor:
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": sys.argv[2]})
        for line in sys.stdin.buffer:
            cursor.execute(json.loads(line))
            answer = cursor.fetch_record_batch()
            with pa.ipc.new_stream(sys.stdout.buffer, answer.schema) as stream:
                for batch in answer:
                    stream.write_batch(batch)
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    try:
        main()
    except dbapi.Error as error:
        sys.exit(" ".join(str(error).split()))
