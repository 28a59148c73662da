"""24 past months computed anew and held against what was paid: everybody, and the one person in a hundred who changed.

On SQLite with the product's own tables and the product's own way: facts frozen (only what changed is read), 24 months in
one statement, the difference against the approved runs in another, every difference written with its cause and the
facts that came late. The months were paid by approved runs whose ledgers stand in the database. Then 1 % of the people
turn out otherwise (of six one had died, one had moved within the city or not, two were assessed anew and registered as
poor, two are said again without a change) and a rate is adopted late. Every way runs in a process of its own; the people are made up.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.benefits_month import MONTH, RECORDED, SPELL_COLUMNS, Stages, division, now, way_build, years

CITY = 330200000000
POLICIES = ("ningbo-advanced-age-allowance", "jiangbei-home-care-hours")
NEW_RATE = (
    "      - from: 2026-03-01\n        table: {80: 60, 90: 100, 100: 900}\n        source: 补调百岁老人标准\n"
)
COLUMNS = ["what", "wall s", "CPU s", "peak MiB", "rows"]


def measure(arguments: list[str]) -> dict[str, Any]:
    """`./run bench corrections_years [people]`; the default is 1,000,000."""
    people = int(arguments[0]) if arguments else 1_000_000
    with tempfile.TemporaryDirectory(prefix="yanglao-bench-") as folder:
        build = step("build", Path(folder), people)
        paid = step("paid", Path(folder), people)
        whole = step("everybody", Path(folder), people)
        few = step("changed", Path(folder), people)
    rows = [
        {**row, "what": f"{label}: {row['what']}"}
        for label, found in (("everybody", whole), ("1 % changed", few))
        for row in (*found["stages"], found["total"])
    ]
    return {
        "table": [{name: row.get(name, "") for name in COLUMNS} for row in rows],
        "notes": [
            f"{people:,} people, {build['circumstances']:,} circumstances, 24 months paid: {paid['lines']:,} lines",
            f"everybody: {told(whole)}; a rate of March adopted in November is one of the causes",
            f"1 % changed: {told(few)}; {few['checked']:,} persons computed",
            f"what is found is what a second reckoning finds, set against set in the database: "
            f"{'yes' if whole['same'] and few['same'] else 'NO'}",
            "after booking everything a third recomputation finds nothing: "
            + ("yes" if few["settled"] else "NO"),
            "CPU and peak of a stage include the locked process it starts",
            ", ".join(f"{p} {version(p)}" for p in ("duckdb", "pyarrow", "django", "adbc-driver-sqlite")),
        ],
        "people": people,
    }


def told(found: dict[str, Any]) -> str:
    sums = ", ".join(f"{cause} {n:,}" for cause, n in sorted(found["causes"].items()))
    return f"{found['found']:,} differences ({sums})"


def step(name: str, folder: Path, people: int) -> dict[str, Any]:
    """Run one way in a fresh process."""
    environment = {
        **os.environ,
        "YANGLAO_DATABASE": f"sqlite://{folder / 'city.sqlite3'}",
        "YANGLAO_VAR": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "yanglao.settings",
    }
    command = [sys.executable, "-m", "bench.corrections_years", name, str(folder), str(people)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"{name}: {result}", file=sys.stderr)
    return result


def way_build_all(folder: Path, people: int) -> dict[str, Any]:
    """The registry of the month's measurement, with applications for hours of care at home."""
    from yanglao.kernel.bulk import insert
    from yanglao.registers.people.models import Circumstance

    made = way_build(folder, people)
    asked = (
        (
            n,
            "allowance_application",
            "home_care_subsidy",
            "home_care_subsidy",
            dt.date(2024, 6, 1),
            None,
            RECORDED,
            "街道",
        )
        for n in range(1, people + 1)
        if n % 3 == 0 and division(n) // 10**6 == 330205
    )
    return {**made, "circumstances": made["circumstances"] + insert(Circumstance, SPELL_COLUMNS, asked)}


# --- the months that were paid -------------------------------------------------------------------------------------


def way_paid(folder: Path, people: int) -> dict[str, Any]:
    """24 approved runs: the engine's rows in a file of each, and in the ledger."""
    from django.conf import settings
    from django.db import transaction

    from yanglao.entitlement.benefits.computing import LEDGER, lines_of
    from yanglao.entitlement.benefits.engine.duck import compute
    from yanglao.entitlement.benefits.ledger import write
    from yanglao.entitlement.benefits.models import Run
    from yanglao.entitlement.benefits.offered.queries import book_of, schema, take

    load_book()
    book = book_of(CITY)
    chosen, lines = [p for p in book.policies if p.id in POLICIES], 0
    snapshot = take(Path(settings.SNAPSHOTS) / "first" / "facts", schema(), known_at=now())
    for month in years():
        name = f"run-{int(month)}"
        result = compute(snapshot, chosen, [month], schema(), Path(settings.SNAPSHOTS) / name / LEDGER)
        with transaction.atomic():
            run = Run.objects.create(
                title=str(month), division_id=CITY, month=int(month), policies=list(POLICIES), policy_key="bench",
                state="approved", known_at=now(), computed_at=now(), snapshot=name, book=dict(book.texts()),
                book_sha=book.sha256, ledger_sha=result.sha256,
            )  # fmt: skip
            kept, _left_out = write(run, lines_of(result.table()))
            run.rows = kept.num_rows
            run.save()
        lines += run.rows
    run.snapshot = "first"  # whose frozen facts the recomputation starts from
    (Path(settings.SNAPSHOTS) / "first" / LEDGER).hardlink_to(Path(settings.SNAPSHOTS) / name / LEDGER)
    run.save()
    return {"lines": lines}


