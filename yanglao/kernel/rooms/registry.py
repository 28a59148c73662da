"""The house: all rooms that stand, and what they offer together."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from yanglao.kernel.rooms.events import Event, Subscription
from yanglao.kernel.rooms.offers import CaseHandler, Measure, OfflineForm, Right, Room


class Named(Protocol):
    @property
    def name(self) -> str: ...


class House:
    """The collected offers of the rooms. `rooms` stand in the order of settings.KERNEL + settings.ROOMS."""

    def __init__(self, rooms: tuple[Room, ...]) -> None:
        self.rooms = rooms
        self.rights: dict[str, Right] = _unique("right", chain.from_iterable(r.rights for r in rooms))
        self.measures: dict[str, Measure] = _unique("measure", chain.from_iterable(r.measures for r in rooms))
        self.menu = sorted(chain.from_iterable(r.menu for r in rooms), key=lambda m: m.order)
        self.public = tuple(sorted(chain.from_iterable(r.public for r in rooms), key=lambda e: e.order))
        self.desk = tuple(chain.from_iterable(r.desk for r in rooms))
        self.tiles = tuple(chain.from_iterable(r.tiles for r in rooms))
        self.timeline = tuple(chain.from_iterable(r.timeline for r in rooms))
        self.open_matters = tuple(chain.from_iterable(r.open_matters for r in rooms))
        self.person_panels = sorted(
            chain.from_iterable(r.person_panels for r in rooms), key=lambda p: p.order
        )
        self.place_panels = sorted(chain.from_iterable(r.place_panels for r in rooms), key=lambda p: p.order)
        self.place_figures = sorted(
            chain.from_iterable(r.place_figures for r in rooms), key=lambda f: f.order
        )
        self.place_timeline = tuple(chain.from_iterable(r.place_timeline for r in rooms))
        self.worker_panels = sorted(
            chain.from_iterable(r.worker_panels for r in rooms), key=lambda p: p.order
        )
        self.run_panels = sorted(chain.from_iterable(r.run_panels for r in rooms), key=lambda p: p.order)
        self.worker_timeline = tuple(chain.from_iterable(r.worker_timeline for r in rooms))
        self.free_beds = tuple(chain.from_iterable(r.free_beds for r in rooms))
        self.search = sorted(chain.from_iterable(r.search for r in rooms), key=lambda s: s.order)
        self.facts = tuple(chain.from_iterable(r.facts for r in rooms))
        self.imports = {t.name: t for t in chain.from_iterable(r.imports for r in rooms)}
        self.verbs = {verb: label for r in rooms for verb, label in r.verbs.items()}
        self.cases: dict[str, CaseHandler] = _unique(
            "case handler of", chain.from_iterable(r.cases for r in rooms)
        )
        self.offline_forms: dict[str, OfflineForm] = _unique(
            "offline form", chain.from_iterable(r.offline_forms for r in rooms)
        )
        self.packs = tuple(chain.from_iterable(r.packs for r in rooms))

    def subscriptions(self, kind: type[Event]) -> list[Subscription]:
        return [s for r in self.rooms for s in r.subscriptions if issubclass(kind, s.event)]

    def subscription(self, name: str) -> Subscription:
        """The subscription with that name; KeyError when its room has left the house."""
        return {s.name: s for r in self.rooms for s in r.subscriptions}[name]


def _unique(what: str, offers: Iterable[Named]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for offer in offers:
        if offer.name in found:
            raise ImproperlyConfigured(f"two rooms offer the {what} {offer.name}: rename one")
        found[offer.name] = offer
    return found


@cache
def house() -> House:
    """The house as settings name it; collected once per process."""
    names = [*settings.KERNEL, *settings.ROOMS]
    return House(tuple(import_module(f"{n}.room").room for n in names if find_spec(f"{n}.room")))
