"""The lists a home chooses from and the rules of waiting and closing, read from `standards/stays.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings
from django.utils.translation import get_language
from pydantic import BaseModel, ConfigDict, Field

from yanglao.registers.stays.rules import WaitingRule


class Word(BaseModel):
    """One entry of a list; `words` are further ways workbooks write it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    label: str = Field(min_length=1)
    label_en: str = Field(min_length=1)
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.label_en if (get_language() or "").startswith("en") else self.label


class BedKind(Word):
    nursing: bool = False
    overnight: bool = True


class Waiting(Word):
    """A rule of the waiting list; see `WaitingRule`."""

    id: str = Field(pattern=r"^[a-z][a-z_]{2,29}$")
    when: dict[str, tuple[str, ...]] = Field(min_length=1)
    source: str = Field(min_length=1)
    confidence: str


class Closing(BaseModel):
    """How long before its end a home tells its residents, in days."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    notice_days: int = Field(ge=0)
    source: str
    confidence: str


class Prepaid(BaseModel):
    """Bounds of what a home may take beforehand: months of fees; deposit in monthly bed fees."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    most_months: int
    deposit_bed_months: int
    source: str
    confidence: str


class Vocabulary(BaseModel):
    """The file. Raises pydantic.ValidationError when it is wrong."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    version: str
    bed_kinds: dict[str, BedKind]
    care_levels: dict[str, Word]
    stay_kinds: dict[str, Word]
    payers: dict[str, Word]
    fee_items: dict[str, Word]
    leave_kinds: dict[str, Word]
    ends: dict[str, Word]
    waiting: tuple[Waiting, ...]
    closing: Closing
    prepaid: Prepaid
    contract_warns_days: int
    long_leave_days: int

    @property
    def nursing(self) -> tuple[str, ...]:
        """Kinds of beds that count among nursing-type beds 护理型床位."""
        return tuple(name for name, kind in self.bed_kinds.items() if kind.nursing)

    @property
    def overnight(self) -> tuple[str, ...]:
        """Kinds of beds slept in at night."""
        return tuple(name for name, kind in self.bed_kinds.items() if kind.overnight)

    @property
    def waiting_rules(self) -> tuple[WaitingRule, ...]:
        return tuple(WaitingRule(rule.id, rule.when) for rule in self.waiting)


def load(path: Path) -> Vocabulary:
    return Vocabulary.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def vocabulary() -> Vocabulary:
    return load(Path(settings.STANDARDS) / "stays.yaml")


def word(entries: Mapping[str, Word], name: str) -> str:
    """The label of an entry; a name of an older list stands for itself."""
    return str(entries[name]) if name in entries else name


def choices(entries: Mapping[str, Word]) -> list[tuple[str, str]]:
    return [(name, str(entry)) for name, entry in entries.items()]


def labels(entries: Mapping[str, Word]) -> dict[str, str]:
    """Every way a workbook may write an entry → its name; labels first, as the drop-down shows them."""
    found = {entry.label: name for name, entry in entries.items()}
    for name, entry in entries.items():
        for spelt in entry.words:
            found.setdefault(spelt, name)
    return found
