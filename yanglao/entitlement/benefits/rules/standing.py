"""A few hundred made-up subjects for one policy, each on a limit, just below it or just above it.

Everything else about a subject is as in a worked example that pays, so that the one limit decides. Births on 29
February, changes on every day a fact may be looked at, deaths around birthdays, every cell of every table, totals
that are just reached: what is drawn at random comes last, and always the same for the same policy.
"""

from __future__ import annotations

import calendar
import itertools
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from .boundary import ELSEWHERE, edge_values, fact_of, trees
from .cases import KINDS, Facts, Spell, case_people, expected_months
from .constants import evaluate, table_at
from .months import Month, latest_birth
from .policy import Policy
from .schema import AMOUNTS, Type
from .tables import STEPPED, figures

DAY = timedelta(days=1)
BASES, MIXES, CELLS = 4, 120, 90
NUMBERS = (0, 1, 3, 7, 101)


def boundary_months(policy: Policy) -> tuple[Month, ...]:
    """The months before, at and after every date of the policy, both Februaries, a turn of the year, and the examples'."""
    days = changes(policy)
    found = {m for d in days if d >= policy.since for m in _around_month(Month.of(d))}
    for d in days if {"year_start", "previous_year_end"} & set(policy.values_on.values()) else ():
        found |= {Month(d.year, 12), Month(d.year + 1, 1)}
    leap = next(y for y in range(max(d.year for d in days), 9999) if calendar.isleap(y))
    ordinary = {
        Month(leap, 2),
        Month(leap, 3),
        Month(leap + 1, 2),
        Month(leap + 1, 7),
        Month(leap + 1, 12),
        Month(leap + 2, 1),
    }
    found |= ordinary | {Month(policy.since.year + 1, n) for n in (2, 7, 12)}
    found |= {m for case in policy.cases for m in _few(expected_months(case)[0], 3)}
    latest = Month.of(policy.until).next if policy.until else max(found)
    return tuple(sorted(m for m in found if Month.of(policy.since).previous <= m <= latest))


def changes(policy: Policy) -> set[date]:
    """Every date on which something of the policy begins or ends."""
    days = {policy.since, *(v.start for p in policy.parameters.values() for v in p.values)}
    return days | {d for d in (policy.until, *(d for c in policy.clauses for d in (c.since, c.until))) if d}


def _around_month(month: Month) -> set[Month]:
    return {month.previous, month, month.next}


