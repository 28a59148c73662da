"""How near two persons' divisions are."""

from __future__ import annotations

from collections.abc import Iterable

VILLAGE, STREET, COUNTY, CITY = 1, 1_000, 10**6, 10**8
LEVELS = ("village", "street", "county", "other")


def useful(codes: Iterable[int | None]) -> tuple[int, ...]:
    """Division codes that say more than the city; each once."""
    return tuple(dict.fromkeys(c for c in codes if c and c // COUNTY % 100))


def near(a: int, b: int) -> str:
    """The smallest division both codes lie in."""
    if a == b and a % STREET:
        return "village"
    if a // STREET == b // STREET and a // STREET % 1_000:
        return "street"
    return "county" if a // COUNTY == b // COUNTY else "other"


def compare(a: tuple[int, ...], b: tuple[int, ...]) -> str:
    """The nearest of all combinations: hukou and residence of one against those of the other."""
    if not a or not b:
        return "missing"
    return min((near(x, y) for x in a for y in b), key=LEVELS.index)
