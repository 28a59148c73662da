"""The engine's process under attack: hostile SQL past every other lock, bombs, tampering, and plain bad luck."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from yanglao.entitlement.benefits.engine import duck, statement, worker
from yanglao.entitlement.benefits.engine.duck import Engine, EngineFailed, Limits, Result, compute
from yanglao.entitlement.benefits.rules.book import Book
from yanglao.entitlement.benefits.rules.cases import Spell
from yanglao.entitlement.benefits.rules.compile import ROW, Compiled, compile_policies
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.snapshot import Snapshot, SnapshotChanged, take

from .conftest import SCHEMA
from .registry import KNOWN_AT, add_person, add_spell

pytestmark = pytest.mark.django_db
MONTHS = [Month(2026, 10)]
SMALL = Limits(seconds=20, memory_mb=200, threads=1)
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="locks of the Linux kernel")
HARMLESS = {name: "1" if kind == "int" else "'x'" for name, kind in ROW}


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    add_spell(add_person(1, date(1930, 1, 1)), "hukou", "330203001001", Spell(None, date(2000, 1, 1)))
    return take(tmp_path / "s", SCHEMA, known_at=KNOWN_AT)


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the compiler and the second parser had let everything through."""
    monkeypatch.setattr(duck, "verify", lambda *_: None)
    monkeypatch.setattr(statement, "_numbered", lambda column, _values: column)  # any text may stand there


def row(source: str, **values: str) -> str:
    """A SELECT of the shape of the ledger over anything."""
    chosen = ", ".join(f"{value} AS {name}" for name, value in {**HARMLESS, **values}.items())
    return f"SELECT {chosen} FROM {source}"


def attempt(snapshot: Snapshot, books: dict[str, Book], sql: str, limits: Limits = SMALL) -> Result:
    """Run any SQL in the process."""
    good = compile_policies(books["ningbo"].policies, MONTHS, SCHEMA)
    hostile = Compiled(sql, "duckdb", good.months, good.policies, good.tables)
    return duck.run(snapshot, hostile, snapshot.folder.parent / "ledger.parquet", limits)


def left(snapshot: Snapshot) -> list[str]:
    return sorted(path.name for path in snapshot.folder.parent.iterdir())


HOSTILE = [
    "SELECT content FROM read_text('/etc/passwd')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT content FROM read_blob('/etc/hostname')",
    "SELECT * FROM read_json('/etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM read_parquet('{outside}')",
    "SELECT * FROM read_parquet('{folder}/../outside.parquet')",
    "SELECT * FROM read_csv('{folder}/manifest.json')",
    "SELECT * FROM parquet_metadata('{outside}')",
    "SELECT * FROM read_csv('https://example.org/x.csv')",
    "SELECT getenv('PATH')",
    "COPY (SELECT 1) TO '{outside}.csv'",
    "COPY (SELECT 1) TO '{folder}/new.csv'",
    "EXPORT DATABASE '{folder}/out'",
    "ATTACH '{outside}.db'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '{outside}'",
    "SET enable_external_access = true",
    "SET allowed_paths = ['/etc/passwd']",
    "SET memory_limit = '100GB'",
    "RESET memory_limit",
    "SET temp_directory = '{folder}'",
    "SET lock_configuration = false",
    "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "SELECT * FROM sys",
    "SELECT * FROM os",
]


@pytest.mark.parametrize("sql", HOSTILE)
def test_hostile_statements_are_refused_by_the_connection_itself(sql: str, snapshot: Snapshot) -> None:
    import duckdb

    outside = snapshot.folder.parent / "outside.parquet"
    outside.write_bytes(next(snapshot.files())[0].read_bytes())
    order = {
        "tables": {"person": snapshot.select("person")},
        "files": [str(path.resolve()) for path, _part in snapshot.files()],
        "withheld": [],
        "asked": [],
        "memory_mb": 256,
        "threads": 1,
    }
    with worker.locked(order) as con:
        assert con.execute("SELECT COUNT(*) FROM person").fetchall() == [(1,)]
        with pytest.raises(duckdb.Error):
            con.execute(sql.format(outside=outside, folder=snapshot.folder)).fetchall()
    assert left(snapshot) == ["outside.parquet", "s"]
    snapshot.verify()


def test_a_run_names_the_locks_that_held_it(snapshot: Snapshot, books: dict[str, Book]) -> None:
    result = compute(snapshot, books["ningbo"].policies, MONTHS, SCHEMA, snapshot.folder.parent / "l.parquet")
    assert result.rows == 1
    if sys.platform == "linux":
        assert "seccomp" in result.locks
    assert result.path.stat().st_mode & 0o222 == 0


def confined(code: str) -> str:
    """What a program says after it has confined itself as the engine's process does."""
    start = (
        f"import sys; sys.path.append({str(duck.WORKER.parent)!r}); from confine import confine; confine()\n"
    )
    done = subprocess.run([sys.executable, "-c", start + code], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@LINUX
@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket()",
        "import socket; socket.socket(socket.AF_UNIX)",
        "import socket; socket.socketpair()",
        "import os; os.execv('/bin/true', ['true'])",
        "import subprocess; subprocess.run(['/bin/true'])",
        "import threading, socket, sys\n"
        "def thread():\n"
        "    try: socket.socket()\n"
        "    except OSError as error: print(type(error).__name__)\n"
        "t = threading.Thread(target=thread); t.start(); t.join()",
    ],
)
def test_it_has_no_network_and_starts_no_programs(code: str) -> None:
    assert "PermissionError" in confined(code)


