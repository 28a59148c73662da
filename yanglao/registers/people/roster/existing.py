"""What the register knows of the persons of a batch of roster rows, read in a few queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import ID_PATH, Circumstance, Person

Slot = tuple[str, str]


@dataclass
class Existing:
    """Persons by the blind index of their resident id, with the facts known now by (kind, slot)."""

    persons: dict[bytes, Person] = field(default_factory=dict)
    facts: dict[int, dict[Slot, list[Circumstance]]] = field(default_factory=dict)


def indexes(rows: Iterable[Any]) -> dict[int, bytes]:
    """Row number → blind index of its resident id, for rows that have one."""
    return {r.row_number: blind_index(ID_PATH, r.id_number.number) for r in rows if r.id_number is not None}


def of(hashes: Iterable[bytes], *, lock: bool = False, facts: bool = True) -> Existing:
    """What is known of those ids, in the whole city: one person has one file wherever it is kept."""
    found = Existing()
    with everything("one file per resident id, wherever it is kept"):
        people = Person.files.order_by("id")
        if lock:
            people = people.select_for_update()
        for chunk in in_chunks(hashes):
            for person in people.filter(id_number_hash__in=chunk):
                found.persons[bytes(person.id_number_hash or b"")] = person
        _follow_merges(found, people)
        if facts:
            _read_facts(found, {p.pk for p in found.persons.values()})
    return found


def _follow_merges(found: Existing, people: QuerySet[Person]) -> None:
    """A number of a file that was merged means the file it was merged into."""
    merged = {key: p.merged_into_id for key, p in found.persons.items() if p.merged_into_id is not None}
    if merged:
        kept = {p.pk: p for chunk in in_chunks(set(merged.values())) for p in people.filter(pk__in=chunk)}
        known = {p.pk: p for p in found.persons.values()}
        found.persons.update({key: known.get(pk) or kept[pk] for key, pk in merged.items()})


def _read_facts(found: Existing, ids: Iterable[int]) -> None:
    for chunk in in_chunks(ids):
        rows = Circumstance.objects.filter(person_id__in=chunk, replaced_at=None).order_by(
            "person_id", "valid_from"
        )
        for row in rows:
            found.facts.setdefault(row.person_id, {}).setdefault((row.kind, row.slot), []).append(row)
