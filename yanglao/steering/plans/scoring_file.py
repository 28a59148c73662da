"""The scoring rules that hold for a plan: its city's own, else the house's."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.packs import PackSection
from yanglao.steering.plans.scoring import ScoringFile

NAME = "scoring.yaml"


@cache
def _read(path: Path, changed: float) -> ScoringFile:
    return ScoringFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def rules_of(place: str) -> ScoringFile:
    """The rules for the plans of a city's folder."""
    own = Path(settings.CITIES) / place / NAME
    path = own if own.is_file() else Path(settings.STANDARDS) / NAME
    return _read(path, path.stat().st_mtime)


STANDARD = PackSection(NAME, ScoringFile, _("考核计分规则"), kind="standard")
CITY = PackSection(NAME, ScoringFile, _("考核计分规则"))
