"""What a city says of its own: demands of posts and the ratio of carers, in `cities/<place>/workforce.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext_lazy as _
from pydantic import model_validator

from yanglao.kernel.packs.models import City, LoadedFile
from yanglao.kernel.packs.schema import Strict
from yanglao.kernel.packs.sections import PackSection
from yanglao.kernel.scope import Span
from yanglao.registers.workforce import kinds
from yanglao.registers.workforce.kinds import CertificatesFile, Demand, Staffing, StaffingFile

PATH = "workforce.yaml"


class CityFile(Strict):
    """`cities/<place>/workforce.yaml`: what is not said stays as the standards have it."""

    source: str
    demands: dict[str, tuple[Demand, ...]] = {}
    staffing: Staffing | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        if unknown := self.demands.keys() - kinds.posts().keys():
            raise ValueError(f"demands: no such post {', '.join(sorted(unknown))}")
        kinds.check_demands(self.demands, set(kinds.certificates()))
        return self


@dataclass(frozen=True)
class Rules:
    """The rules that hold in a division; `own`: set by the city itself, with its source."""

    demands: Mapping[str, tuple[Demand, ...]]
    staffing: Staffing
    own: str = ""

    def of(self, post: str) -> tuple[Demand, ...]:
        return self.demands.get(post, ())


def national() -> Rules:
    """The rules of the standards."""
    return Rules({name: post.demands for name, post in kinds.posts().items()}, kinds.staffing())


class Rulebook:
    """The rules of every city, read once: for the work on many workers."""

    def __init__(self) -> None:
        self._national = national()
        loaded = LoadedFile.objects.filter(path=PATH, replaced_at=None).order_by("pack")
        files = {file.pack: file.content for file in loaded}
        cities = City.objects.order_by("root_id") if files else City.objects.none()
        self._cities = [
            (
                Span.of(city.root_id),
                merged(self._national, CityFile.model_validate(files[f"city:{city.pk}"])),
            )
            for city in cities
            if f"city:{city.pk}" in files
        ]

    def at(self, division: int) -> Rules:
        """The rules in a division: the city's where it has some, else the national ones."""
        return next((rules for span, rules in self._cities if division in span), self._national)


def merged(base: Rules, city: CityFile) -> Rules:
    """The rules of the standards with what a city says of its own put over them."""
    return Rules({**base.demands, **city.demands}, city.staffing or base.staffing, city.source)


SECTIONS = (
    PackSection(glob=PATH, schema=CityFile, label=_("岗位证书要求和护理配比"), order=100),
    PackSection(glob="certificates.yaml", schema=CertificatesFile, label=_("岗位和证书"), kind="standard"),
    PackSection(glob="staffing.yaml", schema=StaffingFile, label=_("护理配比"), kind="standard"),
)
