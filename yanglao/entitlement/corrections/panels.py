"""What corrections show on the page of a run: what was booked into it, and what of that is paid or claimed in the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from yanglao.entitlement.benefits.offered.queries import LedgerLine, Run, kinds_of, unit_of_all
from yanglao.entitlement.corrections import queries
from yanglao.kernel.accounts.actor import Actor

LABELS = dict(LedgerLine.Kind.choices)


def of_run(actor: Actor, run_id: int, as_of: dt.date) -> Mapping[str, Any] | None:
    """Arrears and claw-back in a run within the actor's divisions; the netting for those who see the whole run."""
    rows = queries.of_run(run_id)
    if not rows:
        return None
    fen = {kind: sum_fen for kind, _heads, sum_fen in rows}
    data: dict[str, Any] = {
        "run_id": run_id,
        "rows": [(kind, LABELS[kind], heads, sum_fen) for kind, heads, sum_fen in rows],
        "counted": unit_of_all(kinds_of(queries.lines_of_run(run_id), "subject_kind")),
        "net": sum(fen.values()),
        "whole": actor.can("corrections.view", Run.objects.get(pk=run_id).division_id),
    }
    if data["whole"]:
        netted, older = queries.kept_from(run_id)
        arrears, clawback = fen.get("arrears", 0), -fen.get("clawback", 0)
        data |= {
            "netted": netted, "older": older, "arrears": arrears, "clawback": clawback,
            "paid": arrears - netted, "owed": clawback - netted,
        }  # fmt: skip
    return data
