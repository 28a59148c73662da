"""The rule's figures: levels of likeness and their weights, read from `standards/matching.yaml`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Final, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

FieldName = Literal["id", "name", "birth", "sex", "place"]
Band = Literal["same", "probable", "possible", "different"]
BANDS: Final[tuple[Band, ...]] = ("same", "probable", "possible", "different")
# The levels the comparisons know; a file must give each of them, in its own order.
LEVELS: Final[dict[FieldName, frozenset[str]]] = {
    "id": frozenset({"equal", "check", "digit", "swap", "length", "tail", "missing", "wrong", "different"}),
    "name": frozenset(
        {
            "equal",
            "variant",
            "homophone",
            "swapped",
            "similar",
            "one",
            "part",
            "missing",
            "surname",
            "different",
        }
    ),
    "birth": frozenset(
        {"equal", "swapped", "lunar", "digit", "day_unknown", "month", "missing", "year", "different"}
    ),
    "sex": frozenset({"equal", "missing", "different"}),
    "place": frozenset({"village", "street", "county", "missing", "other"}),
}


class WrongWeights(ValueError):
    """The file of weights is wrong: says where and how to mend it."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Level(_Strict):
    """A level of likeness of a field; without m and u (`missing`) it says nothing."""

    level: str
    label: str = Field(min_length=1)
    label_en: str = Field(min_length=1)
    m: float | None = Field(default=None, gt=0, le=1)
    u: float | None = Field(default=None, gt=0, le=1)

    @property
    def bits(self) -> float:
        return log2(self.m / self.u) if self.m and self.u else 0.0


class ByFrequency(_Strict):
    """A level that weighs by how common the value is; `settles_at` persons a register's own shares count half."""

    level: str
    most_bits: float
    settles_at: int = Field(gt=0)


class FieldWeights(_Strict):
    field: FieldName
    label: str
    label_en: str
    levels: tuple[Level, ...]
    by_frequency: ByFrequency | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        names = [level.level for level in self.levels]
        if set(names) != LEVELS[self.field] or len(names) != len(set(names)):
            raise ValueError(f"{self.field}: the levels must be {', '.join(sorted(LEVELS[self.field]))}")
        for before, after in zip(self.levels, self.levels[1:], strict=False):
            if after.bits > before.bits:
                raise ValueError(
                    f"{self.field}: {after.level} weighs more than {before.level} above it; lower its m or raise its u"
                )
        return self

    def level(self, name: str) -> Level:
        return next(level for level in self.levels if level.level == name)

    def bits(self, name: str, share: float | None = None) -> float:
        """Bits of a level. `share`: how common the compared value is (0-1), for a level that counts by it."""
        level = self.level(name)
        often = self.by_frequency
        if share is None or often is None or often.level != name or not level.m:
            return level.bits
        return min(max(log2(level.m / share), self._below(name)), often.most_bits)

    def _below(self, name: str) -> float:
        """Bits of the next level: the least a common value may count."""
        place = [level.level for level in self.levels].index(name)
        return self.levels[place + 1].bits

    @property
    def least(self) -> float:
        return min(level.bits for level in self.levels)


class BandLimit(_Strict):
    least: float
    label: str
    label_en: str


class _File(_Strict):
    version: str
    source: str
    confidence: Literal["verified", "verified_secondary", "recalled", "design"]
    bands: dict[Band, BandLimit]
    fields: tuple[FieldWeights, ...]
    variants: dict[str, str] = {}

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if {f.field for f in self.fields} != set(LEVELS) or len(self.fields) != len(LEVELS):
            raise ValueError(f"give the fields {', '.join(LEVELS)}, each once")
        limits = [self.bands[band].least for band in BANDS if band in self.bands]
        if len(limits) != len(BANDS) or limits != sorted(limits, reverse=True):
            raise ValueError(f"give the bands {', '.join(BANDS)}, each with a lower least score")
        ids = next(f for f in self.fields if f.field == "id")
        worst = ids.bits("equal") + sum(f.least for f in self.fields if f.field != "id")
        if worst < self.bands["same"].least:
            raise ValueError(
                f"equal ids reach only {worst:.1f} bits when all else differs; lower u of id.equal"
            )
        return self


@dataclass(frozen=True)
class Weights:
    """The rule of one version. `mark` names its contents: two files with the same mark judge alike."""

    version: str
    mark: str
    fields: Mapping[FieldName, FieldWeights]
    bands: Mapping[Band, BandLimit]
    variants: Mapping[str, str]

    def band(self, score: float) -> Band:
        return next(band for band in BANDS if score >= self.bands[band].least or band == "different")

    def share(self, holders: int, persons: int) -> float:
        """How common a name is that `holders` of `persons` in the register have; a small register says little."""
        settles = self.fields["name"].by_frequency
        usual = self.fields["name"].level("equal").u or 1.0
        weight = settles.settles_at if settles else 0
        return (holders + weight * usual) / (persons + weight)


def load(path: Path) -> Weights:
    """Read and check a file of weights; raises WrongWeights."""
    text = path.read_text(encoding="utf-8")
    try:
        found = _File.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise WrongWeights(f"{path.name}: {error}") from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise WrongWeights(f"{path.name}: {problems}") from error
    mark = hashlib.sha256(text.encode()).hexdigest()[:12]
    fields = {f.field: f for f in found.fields}
    return Weights(found.version, f"{found.version}/{mark}", fields, found.bands, found.variants)
