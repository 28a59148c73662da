"""Posts, certificates and staffing rules, read from `standards/certificates.yaml` and `standards/staffing.yaml`.

A city may set its own demands and its own ratio in `cities/<place>/workforce.yaml` (see `packs`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, Self, TypeVar

import yaml
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from pydantic import BaseModel, Field, ValidationError, model_validator

from yanglao.kernel.packs.schema import StandardHeader, Strict

Confidence = Literal["verified", "verified_secondary", "recalled", "design"]
LAW: frozenset[str] = frozenset({"verified", "verified_secondary"})
Group = Literal[
    "management", "care", "assessment", "social", "medical", "kitchen", "safety", "logistics", "other"
]
GROUPS: dict[str, object] = {
    "management": gettext_lazy("管理"),
    "care": gettext_lazy("护理"),
    "assessment": gettext_lazy("评估"),
    "social": gettext_lazy("社会工作"),
    "medical": gettext_lazy("医疗康复"),
    "kitchen": gettext_lazy("餐饮"),
    "safety": gettext_lazy("安全"),
    "logistics": gettext_lazy("后勤"),
    "other": gettext_lazy("其他"),
}
NAME = r"^[a-z][a-z_]{2,29}$"


class _Labelled(Strict):
    label: str = Field(min_length=1)
    label_en: str = Field(min_length=1)

    def __str__(self) -> str:
        return self.label_en if (get_language() or "").startswith("en") else self.label


class CertificateKind(_Labelled):
    """A kind of certificate; `months` is how long it holds when it does not say (0: it does not expire)."""

    kind: str = Field(pattern=NAME)
    levels: dict[int, str] = {}
    months: int = Field(default=0, ge=0, le=240)
    words: tuple[str, ...] = ()
    verify: str = ""
    source: str = Field(min_length=1)
    confidence: Confidence

    def level_name(self, level: int | None) -> str:
        """`五级/初级工`; a level of an older list stands for itself."""
        return "" if level is None else self.levels.get(level, str(level))


class Demand(Strict):
    """One of these certificates, at `min_level` or better (1 is the best), for who holds a post."""

    any_of: tuple[str, ...] = Field(min_length=1)
    must: bool = True
    min_level: int | None = Field(default=None, ge=1, le=5)
    source: str = Field(min_length=1)
    confidence: Confidence

    @property
    def is_law(self) -> bool:
        """Whether the source was read; what is only remembered is advice."""
        return self.must and self.confidence in LAW

    @property
    def names(self) -> str:
        """The certificates as one reads them: 甲 或 乙."""
        return str(gettext_lazy("或")).join(str(certificates()[kind]) for kind in self.any_of)


class Post(_Labelled):
    """A post in elderly care."""

    post: str = Field(pattern=NAME)
    group: Group
    carer: bool = False
    words: tuple[str, ...] = ()
    demands: tuple[Demand, ...] = ()


class FieldOfWork(_Labelled):
    """A field experts are asked in."""

    field: str = Field(pattern=NAME)


class CertificatesFile(StandardHeader):
    """The whole of `standards/certificates.yaml`."""

    certificates: tuple[CertificateKind, ...]
    posts: tuple[Post, ...]
    fields: tuple[FieldOfWork, ...]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        known = {one.kind for one in self.certificates}
        _once("kind", [one.kind for one in self.certificates])
        _once("post", [one.post for one in self.posts])
        _once("word", [w for one in self.posts for w in {one.label, *one.words}])
        _once("word", [w for one in self.certificates for w in {one.label, *one.words}])
        check_demands({p.post: p.demands for p in self.posts}, known)
        return self


def check_demands(demands: Mapping[str, tuple[Demand, ...]], known: set[str]) -> None:
    """Raise ValueError for a demand of a certificate there is not."""
    for post, each in demands.items():
        for demand in each:
            if unknown := set(demand.any_of) - known:
                raise ValueError(f"{post}: no such certificate {', '.join(sorted(unknown))}")


class Band(_Labelled):
    """Ability levels counted together; one carer for `least` to `most` residents."""

    band: str = Field(pattern=NAME)
    levels: tuple[str, ...] = Field(min_length=1)
    least: int = Field(alias="from", ge=1, le=100)
    most: int = Field(alias="to", ge=1, le=100)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.least > self.most:
            raise ValueError(f"{self.band}: from is more than to")
        return self


class Star(Strict):
    """Residents under full care per carer that a star level allows."""

    level: int = Field(ge=1, le=5)
    to: int = Field(ge=1, le=100)


class Staffing(Strict):
    """A rule of staffing. `local_example`: taken from one place, a yardstick elsewhere."""

    bands: tuple[Band, ...] = Field(min_length=1)
    unassessed: str
    local_example: bool = False
    stars: tuple[Star, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        _once("band", [b.band for b in self.bands])
        _once("level", [level for b in self.bands for level in b.levels])
        if self.unassessed not in {b.band for b in self.bands}:
            raise ValueError(f"unassessed: no band {self.unassessed}")
        return self

    def band_of(self, level: str) -> str:
        """The band a level is counted in; an unknown or missing one as `unassessed`."""
        return next((b.band for b in self.bands if level in b.levels), self.unassessed)


class StaffingFile(StandardHeader, Staffing):
    """The whole of `standards/staffing.yaml`."""


def _once(what: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"a {what} is given twice: {', '.join(twice)}")


class WrongStandard(ValueError):
    """A file of standards is wrong: says where and how to mend it."""


Model = TypeVar("Model", bound=BaseModel)


def load(path: Path, schema: type[Model]) -> Model:
    """Read and check a file; raises WrongStandard."""
    try:
        return schema.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise WrongStandard(f"{path.name}: {error}") from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise WrongStandard(f"{path.name}: {problems}") from error


@cache
def _file() -> CertificatesFile:
    return load(Path(settings.STANDARDS) / "certificates.yaml", CertificatesFile)


@cache
def certificates() -> Mapping[str, CertificateKind]:
    """Kinds of certificates by name, in the order of the file."""
    return {one.kind: one for one in _file().certificates}


@cache
def posts() -> Mapping[str, Post]:
    """Posts by name, in the order of the file."""
    return {one.post: one for one in _file().posts}


@cache
def fields() -> Mapping[str, FieldOfWork]:
    """Fields of experts by name, in the order of the file."""
    return {one.field: one for one in _file().fields}


@cache
def staffing() -> StaffingFile:
    """The rule of staffing of the standards."""
    return load(Path(settings.STANDARDS) / "staffing.yaml", StaffingFile)


@cache
def carer_posts() -> tuple[str, ...]:
    """Posts that count as carers 养老护理员."""
    return tuple(name for name, post in posts().items() if post.carer)


def posts_of(*groups: str) -> tuple[str, ...]:
    return tuple(name for name, post in posts().items() if post.group in groups)


def post_name(post: str) -> str:
    """The label of a post; one of an older list stands for itself."""
    return str(posts()[post]) if post in posts() else post


def certificate_name(kind: str) -> str:
    return str(certificates()[kind]) if kind in certificates() else kind


def level_name(kind: str, level: int | None) -> str:
    known = certificates().get(kind)
    return known.level_name(level) if known else str(level or "")


def field_name(field: str) -> str:
    return str(fields()[field]) if field in fields() else field


def post_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Posts by group, for forms and filters."""
    return [
        (str(label), [(name, str(p)) for name, p in posts().items() if p.group == group])
        for group, label in GROUPS.items()
    ]


def certificate_choices() -> list[tuple[str, str]]:
    return [(name, str(kind)) for name, kind in certificates().items()]


def field_choices() -> list[tuple[str, str]]:
    return [(name, str(one)) for name, one in fields().items()]


def post_words() -> dict[str, str]:
    """Every way a table may write a post → the post."""
    return {word: p.post for p in posts().values() for word in (p.label, *p.words)}


def certificate_words() -> dict[str, str]:
    return {word: c.kind for c in certificates().values() for word in (c.label, *c.words)}
