"""What payments show on the page of a run: why it differs from the month before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from yanglao.entitlement.benefits.queries import Run, policy_titles
from yanglao.entitlement.payments import monthly
from yanglao.kernel.accounts.actor import Actor


def of_run(actor: Actor, run_id: int, as_of: dt.date) -> Mapping[str, Any] | None:
    """The causes by policy, in the actor's divisions; nothing where there is no month before."""
    run = Run.objects.get(pk=run_id)
    if not monthly.compared(run):
        return None
    rows = [row for row in monthly.by_policy(run, policy_titles(run)) if row.parts or row.fen_change]
    return {"run_id": run_id, "rows": rows, "told": all(row.whole for row in rows)}
