"""Shapes of the news between rooms, and how they travel as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, get_args, get_type_hints


@dataclass(frozen=True)
class Event:
    """Base of all events: a frozen dataclass of ids, codes, dates and short texts (no personal data in clear)."""


@dataclass(frozen=True)
class Subscription:
    """`handler(event)` is called in the publisher's transaction, or once as a job with `later=True`."""

    event: type[Event]
    handler: Callable[[Any], None]
    later: bool = False

    @property
    def name(self) -> str:
        return f"{self.handler.__module__}:{self.handler.__qualname__}"


def pack(event: Event) -> dict[str, Any]:
    """The event as JSON-able data; `unpack` is its inverse."""
    return {k: v.isoformat() if isinstance(v, date | datetime) else v for k, v in asdict(event).items()}


def unpack(kind: type[Event], data: dict[str, Any]) -> Event:
    return kind(
        **{name: _parsed(hint, data[name]) for name, hint in get_type_hints(kind).items() if name in data}
    )


def _parsed(hint: Any, value: Any) -> Any:
    if isinstance(value, str):
        for kind in (datetime, date):
            if hint is kind or kind in get_args(hint):
                return kind.fromisoformat(value)
    return value
