"""The schema of the house: every fact the rooms offer, as the engine's declarations."""

from __future__ import annotations

from functools import cache

from yanglao.kernel.rooms import house

from ..rules.schema import Schema
from .declaring import declared
from .granted import GRANTED


@cache
def schema() -> Schema:
    """All subjects and snapshot tables; collected once per process."""
    found = declared(house().facts)
    return Schema(found.subjects, {**found.tables, GRANTED.name: GRANTED})
