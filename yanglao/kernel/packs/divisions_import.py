"""Bring the divisions of a city from the public data set into the register."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from yanglao import assets
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.divisions.queries import forget_names
from yanglao.kernel.scope import Level, Span, level_of
from yanglao.kernel.scope.spans import ancestor
from yanglao.kernel.text import spelled

from .city_file import Add, CityFile, Merge, Rename, listed
from .layout import Point, spread
from .models import City
from .sections import Pack, PackFile

_COLUMNS = (
    "name", "level", "parent_id", "pinyin", "initials", "urban", "longitude", "latitude", "point_kind",
    "outline", "valid_from", "valid_to", "successor_id",
)  # fmt: skip


def apply(actor: Actor, pack: Pack, files: Sequence[PackFile[CityFile]]) -> None:
    """Make the register of divisions agree with `city.yaml` and its source, and remember the city."""
    city = files[0].model
    wanted = divisions_of(city, pack.folder)
    span = Span.of(city.root)
    existing = {d.code: d for d in Division.objects.filter(code__in=[*wanted, *city.above]).order_by("code")}
    fresh = [division for code, division in wanted.items() if _differs(existing.get(code), division)]
    for level in Level:
        _write([division for division in fresh if division.level == level])
    Division.objects.filter(code__gte=span.lo, code__lte=span.hi, valid_to=None).exclude(
        code__in=wanted
    ).update(valid_to=city.divisions.as_of)
    City.objects.update_or_create(
        id=city.id, defaults={"name": city.name, "root_id": city.root, "time_zone": city.time_zone}
    )
    forget_names()


def _write(divisions: list[Division]) -> None:
    fields = [name.removesuffix("_id") for name in _COLUMNS]
    Division.objects.bulk_create(
        divisions, batch_size=500, update_conflicts=True, unique_fields=["code"], update_fields=fields
    )


def _differs(old: Division | None, new: Division) -> bool:
    return old is None or any(getattr(old, name) != getattr(new, name) for name in _COLUMNS)


def divisions_of(city: CityFile, folder: Path) -> dict[int, Division]:
    """Every division the city's register should hold, by code, its ancestors included."""
    names = {**city.above, **listed(city, folder)}
    names[city.root] = city.name
    names.update({c.code: c.name for c in city.divisions.changes if isinstance(c, Add)})
    found = {code: _division(code, names) for code in sorted(names)}
    for change in city.divisions.changes:
        _change(found[change.code], change)
    _place(found, city)
    return found


def _division(code: int, names: dict[int, str]) -> Division:
    level, name = level_of(code), names[code]
    above = [ancestor(code, upper) for upper in Level if upper < level]
    return Division(
        code=code,
        name=name[:60],
        level=level.value,
        parent_id=next((a for a in reversed(above) if a in names and a != code), None),
        urban=_urban(code) if level == Level.VILLAGE else None,
        **_spelling(name),
    )


def _spelling(name: str) -> dict[str, str]:
    pinyin, initials = spelled(name)
    return {"pinyin": pinyin[:200], "initials": initials[:60]}


def _urban(code: int) -> bool:
    """Statistical codes number residents' committees 001-199 and 400-499, villages 200-399 and 500-599.

    (统计用区划代码和城乡划分代码编制规则.) Which kind of committee, not how built-up the place is.
    """
    number = code % 1000
    return number < 200 or 400 <= number < 500


def _change(division: Division, change: Rename | Merge | Add) -> None:
    if isinstance(change, Rename):
        division.name = change.name
        for field, spelling in _spelling(change.name).items():
            setattr(division, field, spelling)
    elif isinstance(change, Merge):
        division.valid_to, division.successor_id = change.since, change.into
    else:
        division.valid_from = change.since


def _place(found: dict[int, Division], city: CityFile) -> None:
    """Points: counties as `city.yaml` says, streets laid out in the outline of their county (示意)."""
    outlines = _outlines(city.root)
    for code, division in found.items():
        if code in city.divisions.points:
            _set_point(division, city.divisions.points[code], "approximate")
        if division.level == Level.COUNTY and code in outlines:
            division.outline = outlines[code]
    for code, county in found.items():
        if county.level == Level.COUNTY and county.longitude is not None and county.latitude is not None:
            streets = [
                d
                for d in found.values()
                if d.level == Level.STREET and ancestor(d.code, Level.COUNTY) == code
            ]
            centre = (county.longitude, county.latitude)
            _lay_out(streets, centre, county.outline, city.divisions.points)


def _lay_out(
    streets: list[Division], centre: Point, outline: dict[str, Any] | None, known: dict[int, Point]
) -> None:
    inner_first = sorted(streets, key=lambda d: (not d.name.endswith("街道"), d.code))
    for street, point in zip(inner_first, spread(centre, outline, len(inner_first)), strict=True):
        if street.code not in known:
            _set_point(street, point, "schematic")


def _set_point(division: Division, point: Point, kind: str) -> None:
    division.longitude, division.latitude, division.point_kind = round(point[0], 5), round(point[1], 5), kind


def _outlines(root: int) -> dict[int, dict[str, Any]]:
    collection = assets.outline(root)
    return {f["properties"]["code"]: f["geometry"] for f in _features(collection)}


def _features(collection: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    yield from (collection or {}).get("features", ())
