"""What other rooms' pages show of beds and stays."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.stays import queries
from yanglao.registers.stays.models import Bed, BedSpell
from yanglao.registers.stays.queries.map import on_day
from yanglao.registers.stays.queries.occupancy import Count, inside
from yanglao.registers.stays.vocabulary import vocabulary, word

SHOWN = 20


def of_person(actor: Actor, person_id: int, as_of: dt.date) -> dict[str, Any]:
    """Stays of a person, for his page; links only where the actor may open them."""
    stays = [s for s in queries.of_person(person_id) if (s.admitted_on or s.applied_on) <= as_of]
    return {"stays": [(stay, actor.can("stays.view", stay)) for stay in stays]}


def beds(actor: Actor, place_id: int, as_of: dt.date) -> dict[str, Any] | None:
    """Beds by type and how many are taken, for a place's page; None for a place without beds."""
    if not Bed.objects.filter(place_id=place_id).exists():
        return None
    spells = BedSpell.objects.filter(on_day("valid_from", "valid_to", as_of), bed__place_id=place_id)
    kinds = Counter(spells.order_by("pk").values_list("kind", "state"))
    count = queries.counts_on(as_of, inside(place=place_id))
    return {
        "place_id": place_id,
        "count": count,
        "waiting": queries.waiting_list(place_id).count(),
        "kinds": [
            (word(vocabulary().bed_kinds, kind), kinds[kind, "use"], kinds[kind, "repair"])
            for kind in vocabulary().bed_kinds
            if kinds[kind, "use"] or kinds[kind, "repair"]
        ],
    }


def residents(actor: Actor, place_id: int, as_of: dt.date) -> dict[str, Any] | None:
    """Who lives there, for a place's page; None for a place without beds."""
    if not Bed.objects.filter(place_id=place_id).exists():
        return None
    rows = (
        queries.living_in(as_of, place_id)
        .select_related("person", "bed__room")
        .order_by("-admitted_on", "pk")
    )
    found = list(rows[: SHOWN + 1])
    return {"place_id": place_id, "stays": found[:SHOWN], "more": len(found) > SHOWN}


def _count(place_id: int, as_of: dt.date) -> Count:
    return queries.counts_on(as_of, inside(place=place_id))


def bed_count(actor: Actor, place_id: int, as_of: dt.date) -> int | None:
    return _count(place_id, as_of).beds or None


def resident_count(actor: Actor, place_id: int, as_of: dt.date) -> int | None:
    count = _count(place_id, as_of)
    return count.taken if count.beds else None


def free_beds(place_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Free beds today: place → type → number. No names, so it answers the public finder as well."""
    with everything("free beds of public places, by number only"):
        beds = queries.free_beds(None, timezone.localdate()).filter(place_id__in=list(place_ids))
        found: dict[int, dict[str, int]] = {}
        for place_id, kind in beds.order_by("pk").values_list("place_id", "kind_now"):
            beds_of = found.setdefault(place_id, {})
            beds_of[kind] = beds_of.get(kind, 0) + 1
    return found
