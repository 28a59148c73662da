"""News that is delivered later: each subscription gets each event once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.jobs.actions import enqueue
from yanglao.kernel.jobs.context import JobContext
from yanglao.kernel.jobs.declare import job
from yanglao.kernel.rooms.events import Event, unpack
from yanglao.kernel.rooms.registry import house


def deliver_event(delivery: str, subscription: str, kind: type[Event], data: dict[str, Any]) -> None:
    """Post an event to one subscription, as a job; `delivery` is its id, so that posting twice is one."""
    enqueue(
        Actor.system("event", via="job"),
        deliver,
        key=f"event:{delivery}",
        subscription=subscription,
        kind=f"{kind.__module__}.{kind.__qualname__}",
        data=data,
    )


@job("jobs.deliver_event", retries=5, label=_("传递消息"))
def deliver(ctx: JobContext, *, subscription: str, kind: str, data: dict[str, Any]) -> None:
    """Call the handler, in one transaction with the note that it was called."""
    event = unpack(import_string(kind), data)
    handler: Callable[[Any], None] = house().subscription(subscription).handler
    ctx.once("delivered", lambda: handler(event))
