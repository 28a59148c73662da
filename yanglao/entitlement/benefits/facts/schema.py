"""The schema of the house: every fact the rooms offer, as the engine's declarations."""

from __future__ import annotations

from functools import cache

from yanglao.kernel.rooms import house

from ..rules.schema import Schema
from .declaring import declared


@cache
def schema() -> Schema:
    """All subjects and snapshot tables; collected once per process."""
    return declared(house().facts)
