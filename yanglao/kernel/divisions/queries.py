"""Reads of divisions that are more than one line."""

from __future__ import annotations

import time
from functools import lru_cache

from django.db.models import Q, QuerySet

from yanglao.kernel.divisions.gazetteer import Gazetteer
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import Level, Span, level_of
from yanglao.kernel.scope.spans import ancestor

_KEEP_SECONDS = 60.0
_book: tuple[float, Gazetteer] | None = None


def inside(code: int, level: Level | None = None) -> QuerySet[Division]:
    """The divisions in `code` (itself included), all or of one level, that stand today."""
    span = Span.of(code)
    found = Division.objects.filter(code__gte=span.lo, code__lte=span.hi, valid_to=None)
    return found if level is None else found.filter(level=level)


def path_codes(code: int) -> list[int]:
    """The codes of the divisions from province down to `code`: [330000000000, 330200000000, …]."""
    return sorted({ancestor(code, level) for level in Level})


@lru_cache(maxsize=50_000)
def _name(code: int) -> str:
    return Division.objects.filter(pk=code).values_list("name", flat=True).first() or str(code)


def full_name(code: int, *, below: Level = Level.PROVINCE) -> str:
    """Name with its ancestors below `below`, joined: 宁波市海曙区月湖街道."""
    return "".join(_name(c) for c in path_codes(code) if level_of(c) > below)


def forget_names() -> None:
    """Names are cached per process; call after divisions were loaded or renamed."""
    _name.cache_clear()


def search(text: str, *, within: Span | None = None, limit: int = 20) -> list[Division]:
    """Divisions by name, pinyin, initials or code prefix; exact and higher ones first."""
    text = text.strip().lower()
    if not text:
        return []
    match = Q(pinyin__prefix=text) | Q(initials__prefix=text) | Q(name__contains=text)
    if text.isdigit() and len(text) <= 12:
        lo = int(text.ljust(12, "0"))
        match |= Q(code__gte=lo, code__lt=lo + 10 ** (12 - len(text)))
    found = Division.objects.filter(match, valid_to=None)
    if within:
        found = found.filter(code__gte=within.lo, code__lte=within.hi)
    return sorted(
        found.order_by("level", "code")[: limit * 3], key=lambda d: (d.name != text, d.level, d.code)
    )[:limit]


def gazetteer() -> Gazetteer:
    """The names of the divisions, to read what people wrote; read again after a minute."""
    global _book
    if _book is None or time.monotonic() - _book[0] > _KEEP_SECONDS:
        rows = Division.objects.filter(valid_to=None).order_by("code")
        _book = (time.monotonic(), Gazetteer.of(rows.values_list("code", "name", "parent_id")))
    return _book[1]


def forget_gazetteer() -> None:
    """After divisions were loaded."""
    global _book
    _book = None
