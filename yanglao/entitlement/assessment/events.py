"""News of assessments."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yanglao.kernel.rooms import Event


@dataclass(frozen=True)
class AbilityAssessed(Event):
    """A result holds: both have signed, the circumstance stands. `valid_to`: first day it no longer holds.

    Told in the transaction of the second signature; once more, with what holds then, when a result is taken back
    (`level` None: nothing is known now).
    """

    person_id: int
    scale: str
    level: int | None
    valid_from: dt.date
    valid_to: dt.date | None
