"""The engine's rows of a run as ledger lines, and the lines of a run that stands in the ledger."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings

from yanglao.entitlement.benefits.ledger import LINES
from yanglao.entitlement.benefits.models import LedgerLine, Run
from yanglao.kernel.columnar import file_hash

LEDGER = "ledger.parquet"


def ledger_file(run: Run) -> Path:
    """The engine's rows of a run, as they were computed."""
    return Path(settings.SNAPSHOTS) / run.snapshot / LEDGER


def lines_of(rows: pa.Table) -> pa.Table:
    """The engine's rows as ledger lines; a line belongs to the place its payer was found by."""
    named = {"subject": "subject_kind", "bracket": "reason", "payee": "payee_id"}
    found = rows.rename_columns([named.get(name, name) for name in rows.column_names])
    found = found.append_column("division", pc.coalesce(found["place"], found["payer"]))
    return found.select(LINES.names)


def amounts_of(run: Run) -> pa.Table:
    """subject_kind, subject_id, division and amount_fen of what a run wrote as due, all lines of a subject by policy.

    From the engine's file, ten times as quickly as from the ledger, when it is the file that was computed and nothing
    of it was left out.
    """
    names = ["subject_kind", "subject_id", "division", "amount_fen"]
    path = ledger_file(run)
    if run.snapshot and path.is_file() and file_hash(path) == run.ledger_sha:
        lines = lines_of(pq.read_table(path))
        if (lines.num_rows, pc.sum(lines["amount_fen"]).as_py() or 0) == (run.rows, run.sum_fen):
            return lines.select(names)
    columns = ("subject_kind", "subject_id", "division_id", "amount_fen")
    rows = list(LedgerLine.objects.filter(run=run, kind="due").order_by("id").values_list(*columns))
    shape = pa.schema([LINES.field(name) for name in names])
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], schema=shape)
