"""What is new, changed and gone between two editions of a list. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .form import Item
from .reading import Listing


@dataclass(frozen=True)
class Change:
    """One field of an item: how it was, how it is."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Changed:
    item: Item
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Difference:
    """From one edition to the next."""

    before: Listing
    added: tuple[Item, ...]
    changed: tuple[Changed, ...]
    gone: tuple[Item, ...]


def difference(before: Listing, after: Listing) -> Difference:
    """Items added, changed in what a reader sees, and no longer there."""
    old = {item.id: item for item in before.items}
    new = {item.id: item for item in after.items}
    changed = [Changed(item, tuple(_changes(old[key], item))) for key, item in new.items() if key in old]
    return Difference(
        before,
        tuple(item for key, item in new.items() if key not in old),
        tuple(c for c in changed if c.changes),
        tuple(item for key, item in old.items() if key not in new),
    )


def _changes(before: Item, after: Item) -> Iterator[Change]:
    fields: tuple[tuple[str, Any], ...] = (
        (_("项目"), lambda i: i.title),
        (_("对象"), who_text),
        (_("标准"), lambda i: i.standard.words),
        (_("怎么办"), lambda i: i.how),
        (_("责任单位"), lambda i: i.unit),
    )
    for label, value in fields:
        was, now = str(value(before)), str(value(after))
        if was != now:
            yield Change(str(label), was, now)


def who_text(item: Item) -> str:
    """To whom, with what the place added."""
    parts = [str(item.who.words)]
    if "age" in item.raised:
        parts.append(_("（本地放宽到%(age)s周岁）") % {"age": item.who.age})
    parts += [_("（本地增加：%(who)s）") % {"who": clause.label} for clause in item.who.also]
    return "".join(parts)
