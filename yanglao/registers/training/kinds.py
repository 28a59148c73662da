"""Kinds of courses 课程类别, read from `standards/training.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal, Self

import yaml
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from pydantic import Field, model_validator

from yanglao.kernel.packs.schema import StandardHeader, Strict

Audience = Literal["staff", "carer", "older", "public"]
AUDIENCES: dict[str, object] = {
    "staff": gettext_lazy("养老服务从业人员"),
    "carer": gettext_lazy("家庭照护者"),
    "older": gettext_lazy("老年人"),
    "public": gettext_lazy("公众"),
}


class Kind(Strict):
    """A kind of course: for whom, how many class hours, which exam and certificate."""

    kind: str = Field(pattern=r"^[a-z][a-z_]{2,19}$")
    label: str
    label_en: str
    audience: Audience
    hours: Decimal = Field(gt=0, le=999)
    exam: tuple[Literal["theory", "practice"], ...] = ()
    certificate: str = ""
    certificate_en: str = ""
    valid_months: int = Field(default=0, ge=0, le=120)
    needs_id: bool = False
    worker_certificate: str = ""
    also: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.label_en if (get_language() or "").startswith("en") else self.label


class KindsFile(StandardHeader):
    """The whole of `standards/training.yaml`."""

    kinds: tuple[Kind, ...]
    sites: dict[Literal["homes", "stations", "centres"], tuple[str, ...]]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        names = [kind.kind for kind in self.kinds]
        if len(set(names)) != len(names):
            raise ValueError("a kind of course is given twice")
        return self


@cache
def _file() -> KindsFile:
    path = Path(settings.STANDARDS) / "training.yaml"
    return KindsFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds by name, in the order of the file."""
    return {kind.kind: kind for kind in _file().kinds}


def of_staff() -> tuple[str, ...]:
    """Kinds for those who work in elderly care."""
    return tuple(name for name, kind in kinds().items() if kind.audience == "staff")


def place_kinds(sites: str) -> tuple[str, ...]:
    """Kinds of places that count as homes 养老机构, stations 服务站 or centres 服务中心."""
    return _file().sites[sites]  # type: ignore[index]


def label(kind: str) -> str:
    """The label in the user's language; a kind of an older file stands for itself."""
    return str(kinds()[kind]) if kind in kinds() else kind


def choices() -> list[tuple[str, str]]:
    """For forms and filters."""
    return [(name, str(kind)) for name, kind in kinds().items()]


def words() -> dict[str, str]:
    """Every way a workbook may name a kind → the kind."""
    return {word: kind.kind for kind in kinds().values() for word in (kind.label, *kind.also)}
