"""News of runs."""

from dataclasses import dataclass

from yanglao.kernel.rooms import Event


@dataclass(frozen=True)
class RunApproved(Event):
    """A run was approved: its lines are granted."""

    run_id: int
    division: int
    month: int


@dataclass(frozen=True)
class RunComputed(Event):
    """A run's lines were written, in this transaction: rooms add what they have for it (`ledger.add`)."""

    run_id: int
    division: int
    month: int


@dataclass(frozen=True)
class RunWithdrawn(Event):
    """A run was sent back or set aside: what was granted by it is granted no more."""

    run_id: int
    division: int
    month: int


@dataclass(frozen=True)
class RunStep(Event):
    """A step of a run's cycle was done; a room that stands behind the step may refuse it (ValidationError)."""

    run_id: int
    step: str
    outcome: str
