"""What would change it (会怎样改变): the months to come, and other facts, each computed by the engine itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.offered.queries import given, reason_text, title_of
from yanglao.entitlement.benefits.rules.cases import Facts, Spell
from yanglao.entitlement.benefits.rules.explain import Explanation, FactUsed
from yanglao.entitlement.benefits.rules.months import Month, add_months, age_on
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.entitlement.benefits.rules.schema import Fact, Type
from yanglao.entitlement.policymaking import made_up
from yanglao.registers.people.kinds import kinds

OLDEST = 101
MOST_VALUES = 12


@dataclass(frozen=True)
class Prospect:
    """A sentence about what would change one policy's answer. `kind`: time (it will by itself) or fact."""

    policy: str
    kind: str
    sentence: str


def months_ahead(born: date | None, now: Month) -> list[Month]:
    """This month, the next twelve, and around every birthday to come."""
    months = [now]
    while len(months) <= 12:
        months.append(months[-1].next)
    if born is not None:
        birthdays = (Month(year, born.month) for year in range(now.year, born.year + OLDEST))
        months += [m for b in birthdays for m in (b, b.next)]
    return sorted({m for m in months if m >= now}, key=int)


def by_time(explanations: Sequence[Explanation]) -> list[Prospect]:
    """The first change of each policy in the months to come, all other facts staying as they are."""
    by_policy: dict[str, list[Explanation]] = {}
    for e in explanations:
        by_policy.setdefault(e.policy.id, []).append(e)
    found = []
    for told in by_policy.values():
        told.sort(key=lambda e: int(e.month))
        change = next((i for i in range(1, len(told)) if told[i].amount_fen != told[0].amount_fen), None)
        if change is not None:
            found.append(Prospect(told[0].policy.id, "time", _turn(told[change - 1], told[change])))
    return found


