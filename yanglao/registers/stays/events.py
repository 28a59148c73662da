"""News of beds and stays."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yanglao.kernel.rooms import Event


@dataclass(frozen=True)
class StayBegan(Event):
    """A person was admitted."""

    stay_id: int
    person_id: int
    place_id: int
    on: dt.date


@dataclass(frozen=True)
class StayEnded(Event):
    """A person was discharged; `end` says where to (standards/stays.yaml, ends)."""

    stay_id: int
    person_id: int
    place_id: int
    on: dt.date
    end: str


@dataclass(frozen=True)
class LevelChanged(Event):
    """Another level of care holds from a day."""

    stay_id: int
    person_id: int
    level: str
    on: dt.date
