"""The kinds of circumstances (情形) and their values, read from `standards/circumstances.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal, Self

import yaml
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from yanglao.kernel.crypto.masks import STARS

MOST_FEN = 10**9  # ten million yuan a month: what is above was not meant
MOST_HUNDREDTHS = 100_000  # a thousand: more hours or times than a month has
Confidence = Literal["verified", "verified_secondary", "recalled", "design"]
Group = Literal[
    "place",
    "life",
    "economy",
    "living",
    "ability",
    "health",
    "family",
    "identity",
    "care",
    "service",
    "rights",
]
GROUPS: dict[str, object] = {
    "place": gettext_lazy("户籍与居住"),
    "life": gettext_lazy("生存状态"),
    "economy": gettext_lazy("经济与保障"),
    "living": gettext_lazy("居住状况"),
    "ability": gettext_lazy("能力"),
    "health": gettext_lazy("健康与残疾"),
    "family": gettext_lazy("家庭"),
    "identity": gettext_lazy("身份类别"),
    "care": gettext_lazy("照料"),
    "service": gettext_lazy("服务"),
    "rights": gettext_lazy("申请与同意"),
}


class _Labelled(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    label: str = Field(min_length=1)
    label_en: str = Field(min_length=1)

    def __str__(self) -> str:
        return self.label_en if (get_language() or "").startswith("en") else self.label


class Value(_Labelled):
    """One value of a kind; `words` are further ways rosters write it."""

    words: tuple[str, ...] = ()


class Kind(_Labelled):
    """A kind of dated fact. See the head of the file for the keys."""

    kind: str = Field(pattern=r"^[a-z][a-z_]{2,29}$")
    group: Group
    values: dict[str, Value] = {}
    form: Literal["list", "division", "text", "money", "number"] = "list"
    many: bool = False
    renews: bool = False
    roster: str = ""
    also: tuple[str, ...] = ()
    values_by: tuple[tuple[str, str, str], ...] = ()
    levels: tuple[tuple[str, str, str], ...] = ()
    source: str = Field(min_length=1)
    confidence: Confidence

    @field_validator("values")
    @classmethod
    def _short(cls, values: dict[str, Value]) -> dict[str, Value]:
        long = [name for name in values if len(name) > 40]
        if long:
            raise ValueError(f"value names are at most 40 characters: {', '.join(long)}")
        return values

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.values_by:
            self.values.update(_crossed(self.values_by, self.levels))
        if (self.form == "list") != bool(self.values):
            raise ValueError(f"{self.kind}: give either values or form: division/text/money/number")
        words: dict[str, str] = {}
        for name, value in self.values.items():
            for word in {value.label, *value.words}:
                if words.setdefault(word, name) != name:
                    raise ValueError(f"{self.kind}: the word {word} stands for {words[word]} and for {name}")
        return self

    @property
    def words(self) -> Mapping[str, str]:
        """Every way a roster may write a value → the value."""
        return _words(self.kind)

    def slot(self, value: str) -> str:
        """What may hold only once on a day: the kind itself, or each value of a kind with many values."""
        return value if self.many else ""

    @property
    def is_sealed(self) -> bool:
        """Whether values are shown masked, and in clear only to one who says what for."""
        return self.form == "money"

    def told(self, value: str) -> str:
        """A value as it may stand in records of what was done, and in news."""
        return STARS if self.is_sealed and value else value

    def name_of(self, value: str) -> str:
        """The label of a value in the user's language; a value of an older list stands for itself, an amount masked."""
        if self.is_sealed:
            return self.told(value)
        if self.form == "number" and value.isdigit():
            return (
                f"{Decimal(value) / 100:f}".rstrip("0").rstrip(".")
                if int(value) % 100
                else str(int(value) // 100)
            )
        return str(self.values[value]) if value in self.values else value

    def allows(self, value: str) -> bool:
        """Whether a value may be recorded (a division code is checked against the divisions elsewhere)."""
        if self.form == "division":
            return len(value) == 12 and value.isdigit()
        if self.form in {"money", "number"}:
            most = MOST_FEN if self.form == "money" else MOST_HUNDREDTHS
            return value.isascii() and value.isdigit() and value == str(int(value)) and int(value) <= most
        return value in self.values if self.form == "list" else 0 < len(value) <= 40


def _crossed(
    types: tuple[tuple[str, str, str], ...], levels: tuple[tuple[str, str, str], ...]
) -> dict[str, Value]:
    return {
        f"{key}:{level}": Value(
            label=f"{label}{grade}",
            label_en=f"{english}, {grade_en}",
            words=(f"{label}残疾{grade}",),  # i18n: data
        )
        for key, label, english in types
        for level, grade, grade_en in levels
    }


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    version: str
    kinds: list[Kind]


class WrongKinds(ValueError):
    """The file of kinds is wrong: says where and how to mend it."""


def load(path: Path) -> dict[str, Kind]:
    """Read and check a file of kinds; raises WrongKinds."""
    try:
        found = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).kinds
    except yaml.YAMLError as error:
        raise WrongKinds(f"{path.name}: {error}") from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise WrongKinds(f"{path.name}: {problems}") from error
    kinds = {kind.kind: kind for kind in found}
    if len(kinds) != len(found):
        raise WrongKinds(f"{path.name}: a kind is given twice")
    missing = {"hukou", "residence", "dead", "economic", "living", "ability"} - kinds.keys()
    if missing:
        raise WrongKinds(f"{path.name}: kinds the register itself needs are missing: {', '.join(missing)}")
    return kinds


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds by name, in the order of the file."""
    return load(Path(settings.STANDARDS) / "circumstances.yaml")


@cache
def _words(kind: str) -> Mapping[str, str]:
    return {
        word: name for name, value in kinds()[kind].values.items() for word in (value.label, *value.words)
    }
