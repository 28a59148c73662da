"""What should be known of a person: `standards/completeness.yaml`, changed and added to by the city's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pydantic import Field, model_validator

from yanglao.kernel.packs.models import City
from yanglao.kernel.packs.schema import Strict
from yanglao.kernel.packs.sections import PackSection
from yanglao.registers.people.kinds import kinds
from yanglao.registers.people.protection_file import Confidence
from yanglao.registers.people.rules.completeness import Asked

NAME = "completeness.yaml"
ASKERS: dict[str, Any] = {"visitor": _("探访员"), "street": _("街道"), "county": _("区县")}


class Item(Strict):
    """One thing that should be known. See the head of the standards file for the keys."""

    id: str = Field(pattern=r"^[a-z][a-z_]{2,29}$")
    label: str = Field(min_length=1, max_length=40)
    label_en: str = Field(min_length=1)
    fact: str = ""
    column: Literal["", "phone", "address", "ethnicity"] = ""
    record: Literal["", "contact", "account"] = ""
    weight: int = Field(ge=1, le=9)
    age_from: int = Field(default=60, ge=0, le=130)
    age_to: int | None = Field(default=None, ge=0, le=130)
    fresh_days: int | None = Field(default=None, ge=1, le=36500)
    may_be_none: bool = False
    asks: Literal["visitor", "street", "county"]
    source: str = Field(min_length=1)
    confidence: Confidence

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if sum(map(bool, (self.fact, self.column, self.record))) != 1:
            raise ValueError(f"{self.id}: give one of fact, column and record")
        if self.fact and (self.fact not in kinds() or kinds()[self.fact].form != "list"):
            raise ValueError(f"{self.id}: {self.fact} is no kind with a list of values in circumstances.yaml")
        if self.id in ASKERS:
            raise ValueError(f"{self.id}: this is the name of one who asks")
        return self

    def __str__(self) -> str:
        return self.label_en if (get_language() or "").startswith("en") else self.label

    @property
    def rule(self) -> Asked:
        """What decides, for the pure rule and for the queries alike."""
        return Asked(self.id, self.weight, self.age_from, self.age_to, self.fresh_days)

    @property
    def heard_as(self) -> str:
        """Under which name it is remembered that somebody said so again."""
        return self.fact or self.column or self.record


class ItemsFile(Strict):
    """A file of items; in a city's, only those it changes or adds."""

    version: str
    items: tuple[Item, ...]


@cache
def _read(path: Path, changed: float) -> dict[str, Item]:
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {item.id: item for item in ItemsFile.model_validate(data).items}


def _file(path: Path) -> dict[str, Item]:
    return _read(path, path.stat().st_mtime) if path.is_file() else {}


def items(cities: Sequence[str] | None = None) -> Mapping[str, Item]:
    """What should be known here, by id, in the order of the files."""
    known = list(City.objects.order_by("id").values_list("id", flat=True)[:2]) if cities is None else cities
    own = _file(Path(settings.CITIES) / known[0] / NAME) if len(known) == 1 else {}
    return {**_file(Path(settings.STANDARDS) / NAME), **own}


STANDARD = PackSection(NAME, ItemsFile, _("资料完整度"), kind="standard")
CITY = PackSection(NAME, ItemsFile, _("资料完整度"))
