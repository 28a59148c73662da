"""An explanation in plain words, Chinese or English, for a page or for print."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import override

from .explain import ClauseResult, Explanation, FactUsed, ParameterUsed
from .policy import TENTATIVE
from .schema import Fact, Type

Shown = Callable[[Fact, Any], str]
Mark = Literal["✓", "✗", "？"]


@dataclass(frozen=True)
class ClauseTold:
    """One clause: mark, the sentence, and the facts and figures behind it."""

    mark: Mark
    label: str
    details: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """An explanation in one language. `text()` is all of it, line by line."""

    title: str
    verdict: str
    basis: str
    clauses: tuple[ClauseTold, ...]
    amount: tuple[str, ...]

    def text(self) -> str:
        lines = [f"{self.title}：{self.verdict}", self.basis]  # i18n: data
        for clause in self.clauses:
            lines.append(f"{clause.mark} {clause.label}")
            lines += [f"    {detail}" for detail in clause.details]
        return "\n".join([*lines, *self.amount])


def plain(fact: Fact, value: Any) -> str:
    """A value without the names only a room knows (of divisions, of categories)."""
    return yuan(value) if fact.type is Type.MONEY else str(value)


def yuan(fen: int) -> str:
    """6000 → 60, 6050 → 60.50"""
    return f"{fen // 100}" if fen % 100 == 0 else f"{fen / 100:.2f}"


def tell(explanation: Explanation, language: str = "zh-hans", shown: Shown = plain) -> Told:
    """The explanation in words. `shown(fact, value)` writes values: pass one that knows division names."""
    policy = explanation.policy
    with override(language):
        return Told(
            title=f"{explanation.month} {policy.title.in_language(language)}",
            verdict=verdict(explanation, language),
            basis=_basis(explanation),
            clauses=tuple(_clause(c, language, shown) for c in explanation.clauses),
            amount=tuple(_amount(explanation, language, shown)),
        )


def verdict(explanation: Explanation, language: str) -> str:
    """What came out, in one line."""
    amount = {"yuan": yuan(explanation.amount_fen)}
    others = "、".join(p.title.in_language(language) for p in explanation.set_aside_by)
    if explanation.outcome == "paid" and others:
        return _("发放 %(yuan)s 元（已扣除或让位于：%(others)s）") % {**amount, "others": others}
    return {
        "paid": lambda: _("发放 %(yuan)s 元") % amount,
        "refused": lambda: _("不发放，有条件不满足"),
        "set_aside": lambda: _("不发放，已享受：%(others)s") % {"others": others},
        "nothing": lambda: _("不发放，按标准算出为零"),
        "not_in_force": lambda: _("不发放，政策当月没有施行"),
    }[explanation.outcome]()


def _basis(explanation: Explanation) -> str:
    document = explanation.policy.document
    text = _("依据：《%(title)s》%(number)s") % {"title": document.title, "number": document.number}
    return text + _("（示例，待核实）") if explanation.policy.tentative else text


def _clause(result: ClauseResult, language: str, shown: Shown) -> ClauseTold:
    mark: Mark = "？" if result.holds is None else "✓" if result.holds else "✗"
    details = (*(_fact(f, language, shown) for f in result.facts), *_figures(result.parameters, language))
    return ClauseTold(mark, result.clause.label.in_language(language), details)


def _fact(used: FactUsed, language: str, shown: Shown) -> str:
    label = used.fact.label_en if language.startswith("en") else used.fact.label
    if used.value is None:
        return _("%(label)s：没有记录") % {"label": label}
    parts = [_("自 %(day)s") % {"day": used.since}] if used.since else []
    parts += [_("至 %(day)s 前") % {"day": used.until}] if used.until else []
    parts += [_("来源：%(source)s") % {"source": used.source}] if used.source else []
    text = _("%(label)s：%(value)s") % {"label": label, "value": shown(used.fact, used.value)}
    return text + _("（%(what)s）") % {"what": _("，").join(parts)} if parts else text


def _figures(parameters: tuple[ParameterUsed, ...], language: str) -> Iterator[str]:
    for used in parameters:
        if used.value.table is not None:
            figure = _("，").join(f"{k} → {_scaled(used, v)}" for k, v in used.value.table.items())
        else:
            figure = _scaled(used, used.value.value)
        text = _("%(label)s：%(value)s（自 %(day)s 起）") % {
            "label": used.label.in_language(language),
            "value": figure,
            "day": used.value.start,
        }
        yield text + _("（示例，待核实）") if used.value.confidence in TENTATIVE else text


def _scaled(used: ParameterUsed, value: Any) -> str:
    if used.unit == "yuan":
        return _("%(yuan)s 元") % {"yuan": yuan(value)}
    if used.unit == "percent":
        return f"{value / 100:g}%"
    return _("%(n)s 岁") % {"n": value} if used.unit == "years" else str(value)


def _amount(explanation: Explanation, language: str, shown: Shown) -> Iterator[str]:
    """Where the amount comes from; nothing when nothing was due."""
    if not explanation.raw_fen:
        return
    if explanation.bracket:
        table, _sep, key = explanation.bracket.partition(":")
        label = explanation.policy.parameters[table].label.in_language(language)
        yield _("金额：%(yuan)s 元，按“%(table)s”%(key)s 起的一档") % {
            "yuan": yuan(explanation.raw_fen),
            "table": label,
            "key": key,
        }
    else:
        yield _("金额：%(yuan)s 元") % {"yuan": yuan(explanation.raw_fen)}
    yield from (_fact(f, language, shown) for f in explanation.amount_facts)
    yield from _figures(explanation.amount_parameters, language)