def load_book() -> None:
    """Ningbo's policies about persons, as if its folder had been loaded."""
    from django.conf import settings
    from django.utils import timezone

    from yanglao.entitlement.benefits.models import PolicyFile
    from yanglao.kernel.packs.models import City

    city = City.objects.create(id="ningbo", name="宁波市", root_id=CITY)
    folder = settings.CITIES / "ningbo" / "policies"
    PolicyFile.objects.bulk_create(
        PolicyFile(
            city=city, name=f"policies/{path.name}", text=path.read_text("utf8"), loaded_at=timezone.now()
        )
        for path in (
            folder / f"{name}.yaml" for name in ("advanced-age-allowance", "jiangbei-home-care-hours")
        )
    )


# --- what comes late -----------------------------------------------------------------------------------------------


def adopt_late() -> None:
    """A rate in force since March, published in November."""
    from yanglao.entitlement.benefits.models import PolicyFile

    file = PolicyFile.objects.get(name="policies/advanced-age-allowance.yaml")
    head, rates, rest = file.text.partition("        source: 2023年1月1日起调整80至89岁标准\n")
    PolicyFile.objects.filter(pk=file.pk).update(text=head + rates + NEW_RATE + rest)


def late_facts(ids: range) -> None:
    """Of each six: one had died, one had moved away, two were assessed anew and registered as poor, two are said again."""
    from django.db import connection, transaction
    from django.utils import timezone

    from yanglao.kernel.bulk import insert, update
    from yanglao.registers.people.models import Circumstance, Person

    moment = timezone.now() - dt.timedelta(minutes=1)
    text = moment.strftime("%Y-%m-%d %H:%M:%S.%f")
    with transaction.atomic():
        for kind, turns in KINDS.items():
            connection.cursor().execute(
                f"UPDATE people_circumstance SET replaced_at = %s WHERE kind = %s AND replaced_at IS NULL AND "
                f"person_id %% 100 = {ids.start % 100} AND person_id / 100 %% 6 IN ({turns})",
                [text, kind],
            )
        insert(Circumstance, SPELL_COLUMNS, _learned(ids, moment))
        update(Person, ["death_date", "updated_at"], _files(ids, moment))


KINDS = {"dead": "0", "ability": "1, 4", "economic": "1, 4", "residence": "2, 5", "hukou": "3"}  # turn of six


def _day(number: int) -> dt.date:
    return dt.date(2025, 1, 5) + dt.timedelta(days=number * 13 % 600)


