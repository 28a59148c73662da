"""Rooms: what each offers (`offers`), all together (`house()`), and news between them (`publish`)."""

from yanglao.kernel.rooms.events import Event, Subscription
from yanglao.kernel.rooms.news import publish
from yanglao.kernel.rooms.offers import (
    CaseHandler,
    DeskItem,
    Fact,
    FactView,
    Measure,
    MenuEntry,
    OpenMatter,
    PersonPanel,
    PlaceFigure,
    PlacePanel,
    Right,
    Room,
    SearchHit,
    SearchProvider,
    SnapshotTable,
    Split,
    Tile,
    TimelineEvent,
)
from yanglao.kernel.rooms.registry import house

__all__ = [
    "CaseHandler",
    "DeskItem",
    "Event",
    "Fact",
    "FactView",
    "Measure",
    "MenuEntry",
    "OpenMatter",
    "PersonPanel",
    "PlaceFigure",
    "PlacePanel",
    "Right",
    "Room",
    "SearchHit",
    "SearchProvider",
    "SnapshotTable",
    "Split",
    "Subscription",
    "Tile",
    "TimelineEvent",
    "house",
    "publish",
]
