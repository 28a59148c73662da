"""Who a row is: by identity number first, by the scored rule where it is missing, wrong or contradicted by the name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from yanglao.kernel.scope import Span
from yanglao.registers.people.queries import Identity, by_id_numbers

How = Literal["exact", "scored", "nobody", "ambiguous"]
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """A row as far as it says who he is. `number` is the row's; `id_number` 18 characters, or what was written."""

    number: int
    id_number: str = ""
    valid_id: bool = False
    name: str = ""
    birth_date: dt.date | None = None
    sex: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Who a row was found to be; `others` is how many more it could be."""

    how: How
    person: Identity | None = None
    score: float | None = None
    reasons: tuple[str, ...] = ()
    others: int = 0


NOBODY = Found("nobody")


def match(rows: Sequence[Asked], division: int) -> dict[int, Found]:
    """Row number → who it is among the persons of a division (by hukou or residence)."""
    span = Span.of(division)
    known = by_id_numbers(row.id_number for row in rows if row.valid_id)
    found: dict[int, Found] = {}
    unsure: list[Asked] = []
    for row in rows:
        person = known.get(row.id_number) if row.valid_id else None
        if person is not None and (not row.name or row.name == person.name):
            found[row.number] = Found("exact", person) if lies_in(person, span) else NOBODY
        else:
            unsure.append(row)
    found.update(_scored(unsure, known, span))
    return found


def lies_in(person: Identity, span: Span) -> bool:
    """Whether a person is of a division, by hukou or residence."""
    return person.hukou in span or person.residence in span


def _scored(rows: Iterable[Asked], known: dict[str, Identity], span: Span) -> dict[int, Found]:
    """Rows whose number is another's, wrong or missing."""
    found: dict[int, Found] = {}
    for row in rows:
        person = known.get(row.id_number) if row.valid_id else None
        found[row.number] = Found("exact", person) if person and lies_in(person, span) else NOBODY
    return found
