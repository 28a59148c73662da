"""Ranges of 12-digit division codes (GB/T 2260 and statistical codes): "in this division" as arithmetic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """Level of a division 区划级别: the digits of its code that are its own."""

    PROVINCE = 1
    CITY = 2
    COUNTY = 3
    STREET = 4
    VILLAGE = 5


UNIT = {
    Level.PROVINCE: 10**10,
    Level.CITY: 10**8,
    Level.COUNTY: 10**6,
    Level.STREET: 10**3,
    Level.VILLAGE: 1,
}


def level_of(code: int) -> Level:
    """Level of a 12-digit code by its trailing zeros: 330203000000 is a county."""
    for level, unit in UNIT.items():
        if code % unit == 0:
            return level
    raise AssertionError("1 divides every code")


def ancestor(code: int, level: Level) -> int:
    """The code of the division of `level` that `code` lies in; `code` itself if it is not below that level."""
    return code - code % UNIT[level]


@dataclass(frozen=True, order=True)
class Span:
    """An inclusive range of division codes."""

    lo: int
    hi: int

    @classmethod
    def of(cls, code: int) -> Span:
        """Every code in the division: Span.of(330203000000) is 330203000000..330203999999."""
        if not 10**11 <= code < 10**12:
            raise ValueError(f"a division code has 12 digits, got {code}")
        return cls(code, code + UNIT[level_of(code)] - 1)

    def __contains__(self, code: int) -> bool:
        return self.lo <= code <= self.hi


Spans = tuple[Span, ...]


def contains(spans: Iterable[Span], code: int) -> bool:
    return any(code in span for span in spans)


def merge(spans: Iterable[Span]) -> Spans:
    """The same codes in the fewest spans, sorted."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.lo <= merged[-1].hi + 1:
            merged[-1] = Span(merged[-1].lo, max(merged[-1].hi, span.hi))
        else:
            merged.append(span)
    return tuple(merged)
