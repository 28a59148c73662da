"""Past months computed anew, in one statement, and held against what was granted, in another (`comparing`)."""

from __future__ import annotations

import shutil
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any

import pyarrow as pa
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
from yanglao.entitlement.benefits.rules.book import Book
from yanglao.entitlement.benefits.rules.compile import compile_policies
from yanglao.entitlement.benefits.rules.months import Month, month_range
from yanglao.entitlement.benefits.rules.policy import Policy

from . import queries
from .comparing import compare
from .models import Recomputation
from .windows import Turn, Window, looked_at

FEW = 20_000  # subjects named one by one in the statement; more of them, and everybody is computed


@dataclass(frozen=True)
class Reckoned:
    """What a recomputation found. `only`: the persons that were looked at, None for everybody."""

    differences: pa.Table  # comparing.DIFFERENCES
    only: frozenset[int] | None
    windows: tuple[Window, ...]
    runs: tuple[Run, ...]
    turns: Mapping[int, frozenset[Turn]]
    book: Book
    stood: str  # what the ledger and the decisions stood at; see queries.standing
    frozen: dict[str, Any] = field(default_factory=dict)


def reckon(recomputation: Recomputation) -> Reckoned:
    """Compute the months anew and compare. Reads only; raises EngineFailed, SnapshotChanged."""
    began = time.monotonic()
    stood = queries.standing(recomputation.division_id)
    book = book_of(recomputation.division_id)
    windows, runs, turns = looked_at(recomputation, book)
    folder = Path(settings.SNAPSHOTS) / f"recomputation-{recomputation.pk}-{token_hex(4)}"
    snapshot = freeze(folder / "facts")
    only, since = queries.changed_persons(recomputation, runs, book.sha256)
    policies = [p for p in book.policies if p.id in {w.policy for w in windows}]
    results = _compute(snapshot, policies, sorted({w.month for w in windows}), folder, only)
    differences = compare(results, windows, runs, snapshot, only, folder)
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
    return Reckoned(differences, only, windows, runs, turns, book, stood, frozen)


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
                chosen,
                [Month.of(m) for m in months],
                schema(),
                withheld=bool(snapshot.withheld),
                only=ids,
                spells=snapshot.spells,
            )
            results.append(run_on(snapshot, compiled, folder / f"{name}.parquet"))
    return results


def _stands_alone(policy: Policy) -> bool:
    """What one person gets of it does not hang on what others get: neither a common cap nor another subject."""
    return policy.subject.name == "person" and all(cap.alone for cap in policy.caps)


def range_of(months: Sequence[int]) -> list[int]:
    """All months from January of the first one's year: a cap of a year counts what came before in it."""
    return [int(m) for m in month_range(Month(months[0] // 100, 1), Month.of(months[-1]))]
