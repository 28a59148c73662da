"""When supervision opens by itself (自动督办): the city's own rules, else the house's."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yanglao.kernel.packs import PackSection
from yanglao.kernel.packs.schema import Strict
from yanglao.steering.plans.scoring import SourceFile

NAME = "supervision.yaml"


class LateReturnFile(Strict):
    """A unit's month that is so many working days late."""

    working_days: int = Field(ge=1, le=30)


class StuckFile(Strict):
    """A target that has been red for so many months without a break."""

    months: int = Field(ge=1, le=12)


class SupervisionFile(Strict):
    """The rules of a city; what is left out is opened by hand only."""

    version: str
    name: str
    sources: tuple[SourceFile, ...] = ()
    late_return: LateReturnFile | None = None
    stuck: StuckFile | None = None


@cache
def _read(path: Path, changed: float) -> SupervisionFile:
    return SupervisionFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def supervision_of(place: str) -> SupervisionFile:
    """The rules for the plans of a city's folder."""
    own = Path(settings.CITIES) / place / NAME
    path = own if own.is_file() else Path(settings.STANDARDS) / NAME
    return _read(path, path.stat().st_mtime)


STANDARD = PackSection(NAME, SupervisionFile, _("自动督办规则"), kind="standard")
CITY = PackSection(NAME, SupervisionFile, _("自动督办规则"))
