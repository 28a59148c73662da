"""How long files are kept and how soon requests are answered: `standards/protection.yaml`, or the city's own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yanglao.kernel.packs.models import City
from yanglao.kernel.packs.schema import Strict
from yanglao.kernel.packs.sections import PackSection

NAME = "protection.yaml"
Confidence = Literal["verified", "verified_secondary", "recalled", "design"]


class Answering(Strict):
    """Within how many working days a request about personal data is answered."""

    working_days: int = Field(ge=1, le=60)
    source: str = Field(min_length=1)
    confidence: Confidence


class Retention(Strict):
    """How long the file of a deceased person is kept; no years: for good."""

    name: str = Field(min_length=1, max_length=20)
    years: int | None = Field(default=None, ge=1, le=100)
    source: str = Field(min_length=1)
    confidence: Confidence


class Protection(Strict):
    """The whole file."""

    version: str
    answering: Answering
    retention: Retention


class CityProtection(Strict):
    """A city's own rules; what it does not say is as in the standards."""

    answering: Answering | None = None
    retention: Retention | None = None


@cache
def _read(path: Path, changed: float) -> dict[str, object]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def _file(path: Path) -> dict[str, object]:
    return _read(path, path.stat().st_mtime) if path.is_file() else {}


def protection(cities: Sequence[str] | None = None) -> Protection:
    """The rules that hold here: the standards, and what the city that was loaded says otherwise."""
    rules = _file(Path(settings.STANDARDS) / NAME)
    names = City.objects.order_by("id").values_list("id", flat=True)[:2] if cities is None else cities
    known = list(names)
    if len(known) == 1:  # of two cities in one house neither speaks for the other
        rules = {**rules, **_file(Path(settings.CITIES) / known[0] / NAME)}
    return Protection.model_validate(rules)


STANDARD = PackSection(NAME, Protection, _("个人信息保护规则"), kind="standard")
CITY = PackSection(NAME, CityProtection, _("个人信息保护规则"))
