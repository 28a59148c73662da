"""What drafts would do: two ledgers of one frozen snapshot held against one another, and the years to come.

Everything is set-based: the engine of record computes each ledger, DuckDB sums them. Only sums are kept.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
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
        return _Work(study, folder, progress).result()
    except EngineFailed as error:
        raise NotComputed(_("测算没有完成：%(why)s") % {"why": error}) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Work:
    """One study at work in a folder of its own."""

    def __init__(self, study: Study, folder: Path, progress: Progress) -> None:
        self.study, self.folder, self.progress = study, folder, progress
        self.books = books(study)
        self.month = Month.of(study.month)
        self.simulates = study.kind == Study.Kind.SIMULATION
        self.total = len(self.books) * (1 + YEARS * self.simulates)
        self.done = 0

    def snapshot(self) -> tuple[Snapshot, str]:
        run, _month = latest_month(self.study.division_id)
        if run is not None:
            try:
                return frozen_facts(run), run.title
            except (SnapshotChanged, OSError, ValueError):
                pass  # archived, or of an older schema: the facts are read anew
        return take(self.folder / "facts", schema(), known_at=timezone.now()), ""

    def ledger(self, number: int, months: Iterable[Month], name: str) -> Path | None:
        """The ledger of one set of policies; None when none of them is in force then."""
        months = list(months)
        policies = [p for p in self.books[number].policies if any(p.in_force(m) for m in months)]
        self.done += 1
        self.progress(self.done, self.total)
        if not policies:
            return None
        out = self.folder / f"{name}-{number}.parquet"
        compute_on(self.facts, policies, months, schema(), out)
        return out

    def result(self) -> dict[str, Any]:
        self.facts, source = self.snapshot()
        found: dict[str, Any] = {
            "source": source,
            "known_at": self.facts.known_at.isoformat(),
            "sha": self.facts.sha256,
            "persons": self.facts.tables["person"].rows,
            "scenarios": [],
        }
        with duckdb.connect(":memory:") as con:
            self.facts.views(con, "person", "circumstance")
            con.execute(_PERSONS, {"day": self.month.last})
            first = self.ledger(0, [self.month], "month")
            for number, scenario in enumerate(self.study.scenarios, 1):
                second = self.ledger(number, [self.month], "month")
                found["scenarios"].append({"title": scenario["title"], **compared(con, first, second)})
            if self.simulates:
                found["years"] = self.years(con)
        return found

    def years(self, con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
        """Per year the cost of each set of policies, with the living weighted by the mortality table."""
        con.register("alive", survival(mortality(), YEARS * 12 + 12))
        rows = []
        for year in range(self.month.year, self.month.year + YEARS):
            months = month_range(Month(year, 1), Month(year, 12))
            costs = [self.cost(con, number, months) for number in range(len(self.books))]
            rows.append({"year": year, "costs": costs})
        return rows

    def cost(self, con: duckdb.DuckDBPyConnection, number: int, months: tuple[Month, ...]) -> dict[str, int]:
        out = self.ledger(number, months, f"y{months[0].year}")
        if out is None:
            return {"fen": 0, "low": 0, "high": 0, "people": 0}
        try:
            _ledger(con, "lived", out)
            fen, low, high, heads = con.execute(_COST, {"now": int(self.month)}).fetchall()[0]
        finally:
            out.unlink()
        return {"fen": round(fen), "low": round(low), "high": round(high), "people": round(heads / 12)}


_COST = """
WITH lines AS (
  SELECT l.amount_fen, l.subject, w.sex,
    date_diff('month', w.birth_date, make_date($now // 100, $now % 100, 1)) AS age,
    greatest(0, (l.month // 100 - $now // 100) * 12 + l.month % 100 - $now % 100) AS ahead
  FROM lived l LEFT JOIN who w ON l.subject = 'person' AND w.person_id = l.subject_id)
SELECT COALESCE(sum(amount_fen * COALESCE(a.middle, 1)), 0), COALESCE(sum(amount_fen * COALESCE(a.low, 1)), 0),
  COALESCE(sum(amount_fen * COALESCE(a.high, 1)), 0), COALESCE(sum(COALESCE(a.middle, 1)), 0)
FROM lines LEFT JOIN alive a ON a.sex = lines.sex AND a.age = greatest(0, lines.age) AND a.ahead = lines.ahead
"""
_EMPTY = (
    "SELECT 'person' AS subject, CAST(0 AS BIGINT) AS subject_id, CAST(0 AS BIGINT) AS amount_fen, '' AS policy, "
    "'' AS bracket, CAST(0 AS BIGINT) AS place, CAST(0 AS BIGINT) AS month WHERE false"
)


def _ledger(con: duckdb.DuckDBPyConnection, name: str, path: Path | None) -> None:
    quoted = str(path).replace("'", "''")
    rows = _EMPTY if path is None else f"SELECT * FROM read_parquet('{quoted}')"
    con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {rows}")


def compared(con: duckdb.DuckDBPyConnection, first: Path | None, second: Path | None) -> dict[str, Any]:
    """Two ledgers of one month: totals, by division, age, sex, poverty and bracket; who gains and who loses."""
    _ledger(con, "first", first)
    _ledger(con, "second", second)
    con.execute(_HELD)
    con.execute(
        "CREATE OR REPLACE TEMP VIEW judged AS SELECT h.*, w.sex, w.age, w.economic FROM held h "
        "LEFT JOIN who w ON h.subject = 'person' AND w.person_id = h.subject_id"
    )
    total = con.execute(f"SELECT {_SUMS} FROM judged").fetchall()[0]
    found: dict[str, Any] = {"total": _named(total)}
    for name, expression in GROUPS.items():
        rows = con.execute(
            f"SELECT {expression} AS key, {_SUMS} FROM judged GROUP BY 1 ORDER BY 1"
        ).fetchall()
        found[name] = [{"key": row[0], **_named(row[1:])} for row in rows]
    found["bracket"] = _brackets(con)
    found["bands"] = _bands(con)
    return found


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


def _bands(con: duckdb.DuckDBPyConnection) -> list[dict[str, int]]:
    """How many gain or lose how much a month: from (fen, exclusive) to (inclusive; 0: without end)."""
    found = []
    for low, high in zip(BANDS, (*BANDS[1:], 0), strict=True):
        for sign in (-1, 1):
            upper = f"AND {sign} * (after - before) <= {high}" if high else ""
            people, fen = con.execute(
                "SELECT count(*), CAST(COALESCE(sum(after - before), 0) AS BIGINT) FROM judged "
                f"WHERE {sign} * (after - before) > {low} {upper}"
            ).fetchall()[0]
            if people:
                found.append({"sign": sign, "low": low, "high": high, "people": people, "fen": fen})
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
