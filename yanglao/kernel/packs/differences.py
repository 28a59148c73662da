"""What changed between two versions of a pack file, item by item."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

_IDENTITIES = ("id", "code", "key", "from", "name")


@dataclass(frozen=True)
class Change:
    """One changed place. `before` or `after` is None when the item is new or gone."""

    path: str
    before: Any
    after: Any

    def __str__(self) -> str:
        if self.before is None:
            return _("新增 %(path)s：%(after)s") % {"path": self.path, "after": short(self.after)}
        if self.after is None:
            return _("删去 %(path)s：%(before)s") % {"path": self.path, "before": short(self.before)}
        return _("改动 %(path)s：%(before)s → %(after)s") % {
            "path": self.path,
            "before": short(self.before),
            "after": short(self.after),
        }


def short(value: Any, width: int = 60) -> str:
    text = str(value)
    return text if len(text) <= width else f"{text[:width]}…"


def differences(before: Any, after: Any, path: str = "") -> Iterator[Change]:
    """Changes that lead from one plain value to another. List items are matched by their id, code or name,
    so that an inserted item does not make every later one look changed."""
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from differences(before.get(key), after.get(key), f"{path} › {key}" if path else str(key))
    elif _is_list(before) and _is_list(after):
        yield from differences(_keyed(before), _keyed(after), path)
    else:
        yield Change(path, before, after)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _keyed(items: Sequence[Any]) -> dict[str, Any]:
    for key in _IDENTITIES:
        names = [str(item[key]) for item in items if isinstance(item, Mapping) and key in item]
        if len(names) == len(items) and len(set(names)) == len(names):
            return dict(zip(names, items, strict=True))
    return {f"[{index}]": item for index, item in enumerate(items, 1)}
