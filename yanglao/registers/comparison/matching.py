"""Who a row is: by identity number first, by the scored rule where it is missing, wrong or contradicted by the name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from yanglao.kernel.scope import Span
from yanglao.registers.doubles.queries import Candidate, MatchRow, match_rows
from yanglao.registers.people.queries import Identity, by_id_numbers, identities, standing_of

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
    """Who a row was found to be; `levels` how each field compares (registers.doubles);
    `others`: how many persons it could be."""

    how: How
    person: Identity | None = None
    score: float | None = None
    levels: Mapping[str, str] = field(default_factory=dict)
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
        elif row.valid_id and person is None:
            found[row.number] = NOBODY  # a right number that is not in the register is somebody else's
        else:
            unsure.append(row)
    found.update(_scored(unsure, span))
    return found


def lies_in(person: Identity, span: Span) -> bool:
    """Whether a person is of a division, by hukou or residence."""
    return person.hukou in span or person.residence in span


MARGIN = 6.0
"""Bits by which the best must be ahead of the next, or nobody can say which of them it is."""
BELIEVED = ("same", "probable", "possible")


def _scored(rows: Sequence[Asked], span: Span) -> dict[int, Found]:
    """Rows whose number is missing, wrong, or under another name: by the rule of `standards/matching.yaml`."""
    if not rows:
        return {}
    asked = [MatchRow(r.number, r.id_number, r.name, r.birth_date, r.sex, ()) for r in rows]
    candidates = match_rows(asked)
    current = standing_of({c.person_id for found in candidates.values() for c in found})
    known = identities(current.get(c.person_id, c.person_id) for found in candidates.values() for c in found)
    return {row.number: _chosen(candidates.get(row.number, []), known, current, span) for row in rows}


def _chosen(
    candidates: Sequence[Candidate], known: Mapping[int, Identity], current: Mapping[int, int], span: Span
) -> Found:
    """The best candidate, if he is likely enough, well ahead of the next, and of this division."""
    if not candidates or candidates[0].band not in BELIEVED:
        return NOBODY
    best = candidates[0]
    pk = current.get(best.person_id, best.person_id)
    rivals = {
        current.get(c.person_id, c.person_id) for c in candidates[1:] if c.score > best.score - MARGIN
    } - {pk}
    if rivals or best.contested:  # contested: the number is one person's, the name another's
        return Found("ambiguous", score=best.score, others=len(rivals) + 1)
    person = known.get(pk)
    if person is None or not lies_in(person, span):
        return NOBODY
    how: How = "exact" if best.levels["id"] == "equal" else "scored"
    return Found(how, person, round(best.score, 1), dict(best.levels))
