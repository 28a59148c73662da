"""Yuan, hours and percentages as exact fractions, rounded once and where the language says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import Any

CENT = Fraction(1, 100)
HALF = Fraction(1, 2)


class Unsupported(NotImplementedError):
    """Something a policy says that this reckoning does not know how to count."""


@dataclass(frozen=True)
class Amount:
    """`of` in yuan, hours … or as a share of one (40 % is 2/5). `open`: a quotient that is not rounded yet."""

    of: Fraction
    unit: str  # yuan · quantity · percent · count
    open: bool = False


def settled(value: Any) -> Any:
    """The value with its one rounding done: halves up, to fen (hundredths), of counts to whole ones."""
    if not isinstance(value, Amount) or not value.open:
        return value
    if value.unit == "count":
        return floor(value.of + HALF)
    return Amount(to_step(value.of, CENT, "half_up"), value.unit)


def to_step(value: Fraction, step: Fraction, how: str) -> Fraction:
    """Rounded to whole steps: half_up 四舍五入 · up 进位 · down 舍去."""
    steps = value / step
    ways: dict[str, Callable[[Fraction], int]] = {
        "half_up": lambda x: floor(x + HALF),
        "up": ceil,
        "down": floor,
    }
    return ways[how](steps) * step


def quotient(value: Any, factor: Fraction) -> Any:
    """`value` times a fraction, left open: what is itself an open quotient is not rounded in between."""
    if value is None:
        return None
    if isinstance(value, int):
        return Amount(value * factor, "count", open=True)
    return Amount(value.of * factor, value.unit, open=True)


def number(value: Any) -> Any:
    """For comparing: the bare number, day, text or truth."""
    value = settled(value)
    return value.of if isinstance(value, Amount) else value


def added(left: Any, right: Any, sign: int = 1) -> Any:
    left, right = settled(left), settled(right)
    if left is None or right is None:
        return None
    if isinstance(left, int) and isinstance(right, int):
        return left + sign * right
    units = {v.unit for v in (left, right) if isinstance(v, Amount)}
    if len(units) != 1 or any(isinstance(v, int) and v for v in (left, right)):
        raise Unsupported(f"adding {left} and {right}")
    return Amount(Fraction(number(left)) + sign * Fraction(number(right)), units.pop())


def multiplied(left: Any, right: Any) -> Any:
    """A count times anything; hours times yuan are yuan, not rounded yet."""
    if left is None or right is None:
        return None
    if isinstance(left, Amount) and isinstance(right, Amount):
        if {left.unit, right.unit} != {"yuan", "quantity"}:
            raise Unsupported(f"{left.unit} times {right.unit}")
        money, hours = (left, right) if left.unit == "yuan" else (right, left)
        return quotient(money, settled(hours).of)
    left, right = settled(left), settled(right)
    if isinstance(left, int) and isinstance(right, int):
        return left * right
    amount, count = (left, right) if isinstance(left, Amount) else (right, left)
    return replace(amount, of=amount.of * count)


def negative(value: Any) -> Any:
    value = settled(value)
    if isinstance(value, Amount):
        return replace(value, of=-value.of)
    return None if value is None else -value
