"""The public's question: six answers, no name; what is due, how much and where to apply, by the engine itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.offered.queries import Told, given, told
from yanglao.entitlement.benefits.rules.explain import Explanation
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.entitlement.benefits.rules.schema import Fact, Type
from yanglao.entitlement.policymaking import made_up, prospects, queries
from yanglao.entitlement.policymaking.explaining import concerns
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope import Level, level_of
from yanglao.kernel.scope.spans import ancestor

ASKED = ("birth_date", "hukou", "residence", "economic", "ability", "living")


@dataclass(frozen=True)
class Six:
    """The six answers. Empty: does not know, or none of these."""

    born: date
    hukou: int
    residence: int
    economic: str = ""
    ability: str = ""
    living: str = ""


@dataclass(frozen=True)
class Due:
    """One policy's answer: what, how much, how, and what else is looked at."""

    told: Told
    amount: str
    apply: str
    where: str
    said: str  # 每月 60.00 元, or once
    open: tuple[str, ...] = ()
    will: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reply:
    due: tuple[Due, ...]
    perhaps: tuple[Due, ...]
    later: tuple[Due, ...]
    refused: tuple[Due, ...]


def policies_for(six: Six) -> list[Policy]:
    """The policies about people where one is registered and where one lives."""
    found = {p.id: p for d in (six.hukou, six.residence) for p in queries.book_in_use(d).policies}
    return sorted((p for p in found.values() if p.subject.name == "person"), key=lambda p: p.id)


def reply(six: Six, month: Month) -> Reply:
    """What is due this month to somebody of whom only this is known, every application taken as made."""
    policies = policies_for(six)
    if not policies:
        return Reply((), (), (), ())
    months = prospects.months_ahead(six.born, month)
    found = made_up.explained(policies, months, _facts(six, policies, month))
    will = {p.policy: p.sentence for p in prospects.by_time(found)}
    sorted_out: dict[str, list[Due]] = {"due": [], "perhaps": [], "later": [], "refused": []}
    for e in found:
        if not e.amount_fen and not concerns(e.policy, six.hukou, six.residence):
            continue
        if e.month == month and (e.outcome != "not_in_force" or e.policy.id in will):
            sorted_out[_sort(e, will)].append(_due(e, six, will))
    return Reply(**{name: tuple(items) for name, items in sorted_out.items()})


def _facts(six: Six, policies: Sequence[Policy], month: Month) -> Any:
    values: dict[str, Any] = {
        "birth_date": six.born,
        "hukou": six.hukou,
        "residence": six.residence,
        "economic": six.economic or None,
        "ability": six.ability or None,
        "living": six.living or None,
    }
    for name, (view, fact) in policies[0].subject.facts.items():
        if fact.type is Type.DATE and view.shape == "dated":
            values[name] = month.previous.first
    return made_up.facts_of(values, policies[0].subject)


def _sort(e: Explanation, will: dict[str, str]) -> str:
    if e.amount_fen:
        return "due"
    failing = [c for c in e.clauses if not c.holds]
    if failing and all(c.holds is None and _unasked(c.facts) for c in failing):
        return "perhaps"
    return "later" if e.policy.id in will else "refused"


def _unasked(facts: Sequence[Any]) -> bool:
    return any(f.fact.name not in ASKED and f.value is None for f in facts)


def _due(e: Explanation, six: Six, will: dict[str, str]) -> Due:
    seen = {f.fact.name: f.fact for c in e.clauses for f in c.facts}
    applied = [
        _label(f) for f in seen.values() if f.type is Type.DATE and f.name not in ("birth_date", "death_date")
    ]
    failing = {f.fact.name: f.fact for c in e.clauses if c.holds is None for f in c.facts}
    return Due(
        told(e),
        given(e.policy, e.amount_fen),
        _("要先办理：%(what)s。") % {"what": _("、").join(applied)}
        if applied
        else _("不用申请，由社区主动办理；没有收到的，"),
        _where(e.policy, six),
        prospects.each_month(e.policy, e.amount_fen),
        tuple(_label(f) for f in failing.values() if f.name not in ASKED),
        (will[e.policy.id],) if e.policy.id in will else (),
    )


def _label(fact: Fact) -> str:
    return fact.label_en if (get_language() or "").startswith("en") and fact.label_en else fact.label


def _where(policy: Policy, six: Six) -> str:
    """The office of the place the policy looks at: where one is registered, or where one lives."""
    code = six.residence if policy.payer.fact == "residence" else six.hukou
    office = ancestor(code, Level.STREET) if level_of(code) >= Level.STREET else code
    kind = _("常住地") if policy.payer.fact == "residence" else _("户籍地")
    said = {"kind": kind, "place": full_name(office)}
    return _("到%(kind)s %(place)s 的村（社区）或乡镇（街道）办理。") % said
