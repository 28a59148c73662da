"""Terms of assessments: how long a result holds, when one is told. `standards/assessments.yaml`; a city's own file."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from pydantic import Field

from yanglao.kernel.packs import StandardHeader, Strict, read, validate
from yanglao.kernel.scope import Span

FILE = "assessments.yaml"


class Terms(Strict):
    """months: how long a result holds, by scale ("*": any other). late_days: how long after the assessment a record
    may still be sent. sample_percent: the share repeated for quality."""

    months: dict[str, int]
    late_days: int = Field(30, ge=1, le=366)
    sample_percent: int = Field(5, ge=1, le=100)

    def months_of(self, scale: str) -> int:
        return self.months.get(scale, self.months["*"])


class TermsFile(StandardHeader):
    terms: Terms


class CityTerms(Strict):
    """`cities/<place>/assessments.yaml`: the terms of a division, with where they are laid down."""

    division: int = Field(ge=10**11, lt=10**12)
    source: str = Field(min_length=1)
    terms: Terms


@cache
def standard() -> Terms:
    return validate(read(Path(settings.STANDARDS) / FILE), TermsFile).terms


@lru_cache(maxsize=50)
def _own(content: str) -> CityTerms:
    return CityTerms.model_validate_json(content)


def terms_for(division: int) -> Terms:
    """The terms in force in a division: those of its city, else the house's."""
    from yanglao.kernel.packs.models import LoadedFile

    files = LoadedFile.objects.filter(path=FILE, replaced_at=None, pack__startswith="city:").order_by("pk")
    contents: list[Any] = list(files.values_list("content", flat=True))
    own = [_own(json.dumps(content, sort_keys=True, default=str)) for content in contents]
    return next((o.terms for o in own if division in Span.of(o.division)), standard())
