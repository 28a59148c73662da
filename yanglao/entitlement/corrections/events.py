"""News of corrections."""

from dataclasses import dataclass

from yanglao.kernel.rooms import Event


@dataclass(frozen=True)
class HoldReleased(Event):
    """Payments of a person are withheld no more: what was withheld for this reason may be paid."""

    person_id: int


@dataclass(frozen=True)
class HoldPlaced(Event):
    """Payments of a person are withheld from now on."""

    person_id: int
    hold_id: int
