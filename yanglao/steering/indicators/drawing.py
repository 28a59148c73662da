"""Maps and small multiples as shapes for an SVG: no script, so they print, and every place is a link for the keyboard.

By hand instead of the charts' library: a page shows up to fifty small curves on one scale, and a map of a dozen
outlines; as plain SVG both are there before any script runs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, MARGIN, CLASSES = 640.0, 8.0, 5
NEAR = 0.8  # points nearer than this many units of the picture are one
TILE, GAP = 112.0, 6.0
CURVE_WIDTH, CURVE_HEIGHT = 160.0, 44.0
Point = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """A place in the picture: its outline as an SVG path and where its name stands."""

    code: int
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Picture:
    """Shapes and the size of the paper they are drawn on; ``tiles``: squares by position instead of outlines."""

    shapes: tuple[Shape, ...]
    width: float
    height: float
    tiles: bool


@dataclass(frozen=True)
class Step:
    """A class of the legend: values from ``low`` to ``high``, both included; ``tone`` 1 (pale) to 5."""

    tone: int
    low: float
    high: float


def steps(values: Iterable[float]) -> list[Step]:
    """Up to five classes with about as many places each; equal values are never torn apart."""
    ordered = sorted(values)
    different = sorted(set(ordered))
    if not different:
        return []
    number = min(CLASSES, len(different))
    bounds = [ordered[max(math.ceil(len(ordered) * n / number) - 1, 0)] for n in range(1, number + 1)]
    found: list[Step] = []
    for bound in dict.fromkeys(bounds):
        low = next(v for v in different if not found or v > found[-1].high)
        found.append(Step(len(found) + 1, low, bound))
    spread = CLASSES - 1
    return [Step(1 + round(i * spread / max(len(found) - 1, 1)), s.low, s.high) for i, s in enumerate(found)]


def tone_of(value: float, classes: Sequence[Step]) -> int:
    """The tone of a value, 0 outside of every class."""
    return next((step.tone for step in classes if step.low <= value <= step.high), 0)


def outlines(places: Mapping[int, Mapping[str, Any]]) -> Picture | None:
    """A picture of GeoJSON outlines by code; None without any. Degrees become squares at the middle latitude."""
    rings = {code: [_flat(ring) for ring in _rings(outline)] for code, outline in places.items()}
    everything = [point for of_place in rings.values() for ring in of_place for point in ring]
    if not everything:
        return None
    west, east = min(x for x, _y in everything), max(x for x, _y in everything)
    south, north = min(y for _x, y in everything), max(y for _x, y in everything)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * narrow, (north - south) / 1.1, 1e-9)

    def placed(point: Point) -> Point:
        return MARGIN + (point[0] - west) * narrow * scale, MARGIN + (north - point[1]) * scale

    shapes = [
        _shape(code, [[placed(p) for p in ring] for ring in of_place]) for code, of_place in rings.items()
    ]
    width = (east - west) * narrow * scale + 2 * MARGIN
    return Picture(tuple(shapes), round(width, 1), round((north - south) * scale + 2 * MARGIN, 1), False)


def _rings(outline: Mapping[str, Any]) -> list[list[Sequence[float]]]:
    """Outer rings of a GeoJSON geometry, feature or collection."""
    if outline.get("type") == "FeatureCollection":
        return [ring for feature in outline["features"] for ring in _rings(feature)]
    if outline.get("type") == "Feature":
        return _rings(outline["geometry"])
    coordinates = outline.get("coordinates", [])
    polygons = coordinates if outline.get("type") == "MultiPolygon" else [coordinates]
    return [polygon[0] for polygon in polygons if polygon]


def _flat(ring: Sequence[Sequence[float]]) -> list[Point]:
    return [(point[0], point[1]) for point in ring]


def _shape(code: int, rings: list[list[Point]]) -> Shape:
    largest = max(rings, key=lambda ring: abs(_area(ring)))
    x, y = _middle(largest)
    path = " ".join(_path(thin) for ring in rings if len(thin := _thinned(ring)) > 2)
    return Shape(code, path, round(x, 1), round(y, 1))


def _thinned(ring: list[Point]) -> list[Point]:
    kept = ring[:1]
    for point in ring[1:]:
        if math.dist(point, kept[-1]) >= NEAR:
            kept.append(point)
    return kept


def _path(ring: list[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z"


def _area(ring: list[Point]) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


def _middle(ring: list[Point]) -> Point:
    area = _area(ring)
    if not area:
        return ring[0]
    pairs = list(zip(ring, ring[1:] + ring[:1], strict=True))
    x = sum((x1 + x2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in pairs) / (6 * area)
    y = sum((y1 + y2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in pairs) / (6 * area)
    return x, y


def tiles(points: Mapping[int, Point | None]) -> Picture:
    """One square a place, in rows from north to south, each row from west to east; places without a point last."""
    if not points:
        return Picture((), 0, 0, True)
    columns = max(math.ceil(math.sqrt(len(points))), min(len(points), 5))
    known = sorted(
        (code for code, point in points.items() if point), key=lambda c: (-(points[c] or (0, 0))[1], c)
    )
    ordered = [*known, *sorted(code for code, point in points.items() if point is None)]
    shapes = []
    for row in range(math.ceil(len(ordered) / columns)):
        here = ordered[row * columns : (row + 1) * columns]
        here.sort(key=lambda c: ((points[c] or (math.inf, 0))[0], c))
        for column, code in enumerate(here):
            x, y = MARGIN + column * (TILE + GAP), MARGIN + row * (TILE * 0.62 + GAP)
            path = f"M{x:.1f} {y:.1f}h{TILE}v{TILE * 0.62:.1f}h-{TILE}Z"
            shapes.append(Shape(code, path, x + TILE / 2, y + TILE * 0.27))
    width = 2 * MARGIN + columns * (TILE + GAP) - GAP
    rows = math.ceil(len(ordered) / columns)
    return Picture(tuple(shapes), width, round(2 * MARGIN + rows * (TILE * 0.62 + GAP) - GAP, 1), True)


def curve(values: Sequence[float | None], low: float, high: float) -> str:
    """A course as the path of a line within 160 × 44 units, all courses of a page on one scale.

    A month without a number is passed over: the line goes on to the next one.
    """
    span = (high - low) or 1.0
    wide = CURVE_WIDTH / max(len(values) - 1, 1)
    path, pen = [], "M"
    for n, value in enumerate(values):
        if value is None:
            continue
        y = 2 + (CURVE_HEIGHT - 4) * (1 - (value - low) / span)
        path.append(f"{pen}{n * wide:.1f} {y:.1f}")
        pen = "L"
    return "".join(path)
