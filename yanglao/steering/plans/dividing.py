"""How a target is divided among districts: exact, whole things stay whole, and nothing is lost on the way."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction


def divide(total: Fraction, weights: Mapping[int, Fraction], *, step: Fraction) -> dict[int, Fraction]:
    """Parts by weight, each a multiple of `step` (1 for whole things), that add up to the whole.

    By largest remainders, ties to the smaller code; evenly when nobody has any weight; exact fractions when the whole
    is no multiple of the step. Raises ValueError for a negative weight or no districts.
    """
    if not weights or min(weights.values()) < 0:
        raise ValueError("districts with weights of nought or more are needed")
    everything = sum(weights.values())
    exact = {
        code: total * (weight / everything if everything else Fraction(1, len(weights)))
        for code, weight in weights.items()
    }
    if (total / step).denominator != 1:
        return exact
    parts = {code: step * math.floor(part / step) for code, part in exact.items()}
    left = int((total - sum(parts.values())) / step)
    for code in sorted(exact, key=lambda c: (parts[c] - exact[c], c))[:left]:
        parts[code] += step
    return parts


def difference(parts: Iterable[Fraction], total: Fraction) -> Fraction:
    """What the parts have more (or less) than the whole."""
    return sum(parts, Fraction(0)) - total
