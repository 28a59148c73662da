"""Until when to apply (最迟哪天申请): tried day by day on an invented copy of the person, by the engine itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.rules.cases import Facts, Spell
from yanglao.entitlement.benefits.rules.explain import Explanation
from yanglao.entitlement.benefits.rules.months import Month, month_range
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.entitlement.policymaking import made_up
from yanglao.entitlement.policymaking.prospects import Prospect, each_month, fact_label

BACK, AHEAD = 24, 24  # months: as far as late claims reach in the files at hand
LABEL = "applied"  # the clause that the start rule of a file makes


def fact_asked(e: Explanation) -> str:
    """The fact that says when one applied, where just that is missing; "" otherwise."""
    found = next((c for c in e.clauses if c.clause.id == LABEL and not c.holds), None)
    return found.clause.tree.facts[0] if found and found.clause.tree.facts else ""


def by_applying(
    policies: Sequence[Policy], explanations: Sequence[Explanation], base: Facts, today: date
) -> list[Prospect]:
    """Of each policy that waits for an application: from which month it would be paid, and until when to apply."""
    asked = {e.policy.id: name for e in explanations if (name := fact_asked(e))}
    waiting = [p for p in policies if p.id in asked]
    found = []
    for name in sorted(set(asked.values())):
        about = [p for p in waiting if asked[p.id] == name]
        found += list(_about(about, name, base, today))
    return found


def _about(policies: Sequence[Policy], name: str, base: Facts, today: date) -> Iterator[Prospect]:
    now = Month.of(today)
    days = _days(today)
    # recorded on the day it is made: a late claim is one that is known later than the months it is for
    people: list[Mapping[str, Any]] = [{**base, name: (Spell(day, day),)} for day in days]
    paid = made_up.monthly(policies, month_range(now.plus(-BACK), now.plus(2)), people)
    for policy in policies:
        months = sorted(m for number, p, m in paid if number == 0 and p == policy.id)
        if months:
            first = months[0]
            in_time = [day for n, day in enumerate(days) if paid.get((n, policy.id, first))]
            amount = max(paid[0, policy.id, m] for m in months)
            yield Prospect(policy.id, "fact", _said(policy, name, Month.of(first), max(in_time), now, amount))


def _days(today: date) -> list[date]:
    """Today, and every day by which rules are known to count: the 15th and the last of the months to come."""
    months = month_range(Month.of(today), Month.of(today).plus(AHEAD))
    days = {day for m in months for day in (m.first.replace(day=15), m.last) if day > today}
    return [today, *sorted(days)]


def _said(policy: Policy, name: str, first: Month, by: date, now: Month, amount: int) -> str:
    said = {
        "label": fact_label(policy.subject.facts[name][1]),
        "by": by.isoformat(),
        "first": _("%(year)s年%(month)s月") % {"year": first.year, "month": first.number},
        "what": each_month(policy, amount),
    }
    if by >= now.plus(AHEAD).first:
        return _("办理“%(label)s”以后，从 %(first)s 起%(what)s；什么时候办都一样。") % said
    if first < now:
        return (
            _("在 %(by)s 以前办理“%(label)s”，从 %(first)s 起%(what)s（以前的月份补发）；再晚就少补一个月。")
            % said
        )
    return _("在 %(by)s 以前办理“%(label)s”，从 %(first)s 起%(what)s；再晚就少一个月。") % said
