"""The weights of need: `standards/need.yaml`, for one person and as a column for all."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.catalogue.rules import Need
from yanglao.kernel.packs import PackSection, StandardHeader

FILE = "need.yaml"
Points = dict[str, int]


class NeedFile(StandardHeader):
    ability: Points
    living: Points
    economic: Points
    age: dict[int, int]


@lru_cache(maxsize=2)
def _read(path: Path, changed: float) -> Need:
    file = NeedFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    return Need(file.ability, file.living, file.economic, tuple(sorted(file.age.items())))


def need() -> Need:
    path = Path(settings.STANDARDS) / FILE
    return _read(path, path.stat().st_mtime)


def _case(column: str, points: Points) -> str:
    whens = " ".join(f"WHEN '{value}' THEN {n}" for value, n in points.items())
    return f"CASE {column} {whens} ELSE 0 END"


def need_sql(ability: str, living: str, economic: str, age: str) -> str:
    """The points as an expression over columns."""
    rule = need()
    years = " ".join(f"WHEN {age} >= {reached} THEN {n}" for reached, n in reversed(rule.age))
    parts = (
        _case(ability, dict(rule.ability)),
        _case(living, dict(rule.living)),
        _case(economic, dict(rule.economic)),
    )
    return " + ".join((*parts, f"CASE {years} ELSE 0 END"))


SECTION = PackSection(FILE, NeedFile, _("需要程度"), kind="standard")
