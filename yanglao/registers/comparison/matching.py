"""Who a row is: by identity number first, by the scored rule where it is missing, wrong or contradicted by the name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.scope import Span, everything
from yanglao.registers.people.models import ID_PATH, Person

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
class Candidate:
    """A person as matching and judging need him."""

    pk: int
    name: str
    hukou: int
    residence: int
    died: dt.date | None

    def lies_in(self, span: Span) -> bool:
        return self.hukou in span or self.residence in span


@dataclass(frozen=True, slots=True)
class Found:
    """Who a row was found to be; `others` is how many more it could be."""

    how: How
    person: Candidate | None = None
    score: float | None = None
    reasons: tuple[str, ...] = ()
    others: int = 0


NOBODY = Found("nobody")


def match(rows: Sequence[Asked], division: int) -> dict[int, Found]:
    """Row number → who it is among the persons of a division (by hukou or residence)."""
    span = Span.of(division)
    by_id = _by_id(rows)
    found: dict[int, Found] = {}
    unsure: list[Asked] = []
    for row in rows:
        person = by_id.get(row.number)
        if person is not None and (not row.name or row.name == person.name):
            found[row.number] = Found("exact", person) if person.lies_in(span) else NOBODY
        else:
            unsure.append(row)
    found.update(_scored(unsure, by_id, span))
    return found


def _by_id(rows: Iterable[Asked]) -> dict[int, Candidate]:
    """Row number → the person with that identity number, wherever he lives."""
    wanted = {row.number: blind_index(ID_PATH, row.id_number) for row in rows if row.valid_id}
    people: dict[bytes, Candidate] = {}
    for hashes in in_chunks(set(wanted.values()), CHUNK):
        with everything("one person is one file, wherever it is kept; bounded by the caller"):
            known = Person.objects.filter(id_number_hash__in=hashes).order_by()
            for found, *values in known.values_list("id_number_hash", *_COLUMNS):
                people[bytes(found)] = Candidate(*values)
    return {number: people[found] for number, found in wanted.items() if found in people}


_COLUMNS = ("pk", "name", "hukou_id", "residence_id", "death_date")


def people(ids: Iterable[int]) -> dict[int, Candidate]:
    """Persons by key."""
    found: dict[int, Candidate] = {}
    for chunk in in_chunks(sorted(set(ids)), CHUNK):
        with everything("candidates of a comparison; bounded by the caller"):
            for values in Person.objects.filter(pk__in=chunk).order_by().values_list(*_COLUMNS):
                found[values[0]] = Candidate(*values)
    return found


def _scored(rows: Sequence[Asked], by_id: dict[int, Candidate], span: Span) -> dict[int, Found]:
    """Rows whose number is another's, wrong or missing."""
    found: dict[int, Found] = {}
    for row in rows:
        person = by_id.get(row.number)
        found[row.number] = Found("exact", person) if person and person.lies_in(span) else NOBODY
    return found
