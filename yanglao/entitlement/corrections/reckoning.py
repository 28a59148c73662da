"""Past months computed anew, in one statement, and held against what was granted, in another."""

from __future__ import annotations

import shutil
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.utils import timezone

from yanglao.entitlement.benefits.offered.queries import (
    Result,
    Run,
    Snapshot,
    SnapshotChanged,
    book_of,
    open_snapshot,
    run_on,
    schema,
    take,
)
from yanglao.entitlement.benefits.queries import PAYABLE
from yanglao.entitlement.benefits.rules.book import Book
from yanglao.entitlement.benefits.rules.compile import compile_policies
from yanglao.entitlement.benefits.rules.months import Month, month_range
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.kernel.columnar import reader
from yanglao.kernel.scope import Span
from yanglao.registers.people.queries import merged_files

from . import queries
from .models import Recomputation

FEW = 20_000  # subjects named one by one in the statement; more of them, and everybody is computed

_GRANTED = pa.schema(
    [
        ("policy", pa.string()),
        ("month", pa.int64()),
        ("subject", pa.string()),
        ("subject_id", pa.int64()),
        ("place", pa.int64()),
        ("payer", pa.int64()),
        ("payee_kind", pa.string()),
        ("payee", pa.int64()),
        ("granted_fen", pa.int64()),
        ("corrected_fen", pa.int64()),
        ("run_id", pa.int64()),
    ]
)
_DUE = pa.schema(
    [
        ("month", pa.int64()),
        ("policy", pa.string()),
        ("subject", pa.string()),
        ("subject_id", pa.int64()),
        ("amount_fen", pa.int64()),
        ("payer", pa.int64()),
        ("place", pa.int64()),
        ("payee_kind", pa.string()),
        ("payee", pa.int64()),
    ]
)
# what is due of a file that was merged stands under the kept one: what both were granted counts together
_JOIN = """
WITH due_by AS (
  SELECT d.policy, d.subject, d.subject_id, d.month, CAST(SUM(d.amount_fen) AS BIGINT) AS due_fen,
         MAX(d.place) AS place, MAX(d.payer) AS payer, MAX(d.payee_kind) AS payee_kind, MAX(d.payee) AS payee
  FROM due d JOIN windows USING (policy, month) WHERE d.place BETWEEN $lo AND $hi AND d.amount_fen <> 0
  GROUP BY ALL
), granted_by AS (
  SELECT g.policy, g.subject, COALESCE(m.kept, g.subject_id) AS subject_id, g.month,
         CAST(SUM(g.granted_fen) AS BIGINT) AS granted_fen, CAST(SUM(g.corrected_fen) AS BIGINT) AS corrected_fen,
         COUNT(DISTINCT g.subject_id) FILTER (WHERE g.granted_fen <> 0) AS files, MAX(g.place) AS place,
         MAX(g.payer) AS payer, MAX(g.payee_kind) AS payee_kind, MAX(g.payee) AS payee, MAX(g.run_id) AS run_id
  FROM granted g JOIN windows USING (policy, month)
  LEFT JOIN merged m ON g.subject = 'person' AND m.dropped = g.subject_id
  GROUP BY ALL
)
SELECT policy, subject, subject_id, month, COALESCE(due_fen, 0), COALESCE(granted_fen, 0),
       COALESCE(corrected_fen, 0), COALESCE(files, 0), COALESCE(d.place, g.place),
       COALESCE(d.payer, g.payer), COALESCE(d.payee_kind, g.payee_kind), COALESCE(d.payee, g.payee),
       COALESCE(run_id, 0)
FROM due_by d FULL OUTER JOIN granted_by g USING (policy, subject, subject_id, month)
WHERE COALESCE(due_fen, 0) <> COALESCE(granted_fen, 0) + COALESCE(corrected_fen, 0)
  AND ($everybody OR subject <> 'person' OR subject_id IN (SELECT id FROM asked_for))
  AND NOT EXISTS (SELECT 1 FROM withheld w WHERE w.subject = COALESCE(d.subject, g.subject)
                  AND w.subject_id = COALESCE(d.subject_id, g.subject_id))
ORDER BY subject, subject_id, policy, month
"""


