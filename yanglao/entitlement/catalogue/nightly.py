"""A city's states anew: the reading and reckoning stand outside the writing transaction."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from yanglao.entitlement.catalogue import actions, computing
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.packs.models import City


def recompute(actor: Actor, *, city: City, on: dt.date | None = None) -> computing.Done:
    """Everybody's states in a city, and the month's figures. Raises Forbidden."""
    actor.require("catalogue.recompute", city.root_id)
    day = on or timezone.localdate()
    return actions.kept(actor, city=city, on=day, done=computing.recompute(city, day))
