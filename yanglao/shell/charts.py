"""Charts and maps as plain data: a room says what is shown, the page's script draws it.

A chart always carries its table, so that it can be read aloud, copied and printed without colours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Number = float | int | None


@dataclass(frozen=True)
class Chart:
    """`kind`: bars · columns · lines · shares. `series`: name → one value per label (None is a gap)."""

    title: Any
    kind: str
    labels: tuple[str, ...]
    series: Mapping[str, tuple[Number, ...]]
    unit: Any = ""
    stacked: bool = False
    target: Number = None
    urls: tuple[str, ...] = ()
    height: str = ""  # low · tall · or ordinary
    bridged: bool = False  # a line goes on over gaps: months that were not counted

    def __post_init__(self) -> None:
        for name, values in self.series.items():
            if len(values) != len(self.labels):
                raise ValueError(
                    f"chart “{self.title}”, {name}: {len(values)} values for {len(self.labels)} labels"
                )

    @property
    def rows(self) -> list[tuple[str, list[Number], str]]:
        """The chart as a table: (label, a value of each series, address)."""
        urls = self.urls or ("",) * len(self.labels)
        columns = [self.series[name] for name in self.series]
        return [(label, [c[i] for c in columns], urls[i]) for i, label in enumerate(self.labels)]

    def data(self) -> dict[str, Any]:
        return {
            "title": str(self.title),
            "kind": self.kind,
            "labels": [str(label) for label in self.labels],
            "series": [{"name": str(n), "values": list(v)} for n, v in self.series.items()],
            "unit": str(self.unit),
            "stacked": self.stacked,
            "target": self.target,
            "urls": list(self.urls),
            "bridged": self.bridged,
        }


def _chart(
    kind: str, title: Any, labels: Sequence[Any], series: Mapping[Any, Sequence[Number]], **more: Any
) -> Chart:
    plain = {str(n): tuple(v) for n, v in series.items()}
    return Chart(title, kind, tuple(str(label) for label in labels), plain, **more)


def bars(title: Any, labels: Sequence[Any], series: Mapping[Any, Sequence[Number]], **more: Any) -> Chart:
    """Lying bars, one group per label: for divisions, whose names are long."""
    return _chart("bars", title, labels, series, **more)


def columns(title: Any, labels: Sequence[Any], series: Mapping[Any, Sequence[Number]], **more: Any) -> Chart:
    """Standing columns: for few labels in an order, such as age groups."""
    return _chart("columns", title, labels, series, **more)


def lines(title: Any, labels: Sequence[Any], series: Mapping[Any, Sequence[Number]], **more: Any) -> Chart:
    """A course over time."""
    return _chart("lines", title, labels, series, **more)


def shares(title: Any, parts: Mapping[Any, Number], **more: Any) -> Chart:
    """Parts of a whole, as a ring; not more than six."""
    return _chart("shares", title, list(parts), {title: list(parts.values())}, **more)


@dataclass(frozen=True)
class Point:
    """A point of a map, WGS 84 or CGCS 2000 degrees. `tone`: good warn bad info dull; `size`: radius in pixels."""

    name: str
    latitude: float
    longitude: float
    detail: str = ""
    url: str = ""
    tone: str = ""
    size: int = 8


@dataclass(frozen=True)
class Map:
    """Points and outlines (GeoJSON features with the property `name`) of one city."""

    title: Any
    points: tuple[Point, ...] = ()
    outlines: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    def data(self, tiles: str) -> dict[str, Any]:
        return {
            "title": str(self.title),
            "tiles": tiles,
            "points": [
                {
                    "name": p.name,
                    "at": [p.latitude, p.longitude],
                    "detail": p.detail,
                    "url": p.url,
                    "tone": p.tone,
                    "size": p.size,
                }
                for p in self.points
            ],
            "outlines": list(self.outlines),
        }
