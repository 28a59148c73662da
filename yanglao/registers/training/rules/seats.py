"""Who gets a seat, who waits, who moves up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Answer = Literal["in", "waiting", "full"]


@dataclass(frozen=True)
class Seats:
    """How full a session is."""

    capacity: int
    taken: int
    waiting: int
    waiting_room: int

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.taken)


def seat(seats: Seats) -> Answer:
    """What one who comes now is given: nobody passes those who already wait."""
    if seats.free and not seats.waiting:
        return "in"
    return "waiting" if seats.waiting < seats.waiting_room else "full"


def moving_up(seats: Seats) -> int:
    """How many of the waiting list get a seat now."""
    return min(seats.free, seats.waiting)
