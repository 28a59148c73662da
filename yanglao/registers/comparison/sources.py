"""Sources of comparison (比对来源): read from `standards/sources.yaml`, changed by a city in its own folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, Self, get_args

import yaml
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import Field, ValidationError, model_validator

from yanglao.kernel.packs import Pack, PackFile, Problem, StandardHeader, Strict
from yanglao.kernel.packs.models import LoadedFile
from yanglao.kernel.packs.queries import city_of
from yanglao.registers.people.queries import Kind, kinds

FILE = "sources.yaml"
Carried = Literal[
    "id_number",
    "name",
    "sex",
    "birth_date",
    "event_date",
    "until",
    "value",
    "level",
    "reason",
    "address",
    "phone",
]
CARRIED: tuple[str, ...] = get_args(Carried)
Says = Literal["death", "holds", "ends"]
Rhythm = Literal["daily", "weekly", "monthly", "quarterly", "yearly"]
Confidence = Literal["verified", "verified_secondary", "recalled", "design"]


class Source(Strict):
    """One source. See the head of the file for the keys."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{1,29}$")
    label: str = Field(min_length=1, max_length=40)
    label_en: str = Field(min_length=1)
    department: str = Field(min_length=1)
    department_en: str = Field(min_length=1)
    says: Says
    kind: str
    value: str = ""
    fields: tuple[Carried, ...]
    headings: dict[Carried, tuple[str, ...]] = {}
    words: dict[str, tuple[str, ...]] = {}
    only: tuple[str, ...] = ()
    tolerance: int = Field(0, ge=0, le=366)
    rhythm: Rhythm
    grace: int = Field(0, ge=0, le=366)
    deadline: int = Field(10, ge=1, le=120)
    by: Literal["residence", "hukou"] = "residence"
    complete: bool = False
    covers: tuple[str, ...] = ()
    ages: int = Field(60, ge=0, le=120)
    keep_days: int = Field(90, ge=1, le=3650)
    confidence: Confidence = "design"

    def __str__(self) -> str:
        return self.label_en if (get_language() or "").startswith("en") else self.label

    @property
    def sender(self) -> str:
        """The department, in the user's language."""
        return self.department_en if (get_language() or "").startswith("en") else self.department

    @property
    def circumstance(self) -> Kind:
        return kinds()[self.kind]

    @property
    def listed(self) -> tuple[str, ...]:
        """The values a complete list speaks of."""
        return self.covers or ((self.value,) if self.value else tuple(self.circumstance.values))

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        known = kinds().get(self.kind)
        if known is None:
            raise ValueError(_("没有“%(kind)s”这种情形") % {"kind": self.kind})
        named = {v for v in (self.value, *self.covers, *self.words) if v}
        if wrong := sorted(v for v in named if not known.allows(v)):
            raise ValueError(
                _("“%(kind)s”没有这些内容：%(values)s") % {"kind": self.kind, "values": "、".join(wrong)}
            )
        if (self.says == "death") != (self.kind == "dead"):
            raise ValueError(_("says: death 与 kind: dead 应同时写"))
        if not self.value and "value" not in self.fields:
            raise ValueError(_("没有写 value 时，fields 里要有 value"))
        if not {"id_number", "name"} & set(self.fields):
            raise ValueError(_("fields 里至少要有 id_number 或 name"))
        return self


class SourcesFile(StandardHeader):
    """`standards/sources.yaml`."""

    comparison: list[Source] = Field(min_length=1)


class Change(Strict):
    """What a city changes of a source, or a source of its own: any keys of a source."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{1,29}$")
    label: str | None = None
    label_en: str | None = None
    department: str | None = None
    department_en: str | None = None
    says: Says | None = None
    kind: str | None = None
    value: str | None = None
    fields: tuple[Carried, ...] | None = None
    headings: dict[Carried, tuple[str, ...]] | None = None
    words: dict[str, tuple[str, ...]] | None = None
    only: tuple[str, ...] | None = None
    tolerance: int | None = None
    rhythm: Rhythm | None = None
    grace: int | None = None
    deadline: int | None = None
    by: Literal["residence", "hukou"] | None = None
    complete: bool | None = None
    covers: tuple[str, ...] | None = None
    ages: int | None = None
    keep_days: int | None = None
    confidence: Confidence | None = None


class CitySources(Strict):
    """`cities/<place>/sources.yaml`."""

    comparison: list[Change] = []


def merged(standard: Mapping[str, Source], changes: Sequence[Change]) -> dict[str, Source]:
    """The standard's sources with a city's changes. Raises pydantic's ValidationError."""
    found = dict(standard)
    for change in changes:
        before = found[change.key].model_dump() if change.key in found else {}
        found[change.key] = Source.model_validate({**before, **change.model_dump(exclude_none=True)})
    return found


@cache
def standard() -> Mapping[str, Source]:
    """The sources of the standards, by key, in the order of the file."""
    text = (Path(settings.STANDARDS) / FILE).read_text(encoding="utf-8")
    return {source.key: source for source in SourcesFile.model_validate(yaml.safe_load(text)).comparison}


@cache
def _changed(content: str) -> Mapping[str, Source]:
    return merged(standard(), CitySources.model_validate_json(content).comparison)


def sources_for(division: int | None) -> Mapping[str, Source]:
    """The sources of the city a division lies in, by key (two queries)."""
    city = city_of(division) if division else None
    if city is None:
        return standard()
    own = LoadedFile.objects.filter(pack=f"city:{city.pk}", path=FILE, replaced_at=None)
    content = own.values_list("content", flat=True).first()
    return _changed(_json(content)) if content else standard()


@lru_cache(maxsize=500)
def known(key: str) -> Source | None:
    """A source by its key, of the standards or of some city's own: for its name."""
    if key in standard():
        return standard()[key]
    own = LoadedFile.objects.filter(path=FILE, replaced_at=None, pack__startswith="city:").order_by("pk")
    found = (_changed(_json(content)) for content in own.values_list("content", flat=True))
    return next((sources[key] for sources in found if key in sources), None)


def _json(content: Any) -> str:
    import json

    return json.dumps(content, sort_keys=True)


def check_standard(pack: Pack, files: Sequence[PackFile[SourcesFile]]) -> Iterator[Problem]:
    """No key twice."""
    for file in files:
        yield from _twice(file, [source.key for source in file.model.comparison])


def check_city(pack: Pack, files: Sequence[PackFile[CitySources]]) -> Iterator[Problem]:
    """No key twice; what comes of the changes is a whole source."""
    for file in files:
        changes = file.model.comparison
        yield from _twice(file, [change.key for change in changes])
        for index, change in enumerate(changes):
            try:
                merged(standard(), [change])
            except ValidationError as error:
                for detail in error.errors(include_url=False):
                    where = [str(step) for step in detail["loc"]]
                    what = _("来源“%(key)s”不完整：%(what)s %(why)s") % {
                        "key": change.key,
                        "what": ".".join(where),
                        "why": detail["msg"],
                    }
                    yield file.problem(["comparison", index], what, _("照 standards/sources.yaml 补全"))


def _twice(file: PackFile[Any], keys: Sequence[str]) -> Iterator[Problem]:
    for index, key in enumerate(keys):
        if key in keys[:index]:
            what = _("来源“%(key)s”写了两次") % {"key": key}
            yield file.problem(["comparison", index], what, _("合并成一项"))