class Difference(NamedTuple):
    """One policy and month of one subject where what is due is not what was granted and corrected before.

    The first four name it: queries.Key.
    """

    policy: str
    subject: str
    subject_id: int
    month: int
    due_fen: int
    granted_fen: int
    corrected_fen: int
    files: int
    place: int
    payer: int | None
    payee_kind: str
    payee: int | None
    run_id: int

    @property
    def fen(self) -> int:
        return self.due_fen - self.granted_fen - self.corrected_fen


@dataclass(frozen=True)
class Reckoned:
    """What a recomputation found. `only`: the persons that were looked at, None for everybody."""

    differences: tuple[Difference, ...]
    only: frozenset[int] | None
    windows: tuple[tuple[str, int], ...]
    runs: tuple[Run, ...]
    book: Book
    frozen: dict[str, Any] = field(default_factory=dict)


def reckon(recomputation: Recomputation) -> Reckoned:
    """Compute the months anew and compare. Reads only; raises EngineFailed, SnapshotChanged."""
    began = time.monotonic()
    runs = queries.approved_runs(recomputation.division_id, recomputation.first, recomputation.last)
    book = book_of(recomputation.division_id)
    windows = _windows(recomputation, runs, book)
    folder = Path(settings.SNAPSHOTS) / f"recomputation-{recomputation.pk}-{token_hex(4)}"
    snapshot = freeze(folder / "facts")
    only, since = queries.changed_persons(recomputation, runs, book.sha256, windows)
    policies = [p for p in book.policies if p.id in {policy for policy, _month in windows}]
    results = _compute(snapshot, policies, sorted({month for _p, month in windows}), folder, only)
    differences = compare(
        recomputation.division_id,
        results,
        windows,
        granted(recomputation.division_id, windows),
        snapshot,
        only,
    )
    frozen = {
        "known_at": snapshot.known_at,
        "since": since,
        "snapshot": folder.name,
        "snapshot_sha": snapshot.sha256,
        "book": dict(book.texts()),
        "book_sha": book.sha256,
        "sql_sha": results[0].sql_sha256 if results else "",
        "engine": results[0].engine if results else "",
        "checked": len(only) if only is not None else snapshot.tables["person"].rows,
        "withheld": sum(len(ids) for ids in snapshot.withheld.values()),
        "seconds": time.monotonic() - began,
        "runs": sorted(run.pk for run in runs),
    }
    return Reckoned(differences, only, windows, tuple(runs), book, frozen)


def freeze(folder: Path) -> Snapshot:
    """The facts as known now; of the latest frozen ones only the changes are read."""
    now = timezone.now()
    for latest in queries.latest_snapshots():
        try:
            return take(folder, schema(), known_at=now, previous=open_snapshot(latest))
        except (SnapshotChanged, OSError, ValueError):
            shutil.rmtree(
                folder, ignore_errors=True
            )  # archived, or not of this schema: the next, or everything
    return take(folder, schema(), known_at=now)


def _windows(recomputation: Recomputation, runs: Sequence[Run], book: Book) -> tuple[tuple[str, int], ...]:
    """(policy, month) that are looked at: from the first to the last month a policy was granted here.

    Before the first run nothing is known of what was paid; a month whose run is not yet approved is still to come.
    """
    asked = {int(m) for m in month_range(Month.of(recomputation.first), Month.of(recomputation.last))}
    known = {p.id for p in book.policies}
    covered = queries.covered_months(recomputation.division_id)
    waiting = queries.waiting_months(recomputation.division_id)
    found = set()
    for policy, months in covered.items():
        for month in month_range(Month.of(min(months)), Month.of(max(months))):
            if policy in known and int(month) in asked and (policy, int(month)) not in waiting:
                found.add((policy, int(month)))
    return tuple(sorted(found))


def _compute(
    snapshot: Snapshot,
    policies: Sequence[Policy],
    months: Sequence[int],
    folder: Path,
    only: Collection[int] | None,
) -> list[Result]:
    """One statement over all months; where only some persons are asked, the other subjects have one of their own."""
    named = sorted(only) if only is not None and len(only) <= FEW else None
    parts: list[tuple[str, list[Policy], Sequence[int] | None]] = [("all", list(policies), None)]
    if named is not None:
        alone = [p for p in policies if _stands_alone(p)]
        others = [p for p in policies if not _stands_alone(p)]
        parts = [("people", alone, named or [0]), ("others", others, None)]
    if any(p.caps for p in policies) and months:
        months = range_of(months)
    results = []
    for name, chosen, ids in parts:
        if any(p.in_force(Month.of(m)) for p in chosen for m in months):
            compiled = compile_policies(
                chosen, [Month.of(m) for m in months], schema(), withheld=bool(snapshot.withheld), only=ids
            )
            results.append(run_on(snapshot, compiled, folder / f"{name}.parquet"))
    return results


