"""Tables of figures (标准表) with one to three keys: a tree whose inner levels are looked up one after the other.

A *stepped* key (age, number, yuan, day) takes the highest step that is reached, and nothing below the first; an
*exact* key (text, yes or no, division) takes its own entry, or "*", what holds for all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from .schema import Type

Key = int | str | date
Table = Mapping[Key, Any]  # figures, or tables of the next key
OTHERS = "*"
STEPPED = frozenset({Type.AGE, Type.INT, Type.MONEY, Type.DATE})
EXACT = frozenset({Type.TEXT, Type.BOOL, Type.DIVISION})
UNITS = (10**10, 10**8, 10**6, 10**3, 1)  # province, city, county, street, village


def span(code: int) -> tuple[int, int]:
    """The codes that lie in a division: 330200000000 → 330200000000..330299999999."""
    unit = next(u for u in UNITS if code % u == 0)
    return code, code + unit - 1


def inside(code: int, area: int) -> bool:
    low, high = span(area)
    return low <= code <= high


def entry_key(table: Table, kind: Type, key: Any) -> Key | None:
    """Under which key the table has what holds for `key`: the step reached, its own, the narrowest around it, "*"."""
    if kind in STEPPED:
        return max((k for k in table if key is not None and k <= key), default=None)
    if kind is Type.DIVISION and key != OTHERS:
        around = [k for k in table if k != OTHERS and key is not None and inside(key, int(str(k)))]
        key = max(around, key=lambda k: span(int(str(k)))[0], default=OTHERS)
    return next((k for k in (key, OTHERS) if k in table), None)


def entry(table: Table, kind: Type, key: Any) -> Any:
    """What the table says for `key`: a figure, a table of the next key, or None."""
    found = entry_key(table, kind, key)
    return None if found is None else table[found]


def path_to(table: Table, kinds: Sequence[Type], keys: Sequence[Any]) -> tuple[Key, ...]:
    """The table's own keys on the way to the figure for `keys`; () where it says nothing."""
    path: tuple[Key, ...] = ()
    here: Any = table
    for kind, key in zip(kinds, keys, strict=True):
        found = entry_key(here, kind, key)
        if found is None:
            return ()
        path, here = (*path, found), here[found]
    return path


def figure(table: Table, kinds: Sequence[Type], keys: Sequence[Any]) -> int:
    """The figure for the keys, one by one; 0 where the table says nothing."""
    found: Any = table
    for kind, key in zip(kinds, keys, strict=True):
        if found is None:
            return 0
        found = entry(found, kind, key)
    return found or 0


def keys_at(tables: Sequence[Table], kinds: Sequence[Type], path: Sequence[Key]) -> list[Key]:
    """All keys one level below `path` in any of the tables; steps from the highest, others in order, "*" last."""
    found: set[Key] = set()
    for table in tables:
        below: Any = table
        for kind, key in zip(kinds, path, strict=False):
            below = None if below is None else entry(below, kind, key)
        found |= set(below or ())
    kind = kinds[len(path)]
    if kind in STEPPED:
        return sorted(found, reverse=True)
    if kind is Type.DIVISION:  # the narrowest first
        return sorted(found, key=lambda k: (k == OTHERS, -span(int(str(k)))[0] if k != OTHERS else 0))
    return sorted(found, key=lambda k: (k == OTHERS, str(k)))


def figures(table: Table, path: tuple[Key, ...] = ()) -> Iterator[tuple[tuple[Key, ...], int]]:
    """Every figure with its keys, as the file has them in order."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from figures(value, (*path, key))
        else:
            yield (*path, key), value


def key_text(key: Key) -> str:
    """A key as it is written in a file and in a ledger line's bracket."""
    if isinstance(key, bool):
        return "true" if key else "false"
    return key.isoformat() if isinstance(key, date) else str(key)


def bracket_code(name: str, keys: Sequence[Key]) -> str:
    """The bracket of a ledger line: `rates:80`, `rates:dibao/80`."""
    return f"{name}:{'/'.join(key_text(k) for k in keys)}"


def at_code(table: Table, code: str) -> int | None:
    """The figure a bracket stands for (`80`, `dibao/80`), or None when the table has no such keys."""
    wanted = tuple(code.split("/"))
    return next((v for keys, v in figures(table) if tuple(map(key_text, keys)) == wanted), None)
