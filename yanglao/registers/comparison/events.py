"""News of comparison."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yanglao.kernel.rooms import Event


@dataclass(frozen=True)
class ClueConfirmed(Event):
    """A clue was found true; the fact is recorded already. `says`: death, holds or ends; `on`: since when it holds."""

    clue_id: int
    person_id: int
    says: str
    kind: str
    value: str
    on: dt.date
