"""Reads of the register."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone

from yanglao.registers.people.models import Circumstance, Person


def true_on(day: dt.date) -> Q:
    """Circumstances that hold on a day."""
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))


def known_at(moment: dt.datetime | None) -> Q:
    """Circumstances that were the knowledge at a moment; None: now."""
    if moment is None:
        return Q(replaced_at=None)
    return Q(recorded_at__lte=moment) & (Q(replaced_at=None) | Q(replaced_at__gt=moment))


def facts_on(person: Person, day: dt.date, moment: dt.datetime | None = None) -> QuerySet[Circumstance]:
    """What was true of a person on `day` as known at `moment` (now)."""
    found = Circumstance.objects.filter(true_on(day) & known_at(moment), person=person)
    return found.order_by("kind", "valid_from", "id")


def all_facts(person: Person, moment: dt.datetime | None = None) -> QuerySet[Circumstance]:
    """The person's whole history as known at `moment` (now), earliest first."""
    found = Circumstance.objects.filter(known_at(moment), person=person)
    return found.order_by("kind", "valid_from", "id")


def today() -> dt.date:
    """Today in the city's time zone."""
    return timezone.localdate()
