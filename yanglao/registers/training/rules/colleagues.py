"""A judge scores nobody from his own workplace (回避)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_NOISE = re.compile(r"[\s（）()·,，。.\-]+|有限(责任)?公司$")  # i18n: data


@dataclass(frozen=True)
class Works:
    """Where someone works: a registered place, a registered worker, or the name of the workplace."""

    workplace: str
    place_id: int | None = None
    worker_id: int | None = None


def plain(workplace: str) -> str:
    """A workplace's name without blanks, brackets and the ending of a company."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", workplace)).lower()


def colleagues(judge: Works, entry: Works) -> bool:
    """Whether the two work together, or are the same person."""
    if judge.worker_id is not None and judge.worker_id == entry.worker_id:
        return True
    if judge.place_id is not None and judge.place_id == entry.place_id:
        return True
    return bool(plain(judge.workplace)) and plain(judge.workplace) == plain(entry.workplace)
