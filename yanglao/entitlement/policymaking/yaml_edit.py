"""Change one thing in a YAML text and keep the rest as it was written: comments, order, layout. Pure.

A path is the way to a value, its steps parted by "/": `parameters/rates/values/1/table/80`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import ScalarString

Path = tuple[str, ...]
_PLAIN = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?|\d{4}-\d{2}-\d{2}|true|false|null")


class Unreadable(ValueError):
    """The text is not YAML at the moment: it must be mended as text first."""


class _Representer(RoundTripRepresenter):
    """`null` is written out, as the files do, not left empty."""


_Representer.add_representer(
    type(None), lambda self, _data: self.represent_scalar("tag:yaml.org,2002:null", "null")
)


def _yaml() -> YAML:
    yaml = YAML()
    yaml.Representer = _Representer
    yaml.width = 1_000_000
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def load(text: str) -> CommentedMap:
    """Raises Unreadable when the text is no mapping."""
    try:
        data = _yaml().load(text)
    except (YAMLError, ValueError) as error:
        raise Unreadable(str(error)) from None
    if not isinstance(data, CommentedMap):
        raise Unreadable("no mapping")
    return data


def dump(data: Any) -> str:
    out = io.StringIO()
    _yaml().dump(data, out)
    return out.getvalue()


def split(path: str) -> Path:
    return tuple(path.split("/"))


def _step(data: Any, step: str) -> Any:
    """What lies one step further; None where nothing does. A number may be a key of a mapping, too."""
    if isinstance(data, list):
        return data[int(step)] if step.isdigit() and int(step) < len(data) else None
    if isinstance(data, dict):
        return data.get(_key(data, step))
    return None


def _key(data: Any, step: str) -> Any:
    """The key a step stands for: `80` of a table is a number unless the file has it as text."""
    if step in data:
        return step
    if step.isdigit():
        return int(step)
    return step


def at(data: Any, path: Sequence[str]) -> Any:
    for step in path:
        data = _step(data, step)
    return data


def scalar(typed: str, *, text: bool) -> Any:
    """What was typed, as YAML means it; as text where text is wanted."""
    typed = typed.strip()
    if text or not _PLAIN.fullmatch(typed):
        return typed
    try:
        return _yaml().load(f"x: {typed}")["x"]
    except (YAMLError, ValueError):
        return typed


def put(
    text: str,
    path: Path,
    typed: str,
    *,
    as_text: bool = False,
    lines: bool = False,
    flow: bool = False,
    before: str = "",
) -> str:
    """The text with one value changed. Empty: the key goes, and what is empty above it.

    `lines`: the value is a list, one item a line; `flow`: it is YAML itself; `before`: a new key stands before
    that one. Raises Unreadable.
    """
    data = load(text)
    parent = _made(data, path[:-1])
    old = _step(parent, path[-1])
    if not typed.strip():
        if old is not None:
            _taken(data, path)
        return dump(data)
    if flow:
        new = value_of(typed)
    else:
        new = _listed(typed) if lines else scalar(typed, text=as_text or isinstance(old, str))
    if isinstance(old, ScalarString) and isinstance(new, str):
        new = type(old)(new)
    if isinstance(parent, list):
        parent[int(path[-1])] = new
    elif old is None and before in parent:
        parent.insert(list(parent).index(before), _key(parent, path[-1]), new)
    else:
        parent[_key(parent, path[-1])] = new
    return dump(data)


def value_of(typed: str) -> Any:
    """A value written as YAML in one line. Raises Unreadable."""
    try:
        return _yaml().load(f"x: {typed.strip()}")["x"]
    except (YAMLError, ValueError) as error:
        raise Unreadable(str(error)) from None


def insert(text: str, path: Path, index: int, item: Any) -> str:
    """The text with an item at a place of a list. Raises Unreadable."""
    data = load(text)
    items = at(data, path)
    if not isinstance(items, list):
        return append(text, path, dump(item) if isinstance(item, (dict, list)) else str(item))
    items.insert(index, item)
    return dump(data)


def _listed(typed: str) -> CommentedSeq:
    items = CommentedSeq([line.strip() for line in typed.splitlines() if line.strip()])
    if all(re.fullmatch(r"[a-z0-9._-]+", item) for item in items):
        items.fa.set_flow_style()
    return items


def _made(data: Any, path: Path) -> Any:
    """The container at a path, made where it is missing."""
    for step in path:
        inner = _step(data, step)
        if not isinstance(inner, (dict, list)):
            inner = CommentedMap()
            inner.fa.set_flow_style()
            data[_key(data, step) if isinstance(data, dict) else int(step)] = inner
        data = inner
    return data


def _taken(data: Any, path: Path) -> None:
    parent = at(data, path[:-1])
    if isinstance(parent, list):
        del parent[int(path[-1])]
    elif isinstance(parent, dict):
        parent.pop(_key(parent, path[-1]), None)
    if len(path) > 1 and not parent and isinstance(parent, (dict, list)):
        _taken(data, path[:-1])


def remove(text: str, path: Path) -> str:
    """The text without what stands at a path. Raises Unreadable."""
    data = load(text)
    if at(data, path) is not None:
        _taken(data, path)
    return dump(data)


def move(text: str, path: Path, step: int) -> str:
    """The text with an item of a list one place up (-1) or down (1)."""
    data = load(text)
    items, here = at(data, path[:-1]), int(path[-1])
    if isinstance(items, list) and 0 <= here + step < len(items):
        items.insert(here + step, items.pop(here))
    return dump(data)


def append(text: str, path: Path, item: str) -> str:
    """The text with an item (itself YAML) at the end of a list, which is made where it is missing."""
    data = load(text)
    parent = _made(data, path[:-1])
    items = _step(parent, path[-1])
    if not isinstance(items, list):
        items = CommentedSeq()
        parent[path[-1]] = items
    items.append(_yaml().load(item))
    return dump(data)


def add_value(text: str, path: Path, start: date) -> str:
    """The text with one more dated value: the last one again, from `start` on, without its source."""
    data = load(text)
    values = at(data, path)
    if not isinstance(values, list) or not values:
        return append(text, path, f"{{from: {start}, value: 0}}")
    last = values[-1]
    new = CommentedMap({"from": start})
    if last.fa.flow_style():
        new.fa.set_flow_style()
    for key in ("value", "table"):
        if key in last:
            new[key] = copied(last[key])
    values.append(new)
    return dump(data)


def copied(value: Any) -> Any:
    """A copy of a part of the file, laid out alike."""
    if isinstance(value, CommentedSeq):
        items = CommentedSeq(copied(v) for v in value)
        if value.fa.flow_style():
            items.fa.set_flow_style()
        return items
    if not isinstance(value, CommentedMap):
        return value
    new = CommentedMap((k, copied(v)) for k, v in value.items())
    if value.fa.flow_style():
        new.fa.set_flow_style()
    return new


def add_bracket(text: str, path: Path, key: Path) -> str:
    """The text with one more bracket in the last dated table of a parameter's `values`."""
    data = load(text)
    values = at(data, path)
    if isinstance(values, list) and values and isinstance(values[-1].get("table"), dict):
        table = values[-1]["table"]
        for step in key[:-1]:
            table = _made(table, (step,))
        last = key[-1]
        table.setdefault(int(last) if last.isdigit() else last, 0)
        _sorted(table)
    return dump(data)


def _sorted(table: Any) -> None:
    """Brackets that are numbers stand in their order."""
    if all(isinstance(k, int) for k in table):
        rows = sorted(table.items())
        for key, _value in rows:
            del table[key]
        for key, value in rows:
            table[key] = value
