"""What a scale file (`standards/scales/*.yaml`, `cities/<place>/scales/*.yaml`) says. How to write one: its README.

Read strictly; what the schema alone cannot say (gaps, overlaps, missing options) is found by `scale_checks`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from django.utils.translation import get_language
from pydantic import Field

from yanglao.kernel.packs.schema import StandardHeader, Strict


class Word(Strict):
    """A word in both languages; without English, the scale's own wording stands."""

    label: str = Field(min_length=1)
    label_en: str = ""

    def __str__(self) -> str:
        return self.label_en if self.label_en and (get_language() or "").startswith("en") else self.label


class Item(Word):
    """A question 指标. Its answer is the score of one of its options: 0, step, 2·step … max, each once."""

    code: str = Field(pattern=r"^[A-Z0-9][A-Za-z0-9.]*$", max_length=20)
    help: str = ""
    max: int = Field(ge=1, le=100)
    step: int = Field(1, ge=1, le=100)
    options: dict[int, str]

    @property
    def scores(self) -> tuple[int, ...]:
        """The scores an answer may have, the highest first."""
        return tuple(range(self.max, -1, -self.step))


class Some(Strict):
    """At least `least` (and at most `most`) of the values named are `among` these."""

    of: list[str] = Field(min_length=1)
    among: list[int] = Field(min_length=1)
    least: int = Field(1, ge=1)
    most: int | None = Field(None, ge=1)


class Pattern(Strict):
    """Every value named in `all` is among its list, and `some` holds."""

    all: dict[str, list[int]] = {}
    some: Some | None = None


class Range(Word):
    """Totals from `min` through `max` of a domain are this grade."""

    grade: int = Field(ge=0, le=9)
    min: int = Field(ge=0)
    max: int = Field(ge=0)


class Patterns(Word):
    """A grade of a domain that is not summed: when one of the patterns over its answers holds."""

    grade: int = Field(ge=0, le=9)
    any: list[Pattern] = Field(min_length=1)


class Domain(Word):
    """A group of items 一级指标: a sum, and under a matrix a grade, by ranges of the sum or by patterns."""

    code: str = Field(max_length=20)
    key: str = ""
    max: int | None = Field(None, ge=1)
    items: list[Item] = Field(min_length=1)
    grades: list[Range] = []
    patterns: list[Patterns] = []


class Level(Word):
    """A level 等级; the higher the worse. `min` and `max`: totals, where the scale is a sum."""

    level: int = Field(ge=0, le=9)
    full: str = ""
    min: int | None = Field(None, ge=0)
    max: int | None = Field(None, ge=0)


class Cell(Strict):
    """A level of the matrix: when one of the patterns over the domains' grades holds. `gap`: the source is silent."""

    level: int
    gap: bool = False
    any: list[Pattern] = Field(min_length=1)


class Raise(Word):
    """A reason to change the level 等级变更依据; holds when any of what it names does. `set` or `raise`, not both."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,19}$")
    set: int | None = None
    by: int | None = Field(None, alias="raise", ge=1, le=3)
    conditions: list[str] = []
    diagnoses: list[str] = []
    events: int | None = Field(None, ge=1)
    answers: dict[str, list[int]] = {}


class Raising(Strict):
    """The rules in the order in which they are applied. `once`: several that hold raise once; `each`: each of them."""

    clause: str = ""
    stacking: Literal["once", "each"] = "once"
    rules: list[Raise]


class Finding(Word):
    """A diagnosis, a condition or a kind of event one may tick."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")
    icd10: str = ""
    code: str = ""


class Events(Strict):
    """Care risk events of the last `days` 照护风险事件."""

    days: int = Field(ge=1, le=366)
    kinds: list[Finding]


class Scale(StandardHeader):
    """A whole scale 量表."""

    number: str = ""
    label: str = Field(min_length=1)
    label_en: str = Field(min_length=1)
    old: bool = False
    circumstance: Literal["ability", "care_level"] | None = None
    rating: Literal["sum", "matrix"]
    domains: list[Domain] = Field(min_length=1)
    levels: list[Level] = Field(min_length=2)
    matrix: list[Cell] = []
    raising: Raising = Raising(rules=[])
    conditions: list[Finding] = []
    diagnoses: list[Finding] = []
    events: Events | None = None

    def __str__(self) -> str:
        return self.label_en if (get_language() or "").startswith("en") else self.label

    def items(self) -> Iterator[Item]:
        """All items in their order."""
        for domain in self.domains:
            yield from domain.items

    @property
    def most(self) -> int:
        """The highest total."""
        return sum(item.max for item in self.items())

    @property
    def ceiling(self) -> int:
        """The worst level."""
        return max(level.level for level in self.levels)

    def level(self, number: int) -> Level:
        return next(level for level in self.levels if level.level == number)

    def value(self, level: int) -> str:
        """A level as the register of circumstances writes it: `gbt42195-2022:3`."""
        return f"{self.id}:{level}"

    def labels(self, keys: list[str]) -> list[str]:
        """Diagnoses, conditions and events in words; what the scale no longer knows stands as it is."""
        events = self.events.kinds if self.events else []
        known = {f.key: str(f) for f in (*self.conditions, *self.diagnoses, *events)}
        return [known.get(key, key) for key in keys]
