"""Where a policy changes its mind: the months and the values of facts on which something begins, ends or steps."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from .boundary import edge_values, trees
from .cases import KINDS, Facts, Spell, case_people, expected_months
from .constants import evaluate, table_at
from .form import CaseForm
from .months import Month
from .policy import Parameter, Policy
from .schema import AMOUNTS, Type
from .tables import figures
from .tree import Node

DAY = timedelta(days=1)
BASES = 8
TRIED = 36  # months of an example
NUMBERS = (0, 1, 3, 7, 101)
Paid = Callable[[Facts, Sequence[Month]], Sequence[Month]]


def boundary_months(policy: Policy) -> tuple[Month, ...]:
    """The months before, at and after every date of the policy, both Februaries, a turn of the year, and the examples'."""
    days = changes(policy)
    found = {m for d in days if d >= policy.since for m in _around_month(Month.of(d))}
    for d in days if {"year_start", "previous_year_end"} & set(policy.values_on.values()) else ():
        found |= {Month(d.year, 12), Month(d.year + 1, 1)}
    leap = next(y for y in range(max(d.year for d in days), 9999) if calendar.isleap(y))
    found |= {Month(leap, 2), Month(leap, 3), Month(leap + 1, 2), Month(leap + 1, 7), Month(leap + 1, 12)}
    found |= {Month(leap + 2, 1), *(Month(policy.since.year + 1, n) for n in (2, 7, 12))}
    found |= {m for case in policy.cases for m in few(expected_months(case)[0], 3)}
    found |= {paying_month(case) for case in policy.cases}
    for year in {paying_month(case).year for case in policy.cases} if policy.caps else ():
        found |= {Month(year, 12), Month(year + 1, 1)}
    latest = Month.of(policy.until).next if policy.until else max(found)
    return tuple(sorted(m for m in found if Month.of(policy.since).previous <= m <= latest))


def changes(policy: Policy) -> set[date]:
    """Every date on which something of the policy begins or ends."""
    days = {policy.since, *(v.start for p in policy.parameters.values() for v in p.values)}
    return days | {d for d in (policy.until, *(d for c in policy.clauses for d in (c.since, c.until))) if d}


def _around_month(month: Month) -> set[Month]:
    return {month.previous, month, month.next}


