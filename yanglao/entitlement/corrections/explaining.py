"""The clauses behind a correction's month, from the facts its recomputation froze."""

from __future__ import annotations

from pathlib import Path

import duckdb
from django.conf import settings

from yanglao.entitlement.benefits.offered.queries import Told, open_snapshot, schema, told
from yanglao.entitlement.benefits.rules.book import load_texts
from yanglao.entitlement.benefits.rules.explain import explain
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.corrections.models import Correction


def explained(correction: Correction) -> list[Told]:
    """Why the month is due as it is, clause by clause; empty when the frozen facts are in the archive."""
    recomputation = correction.recomputation
    folder = Path(settings.SNAPSHOTS) / recomputation.snapshot / "facts"
    if not recomputation.snapshot or not folder.is_dir():
        return []
    book = load_texts(dict(recomputation.book), schema())
    chosen = [p for p in book.policies if p.id == correction.policy]
    with duckdb.connect(":memory:") as con:
        open_snapshot(folder).views(con)
        found = explain(
            chosen,
            [Month.of(correction.month)],
            correction.subject_id,
            lambda sql: con.execute(sql).fetchall(),
        )
    return [told(e) for e in found]
