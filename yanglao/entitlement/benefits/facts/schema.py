"""The schema of the house: what every room's facts offer, as the engine's declarations."""

from __future__ import annotations

from functools import cache

from ..rules.schema import Schema
from .people import PERSON, TABLES


@cache
def schema() -> Schema:
    """All subjects and snapshot tables."""
    return Schema.of([PERSON], TABLES)
