"""What every page's template knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import house as the_house


def house(request: HttpRequest) -> dict[str, Any]:
    """The actor, and the menu entries he has a right to."""
    actor: Actor = getattr(request, "actor", Actor.anonymous())
    return {"actor": actor, "menu": [entry for entry in the_house().menu if actor.can(entry.right)]}
