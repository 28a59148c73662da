"""Divisions for other systems."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Schema

from yanglao.kernel.divisions.queries import inside, search
from yanglao.kernel.scope import Level

router = Router(tags=["divisions"])


class DivisionOut(Schema):
    code: int
    name: str
    level: int
    parent_id: int | None


@router.get("divisions", response=list[DivisionOut])
def divisions(
    request: HttpRequest, within: int | None = None, level: int | None = None, q: str = ""
) -> object:
    """Divisions inside a division (of one level), or those found by name, pinyin or code; 500 at most."""
    if q:
        return search(q, limit=50)
    if within is None or not 10**11 <= within < 10**12:
        return []
    return inside(within, Level(level) if level in list(Level) else None)[:500]
