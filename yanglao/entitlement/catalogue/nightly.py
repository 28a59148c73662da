"""A city's states anew: the reading and reckoning stand outside the writing transaction."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.catalogue import actions, computing, past
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.packs.models import City


def recompute(actor: Actor, *, city: City, on: dt.date | None = None) -> computing.Done:
    """Everybody's states in a city, and the month's figures. Raises Forbidden."""
    actor.require("catalogue.recompute", city.root_id)
    day = on or timezone.localdate()
    return actions.kept(actor, city=city, on=day, done=computing.recompute(city, day))


def recover(actor: Actor, *, city: City, first: Month) -> int:
    """Count the past months from `first` that were not counted in their own time; returns how many. Raises Forbidden."""
    actor.require("catalogue.recompute", city.root_id)
    months = [m for m in past.open_months(city, timezone.localdate()) if int(m) >= int(first)]
    done = 0
    for month, columns in past.recovered(city, months):
        actions.recovered(actor, city=city, month=int(month), columns=columns)
        done += 1
    return done
