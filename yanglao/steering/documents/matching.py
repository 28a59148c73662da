"""Which known indicator a promised figure may be counted by: by the words of its name, its unit and its kind."""
# i18n: data

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 0.5
_NOISE = re.compile(
    r"全市|全县|全区|新增|新建|建设|建成|完成|累计|实现|达到|创建|打造|培育|免费|试点|老年人|养老|[“”\"（）()、，的]"
)
_KINDS = {"formula": "stock", "set_per_area": "ratio"}


@dataclass(frozen=True)
class Known:
    """An indicator as far as it is compared."""

    code: str
    name: str
    unit: str
    kind: str


def suggest(name: str, unit: str, kind: str, known: Sequence[Known]) -> str:
    """The code of the best one that shares unit and half of the words; "" when none does.

    The rule is a proposal only: a person sees the indicator's name beside the sentence and confirms it.
    """
    asked = _pairs(name)
    best, score = "", LEAST
    for one in known:
        if not _units_agree(one, unit, kind):
            continue
        pairs = _pairs(one.name)
        shared = len(asked & pairs) * 2 / max(len(asked) + len(pairs), 1)
        if shared > score:
            best, score = one.code, shared
    return best


def _units_agree(one: Known, unit: str, kind: str) -> bool:
    if not unit:
        return one.kind in ("milestone", "ratio") and one.kind == _KINDS.get(kind, kind)
    return one.unit == unit or (one.unit.startswith(unit) and kind == one.kind == "flow")


def _pairs(name: str) -> set[str]:
    bare = _NOISE.sub("", name)
    return {bare[i : i + 2] for i in range(len(bare) - 1)}
