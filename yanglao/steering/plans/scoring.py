"""Scores of districts (考核) by the rules of a city, with the arithmetic of every point. No database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from yanglao.kernel.packs.schema import Strict
from yanglao.steering.indicators.rules import shown

Rule = Literal["progress", "late", "returned", "supervised"]


class SourceFile(Strict):
    """Where the rules come from; a figure that is `design` is never shown as law."""

    title: str
    number: str = ""
    confidence: str = ""
    note: str = ""


class ItemFile(Strict):
    """One thing that is scored: all points, and what each fault takes away."""

    id: str
    name: str
    points: int = Field(gt=0)
    rule: Rule
    each: int = Field(default=0, ge=0)


class ScoringFile(Strict):
    """The rules of a city (考核计分规则)."""

    version: str
    name: str
    sources: tuple[SourceFile, ...] = ()
    items: tuple[ItemFile, ...]

    @model_validator(mode="after")
    def faults_cost_something(self) -> ScoringFile:
        for item in self.items:
            if (item.rule == "progress") == bool(item.each):
                raise ValueError(
                    _("考核项 %(id)s：progress 不写 each，其余各项要写每次扣几分") % {"id": item.id}
                )
        return self

    @property
    def design(self) -> bool:
        """Whether the figures are nobody's law."""
        return any(source.confidence in ("design", "recalled") for source in self.sources)


@dataclass(frozen=True)
class Deeds:
    """What a district did: how far each of its targets is against what is due by now, and its faults."""

    progress: Mapping[str, Fraction]
    late: int = 0
    returned: int = 0
    supervised: int = 0


@dataclass(frozen=True)
class Points:
    """What an item gives, and how it was reckoned. None: there is nothing to score yet."""

    item: ItemFile
    points: Fraction | None
    how: str


def score(rules: Sequence[ItemFile], deeds: Deeds) -> list[Points]:
    """The points of every item, with its arithmetic."""
    return [_progress(item, deeds) if item.rule == "progress" else _faults(item, deeds) for item in rules]


def _progress(item: ItemFile, deeds: Deeds) -> Points:
    if not deeds.progress:
        return Points(item, None, _("没有分解到本地的目标，或还没有数值"))
    kept = [min(share, Fraction(1)) for share in deeds.progress.values()]
    mean = sum(kept, Fraction(0)) / len(kept)
    words = {"n": len(kept), "mean": f"{shown(mean * 100, 1)}%", "points": item.points}
    how = _("%(n)s 项目标达到应达进度的平均 %(mean)s（每项最多 100%%）× %(points)s 分") % words
    return Points(item, mean * item.points, how)


def _faults(item: ItemFile, deeds: Deeds) -> Points:
    count = {"late": deeds.late, "returned": deeds.returned, "supervised": deeds.supervised}[item.rule]
    words = {"points": item.points, "n": count, "each": item.each}
    how = _("%(points)s 分 − %(n)s 次 × %(each)s 分，扣完为止") % words
    return Points(item, Fraction(max(item.points - count * item.each, 0)), how)


def total(points: Sequence[Points]) -> Fraction | None:
    """Of a hundred: items with nothing to score count neither way; None when there is none at all."""
    counted = [one for one in points if one.points is not None]
    whole = sum(one.item.points for one in counted)
    if not whole:
        return None
    return sum((one.points or Fraction(0) for one in counted), Fraction(0)) * 100 / whole
