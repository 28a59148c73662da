"""The circumstances of two files as one.

Knowledge of the dropped file ends at the moment of the merge and is recorded on the kept one from then on: what
either file said at an earlier moment can still be asked of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from yanglao.registers.people.kinds import kinds
from yanglao.registers.people.merging.trace import Trace
from yanglao.registers.people.models import Circumstance, Person
from yanglao.registers.people.recording import spell
from yanglao.registers.people.rules.merging import Piece, Side, combine, disagree

Slot = tuple[str, str]


@dataclass(frozen=True)
class Both:
    """What the two files know of one slot now, earliest first."""

    kind: str
    keep: list[Circumstance]
    drop: list[Circumstance]

    @property
    def renews(self) -> bool:
        return self.kind in kinds() and kinds()[self.kind].renews

    @property
    def disagree(self) -> bool:
        """Whether someone has to say which file is right."""
        if self.kind == "dead":
            return [r.valid_from for r in self.keep] != [r.valid_from for r in self.drop]
        if self.renews:
            return False
        return disagree([spell(r) for r in self.keep], [spell(r) for r in self.drop])

    def after(self, prefer: Side) -> list[Piece]:
        """How the slot stands when `prefer` is believed. A death is never half believed: one file's word counts."""
        keep, drop = [spell(r) for r in self.keep], [spell(r) for r in self.drop]
        if self.kind == "dead":
            keep, drop = (keep, []) if prefer == "keep" else ([], drop)
        return combine(keep, drop, prefer, renews=self.renews)

    def row(self, piece: Piece) -> Circumstance:
        """The row a piece comes from."""
        return (self.keep if piece.side == "keep" else self.drop)[piece.index]


def both(keep: Person, drop: Person) -> dict[Slot, Both]:
    """The slots of which either file knows something, in the order of the file of kinds."""
    rows = Circumstance._base_manager.filter(person_id__in=(keep.pk, drop.pk), replaced_at=None)
    found: dict[Slot, Both] = {}
    for row in rows.order_by("valid_from", "pk"):
        one = found.setdefault((row.kind, row.slot), Both(row.kind, [], []))
        (one.keep if row.person_id == keep.pk else one.drop).append(row)
    order = {name: i for i, name in enumerate(kinds())}
    return dict(sorted(found.items(), key=lambda item: (order.get(item[0][0], len(order)), item[0])))


def join(keep: Person, drop: Person, choices: Mapping[str, str], trace: Trace) -> set[str]:
    """Write the facts of both on `keep`; returns the kinds of which `keep` knows something new."""
    slots = both(keep, drop)
    now = _moment([r for one in slots.values() for r in (*one.keep, *one.drop)])
    return {one.kind for one in slots.values() if _write(keep, one, _believed(one, choices), now, trace)}


def _believed(one: Both, choices: Mapping[str, str]) -> Side:
    return "drop" if choices.get(f"fact_{one.kind}") == "drop" else "keep"


def _write(keep: Person, one: Both, prefer: Side, now: dt.datetime, trace: Trace) -> bool:
    pieces = one.after(prefer)
    standing = {
        piece.index for piece in pieces if piece.side == "keep" and piece.spell == spell(one.row(piece))
    }
    for i, row in enumerate(one.keep):
        if i not in standing:
            _close(row, now, trace)
    for row in one.drop:
        _close(row, now, trace)
    made = [p for p in pieces if not (p.side == "keep" and p.index in standing)]
    for piece in made:
        source = one.row(piece)
        row = copy_of(source, keep.pk, now)
        row.valid_from, row.valid_to = piece.spell.valid_from, piece.spell.valid_to
        row.save(force_insert=True)
        trace.note(row, None, {})
    return bool(made) or len(standing) < len(one.keep)


def _close(row: Circumstance, now: dt.datetime, trace: Trace) -> None:
    Circumstance._base_manager.filter(pk=row.pk).update(replaced_at=now)
    trace.note(row, {}, None)


def copy_of(row: Circumstance, person_id: int, now: dt.datetime) -> Circumstance:
    """The same said again at a moment, on a file."""
    return Circumstance(
        person_id=person_id,
        kind=row.kind,
        value=row.value,
        slot=row.slot,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        recorded_at=now,
        source=row.source,
        evidence_id=row.evidence_id,
        recorded_by_id=row.recorded_by_id,
    )


def _moment(rows: list[Circumstance]) -> dt.datetime:
    return max([timezone.now(), *(r.recorded_at + dt.timedelta(microseconds=1) for r in rows)])
