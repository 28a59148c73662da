"""News of runs."""

from dataclasses import dataclass

from yanglao.kernel.rooms import Event


@dataclass(frozen=True)
class RunApproved(Event):
    """A run was approved: its lines are granted."""

    run_id: int
    division: int
    month: int
