"""Conversion between GCJ-02 (the shifted system of Chinese web maps) and CGCS2000."""

from __future__ import annotations

from math import cos, pi, sin, sqrt

_SEMI_MAJOR = 6378245.0  # Krasovsky 1940, metres: GCJ-02 is defined on it
_ECCENTRICITY = 0.00669342162296594323


def cgcs_to_gcj(longitude: float, latitude: float) -> tuple[float, float]:
    """CGCS2000 degrees → GCJ-02 degrees, by the published offset polynomial."""
    x, y = longitude - 105.0, latitude - 35.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + _waves(x)
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    radians = latitude / 180.0 * pi
    magic = 1 - _ECCENTRICITY * sin(radians) ** 2
    per_north = (_SEMI_MAJOR * (1 - _ECCENTRICITY)) / (magic * sqrt(magic)) * pi / 180.0
    per_east = _SEMI_MAJOR / sqrt(magic) * cos(radians) * pi / 180.0
    return longitude + east / per_east, latitude + north / per_north


def _waves(x: float) -> float:
    """The part of the eastern offset that oscillates with a degree and its fractions, metres."""
    fine = 20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)
    return (fine + 20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0


def gcj_to_cgcs(longitude: float, latitude: float) -> tuple[float, float]:
    """GCJ-02 degrees → CGCS2000 degrees; three rounds of the inverse leave less than a centimetre."""
    east, north = longitude, latitude
    for _ in range(3):
        shifted = cgcs_to_gcj(east, north)
        east, north = east + longitude - shifted[0], north + latitude - shifted[1]
    return east, north
