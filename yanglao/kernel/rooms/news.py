"""News between rooms: an action publishes what happened, upper rooms subscribe in their `room.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import transaction

from yanglao.kernel.rooms.events import Event, pack
from yanglao.kernel.rooms.registry import house

Postman = Callable[[str, str, type[Event], dict[str, Any]], None]
_postmen: list[Postman] = []


def deliver_later_by(postman: Postman) -> None:
    """Who carries news that need not be heard at once: `postman(delivery, subscription, kind, data)`.

    Set by the jobs' room, which stands above this one.
    """
    _postmen[:] = [postman]


def publish(event: Event) -> None:
    """Tell every subscriber. Call it inside an action: what fails here undoes the action.

    Raises RuntimeError outside a transaction: news of a change that may not come to be is no news.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(
            f"{type(event).__name__} was published outside a transaction: publish inside an action"
        )
    for subscription in house().subscriptions(type(event)):
        if subscription.later:
            for postman in _postmen:
                postman(str(uuid4()), subscription.name, type(event), pack(event))
        else:
            subscription.handler(event)
