"""How the facts of two files of one person stand together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from yanglao.registers.people.rules.spells import Spell, remains

Side = Literal["keep", "drop"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A spell of the file that results: whose row it comes from (`side`, its index there), and its days."""

    side: Side
    index: int
    spell: Spell


def combine(
    keep: Sequence[Spell], drop: Sequence[Spell], prefer: Side, *, renews: bool = False
) -> list[Piece]:
    """The spells of one slot after a merge, earliest first; never two on one day.

    Every day either file knew is known. Where both knew the day, `prefer` is believed. A kind that renews
    (a yearly proof of life) keeps every beginning of both: one ends where the next begins.
    """
    if renews:
        return _renewed(keep, drop, prefer)
    sides: dict[Side, Sequence[Spell]] = {"keep": keep, "drop": drop}
    other: Side = "drop" if prefer == "keep" else "keep"
    found = [Piece(prefer, i, spell) for i, spell in enumerate(sides[prefer])]
    for i, spell in enumerate(sides[other]):
        found += [Piece(other, i, piece) for piece in _outside(spell, sides[prefer])]
    return sorted(found, key=lambda piece: piece.spell.valid_from)


def _outside(spell: Spell, others: Iterable[Spell]) -> list[Spell]:
    left = [spell]
    for cut in others:
        left = [part for piece in left for part in (remains(piece, cut) if piece.overlaps(cut) else (piece,))]
    return left


def _renewed(keep: Sequence[Spell], drop: Sequence[Spell], prefer: Side) -> list[Piece]:
    begun: dict[object, Piece] = {}
    sides: tuple[tuple[Side, Sequence[Spell]], ...] = (("keep", keep), ("drop", drop))
    for side, spells in sides:
        for i, spell in enumerate(spells):
            if spell.valid_from not in begun or side == prefer:
                begun[spell.valid_from] = Piece(side, i, spell)
    pieces = sorted(begun.values(), key=lambda piece: piece.spell.valid_from)
    return [_until(piece, following) for piece, following in zip(pieces, [*pieces[1:], None], strict=True)]


def _until(piece: Piece, following: Piece | None) -> Piece:
    if following is None:
        return piece
    limit, end = following.spell.valid_from, piece.spell.valid_to
    return replace(piece, spell=replace(piece.spell, valid_to=min(end, limit) if end else limit))


def disagree(keep: Iterable[Spell], drop: Iterable[Spell]) -> bool:
    """Whether the two files say different things of the same day."""
    others = list(drop)
    return any(a.value != b.value and a.overlaps(b) for a in keep for b in others)
