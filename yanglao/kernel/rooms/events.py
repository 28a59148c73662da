"""News between rooms: an action publishes what happened, upper rooms subscribe in their `room.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, get_args, get_type_hints
from uuid import uuid4

from django.db import transaction


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


def publish(event: Event) -> None:
    """Tell every subscriber. Call it inside an action: what fails here undoes the action.

    Raises RuntimeError outside a transaction: news of a change that may not come to be is no news.
    """
    from yanglao.kernel.rooms.registry import house

    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(
            f"{type(event).__name__} was published outside a transaction: publish inside an action"
        )
    for subscription in house().subscriptions(type(event)):
        if subscription.later:
            _deliver_later(event, subscription)
        else:
            subscription.handler(event)


def _deliver_later(event: Event, subscription: Subscription) -> None:
    from yanglao.kernel.jobs.events import (
        deliver_event,  # jobs stand above rooms; needed only when news is posted
    )

    deliver_event(str(uuid4()), subscription.name, type(event), pack(event))


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
