"""What beds and residents are told apart by (分组): facts of the place and, for residents, of the person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models.expressions import Combinable

from yanglao.registers.people import queries as people
from yanglao.registers.places import queries as places

OF_PERSON = ("sex", "age", "ability")
BEDS: dict[str, Any] = dict(places.PART_LABELS)
STAYS: dict[str, Any] = {**BEDS, **{name: people.PART_LABELS[name] for name in OF_PERSON}}


def values(dimension: str) -> Callable[[], Mapping[str, Any]]:
    """The values of a dimension with their words, in their order."""
    return people.part_values(dimension) if dimension in OF_PERSON else places.part_values(dimension)


def part_of(dimension: str, on: dt.date, path: str = "place__") -> Combinable:
    """The part a row belongs to on a day; `path` leads to its place, its person is at `person__`."""
    if dimension in OF_PERSON:
        return people.part_of(dimension, on, "person__")
    return places.part_of(dimension, on, path)
