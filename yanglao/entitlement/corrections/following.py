"""What corrections do when a run is computed, approved or withdrawn, and when a clue is confirmed."""

from __future__ import annotations

from yanglao.entitlement.benefits.events import RunApproved, RunComputed, RunWithdrawn
from yanglao.entitlement.benefits.offered.queries import Run
from yanglao.entitlement.corrections import actions, clues
from yanglao.kernel.accounts.actor import Actor
from yanglao.registers.comparison.events import ClueConfirmed


def run_computed(event: RunComputed) -> None:
    """What was booked since the last run enters this one."""
    actions.enter(_house(), Run.objects.get(pk=event.run_id))


def run_approved(event: RunApproved) -> None:
    """Older debts take their share of its payments; its own claw-back becomes debts."""
    actions.keep_back(_house(), Run.objects.get(pk=event.run_id))


def run_withdrawn(event: RunWithdrawn) -> None:
    """What it kept back is owed again."""
    actions.take_back(_house(), Run.objects.get(pk=event.run_id))


def clue_confirmed(event: ClueConfirmed) -> None:
    """Payments of the person are withheld until somebody has decided, where he was granted something."""
    clues.follow(_house(), event)


def _house() -> Actor:
    return Actor.system("corrections", "job")