def _learned(ids: range, moment: dt.datetime) -> Iterator[tuple[Any, ...]]:
    for n in ids:
        turn = n // 100 % 6
        if turn == 0:
            yield (n, "dead", "reported", "", _day(n), None, moment, "殡葬火化名单")
        elif turn in (1, 4):
            yield (n, "ability", f"gbt42195-2022:{1 + n % 4}", "", _day(n), None, moment, "评估")
            yield (n, "economic", "dibao", "", _day(n), None, moment, "低保名册")
        elif turn == 3:
            yield (n, "hukou", str(division(n)), "", dt.date(2000, 1, 1), _day(n), moment, "户籍迁移")
            yield (n, "hukou", str(division(n + 1 + n // 100 % 2)), "", _day(n), None, moment, "户籍迁移")
        else:
            yield (n, "residence", str(division(n)), "", dt.date(2000, 1, 1), None, moment, "走访")


def _files(ids: range, moment: dt.datetime) -> Iterator[tuple[Any, ...]]:
    from bench.benefits_month import died

    for n in ids:
        yield (_day(n) if n // 100 % 6 == 0 else died(n), moment, n)


# --- the ways ------------------------------------------------------------------------------------------------------


def way_everybody(folder: Path, people: int) -> dict[str, Any]:
    """1 % late facts and a late rate: a changed policy has everybody computed."""
    late_facts(range(100, people + 1, 100))
    adopt_late()
    return recompute()


def way_changed(folder: Path, people: int) -> dict[str, Any]:
    """Another 1 %: only those of whom something changed since are computed. Then everything is booked."""
    settle()
    late_facts(range(150, people + 1, 100))
    found = recompute()
    settle()
    return {**found, "settled": recompute(compare=False, whole=True)["found"] == 0}


def settle() -> None:
    """Decide on everything that was found, as the page would."""
    from yanglao.entitlement.corrections import actions
    from yanglao.entitlement.corrections.models import Correction
    from yanglao.kernel.scope import everything

    with everything("bench"):
        ids = list(Correction.objects.filter(state="proposed").values_list("pk", flat=True))
    actions.book(_officer(), ids=ids)


def recompute(*, compare: bool = True, whole: bool = False) -> dict[str, Any]:
    """Ask, reckon, keep: the stages timed one by one."""
    from django.db.models import Count

    from yanglao.entitlement.corrections import actions, reckoning
    from yanglao.entitlement.corrections.models import Correction, Recomputation
    from yanglao.kernel.scope import everything

    stages = Stages()
    originals = {name: getattr(reckoning, name) for name in STAGES}
    for name, what in STAGES.items():
        setattr(reckoning, name, _timed(stages, what, originals[name]))
    asked = Recomputation.objects.create(
        division_id=CITY, first=int(years()[0]), last=MONTH, whole=whole, asked_by="bench"
    )
    try:
        reckoned = reckoning.reckon(asked)
        stages.run("causes, and written", lambda: actions.keep(_officer(), asked, reckoned=reckoned))
    finally:
        for name, original in originals.items():
            setattr(reckoning, name, original)
    asked.refresh_from_db()
    with everything("bench"):
        rows = Correction.objects.filter(recomputation=asked).order_by().values_list("cause")
        causes = dict(rows.annotate(Count("pk")))
    total = {**stages.total("**whole way**"), "rows": asked.found}
    same = not compare or again(asked.pk, reckoned) == asked.found
    return {
        "stages": stages.rows, "total": total, "found": asked.found, "checked": asked.checked, "causes": causes,
        "same": same,
    }  # fmt: skip


STAGES = {
    "freeze": "facts frozen, what changed is read",
    "_compute": "24 months in one statement",
    "compare": "held against what was granted and corrected",
}


def _timed(stages: Stages, what: str, work: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args, **named: stages.run(what, lambda: work(*args, **named))


def again(recomputation: int, reckoned: Any) -> int:
    """How many differences the ledger and the engine's rows have when the database itself joins them, of persons
    that were computed; −1 when they are not those that were written."""
    import duckdb
    import pyarrow.parquet as pq
    from django.conf import settings
    from django.db import connection

    folder = Path(settings.SNAPSHOTS) / reckoned.frozen["snapshot"]
    with duckdb.connect(":memory:") as con:
        due = con.sql(
            f"SELECT policy, month, subject_id, payer // 1000000 AS account, amount_fen, COALESCE(quantity, 0) AS q "
            f"FROM read_parquet('{folder}/*.parquet')"
        ).to_arrow_table()
    assert pq  # the files are read by DuckDB
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE due (policy TEXT, month INT, subject_id INT, account INT, fen INT, q INT)"
        )
        cursor.execute("CREATE TEMP TABLE asked (id INTEGER PRIMARY KEY)")
        for batch in due.to_batches(max_chunksize=50_000):
            rows = zip(*(c.to_pylist() for c in batch.columns), strict=True)
            cursor.executemany("INSERT INTO due VALUES (%s, %s, %s, %s, %s, %s)", list(rows))
        cursor.executemany("INSERT INTO asked VALUES (%s)", [(n,) for n in reckoned.only or ()])
        everybody = "1" if reckoned.only is None else "subject_id IN (SELECT id FROM asked)"
        cursor.execute(
            "SELECT COUNT(*), SUM(fen) FROM (SELECT policy, month, subject_id, account, SUM(fen) AS fen, SUM(q) AS q FROM ("
            "SELECT policy, month, subject_id, account, fen, q FROM due UNION ALL "
            "SELECT policy, month, subject_id, payer / 1000000, -amount_fen, -COALESCE(quantity, 0) "
            "FROM benefits_ledgerline WHERE live AND kind = 'due' UNION ALL "
            "SELECT policy, month, subject_id, account / 1000000, -amount_fen, -quantity "
            "FROM corrections_correction WHERE state IN ('booked', 'waived')) "
            f"WHERE {everybody} GROUP BY 1, 2, 3, 4 HAVING SUM(fen) <> 0 OR SUM(q) <> 0)"
        )
        count, fen = cursor.fetchone()
        cursor.execute(
            "SELECT COALESCE(SUM(amount_fen), 0) FROM corrections_correction WHERE recomputation_id = %s",
            [recomputation],
        )
        written = cursor.fetchone()[0]
        for name in ("due", "asked"):
            cursor.execute(f"DROP TABLE {name}")
    return count if (fen or 0) == written else -1


def _officer() -> Any:
    from yanglao.kernel.accounts.actor import Actor

    return Actor.system("bench")


WAYS: dict[str, Callable[[Path, int], dict[str, Any]]] = {
    "build": way_build_all,
    "paid": way_paid,
    "everybody": way_everybody,
    "changed": way_changed,
}

if __name__ == "__main__":
    import django

    django.setup()
    from django.db import connection

    connection.cursor().execute("PRAGMA foreign_keys=OFF")  # the divisions are not loaded
    print(json.dumps(WAYS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))))