def few(things: Sequence[Any], count: int) -> list[Any]:
    """At most so many of them, the first and the last among them."""
    if len(things) <= count:
        return list(things)
    return [things[i * (len(things) - 1) // (count - 1)] for i in range(count)]


def paying_month(case: CaseForm) -> Month:
    """A month of the example for which something is due, if it says which."""
    months, by_month, _total = expected_months(case)
    paid = [m for m, fen in zip(months, by_month or (), strict=False) if fen]
    return paid[0] if paid else months[-1]


@dataclass(frozen=True)
class Base:
    """An example that pays, the same for ever, and a month for which it does."""

    facts: Facts
    month: Month


@dataclass(frozen=True)
class Limits:
    """The limits of one policy over some months. `paid`: somebody's months for which something is due, where one who
    reckons can say so."""

    policy: Policy
    months: tuple[Month, ...]
    paid: Paid | None = None

    @property
    def nodes(self) -> Iterator[Node]:
        return (node for tree in trees(self.policy) for node in tree.walk())

    @cached_property
    def used(self) -> list[str]:
        """Every fact the policy looks at, be it to find who pays or whose total it is."""
        policy = self.policy
        named = [policy.payer.fact, policy.payee.fact, *(n for c in policy.caps for n in c.facts)]
        facts = [f for tree in trees(policy) for f in tree.facts]
        return list(dict.fromkeys([*facts, *(n for n in named if n in policy.subject.facts)]))

    def shape(self, fact: str) -> str:
        return self.policy.subject.facts[fact][0].shape

    @cached_property
    def bases(self) -> list[Base]:
        """The examples that pay, all different, the first few; all examples when none pays."""
        cases = sorted(self.policy.cases, key=lambda c: not expected_months(c)[2])
        paying = [c for c in cases if expected_months(c)[2]] or cases
        found: dict[str, Base] = {}
        for case in paying:
            for _count, facts in case_people(case, self.policy.subject)[:1]:
                found.setdefault(str(facts), Base(steady(facts), paying_month(case)))
        return (self.known_to_pay(paying) or list(found.values()))[:BASES]

    def known_to_pay(self, cases: Sequence[CaseForm]) -> list[Base]:
        """Those of the examples' subjects who are reckoned to get something, the first of each example before others."""
        found: dict[str, tuple[int, Base]] = {}
        for case in cases if self.paid else ():
            months = few(expected_months(case)[0], TRIED)
            for place, (_count, facts) in enumerate(case_people(case, self.policy.subject)[:BASES]):
                due = self.paid(steady(facts), months) if self.paid else []
                if due:
                    found.setdefault(str(facts), (place, Base(steady(facts), due[0])))
        return [base for _place, base in sorted(found.values(), key=lambda each: each[0])]

    @cached_property
    def focus(self) -> list[Month]:
        """The months on whose days subjects are placed: of each change, of both Februaries, the last, the examples'."""
        active = [m for m in self.months if self.policy.in_force(m)]
        changed = {Month.of(day) for day in changes(self.policy)} | {b.month for b in self.bases[:2]}
        february, december = ([m for m in active if m.number == n] for n in (2, 12))
        chosen = {active[0], *(m for m in active if m in changed), *february[-2:], *december[-1:], active[-1]}
        return sorted(chosen)

    @cached_property
    def pools(self) -> Mapping[str, list[Any]]:
        """For every fact the values on and next to its limits."""
        limits = edge_values(self.policy, self.focus)
        return {name: self.fitting(name, [*limits.get(name, ()), *self.more(name)]) for name in self.used}

    def fitting(self, name: str, values: Sequence[Any]) -> list[Any]:
        """Those that can be values of the fact, each once."""
        kind = self.policy.subject.facts[name][1].type
        same = (
            v for v in values if isinstance(v, KINDS[kind]) and isinstance(v, bool) == (kind is Type.BOOL)
        )
        return list(dict.fromkeys(same))

    def more(self, name: str) -> Iterator[Any]:
        """Values that no single limit names: numbers to multiply, money that a share turns into a limit, neighbours."""
        declared = self.policy.subject.facts[name][1]
        if declared.type in {Type.INT, *AMOUNTS}:
            yield from NUMBERS
        if declared.type in AMOUNTS:
            yield from self.prices()
        if declared.type is Type.DIVISION:
            yield from (self.policy.division + n for n in (1, 1_001, 1_002_003, 2_000_000))
        for other in self.compared_with(name):
            for spell in self.bases[0].facts.get(other, ()):
                if isinstance(spell.value, date):
                    yield from (spell.value + n * DAY for n in (-1, 0, 1))
                elif isinstance(spell.value, int):
                    yield from (spell.value + n for n in (-1, 0, 1))

    def prices(self) -> Iterator[int]:
        """Every sum of money the policy names, and what a percentage of makes just that sum."""
        named = [(p.type, n) for p in self.policy.parameters.values() for n in numbers(p)]
        percents = {n for kind, n in named if kind is Type.PERCENT and n}
        sums = {n for kind, n in named if kind in AMOUNTS}
        wholes = {n * 10_000 // p for n in sums for p in percents}
        yield from sorted({n + step for n in sums | wholes for step in (-1, 0, 1, 3)})

    def compared_with(self, name: str) -> set[str]:
        """Facts that stand in one condition or sum with this one."""
        pairs = {"lt", "le", "gt", "ge", "eq", "ne", "sub", "add"}
        return {f for n in self.nodes if n.op in pairs and name in n.facts for f in n.facts} - {name}

    def ages(self, month: Month) -> list[int]:
        """The ages that count in a month."""
        found: set[int] = set()
        for node in self.nodes:
            if node.op == "reached":
                found.add(evaluate(node.args[-1], self.policy, month))
            elif node.op in {"bracket", "lookup"}:
                name = str(node.value)
                kinds = self.policy.parameters[name].by
                for keys, _figure in figures(table_at(self.policy, name, month)):
                    found |= {int(str(k)) for k, kind in zip(keys, kinds, strict=True) if kind is Type.AGE}
        return sorted(age for age in found if age > 0)


def steady(facts: Facts) -> Facts:
    """The same for ever: what is true at first of a fact that changes."""
    return {name: (Spell(spells[0].value),) if spells else () for name, spells in facts.items()}


def numbers(parameter: Parameter) -> list[int]:
    """All figures of a parameter."""
    single = [v.value for v in parameter.values if isinstance(v.value, int)]
    return single + [n for v in parameter.values for _keys, n in figures(v.table or {})]
