"""From judges' marks to a ranking. Exact fractions: two who are equal are equal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Rule = Literal["mean", "trimmed"]
LEAST_TO_TRIM = 3
"""With fewer marks than this nothing is taken away: one of two would decide alone."""


@dataclass(frozen=True)
class Weighed:
    """An item's part in the total: its full mark and its weight."""

    full: int
    weight: int


@dataclass(frozen=True)
class Ranked:
    """`total` of 100; None while an item has no mark. `place` by standard competition ranking (1, 2, 2, 4)."""

    entry: int
    total: Fraction | None
    place: int | None
    shared: bool = False


def of_item(marks: Sequence[int], rule: Rule) -> Fraction | None:
    """What an item is worth by its judges' marks; None without marks."""
    kept = sorted(marks)
    if rule == "trimmed" and len(kept) >= LEAST_TO_TRIM:
        kept = kept[1:-1]
    return Fraction(sum(kept), len(kept)) if kept else None


def total(marks: Mapping[int, Sequence[int]], items: Mapping[int, Weighed], rule: Rule) -> Fraction | None:
    """The total of 100 by the items' weights; `marks`: item → marks in hundredths. None while an item lacks marks."""
    weights = sum(item.weight for item in items.values())
    got = Fraction(0)
    for key, item in items.items():
        worth = of_item(marks.get(key, ()), rule)
        if worth is None:
            return None
        got += worth / 100 / item.full * 100 * item.weight
    return got / weights if weights else None


def rank(totals: Mapping[int, Fraction | None]) -> list[Ranked]:
    """Best first, those without a total last; equals share a place and the next one is left out."""
    known = sorted(((t, e) for e, t in totals.items() if t is not None), key=lambda pair: (-pair[0], pair[1]))
    values = [t for t, _entry in known]
    found = [Ranked(entry, t, values.index(t) + 1, values.count(t) > 1) for t, entry in known]
    return found + [Ranked(entry, None, None) for entry, t in sorted(totals.items()) if t is None]
