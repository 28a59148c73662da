"""Conditions of the two time lines, and today."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils import timezone


def true_on(day: dt.date) -> Q:
    """Circumstances that hold on a day."""
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))


def known_at(moment: dt.datetime | None) -> Q:
    """Circumstances that were the knowledge at a moment; None: now."""
    if moment is None:
        return Q(replaced_at=None)
    return Q(recorded_at__lte=moment) & (Q(replaced_at=None) | Q(replaced_at__gt=moment))


def today() -> dt.date:
    """Today in the city's time zone."""
    return timezone.localdate()
