"""A statistical table's arithmetic: counts, typed numbers, shares, and the checks between rows. No database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Protocol

How = Literal["counted", "typed", "share", "open"]
CODE = r"\d+(?:\.\d+)*"
MEASURE = r"[a-z_]+\.[a-z0-9_:]+"
_TERM = re.compile(rf"\s*([+-]?)\s*({MEASURE})")
_CHECK = re.compile(rf"\s*({CODE}(?:\s*\+\s*{CODE})*)\s*(=|>=|<=)\s*({CODE}(?:\s*\+\s*{CODE})*)\s*")


class Row(Protocol):
    """A row of a table, as its file declares it. Attributes are read only."""

    @property
    def code(self) -> str: ...
    @property
    def count(self) -> str: ...
    @property
    def share(self) -> tuple[str, str] | None: ...
    @property
    def per(self) -> int: ...


@dataclass(frozen=True)
class Figure:
    """The number of a row, and how it came about; `open`: nobody knows it yet."""

    number: Fraction | None
    how: How


@dataclass(frozen=True)
class Check:
    """A relation between sums of rows 审核关系: `1 = 1.1 + 1.2`, `2 >= 2.1`."""

    left: tuple[str, ...]
    sign: str
    right: tuple[str, ...]

    def __str__(self) -> str:
        sign = {"=": "=", ">=": "≥", "<=": "≤"}[self.sign]
        return f"{' + '.join(self.left)} {sign} {' + '.join(self.right)}"

    def holds(self, left: Fraction, right: Fraction) -> bool:
        return {"=": left == right, ">=": left >= right, "<=": left <= right}[self.sign]


@dataclass(frozen=True)
class Broken:
    """A check that does not hold, with the two sums."""

    check: Check
    left: Fraction
    right: Fraction


def terms(text: str) -> tuple[tuple[int, str], ...]:
    """`a.x + b.y - c.z` as signed measure names. Raises ValueError when it is written otherwise."""
    found: list[tuple[int, str]] = []
    at = 0
    while at < len(text.rstrip()):
        term = _TERM.match(text, at)
        if term is None or (found and not term[1]):
            raise ValueError(text)
        found.append((-1 if term[1] == "-" else 1, term[2]))
        at = term.end()
    return tuple(found)


def check_of(text: str) -> Check:
    """Raises ValueError when the relation is written otherwise than `1 = 1.1 + 1.2`."""
    found = _CHECK.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return Check(_codes(found[1]), found[2], _codes(found[3]))


def _codes(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("+"))


def reckon(
    rows: Iterable[Row], counted: Mapping[str, Fraction], typed: Mapping[str, Fraction]
) -> dict[str, Figure]:
    """The figures of all rows by code. `counted`: measures known for the place and day; `typed`: rows by code.

    A share of nothing is open. What a register counts is never taken from what was typed.
    """
    listed = list(rows)
    figures = {row.code: _number(row, counted, typed) for row in listed if row.share is None}
    return {row.code: _share(row, figures) if row.share else figures[row.code] for row in listed}


def _number(row: Row, counted: Mapping[str, Fraction], typed: Mapping[str, Fraction]) -> Figure:
    if not row.count:
        number = typed.get(row.code)
        return Figure(number, "open" if number is None else "typed")
    parts = terms(row.count)
    if any(name not in counted for _sign, name in parts):
        return Figure(None, "open")
    return Figure(sum((sign * counted[name] for sign, name in parts), Fraction(0)), "counted")


def _share(row: Row, figures: Mapping[str, Figure]) -> Figure:
    assert row.share is not None
    above, below = (figures[code].number for code in row.share)
    if above is None or not below:
        return Figure(None, "open")
    return Figure(above / below * row.per, "share")


def broken(checks: Sequence[Check], figures: Mapping[str, Figure]) -> list[Broken]:
    """The checks that do not hold; one that speaks of an open row is not asked."""
    found = []
    for check in checks:
        numbers = [figures[code].number for code in (*check.left, *check.right)]
        if None in numbers:
            continue
        left = sum((n for n in numbers[: len(check.left)] if n is not None), Fraction(0))
        right = sum((n for n in numbers[len(check.left) :] if n is not None), Fraction(0))
        if not check.holds(left, right):
            found.append(Broken(check, left, right))
    return found
