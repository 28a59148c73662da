"""News of the lists."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yanglao.kernel.rooms import Event


@dataclass(frozen=True)
class EntitlementChanged(Event):
    """A person's state with an item is another: `before` "" when there was none. Not told of a recomputation of a
    whole city (see `CityRecomputed`)."""

    person_id: int
    item_id: int
    item: str  # the item's key in its list
    before: str
    after: str
    on: dt.date


@dataclass(frozen=True)
class CityRecomputed(Event):
    """Everybody's states in a city were reckoned anew: so many rows new and changed."""

    city: str
    on: dt.date
    new: int
    changed: int


@dataclass(frozen=True)
class ItemStarted(Event):
    """Somebody began an item for a person by hand (offered, or accepted at once): where a room of its own goes on."""

    person_id: int
    item_id: int
    item: str
    city: str
    kind: str  # offer or accept
    decision_id: int
