"""What drafts would do: two ledgers of one frozen snapshot held against one another, and the years to come.

Everything is set-based: the engine of record computes each ledger, DuckDB sums them. Only sums are kept.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any

import duckdb
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.offered.queries import (
    EngineFailed,
    Run,
    Snapshot,
    SnapshotChanged,
    compute_on,
    frozen_facts,
    schema,
    take,
)
from yanglao.entitlement.benefits.rules.book import Book, load_texts
from yanglao.entitlement.benefits.rules.months import Month, month_range
from yanglao.entitlement.policymaking.models import Study
from yanglao.entitlement.policymaking.mortality import mortality, survival
from yanglao.kernel.packs.problems import PackInvalid

YEARS = 6  # this year and the next five
AT_ONCE = 15_000_000  # persons times months that one process computes: a year of a large city, all six of a small one
BANDS = (0, 1_000, 5_000, 10_000, 50_000, 100_000)  # fen a month gained or lost
Progress = Callable[[int, int], None]

_PERSONS = """
CREATE TABLE who AS
SELECT p.person_id, p.sex, p.birth_date,
  CASE WHEN p.birth_date IS NULL THEN NULL ELSE date_diff('year', p.birth_date, $day)
    - CASE WHEN strftime($day, '%m-%d') < strftime(p.birth_date, '%m-%d') THEN 1 ELSE 0 END END AS age,
  COALESCE((SELECT min(c.value) FROM circumstance c WHERE c.kind = 'economic' AND c.person_id = p.person_id
    AND c.valid_from <= $day AND (c.valid_to IS NULL OR c.valid_to > $day)), '') AS economic
FROM person p
"""
_HELD = """
CREATE OR REPLACE TABLE held AS
SELECT COALESCE(a.subject, b.subject) AS subject, COALESCE(a.subject_id, b.subject_id) AS subject_id,
  COALESCE(b.county, a.county) AS county, COALESCE(a.fen, 0) AS before, COALESCE(b.fen, 0) AS after
FROM (SELECT subject, subject_id, max(place) // 1000000 * 1000000 AS county, CAST(sum(amount_fen) AS BIGINT) AS fen
      FROM first GROUP BY ALL) a
FULL JOIN (SELECT subject, subject_id, max(place) // 1000000 * 1000000 AS county,
      CAST(sum(amount_fen) AS BIGINT) AS fen FROM second GROUP BY ALL) b
  ON a.subject = b.subject AND a.subject_id = b.subject_id