def test_without_the_locks_a_socket_opens() -> None:
    """Else the test above would prove nothing."""
    socket.socket().close()


@LINUX
def test_it_writes_into_no_file_even_as_root(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    path.write_text("as it was")
    said = confined("from confine import confine; print(confine())")
    if "landlock" not in said:
        pytest.skip("this kernel has no landlock")
    for mode in ("w", "a", "r+"):
        assert "PermissionError" in confined(f"open({str(path)!r}, {mode!r})")
    assert "PermissionError" in confined(f"import os; os.unlink({str(path)!r})")
    assert "PermissionError" in confined(f"open({str(tmp_path / 'new')!r}, 'w')")
    assert path.read_text() == "as it was"


@pytest.mark.usefixtures("unguarded")
class TestBombs:
    def test_a_query_without_end_is_stopped(self, snapshot: Snapshot, books: dict[str, Book]) -> None:
        forever = row("range(10000000) a, range(10000000) b", amount_fen="sum(a.range)")
        with pytest.raises(EngineFailed) as failed:
            attempt(snapshot, books, forever, Limits(seconds=1, memory_mb=200, threads=1))
        assert failed.value.reason == "time"
        assert left(snapshot) == ["s"]

    @pytest.mark.parametrize(
        "sql",
        [
            row("(SELECT list(a.range) l FROM range(100000000) a)", amount_fen="len(l)"),
            row("range(40) t", policy="repeat('x', 200000000)"),
            row("(SELECT DISTINCT hash(range) h FROM range(100000000))", amount_fen="h"),
        ],
    )
    def test_a_query_without_measure_is_stopped(
        self, sql: str, snapshot: Snapshot, books: dict[str, Book]
    ) -> None:
        with pytest.raises(EngineFailed) as failed:
            attempt(snapshot, books, sql)
        assert failed.value.reason == "memory"
        assert left(snapshot) == ["s"]

    def test_a_result_that_does_not_fit_is_thrown_away(
        self, snapshot: Snapshot, books: dict[str, Book]
    ) -> None:
        """As on a full disk."""
        many = row("range(3000000) t", subject_id="hash(range) % 1000000000", policy="'p'")
        with pytest.raises(EngineFailed) as failed:
            attempt(snapshot, books, many, Limits(seconds=60, memory_mb=1000, threads=1, file_mb=1))
        assert failed.value.reason == "disk"
        assert left(snapshot) == ["s"]

    def test_what_overflows_says_so(self, snapshot: Snapshot, books: dict[str, Book]) -> None:
        with pytest.raises(EngineFailed, match=r"(?i)overflow") as failed:
            attempt(snapshot, books, row("range(2) t", amount_fen="9223372036854775807 + range"))
        assert failed.value.reason == "query"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(tmp_path / "ledger.parquet") as engine:
        yield engine


def test_a_process_killed_on_its_way_leaves_nothing(
    snapshot: Snapshot, books: dict[str, Book], engine: Engine
) -> None:
    os.kill(engine.process.pid, signal.SIGKILL)
    with pytest.raises(EngineFailed, match="SIGKILL") as failed:
        compute(snapshot, books["ningbo"].policies, MONTHS, SCHEMA, engine.out, engine=engine)
    assert failed.value.reason == "crash"
    engine.__exit__()
    assert left(snapshot) == ["s"]


def test_an_engine_nobody_asks_ends_quietly(tmp_path: Path) -> None:
    with Engine(tmp_path / "ledger.parquet") as engine:
        pass
    assert engine.process.returncode is not None
    assert list(tmp_path.iterdir()) == []


def test_a_snapshot_changed_during_the_run_makes_it_void(
    snapshot: Snapshot, books: dict[str, Book], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    true_run = Engine.run

    def and_tamper(self: Engine, *args: object) -> Result:
        result = true_run(self, *args)  # type: ignore[arg-type]
        path = next(snapshot.files())[0]
        path.chmod(0o644)
        path.write_bytes(path.read_bytes() + b" ")
        return result

    monkeypatch.setattr(Engine, "run", and_tamper)
    with pytest.raises(SnapshotChanged):
        compute(snapshot, books["ningbo"].policies, MONTHS, SCHEMA, engine.out, engine=engine)
    assert left(snapshot) == ["s"]


class TestRanges:
    """How the ids of many subjects are cut."""

    class Connection:
        def __init__(self, first: int | None, last: int | None) -> None:
            self.ends = first, last

        def execute(self, _sql: str) -> TestRanges.Connection:
            return self

        def fetchone(self) -> tuple[int | None, int | None]:
            return self.ends

    def test_every_id_is_in_one_range(self) -> None:
        found = worker.ranges(self.Connection(7, 40), "SELECT", 5)
        assert len(found) == 5
        assert [i for first, last in found for i in range(first, last + 1)] == list(range(7, 41))

    def test_few_or_none_are_not_cut(self) -> None:
        assert worker.ranges(self.Connection(7, 40), "SELECT", 1) == [worker.ALL_IDS]
        assert worker.ranges(self.Connection(None, None), "SELECT", 4) == [worker.ALL_IDS]
