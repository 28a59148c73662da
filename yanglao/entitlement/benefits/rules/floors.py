"""A higher level's floor (底线) against the local figures: wherever the local ones are lower."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from .policy import Parameter
from .schema import Type
from .tables import Key, Table, figure, keys_at


@dataclass(frozen=True)
class Below:
    """From `day` on the local figure, the `index`-th value of the parameter, is below the floor."""

    day: date
    index: int
    keys: tuple[Key, ...]
    local: int
    floor: int


def below(local: Parameter, floor: Parameter, since: date, until: date | None) -> Iterator[Below]:
    """Every figure that is below the floor on a day between `since` and `until`. Raises ValueError when the two
    cannot be compared: another unit, or keys that the local table does not have.
    """
    matched = _matched(local.by, floor.by)
    if local.type is not floor.type or matched is None or local.type is Type.DATE:
        raise ValueError(local.name)
    days = {since, *(v.start for v in local.values), *(v.start for v in floor.values)}
    for day in sorted(d for d in days if d >= since and (until is None or d <= until)):
        if day < local.values[0].start or day < floor.values[0].start:
            continue
        mine, least = local.at(day), floor.at(day)
        index = local.values.index(mine)
        if mine.table is None or least.table is None:
            wanted = least.value if isinstance(least.value, int) else 0
            pairs: list[tuple[tuple[Key, ...], int, int]] = [((), _whole(mine.value), wanted)]
        else:
            pairs = list(_cells(mine.table, least.table, local.by, floor.by, matched))
        for keys, have, want in pairs:
            if have < want:
                yield Below(day, index, keys, have, want)


def _whole(value: int | date | None) -> int:
    return value if isinstance(value, int) else 0


def _matched(local: Sequence[Type], floor: Sequence[Type]) -> tuple[int, ...] | None:
    """Which of the local keys each key of the floor is; None when one is not there."""
    found: list[int] = []
    for kind in floor:
        at = next((i for i, k in enumerate(local) if k is kind and i not in found), None)
        if at is None:
            return None
        found.append(at)
    return tuple(found) if bool(local) == bool(floor) else None


def _cells(
    local: Table,
    floor: Table,
    kinds: Sequence[Type],
    floor_kinds: Sequence[Type],
    matched: Sequence[int],
    path: tuple[Key, ...] = (),
) -> Iterator[tuple[tuple[Key, ...], int, int]]:
    """Both figures for every combination of keys that either table knows."""
    if len(path) == len(kinds):
        yield path, figure(local, kinds, path), figure(floor, floor_kinds, [path[i] for i in matched])
        return
    keys = dict.fromkeys(keys_at([local], kinds, path))
    if len(path) in matched:
        depth = matched.index(len(path))
        keys.update(dict.fromkeys(_level(floor, depth)))
    for key in keys:
        yield from _cells(local, floor, kinds, floor_kinds, matched, (*path, key))


def _level(table: Table, depth: int) -> set[Key]:
    if not depth:
        return set(table)
    return {key for inner in table.values() for key in _level(inner, depth - 1)}