def _month(month: Month) -> str:
    return _("%(year)s年%(month)s月") % {"year": int(month) // 100, "month": int(month) % 100}


def each_month(policy: Policy, amount: int) -> str:
    """每月 60.00 元; what is given once 一次 3,000.00 元."""
    what = {"what": given(policy, amount)}
    return (_("一次 %(what)s") if policy.rhythm == "once" else _("每月 %(what)s")) % what


def _turn(before: Explanation, after: Explanation) -> str:
    said = {
        "month": _month(after.month),
        "what": each_month(after.policy, after.amount_fen),
        "why": _why(before, after),
    }
    if not after.amount_fen:
        return _("%(month)s起不再发放：%(why)s。") % said
    if not before.amount_fen:
        return _("%(month)s起%(what)s：%(why)s。") % said
    return _("%(month)s起改为%(what)s：%(why)s。") % said


def _why(before: Explanation, after: Explanation) -> str:
    """The clauses that turn, the bracket that is reached, or the standard that changes."""
    language = get_language() or "zh"
    held = {c.clause.id: c.holds for c in before.clauses}
    turned = [c.clause.label.in_language(language) for c in after.clauses if held.get(c.clause.id) != c.holds]
    said = {
        "labels": "、".join(turned),
        "birthday": _birthday(
            after, [f for c in after.clauses if held.get(c.clause.id) != c.holds for f in c.facts]
        ),
    }
    if turned and after.amount_fen:
        return _("到时符合“%(labels)s”%(birthday)s") % said
    if turned:
        return _("到时不再符合“%(labels)s”") % {"labels": "、".join(turned)}
    if after.bracket and after.bracket != before.bracket:
        bracket = reason_text(after.policy, after.bracket)
        said = {"bracket": bracket, "birthday": _birthday(after, after.amount_facts)}
        return _("到了“%(bracket)s”这一档%(birthday)s") % said
    if after.set_aside_by:
        return _("改由“%(names)s”发放") % {"names": "、".join(title_of(p) for p in after.set_aside_by)}
    return _("标准在那时调整")


def _birthday(e: Explanation, facts: Sequence[FactUsed]) -> str:
    """（2036-05-01 满 80 周岁） when it turns on a birthday in the month of the change or the one before it."""
    born = next((f.value for f in facts if f.fact.name == "birth_date" and f.value), None)
    if born is None:
        return ""
    age = age_on(born, e.month.last)
    day = add_months(born, 12 * age)
    if day < e.month.previous.first:
        return ""
    return _("（%(day)s 满 %(age)s 周岁）") % {"day": day.isoformat(), "age": age}


def facts_seen(explanations: Iterable[Explanation]) -> dict[str, tuple[FactUsed, ...]]:
    """Every fact that was looked at, in the spells that were seen."""
    found: dict[str, dict[date | None, FactUsed]] = {}
    for e in explanations:
        for used in (*(f for c in e.clauses for f in c.facts), *e.amount_facts):
            found.setdefault(used.fact.name, {})[used.since] = used
    return {name: tuple(spells.values()) for name, spells in found.items()}


def known_facts(seen: Mapping[str, Sequence[FactUsed]], policies: Sequence[Policy]) -> Facts:
    """The person's facts for an invented copy of him."""
    values: dict[str, Any] = {}
    for name, spells in seen.items():
        dated = [s for s in spells if s.value is not None]
        if dated and all(s.since is not None for s in dated):
            values[name] = tuple(Spell(s.value, s.since or date(1900, 1, 1), s.until) for s in dated)
        elif dated:
            values[name] = dated[0].value
    return made_up.facts_of(values, policies[0].subject)


def by_facts(
    policies: Sequence[Policy],
    explanations: Sequence[Explanation],
    month: Month,
    *,
    but: Mapping[str, str] | None = None,
) -> list[Prospect]:
    """Single facts that, being otherwise this month, would give more. `explanations`: of this month.

    `but`: policy → fact of which something is said already.
    """
    if not policies:
        return []
    seen = facts_seen(explanations)
    base = known_facts(seen, policies)
    tries = [
        (name, value)
        for name in sorted(seen)
        for value in _other_values(name, seen[name], explanations, month)
    ]
    variants = [{**base, name: (Spell(value),)} for name, value in tries]
    paid = made_up.amounts(policies, month, [base, *variants])
    return list(_better(policies, explanations, tries, paid, but or {}))


def _better(
    policies: Sequence[Policy],
    explanations: Sequence[Explanation],
    tries: Sequence[tuple[str, Any]],
    paid: Mapping[tuple[int, str], int],
    but: Mapping[str, str],
) -> Iterator[Prospect]:
    now = {e.policy.id: e for e in explanations}
    for policy in policies:
        best: dict[str, list[tuple[Any, int]]] = {}
        for number, (name, value) in enumerate(tries, 1):
            fen = paid.get((number, policy.id), 0)
            if fen > max(paid.get((0, policy.id), 0), now[policy.id].amount_fen if policy.id in now else 0):
                best.setdefault(name, []).append((value, fen))
        for name, values in best.items():
            if but.get(policy.id) != name:
                yield Prospect(policy.id, "fact", _if(policy, name, values))


def _if(policy: Policy, name: str, values: Sequence[tuple[Any, int]]) -> str:
    _view, fact = policy.subject.facts[name]
    label = fact_label(fact)
    most = max(fen for _value, fen in values)
    if fact.type is Type.DATE:
        text = _("如果已有“%(label)s”（例如上月办理），%(what)s。")
        return text % {"label": label, "what": each_month(policy, most)}
    words = _("、").join(dict.fromkeys(value_word(name, value, fact.type) for value, _fen in values[:4]))
    more = _("等") if len(values) > 4 else ""
    text = _("如果“%(label)s”是%(words)s%(more)s，最多%(what)s。")
    return text % {"label": label, "words": words, "more": more, "what": each_month(policy, most)}


def fact_label(fact: Fact) -> str:
    """A fact's label in the reader's language."""
    return fact.label_en if (get_language() or "").startswith("en") and fact.label_en else fact.label


def value_word(name: str, value: Any, type_: Type) -> str:
    """A fact's value as people say it."""
    from yanglao.kernel.divisions.queries import full_name

    if type_ is Type.DIVISION:
        return full_name(value) or str(value)
    if type_ is Type.BOOL:
        return str(_("是") if value else _("否"))
    known = kinds().get(name)
    return str(known.name_of(value)) if known and isinstance(value, str) else str(value)


def _other_values(
    name: str, spells: Sequence[FactUsed], explanations: Sequence[Explanation], month: Month
) -> list[Any]:
    """What a fact might be instead: the values the policies speak of, a home here, an application last month."""
    fact = spells[0].fact
    current = {s.value for s in spells}
    if name in ("birth_date", "death_date", "sex"):
        return []
    if fact.type is Type.DATE:
        return [] if current - {None} else [month.previous.first]
    if fact.type is Type.DIVISION:
        return sorted({e.policy.division for e in explanations} - current)
    if fact.type is Type.TEXT:
        spoken = [v for v in named_values(name, [e.policy for e in explanations]) if v not in current]
        return spoken[:MOST_VALUES]
    return [not v for v in current if isinstance(v, bool)]


def named_values(name: str, policies: Iterable[Policy]) -> list[str]:
    """The values of a text fact: those that policies name, or all that the register knows."""
    known = kinds().get(name)
    if known is None or not known.values:
        return []
    texts = " ".join([c.text for p in policies for c in p.clauses] + [p.amount_text for p in policies])
    named = [v for v in known.values if f"'{v}'" in texts]
    return named or list(known.values)
