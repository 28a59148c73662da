"""Kinds of matters and their categories, read from `standards/matters.yaml`."""

from __future__ import annotations

from functools import cache

import yaml
from django.conf import settings
from django.utils.translation import get_language
from pydantic import Field

from yanglao.kernel.packs.schema import StandardHeader, Strict

FILE = "matters.yaml"


class Word(Strict):
    """A word in both languages."""

    label: str = Field(min_length=1)
    label_en: str = Field(min_length=1)

    def __str__(self) -> str:
        return self.label_en if (get_language() or "").startswith("en") else self.label


class MatterKind(Word):
    """A kind of matter: the process it goes through, its categories, and whether money belongs to it."""

    process: str
    money: bool = False
    categories: dict[str, Word] = Field(min_length=1)


class MattersFile(StandardHeader):
    """`standards/matters.yaml`."""

    kinds: dict[str, MatterKind] = Field(min_length=1)


@cache
def kinds() -> dict[str, MatterKind]:
    """All kinds by name."""
    text = (settings.STANDARDS / FILE).read_text(encoding="utf-8")
    return MattersFile.model_validate(yaml.safe_load(text)).kinds


def category_words(kind: str, category: str) -> str:
    """A category in words; what is no longer in the list as it is stored."""
    known = kinds().get(kind)
    return str(known.categories[category]) if known and category in known.categories else category
