"""Twelve policies of real shapes, computed for everybody at once, beside OpenFisca-core on the same facts.

The policies (`bench/policies/`) are about persons, stays, places and workers: brackets, dated figures, applications,
proofs of life, the higher of two, exclusion, percentages with rounding, days in a home, instalments, tenure. Facts are
made up and lie in the same Parquet files for all. Every way runs in a process of its own; the engine as in a run: its
locked process, the ledger written and hashed. OpenFisca-core (AGPL) is a peer to measure against and no part of the
product: what holds when it cannot say, so that is looked up for it by DuckDB, and its amounts are written as bare columns;
once from the spells, as a register gives them, and once from the rows in which a snapshot keeps the latest spells side by
side, which is a part of the product and is made when the snapshot is taken.

Three comparisons: the whole way from the files to the amounts; calculating alone, on facts that are looked up already
and lie in memory, once as its columns and once as DuckDB's own tables; and the most memory a process took.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

MONTH, SAMPLE = 202610, 20_000
COLUMNS = ["what", "wall s", "CPU s", "peak MiB", "of it libraries", "rows", "yuan"]
POLICIES = Path(__file__).with_name("policies")
TIMES = 3


def measure(arguments: list[str]) -> dict[str, Any]:
    """`./run bench benefits_engine [persons] [many]`; the defaults are 1,000,000 and 10,000,000 (0: leave it out)."""
    people = int(arguments[0]) if arguments else 1_000_000
    many = int(arguments[1]) if len(arguments) > 1 else 10_000_000
    with tempfile.TemporaryDirectory(prefix="yanglao-bench-") as name:
        folder = Path(name)
        made = step("made", folder, people)
        runs = [step("month", folder, people) for _ in range(TIMES)]
        peer = [step("openfisca", folder, people) for _ in range(TIMES)]
        beside = [step("openfisca_beside", folder, people) for _ in range(TIMES)]
        memory = [step("memory", folder, people) for _ in range(TIMES)]
        rows = [*_listed(runs), *_listed(memory), *_listed(peer), *_listed(beside)]
        rows += step("years", folder, people)["stages"]
        rows += step("few", folder, people)["stages"]
        agree = step("agree", folder, min(people, SAMPLE))
        if many:
            shutil.rmtree(folder)
            folder.mkdir()
            step("made", folder, many)
            ten = [step("month", folder, many) for _ in range(TIMES)]
            tens = [step("openfisca_beside", folder, many)]
            rows += [*_listed(ten, f"{many:,} persons, "), *_listed(tens, f"{many:,} persons, ")]
    best, theirs = _best(runs, "in the process"), _whole(peer)
    alone = _best(memory, "calculating alone")
    return {
        "table": [{column: row.get(column, "") for column in COLUMNS} for row in rows],
        "notes": [
            *notes(people, made, best, theirs, alone, peer, agree),
            f"the peer's facts looked up from the latest spells side by side: {_against(best, _whole(beside))}; the same "
            f"amounts: {'yes' if all(run['same'] for run in beside) else 'NO'}",
            *([_many(many, _best(ten, "in the process"), _whole(tens), tens)] if many else []),
        ],
        "people": people,
    }


def _listed(runs: list[dict[str, Any]], before: str = "") -> list[dict[str, Any]]:
    return [
        {**row, "what": f"{before}{row['what']}, run {number}"}
        for number, run in enumerate(runs, 1)
        for row in run["stages"]
    ]


def _best(runs: list[dict[str, Any]], what: str) -> dict[str, Any]:
    rows = [row for run in runs for row in run["stages"] if what in row["what"]]
    found: dict[str, Any] = min(rows, key=lambda row: row["wall s"])
    return found


def _whole(peer: list[dict[str, Any]]) -> dict[str, Any]:
    """The peer's best whole way, and the best of its calculating alone."""
    whole = min((run["stages"][-1] for run in peer), key=lambda row: row["wall s"])
    return {**whole, "calculate": _best(peer, "calculating alone")}


