"""Writing the ledger: all lines of a run at once, in the transaction of the action that computes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, Sum

from yanglao.entitlement.benefits.models import LedgerLine, Run, RunChange, RunTotal
from yanglao.entitlement.benefits.queries import granted_before_merge
from yanglao.kernel import bulk
from yanglao.kernel.scope import Level, everything
from yanglao.kernel.scope.spans import ancestor


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


@dataclass(frozen=True)
class Outcome:
    """What a computation gives: the ledger lines, and the columns of the run that freeze what they came from."""

    lines: Iterator[Line]
    sum_fen: int
    frozen: dict[str, Any]


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


def write(run: Run, lines: Iterable[Line]) -> tuple[int, int]:
    """Write a run's lines and their totals; returns how many, and the fen of those left out.

    Left out is who was granted the same for the month under another file that was merged into his since: the
    constraint on the ledger knows files, not persons. Raises IntegrityError when a line is due already.
    """
    left_out: list[Line] = []
    with everything("who was granted it under a file that was merged"):
        granted = granted_before_merge(
            run.month
        )  # read first: nothing can be asked while rows are streamed in
    rows = (
        (run.pk, *line[:6], "due", *line[6:], True)  # policy … payer, kind, reason … unit, live
        for line in _once(lines, granted, left_out)
    )
    count = bulk.insert(LedgerLine, _COLUMNS, rows)
    _write_totals(run)
    return count, sum(line.amount_fen for line in left_out)


def add(run: Run, lines: Iterable[tuple[Line, int]]) -> int:
    """Put corrections (a line and the decision it carries out) into a run that is being computed; returns how many.

    They stand beside the run's totals, which count what is due for its own months. Raises IntegrityError when one is
    in a live run already.
    """
    rows = (
        (run.pk, *line[:6], "arrears" if line.amount_fen > 0 else "clawback", *line[6:], True, correction)
        for line, correction in lines
    )
    return bulk.insert(LedgerLine, (*_COLUMNS, "correction"), rows)


def _once(lines: Iterable[Line], granted: set[tuple[int, str]], left_out: list[Line]) -> Iterator[Line]:
    for line in lines:
        if line.subject_kind == "person" and (line.subject_id, line.policy) in granted:
            left_out.append(line)
        else:
            yield line


def _write_totals(run: Run) -> None:
    """Sum the lines by street, policy, month and bracket."""
    with everything("totals of a whole run"):
        grouped = (
            LedgerLine.objects.filter(run=run)
            .order_by()
            .values("division_id", "policy", "month", "reason")
            .annotate(people=Count("id"), fen=Sum("amount_fen"))
        )
        totals: dict[tuple[int, str, int, str], list[int]] = {}
        for row in grouped:
            key = (ancestor(row["division_id"], Level.STREET), row["policy"], row["month"], row["reason"])
            entry = totals.setdefault(key, [0, 0])
            entry[0] += row["people"]
            entry[1] += row["fen"]
        RunTotal.objects.bulk_create(
            [
                RunTotal(run=run, division_id=d, policy=p, month=m, reason=r, people=n, amount_fen=fen)
                for (d, p, m, r), (n, fen) in sorted(totals.items())
            ],
            batch_size=500,
        )


def erase(run: Run) -> None:
    """Take away the lines of a run that is sent back to be computed anew: they were never approved."""
    with everything("a run that is computed anew"):
        LedgerLine.objects.filter(run=run)._raw_delete(LedgerLine.objects.db)
        RunTotal.objects.filter(run=run).delete()
        RunChange.objects.filter(run=run).delete()
