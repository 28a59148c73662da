"""The arithmetic of an outcome in the user's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from yanglao.entitlement.assessment.rules import Outcome, Step
from yanglao.entitlement.assessment.scale_file import Scale


def told(scale: Scale, steps: Sequence[Step]) -> list[str]:
    """One sentence per step, in their order."""
    return [_TELL[step.kind](scale, step.values) for step in steps]


def kept(outcome: Outcome) -> dict[str, Any]:
    """An outcome as an assessment keeps it."""
    return {
        "domains": [[d.code, d.score, d.most, d.grade] for d in outcome.by_domain],
        "steps": [[step.kind, dict(step.values)] for step in outcome.steps],
        "gap": outcome.gap,
    }


def steps_of(outcome: Mapping[str, Any]) -> list[Step]:
    """The steps back from what was kept."""
    return [Step(kind, values) for kind, values in outcome.get("steps", [])]


def _domain(scale: Scale, v: Mapping[str, Any]) -> str:
    domain = next(d for d in scale.domains if d.code == v["code"])
    said = {"label": domain, "score": v["score"], "most": v["most"]}
    if domain.patterns:
        return _("%(label)s：按各项组合分级，为 %(grade)d 级。") % {**said, "grade": v["grade"]}
    if v["grade"] is None:
        return _("%(label)s：%(score)d 分（满分 %(most)d 分）。") % said
    return _("%(label)s：%(score)d 分（满分 %(most)d 分），为 %(grade)d 级。") % {**said, "grade": v["grade"]}


def _total(scale: Scale, v: Mapping[str, Any]) -> str:
    sums = " + ".join(map(str, v["scores"]))
    return _("总分：%(sums)s = %(total)d 分（满分 %(most)d 分）。") % {**v, "sums": sums}


def _level(scale: Scale, v: Mapping[str, Any]) -> str:
    level = scale.level(v["level"])
    low, high = level.min or 0, level.max or 0
    span = str(low) if low == high else f"{low}～{high}"
    return _("总分 %(total)d 分在 %(span)s 分之间，初步等级为 %(level)s。") % {
        "total": v["total"],
        "span": span,
        "level": named(scale, v["level"]),
    }


def _matrix(scale: Scale, v: Mapping[str, Any]) -> str:
    return _("按各一级指标的分级组合，初步等级为 %(level)s。") % {"level": named(scale, v["level"])}


def _gap(scale: Scale, v: Mapping[str, Any]) -> str:
    return _("标准原文没有写到这种组合，等级按从重到轻的次序推定，需人工复核。")


def _rule(scale: Scale, v: Mapping[str, Any]) -> str:
    return next((str(rule) for rule in scale.raising.rules if rule.id == v["rule"]), v["rule"])


def _set(scale: Scale, v: Mapping[str, Any]) -> str:
    return _("%(rule)s：直接评定为 %(level)s。") % {
        "rule": _rule(scale, v),
        "level": named(scale, v["level"]),
    }


def _raise(scale: Scale, v: Mapping[str, Any]) -> str:
    return _("%(rule)s：由 %(before)s 提高为 %(level)s。") % {
        "rule": _rule(scale, v),
        "before": named(scale, v["before"]),
        "level": named(scale, v["level"]),
    }


def _once(scale: Scale, v: Mapping[str, Any]) -> str:
    return _("%(rule)s：也成立；已提高过一个等级，不再提高。") % {"rule": _rule(scale, v)}


def _ceiling(scale: Scale, v: Mapping[str, Any]) -> str:
    return _("%(rule)s：成立；已是最重的等级，不再提高。") % {"rule": _rule(scale, v)}


def _final(scale: Scale, v: Mapping[str, Any]) -> str:
    return _("最终等级：%(level)s。") % {"level": named(scale, v["level"])}


_TELL = {
    "domain": _domain,
    "total": _total,
    "level": _level,
    "matrix": _matrix,
    "gap": _gap,
    "set": _set,
    "raise": _raise,
    "once": _once,
    "ceiling": _ceiling,
    "final": _final,
}


def named(scale: Scale, level: int) -> str:
    """A level with its number: 3 级（重度失能）."""
    return _("%(number)d 级（%(label)s）") % {"number": level, "label": scale.level(level)}
