"""Numbers of plan files: read exactly, yearly parts checked against the whole, made into marks of a curve."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction


def missing_from(increments: Sequence[Fraction], promised: Fraction) -> Fraction:
    """By how much yearly increments miss the promised total; 0 when they add up (雷山: 100+50+50=200)."""
    return promised - sum(increments, Fraction(0))


def first_fall(totals: Sequence[Fraction]) -> tuple[Fraction, Fraction] | None:
    """The first pair of totals to the end of each year that falls, or None (雷山: 20, 30, 100)."""
    return next(((a, b) for a, b in itertools.pairwise(totals) if b < a), None)


@dataclass(frozen=True)
class Year:
    """What a year must bring: that much more (``increment``) or that much in all."""

    year: int
    number: Fraction
    increment: bool


def marks_of(years: Sequence[Year]) -> tuple[tuple[date, Fraction], ...]:
    """Totals due at the end of each year but the last."""
    marks, total = [], Fraction(0)
    for part in years[:-1]:
        total = total + part.number if part.increment else part.number
        marks.append((date(part.year, 12, 31), total))
    return tuple(marks)


def yearly_from(parts: Sequence[tuple[int, str]], goal: str) -> list[dict[str, object]]:
    """Numbers by year, as a document gives them, as the `yearly` of a target; empty when they do not fit the goal.

    Parts that add up to the goal are increments of their years; parts that rise to it are totals at the years' ends.
    Two years at least, each once. Raises ValueError for a number that cannot be read.
    """
    ordered = sorted((year, number, parse_number(number)) for year, number in parts)
    exact = [number for _year, _written, number in ordered]
    if len(ordered) < 2 or len({year for year, _written, _number in ordered}) != len(ordered):
        return []
    if sum(exact) == parse_number(goal):
        kind = "increment"
    elif exact == sorted(exact) and exact[-1] == parse_number(goal):
        kind = "total"
    else:
        return []
    return [{"year": year, "number": written, "as": kind} for year, written, _number in ordered]


def parse_number(text: str | int | float) -> Fraction:
    """A number of a plan file: 57, 1.5, "2/3". A masked one ("20_0") is refused, never guessed.

    Raises ValueError.
    """
    if isinstance(text, float):
        return Fraction(repr(text))
    written = str(text).strip()
    if not written or any(sign not in "0123456789./-" for sign in written):
        raise ValueError(f"{text!r} is not a number that can be read")
    return Fraction(written)
