"""Wide lists: walk the order instead of gathering a city and sorting it."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BigIntegerField, F, Model, Q, QuerySet
from django.db.models.functions import Cast
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything

COUNTY_WIDE = 10**6 - 1


def listed(model: type[Model], actor: Actor, right: str) -> QuerySet[Any]:
    """Rows of places (`place` is their path) that the actor may see, never more than the scope shows.

    Neither database knows how wide a range of divisions is: over a city it would start from the places, gather a
    hundred thousand rows and sort them. As an expression the division uses no index, so the list's order is walked.
    """
    spans = actor.spans(right)
    if not any(span.hi - span.lo > COUNTY_WIDE for span in spans):
        return model._default_manager.all()
    with everything("bounded here to the spans and organisations of the right"):
        rows = model._default_manager.all()
    division = Cast(F("place__division_id"), BigIntegerField())
    inside = [
        Q(GreaterThanOrEqual(division, span.lo)) & Q(LessThanOrEqual(division, span.hi)) for span in spans
    ]
    own = Q(place__organisation__in=sorted(actor.organisations(right)))
    return rows.filter(reduce(or_, inside, own))