"""
_SUMS = """CAST(count(*) FILTER (WHERE before > 0) AS BIGINT), CAST(sum(before) AS BIGINT),
  CAST(count(*) FILTER (WHERE after > 0) AS BIGINT), CAST(sum(after) AS BIGINT),
  CAST(count(*) FILTER (WHERE after > before) AS BIGINT),
  CAST(COALESCE(sum(after - before) FILTER (WHERE after > before), 0) AS BIGINT),
  CAST(count(*) FILTER (WHERE after < before) AS BIGINT),
  CAST(COALESCE(sum(after - before) FILTER (WHERE after < before), 0) AS BIGINT)"""
COUNTS = ("people_before", "people_after", "winners", "losers")
ROW = ("people_before", "before", "people_after", "after", "winners", "won", "losers", "lost")
GROUPS = {
    "division": "county",
    "age": "CASE WHEN age IS NULL THEN '' WHEN age >= 100 THEN '100' ELSE CAST(age // 5 * 5 AS VARCHAR) END",
    "sex": "COALESCE(CAST(sex AS VARCHAR), '')",
    "poverty": "COALESCE(economic, '')",
}


class NotComputed(Exception):
    """The study cannot be made; the text says why, for its page."""


def books(study: Study) -> list[Book]:
    """The policies in use, then those of each scenario. Raises NotComputed when one has mistakes."""
    found = []
    for texts in ({}, *(s["texts"] for s in study.scenarios)):
        try:
            found.append(load_texts({**study.base, **texts}, schema()))
        except PackInvalid as error:
            raise NotComputed(_("草稿有问题，先改正：%(what)s") % {"what": error.problems[0]}) from None
    return found


def latest_month(division: int) -> tuple[Run | None, Month]:
    """The latest month that was computed for a city and whose facts are still here; else last month, read anew."""
    runs = Run.objects.exclude(snapshot="").filter(division=division).order_by("-month", "-computed_at")
    for run in runs[:12]:
        if (Path(settings.SNAPSHOTS) / run.snapshot / "facts").is_dir():
            return run, Month.of(run.month)
    return None, Month.of(timezone.localdate()).previous


def perform(study: Study, progress: Progress = lambda done, total: None) -> dict[str, Any]:
    """Compute a study. Raises NotComputed with the reason in words."""
    folder = Path(settings.SNAPSHOTS) / f"study-{study.pk}-{token_hex(4)}"
    folder.mkdir(parents=True)
    try:
        return Work(study, folder, progress).result()
    except EngineFailed as error:
        raise NotComputed(_("测算没有完成：%(why)s") % {"why": error}) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Work:
    """One study at work in a folder of its own."""

    def __init__(self, study: Study, folder: Path, progress: Progress) -> None:
        self.study, self.folder, self.progress = study, folder, progress
        self.books = books(study)
        self.month = Month.of(study.month)
        self.simulates = study.kind == Study.Kind.SIMULATION
        self.done = 0

    def snapshot(self) -> tuple[Snapshot, str]:
        run, _month = latest_month(self.study.division_id)
        if run is not None:
            try:
                return frozen_facts(run), run.title
            except (SnapshotChanged, OSError, ValueError):
                pass  # archived, or of an older schema: the facts are read anew
        return take(self.folder / "facts", schema(), known_at=timezone.now()), ""

    def spans(self) -> list[tuple[Month, ...]]:
        """The months to compute, as many at once as their number of persons allows: a process for each span."""
        if not self.simulates:
            return [(self.month,)]
        months = month_range(Month(self.month.year, 1), Month(self.month.year + YEARS - 1, 12))
        years = max(1, AT_ONCE // (12 * max(1, self.facts.tables["person"].rows)))
        return [months[at : at + 12 * years] for at in range(0, len(months), 12 * years)]

    def ledger(self, number: int, months: Sequence[Month], out: Path) -> Path | None:
        """The ledger of one set of policies; None when none of them is in force then."""
        policies = [p for p in self.books[number].policies if any(p.in_force(m) for m in months)]
        if policies:
            compute_on(self.facts, policies, months, schema(), out)
        self.done += 1
        self.progress(self.done, self.total)
        return out if policies else None

    def result(self) -> dict[str, Any]:
        self.facts, source = self.snapshot()
        spans = self.spans()
        self.total = len(self.books) * len(spans)
        with duckdb.connect(":memory:") as con:
            self.facts.views(con, "person", "circumstance")
            con.execute(_PERSONS, {"day": self.month.last})
            con.register("alive", survival(mortality(), YEARS * 12 + 12))
            costs: list[dict[int, dict[str, Any]]] = [{} for _book in self.books]
            firsts = [self.book(con, number, spans, costs[number]) for number in range(len(self.books))]
            found: dict[str, Any] = {
                "source": source,
                "known_at": self.facts.known_at.isoformat(),
                "sha": self.facts.sha256,
                "persons": self.facts.tables["person"].rows,
                "coming": self.coming(con),
                "scenarios": [
                    {"title": scenario["title"], **compared(con, firsts[0], second, int(self.month))}
                    for scenario, second in zip(self.study.scenarios, firsts[1:], strict=True)
                ],
            }
        if self.simulates:
            years = range(self.month.year, self.month.year + YEARS)
            found["years"] = [{"year": y, "costs": [c.get(y, dict(NOTHING)) for c in costs]} for y in years]
        return found

    def book(
        self,
        con: duckdb.DuckDBPyConnection,
        number: int,
        spans: Sequence[tuple[Month, ...]],
        costs: dict[int, dict[str, Any]],
    ) -> Path | None:
        """Compute one set of policies span by span: its costs by year, and the ledger with the study's month."""
        first = None
        for at, months in enumerate(spans):
            out = self.ledger(number, months, self.folder / f"{number}-{at}.parquet")
            if out is not None and self.simulates:
                costs.update(self.costs(con, out))
            if self.month in months:
                first = out
            elif out is not None:
                out.unlink()
        return first

    def costs(self, con: duckdb.DuckDBPyConnection, out: Path) -> dict[int, dict[str, Any]]:
        """Per year what a ledger costs, with the living weighted by the mortality table, and how many of each kind of subject
        a month has on average."""
        _ledger(con, "lived", out)
        rows = con.execute(_COST, {"now": int(self.month)}).fetchall()
        found: dict[int, dict[str, Any]] = {}
        for year, subject, *sums, heads in rows:
            row = found.setdefault(year, {"fen": 0, "low": 0, "high": 0, "kinds": {}})
            for name, fen in zip(("fen", "low", "high"), sums, strict=True):
                row[name] += fen
            row["kinds"][subject] = round(heads / 12)
        return {
            year: {
                **{name: round(row[name]) for name in ("fen", "low", "high")},
                "people": sum(row["kinds"].values()),
                "kinds": row["kinds"],
            }
            for year, row in found.items()
        }

    def coming(self, con: duckdb.DuckDBPyConnection) -> int:
        """How many of the register turn 60 in the years to come: they are in the figures from then on."""
        last = Month(self.month.year + YEARS - 1, 12).last
        young = "birth_date > $day - INTERVAL 60 YEAR AND birth_date <= $last - INTERVAL 60 YEAR"
        asked = {"day": self.month.last, "last": last}
        return int(con.execute(f"SELECT count(*) FROM who WHERE {young}", asked).fetchall()[0][0])


