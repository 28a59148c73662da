"""News of the register of places."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yanglao.kernel.rooms import Event


@dataclass(frozen=True)
class PlaceAdded(Event):
    """A place was entered in the register."""

    place_id: int
    kind: str
    division: int


@dataclass(frozen=True)
class PlaceOpened(Event):
    """A place opened, or opened again, on a day."""

    place_id: int
    on: dt.date


@dataclass(frozen=True)
class PlaceSuspended(Event):
    """A place stopped for a while from a day on."""

    place_id: int
    on: dt.date


@dataclass(frozen=True)
class PlaceClosed(Event):
    """A place closed for good: `on` is the first day it is no longer open."""

    place_id: int
    on: dt.date


@dataclass(frozen=True)
class PlaceFactRecorded(Event):
    """What is known of a fact changed for days from `valid_from`; `value` "" and no amount when it no longer holds."""

    place_id: int
    kind: str
    value: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    amount: int | None = None


@dataclass(frozen=True)
class PlacesImported(Event):
    """A table of places was committed; told once instead of news of every place. `source` is on every row."""

    source: str
    added: int
    changed: int