def _few(things: Sequence[Any], count: int) -> list[Any]:
    """At most so many of them, the first and the last among them."""
    if len(things) <= count:
        return list(things)
    return [things[i * (len(things) - 1) // (count - 1)] for i in range(count)]


def boundary_subjects(policy: Policy, months: Sequence[Month]) -> list[Facts]:
    """The subjects, each different from all others; the worked examples come first."""
    return Stand(policy, tuple(months)).subjects()


@dataclass(frozen=True)
class Stand:
    """Places subjects of one policy on its limits."""

    policy: Policy
    months: tuple[Month, ...]

    def subjects(self) -> list[Facts]:
        found: dict[str, Facts] = {}
        ways: tuple[Callable[[], Iterator[Facts]], ...] = (
            self.examples,
            self.steadied,
            self.one_by_one,
            self.turns,
            self.deaths,
            self.cells,
            self.mixes,
        )
        for subject in (s for way in ways for s in way()):
            subject = credible(subject)
            found.setdefault(str(sorted(subject.items())), subject)
        apart = [self.alone(n, s) for n, s in enumerate(found.values())]
        return [*apart, *self.crowds(len(apart))]

    @cached_property
    def chance(self) -> random.Random:
        return random.Random(self.policy.id)

    @cached_property
    def used(self) -> list[str]:
        """Every fact the policy looks at, be it to find who pays or whose total it is."""
        policy = self.policy
        named = [policy.payer.fact, policy.payee.fact, *(n for c in policy.caps for n in (c.per, c.order))]
        facts = [f for tree in trees(policy) for f in tree.facts] + [
            n for n in named if n in policy.subject.facts
        ]
        return list(dict.fromkeys(facts))

    @cached_property
    def focus(self) -> list[Month]:
        """The months on whose days subjects are placed: of each change, of both Februaries, and the last ones."""
        active = [m for m in self.months if self.policy.in_force(m)]
        changed = {Month.of(day) for day in changes(self.policy)}
        february, december = ([m for m in active if m.number == n] for n in (2, 12))
        return sorted(
            {active[0], *(m for m in active if m in changed), *february[-2:], *december[-1:], active[-1]}
        )

    def examples(self) -> Iterator[Facts]:
        for case in self.policy.cases:
            for _count, facts in case_people(case, self.policy.subject):
                yield facts

    @cached_property
    def bases(self) -> list[Facts]:
        """The examples that pay, all different, the first few; all examples when none pays."""
        cases = sorted(self.policy.cases, key=lambda c: not expected_months(c)[2])
        found = {str(f): f for c in cases for _n, f in case_people(c, self.policy.subject)[:1]}
        return list(found.values())[:BASES]

    def steadied(self) -> Iterator[Facts]:
        yield from (self.steady(base) for base in self.bases)

    def steady(self, base: Facts) -> Facts:
        """The same for ever: what is true at first of a fact that changes."""
        return {name: (Spell(spells[0].value),) if spells else () for name, spells in base.items()}

    @cached_property
    def pools(self) -> Mapping[str, list[Any]]:
        """For every fact the values on and next to its limits."""
        limits = edge_values(self.policy, self.focus)
        return {name: self.fitting(name, [*limits.get(name, ()), *self.more(name)]) for name in self.used}

    def fitting(self, name: str, values: Sequence[Any]) -> list[Any]:
        """Those that can be values of the fact, each once."""
        _view, declared = self.policy.subject.facts[name]
        kinds = KINDS[declared.type]
        same = (
            v for v in values if isinstance(v, kinds) and isinstance(v, bool) == (declared.type is Type.BOOL)
        )
        return list(dict.fromkeys(same))

    def more(self, name: str) -> Iterator[Any]:
        """Values that no single limit names: numbers to multiply, money that a share turns into a limit, neighbours."""
        _view, declared = self.policy.subject.facts[name]
        if declared.type in {Type.INT, *AMOUNTS}:
            yield from NUMBERS
        if declared.type in AMOUNTS:
            yield from self.prices()
        if declared.type is Type.DIVISION:
            yield from (self.policy.division + n for n in (1, 1_001, 1_002_003, 2_000_000))
        for other in self.compared_with(name):
            for spell in self.bases[0].get(other, ()):
                if isinstance(spell.value, date):
                    yield from (spell.value + n * DAY for n in (-1, 0, 1))
                elif isinstance(spell.value, int):
                    yield from (spell.value + n for n in (-1, 0, 1))

    def prices(self) -> Iterator[int]:
        """Every sum of money the policy names, and what a percentage of makes just that sum."""
        values = [v for p in self.policy.parameters.values() for v in p.values]
        numbers = {
            n for v in values for n in ([v.value] if v.table is None else [f for _k, f in figures(v.table)])
        }
        percents = {n for p in self.policy.parameters.values() if p.type is Type.PERCENT for v in p.values
                    for n in ([v.value] if v.table is None else [f for _k, f in figures(v.table)]) if n}  # fmt: skip
        sums = {n for n in numbers - percents if isinstance(n, int)}
        wholes = {n * 10_000 // p for n in sums for p in percents if isinstance(p, int)}
        yield from sorted({n + step for n in sums | wholes for step in (-1, 0, 1, 3)})

    def compared_with(self, name: str) -> set[str]:
        """Facts that stand in one condition or sum with this one."""
        pairs = {"lt", "le", "gt", "ge", "eq", "ne", "sub", "add"}
        nodes = [n for tree in trees(self.policy) for n in tree.walk() if n.op in pairs and name in n.facts]
        return {f for n in nodes for f in n.facts} - {name}

    def one_by_one(self) -> Iterator[Facts]:
        """Each fact in turn moved over all its limits, or unknown."""
        for base in map(self.steady, self.bases[:2]):
            for name, pool in self.pools.items():
                view, declared = self.policy.subject.facts[name]
                yield from ({**base, name: (Spell(value),)} for value in pool)
                if declared.nullable:
                    yield {**base, name: (Spell(None),) if view.shape == "fixed" else ()}

    def turns(self) -> Iterator[Facts]:
        """Each dated fact beginning, ending or changing on every day it may be looked at; monthly ones for one month."""
        base = self.steady(self.bases[0])
        month = max((m for m in self.focus if m.number != 2), default=self.focus[-1])
        days = [d + n * DAY for d in (month.first, month.first.replace(day=15), month.last) for n in (0, 1)]
        for name in self.used:
            value, view = base.get(name, (Spell(None),))[:1], self.policy.subject.facts[name][0]
            if not value or value[0].value is None or view.shape == "fixed":
                continue
            if view.shape == "monthly":
                yield from ({**base, name: (Spell(value[0].value, m.first),)} for m in self.focus)
                continue
            for day in days:
                other = self.chance.choice([v for v in self.pools[name] if v != value[0].value] or [None])
                yield {**base, name: (Spell(value[0].value, date(1900, 1, 2), day),)}
                yield {**base, name: (Spell(value[0].value, day),)}
                yield {**base, name: (Spell(value[0].value, date(1900, 1, 2), day), Spell(other, day))}

    def deaths(self) -> Iterator[Facts]:
        """Deaths the day before, on and after a birthday that counts, and births on that of every other day looked at."""
        base = self.steady(self.bases[0])
        if "birth_date" not in self.used:
            return
        ages = sorted({y for m in self.focus for y in self.ages(m)})
        for month in self.focus[-3:]:
            middle = month.first.replace(day=15)
            for age in ages:
                born = {**base, "birth_date": (Spell(latest_birth(middle, age)),)}
                for n in (-1, 0, 1) if "death_date" in self.policy.subject.facts else ():
                    yield {**born, "death_date": (Spell(middle + n * DAY),)}
        for month, age in itertools.product(self.focus, ages[:1]):
            for day in (month.first, month.first.replace(day=15), month.last, month.previous.last):
                yield from (
                    {**base, "birth_date": (Spell(latest_birth(day, age) + n * DAY),)} for n in (0, 1)
                )

    def ages(self, month: Month) -> set[int]:
        """The ages that count in a month."""
        found: set[int] = set()
        for node in (n for tree in trees(self.policy) for n in tree.walk()):
            if node.op == "reached":
                found.add(evaluate(node.args[-1], self.policy, month))
            elif node.op in {"bracket", "lookup"}:
                name = str(node.value)
                kinds = self.policy.parameters[name].by
                for keys, _figure in figures(table_at(self.policy, name, month)):
                    found |= {int(str(k)) for k, kind in zip(keys, kinds, strict=True) if kind is Type.AGE}
        return {age for age in found if age > 0}

    def cells(self) -> Iterator[Facts]:
        """Every cell of every table."""
        month = self.focus[-1]
        for node in (n for tree in trees(self.policy) for n in tree.walk() if n.op in {"bracket", "lookup"}):
            kinds = self.policy.parameters[str(node.value)].by
            keys = list(figures(table_at(self.policy, str(node.value), month)))
            for base in map(self.steady, self.bases[:2]):
                for path, _figure in keys[:CELLS]:
                    yield {**base, **dict(self.placed(node.args, kinds, path, month))}

    def placed(
        self, args: Any, kinds: Any, path: Any, month: Month
    ) -> Iterator[tuple[str, tuple[Spell, ...]]]:
        """Facts that lead to a cell."""
        for arg, kind, key in zip(args, kinds, path, strict=True):
            if kind is Type.AGE:
                yield str(arg.args[0].value), (Spell(latest_birth(month.first, int(str(key)))),)
            elif fact_of(arg):
                declared = self.policy.subject.facts[fact_of(arg)][1]
                others = key == "*" and kind not in STEPPED
                yield (
                    fact_of(arg),
                    (Spell((None if declared.type is not Type.TEXT else ELSEWHERE) if others else key),),
                )

    def mixes(self) -> Iterator[Facts]:
        """Two or three facts at once moved to some limit."""
        names = [name for name in self.used if self.pools[name]]
        for _ in range(MIXES):
            base = self.steady(self.chance.choice(self.bases))
            some = self.chance.sample(names, min(len(names), self.chance.choice([2, 2, 3])))
            yield {**base, **{name: (Spell(self.chance.choice(self.pools[name])),) for name in some}}

    def alone(self, number: int, subject: Facts) -> Facts:
        """Nobody shares a total with another."""
        keys = {cap.per for cap in self.policy.caps if cap.per in self.policy.subject.facts}
        mine = (Spell(1_000 + number),)
        return {
            **subject,
            **{key: mine for key in keys if subject.get(key, mine)[:1] and subject.get(key, mine)[0].value},
        }

    def crowds(self, after: int) -> Iterator[Facts]:
        """Two or three who share a total, on days and in an order that matter."""
        shared = [cap for cap in self.policy.caps if cap.per in self.policy.subject.facts]
        number = 1_000 + after
        for cap, base in itertools.product(shared, self.bases):
            if not cap.order:
                continue
            began = base[cap.order][0].value
            days = [began, began + DAY, began - DAY, Month.of(began).last, Month.of(began).next.first,
                    date(began.year, 12, 31), date(began.year + 1, 1, 1)]  # fmt: skip
            for first, second in itertools.product(days, days[:5]):
                number += 1
                for day, spell in ((first, None), (second, None), (began, self.chance)):
                    facts: dict[str, tuple[Spell, ...]] = {
                        **base,
                        cap.per: (Spell(number),),
                        cap.order: (Spell(day),),
                    }
                    name = next(
                        (n for n in self.used if self.policy.subject.facts[n][1].type in AMOUNTS), None
                    )
                    if name:
                        price = base[name][0].value
                        facts[name] = (Spell(self.chance.choice([price, price // 2, price // 3, price + 1])),)
                    if spell is None or self.chance.random() < 0.5:
                        yield facts


def credible(facts: Facts) -> Facts:
    """Nobody dies before being born."""
    born, died = (facts.get(name, (Spell(None),))[:1] for name in ("birth_date", "death_date"))
    if born and died and None not in (born[0].value, died[0].value) and died[0].value < born[0].value:
        return {**facts, "death_date": (Spell(None),)}
    return facts


def smallest(subject: Facts, base: Facts, fails: Callable[[Facts], bool]) -> Facts:
    """A subject that fails still, with as many facts as can be those of `base`: what is left is why it fails."""
    found = dict(subject)
    for name in sorted({*subject, *base}):
        calmer = {**found, name: base.get(name, ())}
        if calmer != found and fails(calmer):
            found = calmer
    return found