NOTHING: dict[str, Any] = {"fen": 0, "low": 0, "high": 0, "people": 0, "kinds": {}}
# a subject that gets several payments in a month is one head
_COST = """
WITH heads AS (
  SELECT month, subject, subject_id, CAST(sum(amount_fen) AS BIGINT) AS fen FROM lived GROUP BY ALL),
lines AS (
  SELECT h.month // 100 AS year, h.subject, h.fen, w.sex,
    date_diff('month', w.birth_date, make_date($now // 100, $now % 100, 1)) AS age,
    greatest(0, (h.month // 100 - $now // 100) * 12 + h.month % 100 - $now % 100) AS ahead
  FROM heads h LEFT JOIN who w ON h.subject = 'person' AND w.person_id = h.subject_id)
SELECT year, subject, sum(fen * COALESCE(a.middle, 1)), sum(fen * COALESCE(a.low, 1)), sum(fen * COALESCE(a.high, 1)),
  sum(COALESCE(a.middle, 1))
FROM lines LEFT JOIN alive a ON a.sex = lines.sex AND a.age = greatest(0, lines.age) AND a.ahead = lines.ahead
GROUP BY year, subject ORDER BY year, subject
"""
_EMPTY = (
    "SELECT 'person' AS subject, CAST(0 AS BIGINT) AS subject_id, CAST(0 AS BIGINT) AS amount_fen, '' AS policy, "
    "'' AS bracket, CAST(0 AS BIGINT) AS place, CAST(0 AS BIGINT) AS month WHERE false"
)


def _ledger(con: duckdb.DuckDBPyConnection, name: str, path: Path | None, month: int | None = None) -> None:
    quoted = str(path).replace("'", "''")
    only = "" if month is None else f" WHERE month = {month}"
    rows = _EMPTY if path is None else f"SELECT * FROM read_parquet('{quoted}'){only}"
    con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {rows}")


