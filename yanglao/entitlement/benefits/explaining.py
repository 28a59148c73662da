"""An explanation in the words of a page: what was decided, clause by clause, with facts, dates and sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits import amount_words
from yanglao.entitlement.benefits.naming import (
    document_of,
    given,
    in_language,
    kind_label,
    source_words,
    title_of,
)
from yanglao.entitlement.benefits.rules.explain import ClauseResult, Explanation, FactUsed, ParameterUsed
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.entitlement.benefits.rules.schema import Type
from yanglao.entitlement.benefits.rules.tables import at_code, figures, key_text
from yanglao.kernel.divisions.queries import full_name
from yanglao.shell.templatetags.shell import yuan

_VERDICTS = {
    "paid": (gettext_lazy("发放"), "good"),
    "refused": (gettext_lazy("不发放"), "dull"),
    "set_aside": (gettext_lazy("由其他政策发放"), "info"),
    "used_up": (gettext_lazy("限额已用完"), "warn"),
    "nothing": (gettext_lazy("金额为零"), "dull"),
    "not_in_force": (gettext_lazy("政策未施行"), "dull"),
}


@dataclass(frozen=True)
class Item:
    """A fact or a parameter as a line: 户籍地：海曙区南门街道（自 2019-05-01）."""

    label: str
    value: str
    when: str = ""
    source: str = ""


@dataclass(frozen=True)
class ToldClause:
    label: str
    holds: bool
    facts: tuple[Item, ...]
    parameters: tuple[Item, ...]


@dataclass(frozen=True)
class Told:
    """One policy, one person, one month, told."""

    id: str
    title: str
    verdict: str
    tone: str
    sentence: str
    clauses: tuple[ToldClause, ...]
    amount: tuple[Item, ...]
    steps: tuple[str, ...]
    borne: tuple[Item, ...]
    document: str
    tentative: str


def told(explanation: Explanation) -> Told:
    """An explanation in the language of the one who reads."""
    e = explanation
    verdict, tone = _VERDICTS[e.outcome]
    due = e.outcome in ("paid", "set_aside", "used_up")
    return Told(
        id=e.policy.id,
        title=title_of(e.policy),
        verdict=str(verdict),
        tone=tone,
        sentence=_sentence(e),
        clauses=tuple(_clause(c) for c in e.clauses) if e.outcome != "not_in_force" else (),
        amount=_items(e.amount_facts, e.amount_parameters, e.bracket) if due else (),
        steps=amount_words.steps(e) if e.outcome != "refused" else (),
        borne=_borne(e) if e.outcome == "paid" else (),
        document=document_of(e.policy),
        tentative=str(_("示例，待核实")) if e.policy.tentative else "",
    )


def _sentence(e: Explanation) -> str:
    month = _("%(year)s年%(month)s月") % {"year": int(e.month) // 100, "month": int(e.month) % 100}
    if e.outcome == "paid":
        return _paid(e, month)
    if e.outcome == "used_up":
        cut = e.steps.cuts[-1].cap
        cap = in_language(cut.label)
        if cut.times:
            return _("%(month)s不发放：条件都符合，但“%(cap)s”的次数已经用完。") % {
                "month": month,
                "cap": cap,
            }
        return _("%(month)s不发放：条件都符合，但“%(cap)s”的限额已经用完。") % {"month": month, "cap": cap}
    if e.outcome == "set_aside":
        names = "、".join(title_of(p) for p in e.set_aside_by)
        return _("%(month)s按“%(names)s”发放，本项不再另发。") % {"month": month, "names": names}
    if e.outcome == "refused" and e.first_failing:
        why = e.first_failing.clause.label.in_language(get_language() or "zh")
        missing = _("（缺少这项事实）") if e.first_failing.holds is None else ""
        return _("%(month)s不发放：不符合“%(why)s”%(missing)s。") % {
            "month": month,
            "why": why,
            "missing": missing,
        }
    if e.outcome == "not_in_force":
        return _("%(month)s这项政策没有施行。") % {"month": month}
    return _("%(month)s条件都符合，但金额为零。") % {"month": month}


def _paid(e: Explanation, month: str) -> str:
    said = {
        "month": month,
        "what": given(e.policy, e.amount_fen),
        "less": given(e.policy, e.raw_fen - e.amount_fen),
    }
    if e.raw_fen > e.amount_fen:
        return _("%(month)s给予 %(what)s：全部条件都符合，但少给 %(less)s，原因见下。") % said
    if e.policy.gives != "money":
        return _("%(month)s给予 %(what)s：全部条件都符合。") % said
    return _("%(month)s发放 %(yuan)s 元：全部条件都符合。") % {"month": month, "yuan": yuan(e.amount_fen)}


def _borne(e: Explanation) -> tuple[Item, ...]:
    """Who bears how much, level by level."""
    return tuple(
        Item(amount_words.bearer(b), given(e.policy, b.fen), amount_words.percent(b.percent))
        for b in e.steps.borne
    )


def _clause(result: ClauseResult) -> ToldClause:
    return ToldClause(
        label=result.clause.label.in_language(get_language() or "zh"),
        holds=bool(result.holds),
        # of the living it is not said that no death is on record
        facts=tuple(_fact(f) for f in result.facts if f.value is not None or f.fact.name != "death_date"),
        parameters=tuple(_parameter(p) for p in result.parameters),
    )


def _items(facts: Sequence[FactUsed], parameters: Sequence[ParameterUsed], bracket: str) -> tuple[Item, ...]:
    return (*map(_fact, facts), *(_parameter(p, bracket) for p in parameters))


def _fact(used: FactUsed) -> Item:
    english = (get_language() or "").startswith("en")
    return Item(
        label=used.fact.label_en if english and used.fact.label_en else used.fact.label,
        value=_shown(used.value, used.fact.type, used.fact.name),
        when=_span(used.since, used.until),
        source=source_words(used.source),
    )


def _parameter(used: ParameterUsed, bracket: str = "") -> Item:
    name, _sep, key = bracket.partition(":")
    if used.value.table is None:
        value = _number(used.value.value, used.unit)
    elif name == used.name:
        value = _number(at_code(used.value.table, key), used.unit)
    else:
        rows = figures(used.value.table)
        value = "，".join(f"{' '.join(map(key_text, at))}：{_number(v, used.unit)}" for at, v in rows)
    since = _("自 %(day)s") % {"day": used.value.start.isoformat()}
    return Item(used.label.in_language(get_language() or "zh"), value, since, used.value.source)


def _number(value: Any, unit: str) -> str:
    if value is None:
        return "—"
    if unit == "yuan":
        return _("%(yuan)s 元") % {"yuan": yuan(value)}
    if unit == "quantity":
        return f"{value / 100:g}"
    if unit == "percent":
        return f"{value / 100:g}%"
    return _("%(n)s 岁") % {"n": value} if unit == "years" else str(value)


def _shown(value: Any, type_: Type, name: str) -> str:
    if value is None:
        return _("没有登记")
    if type_ is Type.DIVISION:
        return full_name(value)
    if type_ is Type.MONEY:
        return _("%(yuan)s 元") % {"yuan": yuan(value)}
    if type_ is Type.QUANTITY:
        return f"{value / 100:g}"
    if type_ is Type.BOOL:
        return _("是") if value else _("否")
    if type_ is Type.TEXT:
        return kind_label(name, value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _span(since: date | None, until: date | None) -> str:
    if since is None:
        return ""
    if until is None:
        return _("自 %(day)s") % {"day": since.isoformat()}
    return _("%(since)s 至 %(until)s 前") % {"since": since.isoformat(), "until": until.isoformat()}


@dataclass(frozen=True)
class Rate:
    """A parameter from a day on, with its source."""

    label: str
    since: str
    value: str
    source: str
    confidence: str


@dataclass(frozen=True)
class ToldPolicy:
    """A policy in the words of a page."""

    id: str
    title: str
    division: int
    span: str
    document: str
    confidence: str
    tentative: str
    clauses: tuple[Item, ...]
    amount_text: str
    rates: tuple[Rate, ...]
    notes: tuple[str, ...]
    text: str


_CONFIDENCE = {
    "verified": gettext_lazy("已核对原文"),
    "seen": gettext_lazy("见于公开文本"),
    "reported": gettext_lazy("见于报道"),
    "derived": gettext_lazy("由数字推算"),
    "inferred": gettext_lazy("推定，待核实"),
    "recalled": gettext_lazy("凭记忆，待核实"),
    "placeholder": gettext_lazy("占位示例，待核实"),
}


def told_policy(policy: Policy) -> ToldPolicy:
    """A policy for its page: clauses, rates over time, sources."""
    confidence = str(_CONFIDENCE[policy.document.confidence])
    language = get_language() or "zh"
    return ToldPolicy(
        id=policy.id,
        title=title_of(policy),
        division=policy.division,
        span=_("%(since)s 起") % {"since": policy.since}
        if policy.until is None
        else f"{policy.since} — {policy.until}",
        document=document_of(policy),
        confidence=confidence,
        tentative=confidence if policy.tentative else "",
        clauses=tuple(Item(c.label.in_language(language), c.text) for c in policy.clauses),
        amount_text=policy.amount_text,
        rates=tuple(_rates(policy, language)),
        notes=policy.notes,
        text=policy.text,
    )


def _rates(policy: Policy, language: str) -> list[Rate]:
    return [
        Rate(
            parameter.label.in_language(language),
            value.start.isoformat(),
            _parameter(ParameterUsed(parameter.name, parameter.label, parameter.unit, value)).value,
            value.source,
            str(_CONFIDENCE[value.confidence]),
        )
        for parameter in policy.parameters.values()
        for value in parameter.values
    ]
