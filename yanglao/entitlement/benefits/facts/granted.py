"""What earlier runs granted by policies with caps: it counts towards the caps of the same period."""

from __future__ import annotations

from ..rules.caps import GRANTED as NAME
from ..rules.schema import Column, Table

GRANTED = Table(
    name=NAME,
    key="line_id",
    columns=(
        Column("line_id", "int"),
        Column("policy", "text"),
        Column("month", "int"),
        Column("subject", "text"),
        Column("subject_id", "int"),
        Column("amount", "int"),
    ),
    # from the few runs that have such policies to their lines, by index: the ledger is not read through
    sql=(
        "SELECT l.id AS line_id, l.policy AS policy, l.month AS month, l.subject_kind AS subject, "
        "l.subject_id AS subject_id, COALESCE(l.quantity, l.amount_fen) AS amount "
        "FROM benefits_cappedpolicy AS c JOIN benefits_run AS r ON r.id = c.run_id "
        "JOIN benefits_ledgerline AS l ON l.run_id = c.run_id AND l.policy = c.policy "
        "WHERE l.live AND r.computed_at <= {known_at}"
    ),
)
