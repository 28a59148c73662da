"""What is reckoned without the register: distances, prices, warnings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH = 6371.0088
WARN_DAYS = (60, 30)
CONTRACT_WARN_DAYS = (180, 90)


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance of two (longitude, latitude) in degrees, km."""
    (east, north), (east2, north2) = a, b
    across = sin(radians(east2 - east) / 2) ** 2 * cos(radians(north)) * cos(radians(north2))
    return 2 * EARTH * asin(sqrt(min(1.0, sin(radians(north2 - north) / 2) ** 2 + across)))


def urgency(last_day: dt.date | None, today: dt.date, steps: tuple[int, int] = WARN_DAYS) -> str:
    """How near the last good day is: "" far or none, `soon` within the first step, `near` the second, `over` past."""
    if last_day is None:
        return ""
    left = (last_day - today).days
    if left < 0:
        return "over"
    return "near" if left <= steps[1] else "soon" if left <= steps[0] else ""


@dataclass(frozen=True)
class Range:
    """Lowest and highest price, fen per unit."""

    low: int
    high: int


def monthly(prices: Iterable[tuple[str, str, int, int]]) -> Range | None:
    """What living in a home costs a month, from (item, unit, low, high) in force: a comprehensive price, or the least
    and the most of bed, care and meals together. None when no bed price by the month is published. Prices by the day
    count thirty days, by the meal ninety."""
    times = {"month": 1, "day": 30, "meal": 90}
    found: dict[str, tuple[int, int]] = {}
    for item, unit, low, high in prices:
        if unit in times:
            least, most = found.get(item, (low * times[unit], 0))
            found[item] = min(least, low * times[unit]), max(most, high * times[unit])
    if "all" in found:
        return Range(*found["all"])
    if "bed" not in found:
        return None
    parts = [found[item] for item in ("bed", "care", "meals") if item in found]
    return Range(sum(low for low, _ in parts), sum(high for _, high in parts))