def compared(
    con: duckdb.DuckDBPyConnection, first: Path | None, second: Path | None, month: int
) -> dict[str, Any]:
    """Two ledgers in one month: totals, by division, age, sex, poverty and bracket; who gains and who loses."""
    _ledger(con, "first", first, month)
    _ledger(con, "second", second, month)
    con.execute(_HELD)
    con.execute(
        "CREATE OR REPLACE TEMP VIEW judged AS SELECT h.*, w.sex, w.age, w.economic FROM held h "
        "LEFT JOIN who w ON h.subject = 'person' AND w.person_id = h.subject_id"
    )
    total = _grouped(con, "''")
    found: dict[str, Any] = {"total": total[0] if total else {**_named((0,) * len(ROW)), "kinds": {}}}
    found["total"].pop("key", None)
    for name, expression in GROUPS.items():
        found[name] = _grouped(con, expression)
    found["bracket"] = _brackets(con)
    found["bands"] = _bands(con)
    return found


def _grouped(con: duckdb.DuckDBPyConnection, expression: str) -> list[dict[str, Any]]:
    """The sums by a key; how many of each kind of subject (persons, beds, homes …) stands in `kinds`."""
    rows = con.execute(
        f"SELECT {expression} AS key, subject, {_SUMS} FROM judged GROUP BY 1, 2 ORDER BY 1, 2"
    ).fetchall()
    found: dict[Any, dict[str, Any]] = {}
    for key, subject, *sums in rows:
        named = _named(sums)
        row = found.setdefault(key, {"key": key, **_named((0,) * len(ROW)), "kinds": {}})
        for name, value in named.items():
            row[name] += value
        row["kinds"][subject] = {name: named[name] for name in COUNTS}
    return list(found.values())


def _named(row: Iterable[Any]) -> dict[str, int]:
    return {name: int(value or 0) for name, value in zip(ROW, row, strict=True)}


def _brackets(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    rows = con.execute(
        """SELECT COALESCE(a.policy, b.policy), COALESCE(a.bracket, b.bracket), COALESCE(a.n, 0),
          COALESCE(a.fen, 0), COALESCE(b.n, 0), COALESCE(b.fen, 0)
        FROM (SELECT policy, bracket, count(*) AS n, CAST(sum(amount_fen) AS BIGINT) AS fen FROM first GROUP BY ALL) a
        FULL JOIN (SELECT policy, bracket, count(*) AS n, CAST(sum(amount_fen) AS BIGINT) AS fen FROM second
          GROUP BY ALL) b ON a.policy = b.policy AND a.bracket = b.bracket ORDER BY 1, 2"""
    ).fetchall()
    names = ("policy", "bracket", "people_before", "before", "people_after", "after")
    return [dict(zip(names, row, strict=True)) for row in rows]


def _bands(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """How many gain or lose how much a month: from (fen, exclusive) to (inclusive; 0: without end)."""
    found = []
    for low, high in zip(BANDS, (*BANDS[1:], 0), strict=True):
        for sign in (-1, 1):
            upper = f"AND {sign} * (after - before) <= {high}" if high else ""
            rows = con.execute(
                "SELECT subject, count(*), CAST(COALESCE(sum(after - before), 0) AS BIGINT) FROM judged "
                f"WHERE {sign} * (after - before) > {low} {upper} GROUP BY 1 ORDER BY 1"
            ).fetchall()
            if rows:
                kinds = {subject: n for subject, n, _fen in rows}
                people, fen = sum(kinds.values()), sum(row[2] for row in rows)
                band = {"sign": sign, "low": low, "high": high, "people": people, "fen": fen}
                found.append({**band, "kinds": kinds})
    return sorted(found, key=lambda b: b["sign"] * b["low"] + b["sign"])


def start_study(study: Study) -> None:
    """Refuse at once what cannot be computed. Raises ValidationError."""
    try:
        books(study)
    except NotComputed as error:
        raise ValidationError(str(error)) from None


def scenario(title: str, texts: Mapping[str, str]) -> dict[str, Any]:
    """A scenario as a study keeps it: the files that differ from those in use."""
    return {"title": title, "texts": dict(texts)}