def notes(
    people: int, made: Any, best: Any, theirs: Any, alone: Any, peer: list[dict[str, Any]], agree: Any
) -> list[str]:
    memory = theirs["peak MiB"] / best["peak MiB"]
    equal = all(run["same"] for run in peer)
    return [
        f"{people:,} persons, {made['rows']:,} rows of facts, {made['mib']} MiB of Parquet; the best of {TIMES} each",
        f"whole, from the same files to the amounts on disk: {_against(best, theirs)}. Ours reads the facts, looks up what holds "
        "when, calculates, sorts and writes the ledger; theirs is looking up, handing over, calculating and writing",
        f"calculating alone, facts looked up and in memory: {_against(alone, theirs['calculate'])}. Ours gives whole "
        "ledger rows (payer, bracket, payee) in 2 threads, theirs amounts in one",
        f"memory of the whole way: {best['peak MiB']} MiB against {theirs['peak MiB']} MiB, {memory:.1f} times; without "
        f"what the libraries took before any fact was read {_own(best)} MiB against {_own(theirs)} MiB, "
        f"{_own(theirs) / _own(best):.1f} times",
        f"both give the same to the fen for everybody and every policy: {'yes' if equal else 'NO'}",
        f"DuckDB and SQLite give the same rows for {agree['persons']:,} persons (EXCEPT both ways): "
        f"{'yes' if agree['sqlite'] else 'NO'}; PostgreSQL: {agree['postgres']}",
        ", ".join(f"{p} {version(p)}" for p in ("duckdb", "pyarrow", "sqlglot", "numpy", "openfisca-core")),
    ]


def _many(people: int, ours: Any, theirs: Any, peer: list[dict[str, Any]]) -> str:
    times = theirs["peak MiB"] / ours["peak MiB"]
    return (
        f"{people:,} persons, the peer's facts from the latest spells side by side: {_against(ours, theirs)}; memory "
        f"{ours['peak MiB']} MiB against {theirs['peak MiB']} MiB, {times:.1f} times; the same amounts: "
        f"{'yes' if all(run['same'] for run in peer) else 'NO'}"
    )


def _own(row: Any) -> int:
    """MiB a process took beside the libraries."""
    return int(row["peak MiB"]) - int(row["of it libraries"])


def _against(ours: Any, theirs: Any) -> str:
    """Wall and CPU seconds of two ways, and how many times quicker ours is."""
    said = (
        f"{ours[k]} {k} against {theirs[k]}, {theirs[k] / ours[k]:.1f} times" for k in ("wall s", "CPU s")
    )
    return "; ".join(said)


def step(name: str, folder: Path, people: int) -> dict[str, Any]:
    """Run one way in a fresh process."""
    command = [sys.executable, "-m", "bench.benefits_engine", name, str(folder), str(people)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "yanglao.settings"}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"{name}: {result}", file=sys.stderr)
    return result


def _setting() -> tuple[Any, Any]:
    from yanglao.entitlement.benefits.facts.schema import schema
    from yanglao.entitlement.benefits.rules.book import load_book

    return load_book(POLICIES, schema()).policies, schema()


def _months() -> tuple[Any, ...]:
    from yanglao.entitlement.benefits.rules.months import Month, month_range

    return month_range(Month(2024, 11), Month.of(MONTH))


