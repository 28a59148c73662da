"""What a city sets for corrections: `standards/corrections.yaml`, changed key by key in the city's folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yanglao.kernel.packs.models import City
from yanglao.kernel.packs.queries import city_of
from yanglao.kernel.packs.schema import Strict
from yanglao.kernel.packs.sections import PackSection

NAME = "corrections.yaml"


Netting = Literal["month", "policy", "person"]


class Setting(Strict):
    """See the head of the file for the keys."""

    version: str
    months: int = Field(ge=1, le=24)
    offset_percent: int = Field(ge=0, le=100)
    second_above: int = Field(ge=0)
    lookahead_days: int = Field(ge=1, le=366)
    respond_days: int = Field(ge=1, le=366)
    netting: Netting
    holds: tuple[str, ...]
    source: str = Field(min_length=1)
    confidence: Literal["verified", "seen", "reported", "derived", "design", "recalled"]

    @property
    def second_above_fen(self) -> int:
        return self.second_above * 100


class Changes(Strict):
    """A city's file: only what it sets otherwise."""

    version: str
    months: int | None = Field(None, ge=1, le=24)
    offset_percent: int | None = Field(None, ge=0, le=100)
    second_above: int | None = Field(None, ge=0)
    lookahead_days: int | None = Field(None, ge=1, le=366)
    respond_days: int | None = Field(None, ge=1, le=366)
    netting: Netting | None = None
    holds: tuple[str, ...] | None = None
    source: str | None = None


@cache
def _read(path: Path, changed: float) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data


def setting(division: int) -> Setting:
    """What holds in the city a division lies in."""
    standard = Path(settings.STANDARDS) / NAME
    data = _read(standard, standard.stat().st_mtime)
    city: City | None = city_of(division) if division else None
    own = Path(settings.CITIES) / city.pk / NAME if city else None
    if own is not None and own.is_file():
        data = {**data, **_read(own, own.stat().st_mtime)}
    return Setting.model_validate(data)


STANDARD = PackSection(NAME, Setting, _("更正"), kind="standard")
CITY = PackSection(NAME, Changes, _("更正"))
