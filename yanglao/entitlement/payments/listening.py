"""What payments do on hearing of a run: planned when it is approved, taken back when it is withdrawn in time."""

from __future__ import annotations

from yanglao.entitlement.benefits.events import RunApproved, RunWithdrawn
from yanglao.entitlement.benefits.queries import Run
from yanglao.entitlement.payments import actions
from yanglao.kernel.accounts.actor import Actor


def approved(event: RunApproved) -> None:
    """In the transaction that approves: no approved run is without its order."""
    actions.plan(Actor.system("run approved"), run=Run.objects.get(pk=event.run_id))


def withdrawn(event: RunWithdrawn) -> None:
    actions.undo_plan(event.run_id)
