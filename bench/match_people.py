"""Another department's file against the register: exact, and by the scored rule, beside Splink on the same data.

Persons in SQLite (resident ids encrypted, found by blind index) and a file of rows with known
noise (`_noise.py` has the model and its shares): a quarter are strangers. *Exact* joins resident ids as they are read.
*Scored* is `registers.doubles.queries.match_rows`, whole: reading the register, indexing the file, blocks, scores.
*Splink* (DuckDB) gets the same records in plain, with pinyin, folded names, repaired lengths of ids and divisions
ready made, and is trained by itself on these data; its own reading of Parquet is not counted against it.

A row's answer is its best candidate that is not contested (an equal id under a contrary name is none). Precision: of
the answers given, how many are right. Recall: of the rows about people of the register, how many got the right one. *Hard* rows are those about people of the register whose
resident id is missing, wrong or another's; *strangers named* counts rows about nobody of the register that got an
answer. Each way runs in a process of its own.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import UUID

SEED = 20261122
COLUMNS = [
    "what",
    "wall s",
    "CPU s",
    "peak MiB",
    "answers",
    "precision %",
    "recall %",
    "hard recall %",
    "strangers named",
]


def measure(arguments: list[str]) -> dict[str, Any]:
    """`./run bench match [persons] [rows] [folder]`; the defaults are 1,000,000 and 200,000.

    In a folder that is named the city stays and is used again.
    """
    persons = int(arguments[0]) if arguments else 1_000_000
    rows = int(arguments[1]) if len(arguments) > 1 else persons // 5
    with tempfile.TemporaryDirectory(prefix="yanglao-bench-") as name:
        folder = Path(arguments[2] if len(arguments) > 2 else name)
        kept = folder / "built.json"
        if not kept.exists():
            kept.write_text(json.dumps(step("build", folder, persons, rows)))
        built = json.loads(kept.read_text())
        found = {way: step(way, folder, persons, rows) for way in ("exact", "scored", "doubles", "splink")}
    table = [row for result in found.values() for row in result["table"]]
    return {
        "table": [{name: row.get(name, "") for name in COLUMNS} for row in table],
        "notes": notes(built, found),
        "persons": persons,
        "rows": rows,
        "by_slip": found["scored"]["by_slip"],
    }


def notes(built: dict[str, Any], found: dict[str, dict[str, Any]]) -> list[str]:
    ours, theirs = found["scored"], found["splink"]
    versions = ", ".join(
        f"{p} {version(p)}" for p in ("duckdb", "splink", "opencc", "pypinyin", "cryptography")
    )
    missed = ", ".join(f"{slip} {share:.0%} of {n}" for slip, (share, n) in ours["by_slip"].items())
    return [
        f"{built['persons']:,} persons, {built['rows']:,} rows, {built['known']:,} of them about persons of the register, "
        f"{built['hard']:,} of these hard",
        f"scored / Splink (training and prediction): {ratio(ours, theirs, 'wall s')} of the time, "
        f"{ratio(ours, theirs, 'CPU s')} of the processor time, {ratio(ours, theirs, 'peak MiB')} of the memory",
        f"recall of scored rows by what was wrong with them (each kind, whatever else was wrong): {missed}",
        *theirs["notes"],
        f"the register against itself (suspected doubles): {found['doubles']['said']}",
        versions,
    ]


def ratio(ours: dict[str, Any], theirs: dict[str, Any], what: str) -> str:
    return f"{ours['table'][0][what] / theirs['table'][0][what]:.2f}"


def step(name: str, folder: Path, persons: int, rows: int) -> dict[str, Any]:
    """Run one way in a fresh process."""
    command = [sys.executable, "-m", "bench.match_people", name, str(folder), str(persons), str(rows)]
    environment = {
        **os.environ,
        "YANGLAO_DATABASE": f"sqlite://{folder / 'city.sqlite3'}",
        "YANGLAO_VAR": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "yanglao.settings",
    }
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"{name}: {result}", file=sys.stderr)
    return result


class Timed:
    """Wall and processor time of a piece of work, and the peak memory of the process."""

    def __enter__(self) -> Timed:
        self.began, self.cpu = time.monotonic(), time.process_time()
        return self

    def __exit__(self, *error: object) -> None:
        self.row = {
            "wall s": round(time.monotonic() - self.began, 1),
            "CPU s": round(time.process_time() - self.cpu, 1),
            "peak MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }


# --- the city ---------------------------------------------------------------------------------------------------


def way_build(folder: Path, persons: int, rows: int) -> dict[str, Any]:
    """The register in SQLite, and the file beside it (pickled, as an importer hands rows over)."""
    from django.core.management import call_command
    from django.db import connection, transaction

    from bench import _noise
    from yanglao.kernel.bulk import insert
    from yanglao.registers.people.models import Person

    call_command("migrate", verbosity=0)
    connection.cursor().execute("PRAGMA foreign_keys=OFF")  # streets and villages are not loaded
    people = _noise.register(persons, SEED)
    with transaction.atomic():
        insert(Person, PERSON, (stored(who) for who in people))
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    found = _noise.file(people, rows, SEED)
    (folder / "people.pickle").write_bytes(pickle.dumps(people))
    (folder / "rows.pickle").write_bytes(pickle.dumps(found))
    known = [who for who in found if who.number > 0]
    return {"persons": persons, "rows": rows, "known": len(known), "hard": sum(hard(who) for who in known)}


PERSON = ["id", "uid", "name", "pinyin", "initials", "sex", "birth_date", "ethnicity", "note", "id_number"]
PERSON += [
    "id_number_hash",
    "id_tail_hash",
    "hukou_id",
    "residence_id",
    "economic",
    "living",
    "ability",
    "source",
]
PERSON += ["added_at", "updated_at"]
RECORDED = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)


def stored(who: Any) -> tuple[Any, ...]:
    from yanglao.kernel.crypto.keyring import blind_index, seal
    from yanglao.registers.people.models import ID_PATH, TAIL_PATH
    from yanglao.registers.people.rules.names import initials, pinyin

    uid, number = UUID(int=who.number), who.id_number
    said = (who.name, pinyin(who.name), initials(who.name), who.sex, who.birth_date, "01", "")
    index = (blind_index(ID_PATH, number), blind_index(TAIL_PATH, number[-4:]))
    places = (who.hukou, who.residence, "", "", "", "", RECORDED, RECORDED)
    return (who.number, uid, *said, seal(ID_PATH, uid, number), *index, *places)


def hard(who: Any) -> bool:
    """Whether a row about a person of the register cannot be found by its resident id."""
    return any(slip.startswith("id:") for slip in who.slips)


def loaded(folder: Path, name: str) -> Any:
    return pickle.loads((folder / f"{name}.pickle").read_bytes())


# --- the ways ---------------------------------------------------------------------------------------------------


def way_exact(folder: Path, persons: int, rows: int) -> dict[str, Any]:
    """Resident ids joined as read, in both lengths: what most systems do."""
    from yanglao.kernel.crypto.keyring import blind_index
    from yanglao.registers.doubles.matching import reading
    from yanglao.registers.doubles.rules import ids
    from yanglao.registers.people.models import ID_PATH

    found = loaded(folder, "rows")
    with Timed() as timed:
        table = reading.register(merged=True)
        keys = dict(zip(table["id_hash"].to_pylist(), table["key"].to_pylist(), strict=True))
        answers = {
            n: keys.get(blind_index(ID_PATH, number))
            for n, who in enumerate(found)
            if (number := ids.read(who.id_number))
        }
    given = {n: person for n, person in answers.items() if person}
    return {"table": [{"what": "exact: resident id only", **timed.row, **judged(given, found)}]}


def way_scored(folder: Path, persons: int, rows: int) -> dict[str, Any]:
    from yanglao.registers.doubles import queries

    found = loaded(folder, "rows")
    asked = [
        queries.MatchRow(n, who.id_number, who.name, who.birth_date, who.sex, (who.residence,))
        for n, who in enumerate(found)
    ]
    with Timed() as timed:
        candidates = queries.match_rows(asked, limit=5)
        answers = {n: c for n, found_for in candidates.items() if (c := queries.best(found_for))}
    table, probable = [], {}
    for label, bands in BANDS.items():
        given = {n: c.person_id for n, c in answers.items() if c.band in bands}
        probable = given if bands == ANSWERED else probable
        table.append({"what": f"scored: {label}", **timed.row, **judged(given, found)})
    table[0], table[1] = table[1], table[0]  # the one the ratios are of comes first
    return {"table": table, "by_slip": by_slip(probable, found)}


ANSWERED = ("same", "probable")
BANDS = {
    "best is 同一人": ("same",),
    "best is 很可能 or better": ("same", "probable"),
    "best is 可能 or better": ("same", "probable", "possible"),
}


def way_doubles(folder: Path, persons: int, rows: int) -> dict[str, Any]:
    from collections import Counter

    from yanglao.registers.doubles import queries

    with Timed() as timed:
        counted = Counter(pair.band for pair in queries.suspects())
    said = f"{timed.row['wall s']} s, {timed.row['peak MiB']} MiB; pairs of different persons proposed: {dict(counted)}"
    return {"table": [], "said": said}


def way_splink(folder: Path, persons: int, rows: int) -> dict[str, Any]:
    from bench import _splink

    people, found = loaded(folder, "people"), loaded(folder, "rows")
    return _splink.run(folder, people, found, lambda given: judged(given, found), Timed)


# --- judging ----------------------------------------------------------------------------------------------------


def judged(given: Mapping[int, int], found: list[Any]) -> dict[str, Any]:
    """How many of the answers (row → person) are right, and how many rows got the right one."""
    right = sum(found[n].number == person for n, person in given.items())
    known = sum(who.number > 0 for who in found)
    hardest = [n for n, who in enumerate(found) if who.number > 0 and hard(who)]
    reached = sum(given.get(n) == found[n].number for n in hardest)
    return {
        "answers": len(given),
        "precision %": round(100 * right / len(given), 3) if given else "",
        "recall %": round(100 * right / known, 3),
        "hard recall %": round(100 * reached / len(hardest), 2) if hardest else "",
        "strangers named": sum(found[n].number < 0 for n in given),
    }


def by_slip(given: Mapping[int, int], found: list[Any]) -> dict[str, tuple[float, int]]:
    """Recall by what was wrong, among the hard rows."""
    counted: dict[str, list[bool]] = {}
    for n, who in enumerate(found):
        if who.number > 0 and hard(who):
            for slip in who.slips:
                counted.setdefault(slip, []).append(given.get(n) == who.number)
    return {slip: (sum(r) / len(r), len(r)) for slip, r in sorted(counted.items())}


def main(name: str, folder: str, persons: str, rows: str) -> None:
    import django

    django.setup()
    ways: dict[str, Callable[..., Any]] = {
        "build": way_build,
        "exact": way_exact,
        "scored": way_scored,
        "doubles": way_doubles,
        "splink": way_splink,
    }
    print(json.dumps(ways[name](Path(folder), int(persons), int(rows)), ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
