"""Kinds of places and of their facts, read from `standards/place_kinds.yaml` and `standards/place_facts.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Confidence = Literal["verified", "verified_secondary", "recalled", "design"]
Group = Literal["institution", "embedded", "community", "meals", "mutual", "learning", "union", "other"]
FactGroup = Literal[
    "state", "ownership", "capacity", "licence", "insurance", "food", "medical", "service", "honour"
]
GROUPS: dict[str, Any] = {
    "institution": gettext_lazy("养老机构"),
    "embedded": gettext_lazy("社区嵌入式机构"),
    "community": gettext_lazy("社区养老服务设施"),
    "meals": gettext_lazy("助餐设施"),
    "mutual": gettext_lazy("互助养老设施"),
    "learning": gettext_lazy("学习与实训"),
    "union": gettext_lazy("康养联合体"),
    "other": gettext_lazy("其他"),
}
FACT_GROUPS: dict[str, Any] = {
    "state": gettext_lazy("运营状态"),
    "ownership": gettext_lazy("性质与主办"),
    "capacity": gettext_lazy("床位与规模"),
    "licence": gettext_lazy("证照与备案"),
    "insurance": gettext_lazy("保险"),
    "food": gettext_lazy("食堂与食品安全"),
    "medical": gettext_lazy("医养结合"),
    "service": gettext_lazy("服务与建设"),
    "honour": gettext_lazy("等级与示范"),
}


class _Labelled(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    label: str = Field(min_length=1)
    label_en: str = Field(min_length=1)
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.label_en if (get_language() or "").startswith("en") else self.label


class PlaceKind(_Labelled):
    """A kind of place 机构设施类别."""

    kind: str = Field(pattern=r"^[a-z][a-z0-9_]{2,39}$")
    group: Group
    tier: Literal["county", "street", "community", ""] = ""
    lodges: bool = False
    files: bool = False
    statistics: Literal["lodging", "full_day", "day_care", "mutual", "other", "none"]
    source: str = Field(min_length=1)
    confidence: Confidence


class Value(_Labelled):
    """A value of a fact."""


class FactKind(_Labelled):
    """A kind of dated fact of a place. See the head of the file for the keys."""

    fact: str = Field(pattern=r"^[a-z][a-z0-9_]{2,29}$")
    group: FactGroup
    form: Literal["list", "flag", "number", "area", "money", "text", "document"]
    values: dict[str, Value] = {}
    paper: bool = False
    insured: bool = False
    many: bool = False
    renews: bool = False
    licensed: bool = False
    public: bool = False
    unit: str = ""
    title: str = Field(min_length=1)
    also: tuple[str, ...] = ()
    source: str = Field(min_length=1)
    confidence: Confidence

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.form == "list") != bool(self.values):
            raise ValueError(f"{self.fact}: values belong to form list, and to it alone")
        if self.many and self.form != "list":
            raise ValueError(f"{self.fact}: only a list may hold several values")
        return self

    @property
    def has_paper(self) -> bool:
        """Whether number, issuer and expiry may be recorded."""
        return self.paper or self.form == "document"

    @property
    def is_amount(self) -> bool:
        return self.form in ("number", "area", "money")

    def slot(self, value: str) -> str:
        """What may hold only once on a day: the kind itself, or each value of a kind with many values."""
        return value if self.many else ""

    def name_of(self, value: str) -> str:
        """The label of a value in the user's language; a value of an older list stands for itself."""
        return str(self.values[value]) if value in self.values else value


class WrongKinds(ValueError):
    """A file of kinds is wrong: says where and how to mend it."""


class _PlaceKinds(BaseModel):
    model_config = ConfigDict(extra="forbid")
    version: str
    kinds: list[PlaceKind]


class _FactKinds(BaseModel):
    model_config = ConfigDict(extra="forbid")
    version: str
    facts: list[FactKind]


def _read(path: Path, shape: type[Any]) -> Any:
    try:
        return shape.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise WrongKinds(f"{path.name}: {error}") from error
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise WrongKinds(f"{path.name}: {told}") from error


def _by(path: Path, items: list[Any], key: str) -> dict[str, Any]:
    found = {getattr(item, key): item for item in items}
    if len(found) != len(items):
        raise WrongKinds(f"{path.name}: a {key} is given twice")
    words: dict[str, str] = {}
    for name, item in found.items():
        for word in {item.label, *item.words}:
            if words.setdefault(word, name) != name:
                raise WrongKinds(f"{path.name}: the word {word} stands for {words[word]} and for {name}")
    return found


def load_kinds(path: Path) -> dict[str, PlaceKind]:
    """Read and check a file of kinds of places; raises WrongKinds."""
    return _by(path, _read(path, _PlaceKinds).kinds, "kind")


def load_facts(path: Path) -> dict[str, FactKind]:
    """Read and check a file of facts; raises WrongKinds."""
    found = _by(path, _read(path, _FactKinds).facts, "fact")
    missing = {"state", "ownership", "approved_beds", "nursing_beds", "star"} - found.keys()
    if missing:
        raise WrongKinds(f"{path.name}: facts the register itself needs are missing: {', '.join(missing)}")
    return found


@cache
def kinds() -> Mapping[str, PlaceKind]:
    """All kinds of places by name, in the order of the file."""
    return load_kinds(Path(settings.STANDARDS) / "place_kinds.yaml")


@cache
def facts() -> Mapping[str, FactKind]:
    """All kinds of facts by name, in the order of the file."""
    return load_facts(Path(settings.STANDARDS) / "place_facts.yaml")


def kind_label(kind: str) -> str:
    """A kind of place in the user's language."""
    return str(kinds()[kind]) if kind in kinds() else kind


def in_group(*groups: str) -> tuple[str, ...]:
    """The kinds of some groups."""
    return tuple(name for name, kind in kinds().items() if kind.group in groups)


def lodging() -> tuple[str, ...]:
    """The kinds where older persons live."""
    return tuple(name for name, kind in kinds().items() if kind.lodges)
