"""Schematic points lie in their county, nearest to its seat first, always the same."""

import math

from yanglao.kernel.packs.layout import spread

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 1], [0, 1], [0, 0]]]}


def test_it_spreads_inside_the_outline() -> None:
    points = spread((0.2, 0.2), SQUARE, 25)
    assert len(set(points)) == 25
    assert all(0 <= x <= 2 and 0 <= y <= 1 for x, y in points)
    distances = [math.dist(point, (0.2, 0.2)) for point in points]
    assert distances == sorted(distances)
    assert points == spread((0.2, 0.2), SQUARE, 25)


def test_it_spreads_around_the_centre_without_an_outline() -> None:
    points = spread((108.0, 26.0), None, 9)
    assert len(set(points)) == 9
    assert all(math.dist(point, (108.0, 26.0)) < 0.1 for point in points)
    assert spread((0, 0), None, 0) == []