def _stands_alone(policy: Policy) -> bool:
    """What one person gets of it does not hang on what others get: neither a common cap nor another subject."""
    return policy.subject.name == "person" and all(cap.per == "subject" for cap in policy.caps)


def range_of(months: Sequence[int]) -> list[int]:
    """All months from January of the first one's year: a cap of a year counts what came before in it."""
    return [int(m) for m in month_range(Month(months[0] // 100, 1), Month.of(months[-1]))]


def granted(division: int, windows: Iterable[tuple[str, int]]) -> pa.Table:
    """What approved runs granted and what decisions corrected since, as an Arrow table of the shape _GRANTED."""
    span, months = Span.of(division), [month for _p, month in windows] or [0]
    bounds = f"month BETWEEN {int(min(months))} AND {int(max(months))}"
    states = ", ".join(f"'{state}'" for state in PAYABLE)
    lines = (
        "SELECT l.policy, l.month, l.subject_kind AS subject, l.subject_id, l.division_id AS place, "
        "COALESCE(l.payer, 0) AS payer, l.payee_kind, l.payee_id AS payee, l.amount_fen AS granted_fen, "
        "0 AS corrected_fen, l.run_id FROM benefits_ledgerline l JOIN benefits_run r ON r.id = l.run_id "
        f"WHERE l.live AND l.kind = 'due' AND r.state IN ({states}) AND l.{bounds} "
        f"AND l.division_id BETWEEN {span.lo} AND {span.hi}"
    )
    decided = (
        "SELECT policy, month, subject_kind AS subject, subject_id, division_id AS place, "
        "COALESCE(payer, 0) AS payer, payee_kind, payee_id AS payee, 0 AS granted_fen, "
        "amount_fen AS corrected_fen, 0 AS run_id FROM corrections_correction "
        f"WHERE state IN ('booked', 'waived') AND {bounds} AND division_id BETWEEN {span.lo} AND {span.hi}"
    )
    with reader() as source:
        batches = [b for sql in (lines, decided) for b in source.batches(sql, _GRANTED)]
    return pa.Table.from_batches(batches, _GRANTED)


def compare(
    division: int,
    results: Iterable[Result],
    windows: Sequence[tuple[str, int]],
    granted_rows: pa.Table,
    snapshot: Snapshot,
    only: Collection[int] | None,
) -> tuple[Difference, ...]:
    """The full outer join of what is due with what was granted, in the division."""
    span = Span.of(division)
    due = pa.concat_tables(
        [_DUE.empty_table(), *(pq.read_table(r.path, columns=_DUE.names).cast(_DUE) for r in results)]
    )
    kept = merged_files()
    held = [(subject, i) for subject, ids in snapshot.withheld.items() for i in ids]
    with duckdb.connect(":memory:") as con:
        con.register("due", due)
        con.register("granted", granted_rows)
        con.register(
            "windows", _table({"policy": [p for p, _m in windows], "month": [m for _p, m in windows]})
        )
        con.register("merged", _table({"dropped": list(kept), "kept": list(kept.values())}))
        con.register("asked_for", _table({"id": sorted(only or ())}))
        con.register(
            "withheld", _table({"subject": [s for s, _i in held], "subject_id": [i for _s, i in held]})
        )
        rows = con.execute(_JOIN, {"lo": span.lo, "hi": span.hi, "everybody": only is None}).fetchall()
    return tuple(Difference(*row) for row in rows)


_TEXT = frozenset({"policy", "subject"})


def _table(columns: Mapping[str, list[Any]]) -> pa.Table:
    """An Arrow table that has its types even without rows."""
    return pa.table(
        {n: pa.array(v, type=pa.string() if n in _TEXT else pa.int64()) for n, v in columns.items()}
    )


def by_person(differences: Iterable[Difference]) -> dict[int, list[Difference]]:
    """Differences of persons, by person."""
    found: dict[int, list[Difference]] = defaultdict(list)
    for each in differences:
        if each.subject == "person":
            found[each.subject_id].append(each)
    return found
