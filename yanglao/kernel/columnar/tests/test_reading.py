"""Columns are read the same by every way, and reading never disturbs who writes."""

import datetime as dt
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import DatabaseError, connection, transaction

from yanglao.kernel.columnar import BATCH_ROWS, Task, file_hash, reader
from yanglao.kernel.columnar.processes import ApartReader
from yanglao.kernel.divisions.models import Division

DIVISIONS = pa.schema([("code", pa.int64()), ("name", pa.string())])
ROWS = "SELECT code, name FROM divisions_division"
KINDS = pa.schema([("n", pa.int64()), ("t", pa.string()), ("d", pa.date32()), ("b", pa.binary())])
LINES = [
    {"n": None, "t": None, "d": None, "b": None},
    {"n": 2, "t": "二", "d": dt.date(1940, 2, 29), "b": b"\x01\x02"},
]


def kinds(path: Path) -> None:
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE kinds (n INTEGER, t TEXT, d TEXT, b BLOB)")
        made.executemany("INSERT INTO kinds VALUES (?, ?, ?, ?)", [
            (None, None, None, None), (2, "二", "1940-02-29", b"\x01\x02"),
        ])  # fmt: skip
    made.close()


def test_every_kind_of_column_comes_as_declared_nulls_first(tmp_path: Path) -> None:
    kinds(tmp_path / "a.sqlite3")
    apart = ApartReader(str(tmp_path / "a.sqlite3"))
    try:
        found = pa.Table.from_batches(apart.batches("SELECT * FROM kinds", KINDS, order="n"), KINDS)
        assert found.to_pylist() == LINES
        none = pa.Table.from_batches(apart.batches("SELECT * FROM kinds WHERE n = 9", KINDS), KINDS)
        assert none.num_rows == 0
    finally:
        apart.close()


def test_a_wrong_select_says_what_is_wrong(tmp_path: Path) -> None:
    kinds(tmp_path / "a.sqlite3")
    apart = ApartReader(str(tmp_path / "a.sqlite3"))
    with pytest.raises(DatabaseError, match="no such table: nowhere"):
        list(apart.batches("SELECT n FROM nowhere", pa.schema([("n", pa.int64())])))
    apart.close()


@pytest.mark.django_db(transaction=True)
def test_by_itself_and_in_a_transaction_the_rows_are_the_same() -> None:
    Division.objects.create(code=330000000000, name="浙江省", pinyin="zhejiang", initials="zj", level=1)
    with transaction.atomic(), reader() as source:
        assert source.method == "cursor"
        by_cursor = pa.Table.from_batches(source.batches(ROWS, DIVISIONS, order="code"), DIVISIONS)
    with reader() as source:
        direct = pa.Table.from_batches(source.batches(ROWS, DIVISIONS, order="code"), DIVISIONS)
    assert direct.equals(by_cursor)
    assert direct.to_pylist() == [{"code": 330000000000, "name": "浙江省"}]
    if connection.vendor == "postgresql":
        assert source.method == "adbc"


def test_the_driver_with_its_own_sqlite_is_never_in_this_process(tmp_path: Path) -> None:
    """Two SQLite libraries in one process reset each other's write-ahead log: the process died, the file was hurt."""
    kinds(tmp_path / "a.sqlite3")
    apart = ApartReader(str(tmp_path / "a.sqlite3"))
    list(apart.batches("SELECT * FROM kinds", KINDS))
    apart.close()
    code = "import sys, yanglao.kernel.columnar.reading; print('adbc_driver_sqlite.dbapi' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


def test_a_database_stays_sound_while_it_is_read_and_written(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    kinds(path)
    writer = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("PRAGMA mmap_size=268435456")
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            writer.execute("INSERT INTO kinds VALUES (1, hex(randomblob(2000)), NULL, NULL)")

    thread = threading.Thread(target=write)
    thread.start()
    for _ in range(3):
        apart = ApartReader(str(path))
        assert sum(b.num_rows for b in apart.batches("SELECT * FROM kinds", KINDS)) >= 2
        apart.close()
    stop.set()
    thread.join()
    assert writer.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    writer.close()


def test_a_column_that_begins_with_nothing_but_nulls_is_written_whole(tmp_path: Path) -> None:
    """The driver takes such a column for numbers, and fails at the first text."""
    with sqlite3.connect(tmp_path / "a.sqlite3") as made:
        made.execute("CREATE TABLE late (n INTEGER PRIMARY KEY, d TEXT)")
        made.execute(
            "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n <= ?) "
            "INSERT INTO late SELECT n, CASE WHEN n > ? THEN '1940-02-29' END FROM numbers",
            [BATCH_ROWS, BATCH_ROWS],
        )
    made.close()
    shape = pa.schema([("n", pa.int64()), ("d", pa.date32())])
    task = Task("SELECT n, d FROM late", shape, tmp_path / "late.parquet", "n")
    with closing(ApartReader(tmp_path / "a.sqlite3")) as apart:
        (written,) = apart.write([task])
    found = pq.read_table(task.path)
    assert (written.rows, written.sha256) == (BATCH_ROWS + 1, file_hash(task.path))
    assert found["d"].null_count == BATCH_ROWS
    assert found["d"][-1].as_py() == dt.date(1940, 2, 29)


def test_several_readers_see_the_state_in_which_they_began(tmp_path: Path) -> None:
    kinds(tmp_path / "a.sqlite3")
    writer = sqlite3.connect(tmp_path / "a.sqlite3", isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    tasks = [Task("SELECT * FROM kinds", KINDS, tmp_path / f"{n}.parquet", "n") for n in range(4)]
    with closing(ApartReader(tmp_path / "a.sqlite3", readers=2)) as apart:
        apart.begin()
        writer.execute("INSERT INTO kinds VALUES (3, NULL, NULL, NULL)")
        written = apart.write(tasks)
    writer.close()
    assert [w.rows for w in written] == [2, 2, 2, 2]
    assert len({w.sha256 for w in written}) == 1
    assert [pq.read_table(task.path).to_pylist() for task in tasks] == [LINES] * 4


def test_what_cannot_be_written_says_why(tmp_path: Path) -> None:
    kinds(tmp_path / "a.sqlite3")
    task = Task("SELECT n, t FROM nowhere", KINDS, tmp_path / "n.parquet", "n")
    apart = ApartReader(tmp_path / "a.sqlite3", readers=2)
    with closing(apart), pytest.raises(DatabaseError, match="no such table: nowhere"):
        apart.write([task])