def way_made(folder: Path, people: int) -> dict[str, Any]:
    from bench._made_up import make

    snapshot = make(folder / "facts", people)
    size = sum(path.stat().st_size for path, _part in snapshot.files())
    return {"rows": sum(t.rows for t in snapshot.tables.values()), "mib": size // 2**20}


def way_month(folder: Path, people: int) -> dict[str, Any]:
    return _computed(folder, "one month", (_months()[-1],), folder / "ledger.parquet")


def way_years(folder: Path, people: int) -> dict[str, Any]:
    return _computed(folder, "24 months in one statement", _months(), folder / "years.parquet")


def way_few(folder: Path, people: int) -> dict[str, Any]:
    few = list(range(1, people + 1, 100))
    return _computed(
        folder, "24 months of one person in a hundred", _months(), folder / "few.parquet", only=few
    )


def _computed(folder: Path, what: str, months: Any, out: Path, **more: Any) -> dict[str, Any]:
    """With an engine that stands ready, as the worker of a site does; its start is not in the figures."""
    from yanglao.entitlement.benefits.engine.duck import Engine, compute
    from yanglao.entitlement.benefits.snapshot import open_snapshot

    policies, schema = _setting()
    snapshot = open_snapshot(folder / "facts")
    with Engine(out) as engine:
        time.sleep(2)
        began, cpu = time.monotonic(), _cpu()
        result = compute(snapshot, policies, months, schema, out, engine=engine, **more)
        wall, spent = time.monotonic() - began, _cpu() - cpu
    money = {"rows": result.rows, "yuan": result.sum_fen // 100, "peak MiB": result.peak_mb}
    money["of it libraries"] = result.libraries_mb
    return {
        "stages": [
            {
                "what": f"{what}: in the process",
                "wall s": round(result.seconds, 2),
                "CPU s": round(result.cpu_seconds, 2),
                **money,
            },
            {
                "what": f"{what}: with compiling and verifying the snapshot",
                "wall s": round(wall, 2),
                "CPU s": round(spent, 2),
                **money,
            },
        ]
    }


def way_openfisca(folder: Path, people: int) -> dict[str, Any]:
    from bench._openfisca import FACTS

    return _openfisca(folder, FACTS, "OpenFisca")


def way_openfisca_beside(folder: Path, people: int) -> dict[str, Any]:
    from bench._openfisca import FACTS_BESIDE

    return _openfisca(folder, FACTS_BESIDE, "OpenFisca, latest spells side by side")


def _openfisca(folder: Path, facts: dict[str, str], who: str) -> dict[str, Any]:
    import duckdb
    import numpy as np

    from bench._openfisca import System

    columns, libraries = {}, _peak()
    stages = [Stage(f"{who}: facts looked up for it")]
    with duckdb.connect(":memory:", config={"threads": 2}) as con:
        for path in sorted((folder / "facts").glob("*.parquet")):
            con.read_parquet(str(path)).create_view(path.stem)
        for subject, sql in facts.items():
            columns[subject] = {
                k: v.filled() if hasattr(v, "filled") else v for k, v in con.execute(sql).fetchnumpy().items()
            }
    stages.append(stages[-1].then(f"{who}: facts handed over"))
    systems = {subject: System(subject, columns[subject]) for subject in facts}
    stages.append(stages[-1].then(f"{who}: calculating alone, columns in memory"))
    found = {subject: system.compute() for subject, system in systems.items()}
    stages.append(stages[-1].then(f"{who}: amounts written"))
    for subject, values in found.items():
        for name, v in values.items():
            np.save(folder / f"{name}.npy", (columns[subject]["id"][v > 0], v[v > 0]))
    stages[-1].end()
    peak = _peak()
    import pyarrow as pa  # to compare: it is no part of the peer's way

    rows = pa.concat_tables(
        pa.table(
            {
                "policy": pa.array([name] * int((v > 0).sum()), pa.string()),
                "subject_id": columns[s]["id"][v > 0],
                "fen": v[v > 0],
            }
        )
        for s, values in found.items()
        for name, v in values.items()
    )
    with duckdb.connect(":memory:") as con:
        con.register("theirs", rows)
        con.read_parquet(str(folder / "ledger.parquet")).create_view("ledger")
        ours = "SELECT substr(policy, 1, 3) AS policy, subject_id, amount_fen AS fen FROM ledger"
        both = [
            con.execute(f"SELECT policy, count(*) FROM ({a} EXCEPT ALL {b}) GROUP BY 1 ORDER BY 1").fetchall()
            for a, b in ((ours, "FROM theirs"), ("FROM theirs", ours))
        ]
        total = con.execute("SELECT sum(fen)::BIGINT FROM theirs").fetchall()[0][0]
    whole = {
        "what": f"{who}: whole",
        "wall s": round(sum(stage.wall for stage in stages), 2),
        "CPU s": round(sum(stage.cpu for stage in stages), 2),
        "peak MiB": peak,
        "of it libraries": libraries,
        "rows": rows.num_rows,
        "yuan": total // 100,
    }
    return {
        "stages": [*(stage.row for stage in stages), whole],
        "same": both == [[], []],
        "different": both,
    }


class Stage:
    """A stretch of time, by the clock and by the processor."""

    def __init__(self, what: str) -> None:
        self.what, self.began, self.cpu_began, self.wall, self.cpu = what, time.monotonic(), _cpu(), 0.0, 0.0

    def end(self) -> None:
        self.wall, self.cpu = time.monotonic() - self.began, _cpu() - self.cpu_began

    def then(self, what: str) -> Stage:
        self.end()
        return Stage(what)

    @property
    def row(self) -> dict[str, Any]:
        return {"what": self.what, "wall s": round(self.wall, 2), "CPU s": round(self.cpu, 2)}


def way_memory(folder: Path, people: int) -> dict[str, Any]:
    """Calculating alone: every subject's facts are looked up before and lie in DuckDB's own tables."""
    import duckdb
    import sqlglot

    from yanglao.entitlement.benefits.rules import staging
    from yanglao.entitlement.benefits.rules.compile import compile_policies
    from yanglao.entitlement.benefits.rules.narrowing import Stages
    from yanglao.entitlement.benefits.snapshot import open_snapshot

    policies, schema = _setting()
    staging.stages = lambda *_: Stages(own=False, first=())  # the facts of everybody, as the peer has them
    compiled = compile_policies(policies, (_months()[-1],), schema)
    tree = sqlglot.parse_one(compiled.sql, read="duckdb")
    named = tree.args["with_"].expressions
    facts = {cte.alias for cte in named if cte.alias.startswith("facts_")}
    with duckdb.connect(":memory:", config={"threads": 2}) as con:
        open_snapshot(folder / "facts").views(con)
        for name in facts:
            query = sqlglot.select("*").from_(name)
            query.set("with_", tree.args["with_"].copy())
            con.execute(f"CREATE TABLE the_{name} AS {query.sql('duckdb')}")
        for cte in named:
            if cte.alias in facts:
                cte.set("this", sqlglot.select("*").from_(f"the_{cte.alias}"))
        stage = Stage("calculating alone, facts in DuckDB's own tables in memory")
        rows = con.sql(tree.sql("duckdb")).to_arrow_table()
        stage.end()
    return {"stages": [{**stage.row, "rows": rows.num_rows}]}


def way_agree(folder: Path, people: int) -> dict[str, Any]:
    """The statement in the other dialects, over tables filled from the snapshot of fewer persons."""
    import sqlite3

    from bench._made_up import make
    from yanglao.entitlement.benefits.engine.duck import compute
    from yanglao.entitlement.benefits.rules.compile import compile_policies

    policies, schema = _setting()
    snapshot = make(folder / "few", people)
    months = _months()[-2:]
    expected = sorted(compute(snapshot, policies, months, schema, folder / "agree.parquet").tuples())
    with sqlite3.connect(":memory:") as con:
        _fill(con.execute, con.executemany, snapshot, schema, "?")
        sql = compile_policies(policies, months, schema, "sqlite").sql
        lite = sorted(tuple(row) for row in con.execute(sql))
    found = "not asked (set YANGLAO_BENCH_POSTGRES)"
    if address := os.environ.get("YANGLAO_BENCH_POSTGRES"):
        import psycopg

        with psycopg.connect(address) as pg, pg.cursor() as cursor:
            cursor.execute("CREATE SCHEMA bench; SET search_path TO bench")
            _fill(cursor.execute, cursor.executemany, snapshot, schema, "%s")
            cursor.execute("ANALYZE")
            cursor.execute(compile_policies(policies, months, schema, "postgres").sql)
            found = "yes" if sorted(cursor.fetchall()) == expected else "NO"
            pg.rollback()
    return {"persons": people, "sqlite": lite == expected, "postgres": found}


def _fill(execute: Any, many: Any, snapshot: Any, schema: Any, mark: str) -> None:
    import duckdb

    types = {"int": "BIGINT", "date": "DATE", "text": "TEXT"}
    with duckdb.connect(":memory:") as con:
        snapshot.views(con)
        for name in snapshot.tables:
            columns = schema.tables[name].columns
            execute(f"CREATE TABLE {name} ({', '.join(f'{c.name} {types[c.type]}' for c in columns)})")
            chosen = ", ".join(
                c.name if mark == "%s" or c.type != "date" else f"{c.name}::VARCHAR" for c in columns
            )
            rows = con.execute(f"SELECT {chosen} FROM {name}").fetchall()
            if rows:
                many(f"INSERT INTO {name} VALUES ({', '.join([mark] * len(columns))})", rows)


def _cpu() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, kinds))


def _peak() -> int:
    """The most memory this process took; what getrusage says would count the process that started it."""
    with suppress(OSError, StopIteration), open("/proc/self/status") as status:
        return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


WAYS: dict[str, Callable[[Path, int], dict[str, Any]]] = {
    "made": way_made,
    "month": way_month,
    "years": way_years,
    "few": way_few,
    "openfisca": way_openfisca,
    "openfisca_beside": way_openfisca_beside,
    "memory": way_memory,
    "agree": way_agree,
}

if __name__ == "__main__":
    if not sys.argv[1].startswith("openfisca"):  # the peer's process loads nothing of the site
        import django

        django.setup()
    print(json.dumps(WAYS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))))
