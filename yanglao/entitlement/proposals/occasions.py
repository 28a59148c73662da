"""What changes of a file lead to 主动发现: `standards/proactive.yaml`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yanglao.kernel.packs import PackSection, StandardHeader, Strict

FILE = "proactive.yaml"
BIRTHDAY, OTHER, STOCK = "birthday", "other", "stock"
UNNAMED = (OTHER, STOCK)
"""What says nothing that a worker could tell."""
Suggestion = Literal["assessment", "visit"]


class Occasion(Strict):
    """A change: the kind of circumstance, the values that matter (none: any), and what it suggests beside the list."""

    label: str = Field(min_length=1)
    label_en: str = Field(min_length=1)
    kind: str = ""
    values: tuple[str, ...] = ()
    suggest: tuple[Suggestion, ...] = ()

    def __str__(self) -> str:
        return self.label_en if (get_language() or "").startswith("en") else self.label

    def fits(self, kind: str, value: str) -> bool:
        return (
            bool(self.kind)
            and self.kind == kind
            and bool(value)
            and (not self.values or value in self.values)
        )


class ProactiveFile(StandardHeader):
    """`standards/proactive.yaml`."""

    recent_days: int = Field(ge=1, le=366)
    quiet_days: int = Field(ge=0, le=3660)
    portion: int = Field(ge=1, le=1000)
    most_a_night: int = Field(ge=1, le=100_000)
    occasions: dict[str, Occasion] = Field(min_length=1)


@lru_cache(maxsize=2)
def _read(path: Path, changed: float) -> ProactiveFile:
    return ProactiveFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def rules() -> ProactiveFile:
    """The file in force."""
    path = Path(settings.STANDARDS) / FILE
    return _read(path, path.stat().st_mtime)


def named(kind: str, value: str) -> str:
    """The name of the occasion a recorded circumstance is, "" for none; the first of the file that fits."""
    return next((name for name, one in rules().occasions.items() if one.fits(kind, value)), "")


SECTION = PackSection(FILE, ProactiveFile, _("主动发现"), kind="standard")
