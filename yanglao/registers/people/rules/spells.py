"""Dated facts as rows on two time lines: when they were true, and when they were known.

A row holds from `valid_from` up to, not including, `valid_to`; it was known from `recorded_at` up to, not
including, `replaced_at`. Recording a fact never changes what was known before: rows it contradicts are
closed on the second time line and their untouched remains are written again.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Spell:
    """What is said: a value over days. `valid_to` None means still."""

    value: str
    valid_from: dt.date
    valid_to: dt.date | None = None

    def __post_init__(self) -> None:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError("valid_to must be later than valid_from")

    def covers(self, day: dt.date) -> bool:
        """Whether it is true on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def overlaps(self, other: "Spell") -> bool:
        """Whether there is a day on which both hold."""
        return _end(self) > other.valid_from and _end(other) > self.valid_from

    def contains(self, other: "Spell") -> bool:
        """Whether it holds on every day on which the other holds."""
        return self.valid_from <= other.valid_from and _end(other) <= _end(self)


@dataclass(frozen=True, slots=True)
class Known:
    """A row: a spell with the time it was recorded and, if so, replaced."""

    spell: Spell
    recorded_at: dt.datetime
    replaced_at: dt.datetime | None = None

    def known_at(self, moment: dt.datetime) -> bool:
        """Whether this was the knowledge at a moment."""
        return self.recorded_at <= moment and (self.replaced_at is None or moment < self.replaced_at)


@dataclass(frozen=True, slots=True)
class Change:
    """What recording does to the rows known now: indexes to close, (index, remains) to write again, and the
    new spell, or None when everything it says is already known."""

    close: tuple[int, ...]
    remains: tuple[tuple[int, Spell], ...]
    add: Spell | None


def _end(spell: Spell) -> dt.date:
    return spell.valid_to or dt.date.max


def remains(old: Spell, cut: Spell) -> tuple[Spell, ...]:
    """The days of `old` outside `cut`, as up to two spells."""
    pieces = []
    if old.valid_from < cut.valid_from:
        pieces.append(replace(old, valid_to=min(_end(old), cut.valid_from)))
    if cut.valid_to is not None and _end(old) > cut.valid_to:
        pieces.append(replace(old, valid_from=max(old.valid_from, cut.valid_to)))
    return tuple(pieces)


def plan(known: Sequence[Spell], new: Spell, *, renews: bool = False) -> Change:
    """How `new` enters the rows of its slot that are known now (they never overlap, nor will they after).

    A slot is a single-valued kind of a person, or one value of a multi-valued kind. With `renews` the same
    value said again begins a new spell (a yearly proof of life); without, it changes nothing.
    """
    touched = [i for i, old in enumerate(known) if old.overlaps(new)]
    if not renews and any(known[i].value == new.value and known[i].contains(new) for i in touched):
        return Change((), (), None)
    kept = tuple((i, piece) for i in touched for piece in remains(known[i], new))
    return Change(tuple(touched), kept, new)


def plan_end(known: Sequence[Spell], first: dt.date, last: dt.date | None) -> Change:
    """Take days `first..` up to, not including, `last` out of what is known: the fact did not hold then."""
    cut = Spell("", first, last)
    touched = tuple(i for i, old in enumerate(known) if old.overlaps(cut))
    return Change(touched, tuple((i, piece) for i in touched for piece in remains(known[i], cut)), None)


def as_known(rows: Iterable[Known], moment: dt.datetime) -> list[Known]:
    """The rows that were the knowledge at a moment."""
    return [row for row in rows if row.known_at(moment)]


def as_was(rows: Iterable[Known], day: dt.date, moment: dt.datetime) -> list[Known]:
    """What was true on `day` as known at `moment`."""
    return [row for row in rows if row.known_at(moment) and row.spell.covers(day)]
