"""Spread points over a county, for maps of streets whose true points nobody has surveyed yet (示意位置)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import count, islice
from typing import Any

Point = tuple[float, float]

_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
_SPIRAL_STEP = 0.012  # degrees between turns where there is no outline: about 1.3 km


def spread(centre: Point, outline: dict[str, Any] | None, number: int) -> list[Point]:
    """`number` points (longitude, latitude), nearest to the centre first: inside the GeoJSON outline if there
    is one, else on a sunflower spiral around the centre. The same input always gives the same points."""
    rings = list(_outer_rings(outline)) if outline else []
    if not rings or not number:
        return list(islice(_spiral(centre), number))
    # more candidates than needed, so that streets crowd round the seat of the county as they do in life
    candidates = list(islice(_inside(rings), number * 3))
    nearest = sorted(candidates, key=lambda point: math.dist(point, centre))
    return sorted(_thin(nearest, number), key=lambda point: math.dist(point, centre))


def _thin(nearest: Sequence[Point], number: int) -> list[Point]:
    """Every candidate near the centre, ever fewer of those farther out."""
    last = len(nearest) - 1
    chosen = {round(last * (index / max(number - 1, 1)) ** 1.5) for index in range(number)}
    rest = (index for index in range(last + 1) if index not in chosen)
    chosen |= set(islice(rest, number - len(chosen)))
    return [nearest[index] for index in sorted(chosen)]


def _spiral(centre: Point) -> Iterator[Point]:
    for index in count(1):
        radius, angle = _SPIRAL_STEP * math.sqrt(index), index * _GOLDEN_ANGLE
        stretch = math.cos(math.radians(centre[1]))
        yield centre[0] + radius * math.cos(angle) / stretch, centre[1] + radius * math.sin(angle)


def _inside(rings: list[list[Point]]) -> Iterator[Point]:
    """Halton points that lie in one of the rings."""
    west, east = min(p[0] for r in rings for p in r), max(p[0] for r in rings for p in r)
    south, north = min(p[1] for r in rings for p in r), max(p[1] for r in rings for p in r)
    for index in count(1):
        point = (west + (east - west) * _halton(index, 2), south + (north - south) * _halton(index, 3))
        if any(_in_ring(point, ring) for ring in rings):
            yield point


def _halton(index: int, base: int) -> float:
    value, fraction = 0.0, 1.0
    while index:
        fraction /= base
        index, digit = divmod(index, base)
        value += fraction * digit
    return value


def _in_ring(point: Point, ring: list[Point]) -> bool:
    """Whether a ray to the east crosses the ring an odd number of times."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _outer_rings(geometry: dict[str, Any]) -> Iterator[list[Point]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in polygons:
        yield [(float(x), float(y)) for x, y in polygon[0]]
