"""Writing the ledger: all lines of a run at once, in the transaction of the action that computes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from yanglao.entitlement.benefits.models import CappedPolicy, LedgerLine, Run, RunChange, RunTotal
from yanglao.entitlement.benefits.queries import granted_before_merge
from yanglao.kernel import bulk
from yanglao.kernel.scope import everything


class Line(NamedTuple):
    """One line as the engine gives it."""

    policy: str
    month: int
    subject_kind: str
    subject_id: int
    division: int
    payer: int | None
    reason: str
    amount_fen: int
    payee_kind: str
    payee_id: int
    quantity: int | None = None
    unit: str = ""


LINES = pa.schema(
    [
        (
            name,
            pa.string() if name in ("policy", "subject_kind", "reason", "payee_kind", "unit") else pa.int64(),
        )
        for name in Line._fields
    ]
)
_ATTRIBUTES = {"division": "division_id"}
_DUE_ONCE = (
    "month",
    "subject_id",
    "subject_kind",
    "policy",
)  # of the constraint: in its order rows go in quickest
_STREET = 1000  # a street's code ends in three zeros


@dataclass(frozen=True)
class Outcome:
    """What a computation gives: the ledger lines, and the columns of the run that freeze what they came from."""

    lines: pa.Table  # columns named as Line's, `unit` and `reason` never null
    sum_fen: int
    frozen: dict[str, Any]
    capped: tuple[str, ...] = ()  # policies with caps: what they grant counts for later runs


_COLUMNS = (
    "run_id",
    "policy",
    "month",
    "subject_kind",
    "subject_id",
    "division_id",
    "payer",
    "kind",
    "reason",
    "amount_fen",
    "payee_kind",
    "payee_id",
    "quantity",
    "unit",
    "live",
)


def table(lines: Iterable[Line]) -> pa.Table:
    """Lines as columns."""
    columns = zip(*lines, strict=True)
    return pa.table({f.name: pa.array(c, f.type) for f, c in zip(LINES, columns, strict=True)}, schema=LINES)


def write(
    run: Run, lines: pa.Table, beside: Callable[[pa.Table], object] | None = None
) -> tuple[pa.Table, int]:
    """Write a run's lines and their totals; returns the lines that stand now, and the fen of those left out.

    `beside`: what to do with the lines that stand, in a thread, while the database takes them in.

    Left out is who was granted the same for the month under another file that was merged into his since: the
    constraint on the ledger knows files, not persons. Raises IntegrityError when a line is due already.
    """
    with everything("who was granted it under a file that was merged"):
        granted = granted_before_merge(lines["month"].unique().to_pylist())
    lines, left_out = _once(lines, granted)
    columns = lines.sort_by([(name, "ascending") for name in _DUE_ONCE])
    columns = columns.rename_columns([_ATTRIBUTES.get(name, name) for name in lines.column_names])
    with ThreadPoolExecutor(1) as thread:
        working = thread.submit(beside, lines) if beside else None
        bulk.insert_columns(LedgerLine, columns, {"run_id": run.pk, "kind": "due", "live": True})
    if working is not None:
        working.result()
    _write_totals(run, lines)
    return lines, left_out


def keep_capped(run: Run, policies: Iterable[str]) -> None:
    """Remember which policies of the run have caps, so that the next snapshot reads what they granted."""
    CappedPolicy.objects.filter(run=run).delete()
    CappedPolicy.objects.bulk_create([CappedPolicy(run=run, policy=policy) for policy in policies])


def add(run: Run, lines: Iterable[tuple[Line, int]]) -> int:
    """Put corrections (a line and the decision it carries out) into a run that is being computed; returns how many.

    They stand beside the run's totals, which count what is due for its own months. Raises IntegrityError when one is
    in a live run already.
    """
    rows = ((run.pk, *line[:6], _kind(line), *line[6:], True, correction) for line, correction in lines)
    return bulk.insert(LedgerLine, (*_COLUMNS, "correction"), rows)


def _kind(line: Line) -> str:
    """Of a line in kind the quantity says whether it is given or taken."""
    return "arrears" if (line.amount_fen or line.quantity or 0) > 0 else "clawback"


def _once(lines: pa.Table, granted: set[tuple[int, str, int]]) -> tuple[pa.Table, int]:
    """The lines without those that were granted already, and the fen of these."""
    ids = pa.array(sorted({pk for pk, *_due in granted}), pa.int64())
    doubtful = pc.and_(pc.is_in(lines["subject_id"], ids), pc.equal(lines["subject_kind"], "person"))
    if not granted or not pc.any(doubtful).as_py():
        return lines, 0
    dues = zip(*(lines[name].to_pylist() for name in ("subject_id", "policy", "month")), strict=True)
    keep = [not (sure and due in granted) for sure, due in zip(doubtful.to_pylist(), dues, strict=True)]
    left_out = lines.filter(pc.invert(pa.array(keep)))
    return lines.filter(pa.array(keep)), pc.sum(left_out["amount_fen"]).as_py() or 0


def street_of(divisions: pa.ChunkedArray) -> pa.ChunkedArray:
    """The streets of villages and streets."""
    return pc.multiply(pc.divide(divisions, _STREET), _STREET)


def _write_totals(run: Run, lines: pa.Table) -> None:
    """Sum the lines by street, policy, month and bracket."""
    keys = ["street", "policy", "month", "reason"]
    sums = lines.append_column("street", street_of(lines["division"])).group_by(keys)
    sums = sums.aggregate([("amount_fen", "count"), ("amount_fen", "sum")]).select(
        [*keys, "amount_fen_count", "amount_fen_sum"]
    )
    with everything("totals of a whole run"):
        RunTotal.objects.bulk_create(
            [
                RunTotal(run=run, division_id=d, policy=p, month=m, reason=r, people=n, amount_fen=fen)
                for d, p, m, r, n, fen in sorted(tuple(row.values()) for row in sums.to_pylist())
            ],
            batch_size=500,
        )


def erase(run: Run) -> None:
    """Take away the lines of a run that is sent back to be computed anew: they were never approved."""
    with everything("a run that is computed anew"):
        LedgerLine.objects.filter(run=run)._raw_delete(LedgerLine.objects.db)
        RunTotal.objects.filter(run=run).delete()
        RunChange.objects.filter(run=run).delete()
