"""The terms of vouchers by place and date: `standards/vouchers.yaml`, a city's own in its folder."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import Field

from yanglao.entitlement.vouchers import rules
from yanglao.kernel.packs import Pack, PackFile, Problem, StandardHeader, Strict
from yanglao.kernel.scope import Span

FILE = "vouchers.yaml"
TENTATIVE = frozenset({"inferred", "recalled", "design"})


class Named(Strict):
    label: str = Field(min_length=1, max_length=40)
    label_en: str = Field(min_length=1)

    def __str__(self) -> str:
        return self.label_en if (get_language() or "").startswith("en") else self.label


class Service(Named):
    """Something a voucher may be spent on. `percent` of what the person would pay; `cap` in yuan, within the month."""

    percent: int = Field(ge=1, le=100)
    cap: int | None = Field(None, ge=1)
    least_days: int | None = Field(None, ge=1)
    most_days: int | None = Field(None, ge=1)
    words: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        """The share in ten-thousandths."""
        return self.percent * 100

    @property
    def cap_fen(self) -> int | None:
        return None if self.cap is None else self.cap * 100

    @property
    def of_a_stay(self) -> bool:
        """Bounded by the agreed days of a stay, which have to be said."""
        return self.least_days is not None or self.most_days is not None


class VoucherKind(Named):
    """A kind of voucher 券种; a person has one in a month."""

    cap: int = Field(ge=1)
    services: dict[str, Service] = Field(min_length=1)

    @property
    def cap_fen(self) -> int:
        return self.cap * 100


class Scheme(Strict):
    """The terms of a place and time. See the head of the file for the keys."""

    key: str = Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")
    title: str
    title_en: str
    document: str
    source: str = Field(min_length=1)
    confidence: Literal["verified", "seen", "reported", "derived", "inferred", "recalled", "design"]
    division: int = Field(ge=0, le=999999999999)
    since: dt.date
    until: dt.date
    claim: Literal["monthly", "once"] = "monthly"
    check_percent: int = Field(1, ge=1, le=100)
    entry_days: int = Field(5, ge=0, le=31)
    notes: tuple[str, ...] = ()
    kinds: dict[str, VoucherKind] = Field(min_length=1)

    def __str__(self) -> str:
        return self.title_en if (get_language() or "").startswith("en") else self.title

    @property
    def tentative(self) -> bool:
        """Holds figures nobody has seen published: shown as an example, to be verified."""
        return self.confidence in TENTATIVE

    def service(self, name: str) -> Service | None:
        """A service of any of its kinds."""
        return next((kind.services[name] for kind in self.kinds.values() if name in kind.services), None)

    def kind_of(self, service: str) -> str:
        """The kind of voucher a service belongs to; "" for none."""
        return next((name for name, kind in self.kinds.items() if service in kind.services), "")

    def covers(self, division: int, month: int) -> bool:
        here = not self.division or Span.of(self.division).lo <= division <= Span.of(self.division).hi
        return here and self.since <= rules.first_day(month) <= self.until


class SchemesFile(StandardHeader):
    """`standards/vouchers.yaml`."""

    schemes: list[Scheme] = Field(min_length=1)


class CitySchemes(Strict):
    """`cities/<place>/vouchers.yaml`."""

    schemes: list[Scheme] = []


@cache
def standard() -> tuple[Scheme, ...]:
    text = (Path(settings.STANDARDS) / FILE).read_text(encoding="utf-8")
    return tuple(SchemesFile.model_validate(yaml.safe_load(text)).schemes)


@lru_cache(maxsize=50)
def _own(content: str) -> tuple[Scheme, ...]:
    return tuple(CitySchemes.model_validate_json(content).schemes)


def _cities() -> tuple[Scheme, ...]:
    from yanglao.kernel.packs.models import LoadedFile

    files = LoadedFile.objects.filter(path=FILE, replaced_at=None, pack__startswith="city:").order_by("pk")
    contents = files.values_list("content", flat=True)
    return tuple(s for content in contents for s in _own(json.dumps(content, sort_keys=True, default=str)))


def schemes() -> tuple[Scheme, ...]:
    """All schemes known, cities' own first (one query)."""
    return (*_cities(), *standard())


def scheme_for(division: int, month: int) -> Scheme | None:
    """The scheme in force at a division in a month (YYYYMM): the narrowest place's; None where there is none."""
    found = [scheme for scheme in schemes() if scheme.covers(division, month)]
    return max(found, key=lambda s: _narrowness(s.division), default=None)


def _narrowness(code: int) -> int:
    return len(str(code).rstrip("0"))


def scheme(key: str) -> Scheme | None:
    """A scheme by its key, as a voucher names it."""
    known = {s.key: s for s in standard()}
    return known.get(key) or next((s for s in _cities() if s.key == key), None)


def _labels() -> Iterator[tuple[str, Named]]:
    for each in standard():
        for name, kind in each.kinds.items():
            yield name, kind
            yield from kind.services.items()


def kind_label(name: str) -> str:
    """The label of a kind of voucher; a name of an older scheme stands for itself."""
    return next((str(entry) for key, entry in _labels() if key == name), name)


service_label = kind_label


def service_names() -> Mapping[str, str]:
    """Every way a workbook may write a service → its name."""
    found: dict[str, str] = {}
    for each in standard():
        for kind in each.kinds.values():
            for name, service in kind.services.items():
                for spelt in (service.label, *service.words):
                    found.setdefault(spelt, name)
    return found


def service_choices() -> list[tuple[str, str]]:
    """Every service of any scheme, with its label."""
    found: dict[str, str] = {}
    for each in standard():
        for kind in each.kinds.values():
            for name, service in kind.services.items():
                found.setdefault(name, str(service))
    return list(found.items())


def kind_choices() -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for each in standard():
        for name, kind in each.kinds.items():
            found.setdefault(name, str(kind))
    return list(found.items())


def check(pack: Pack, files: Sequence[PackFile[Any]]) -> Iterator[Problem]:
    """No key twice, no span backwards."""
    for file in files:
        keys = [scheme.key for scheme in file.model.schemes]
        for index, scheme_ in enumerate(file.model.schemes):
            if scheme_.key in keys[:index]:
                what = _("办法“%(key)s”写了两次") % {"key": scheme_.key}
                yield file.problem(["schemes", index], what, _("合并成一项，或换一个 key"))
            if scheme_.until < scheme_.since:
                yield file.problem(["schemes", index], _("until 早于 since"), _("核对起止日期"))
