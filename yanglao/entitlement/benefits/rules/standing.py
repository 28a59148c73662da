"""A few hundred made-up subjects for one policy, each on a limit, just below it or just above it.

Everything else about a subject is as in a worked example that pays, so that the one limit decides. Births on 29
February, changes on every day a fact may be looked at, deaths around birthdays, every cell of every table, totals
that are just reached: what is drawn at random comes last, and always the same for the same policy.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from .boundary import ELSEWHERE, fact_of
from .cases import Facts, Spell, case_people
from .constants import table_at
from .limits import DAY, Base, Limits, Paid, numbers
from .months import Month, latest_birth
from .policy import Cap, Policy
from .schema import AMOUNTS, Type
from .tables import STEPPED, figures

MIXES, CELLS, SEVERAL = 120, 90, 12
FOREVER = date(1900, 1, 2)  # said of a day long ago: nothing is read into it


def boundary_subjects(policy: Policy, months: Sequence[Month], paid: Paid | None = None) -> list[Facts]:
    """The subjects, each different from all others; the worked examples come first. `paid`: see Limits."""
    return Stand(Limits(policy, tuple(months), paid)).subjects()


class Stand:
    """Places subjects of one policy on its limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits, self.policy = limits, limits.policy
        self.chance = random.Random(limits.policy.id)

    def subjects(self) -> list[Facts]:
        found: dict[str, Facts] = {}
        ways = (self.examples, self.one_by_one, self.births, self.deaths, self.turns, self.cells, self.mixes)
        for subject in (s for way in ways for s in way()):
            subject = credible(subject)
            found.setdefault(str(sorted(subject.items())), subject)
        apart = [self.alone(n, s) for n, s in enumerate(found.values())]
        return [*apart, *self.crowds(len(apart))]

    def examples(self) -> Iterator[Facts]:
        for case in self.policy.cases:
            yield from (facts for _count, facts in case_people(case, self.policy.subject))
        yield from (base.facts for base in self.limits.bases)

    def one_by_one(self) -> Iterator[Facts]:
        """Each fact in turn moved over all its limits, or unknown."""
        for base in self.limits.bases[:2]:
            for name, pool in self.limits.pools.items():
                yield from ({**base.facts, name: (Spell(value),)} for value in pool)
                if self.policy.subject.facts[name][1].nullable:
                    yield {**base.facts, name: (Spell(None),) if self.limits.shape(name) == "fixed" else ()}

    def births(self) -> Iterator[Facts]:
        """Of every base on and after the birthday of every age; of the first on that of every day looked at."""
        if "birth_date" not in self.limits.used:
            return
        for base in self.limits.bases:
            for age in self.limits.ages(base.month):
                yield from (_born(base, latest_birth(base.month.last, age), n) for n in (-1, 0, 1))
        first = self.limits.bases[0]
        for month in self.limits.focus:
            for day in (month.first, month.first.replace(day=15), month.last, month.previous.last):
                for age in self.limits.ages(month)[:1]:
                    yield from (_born(first, latest_birth(day, age), n) for n in (0, 1))

    def deaths(self) -> Iterator[Facts]:
        """The day before, on and after a birthday that counts."""
        if not {"birth_date", "death_date"} <= {*self.limits.used}:
            return
        ages = sorted({age for month in self.limits.focus for age in self.limits.ages(month)})
        for month, age in itertools.product(self.limits.focus[-3:], ages):
            middle = month.first.replace(day=15)
            born = _born(self.limits.bases[0], latest_birth(middle, age), 0)
            yield from ({**born, "death_date": (Spell(middle + n * DAY),)} for n in (-1, 0, 1))

    def turns(self) -> Iterator[Facts]:
        """Each fact beginning, ending or changing on every day it may be looked at; of a month in one month alone."""
        ordinary = max((m for m in self.limits.focus if m.number != 2), default=self.limits.focus[-1])
        for name in self.limits.used:
            told = [b for b in self.limits.bases if b.facts.get(name) and b.facts[name][0].value is not None]
            base = (told or self.limits.bases)[0]
            values = [base.facts[name][0].value] if told else self.limits.pools[name][:3]
            for value, month in itertools.product(values, {base.month, ordinary}):
                if self.limits.shape(name) == "monthly":
                    yield from ({**base.facts, name: (Spell(value, m.first),)} for m in self.limits.focus)
                elif self.limits.shape(name) == "dated":
                    yield from self.turned(base, name, value, month)

    def turned(self, base: Base, name: str, value: Any, month: Month) -> Iterator[Facts]:
        others: list[Any] = [v for v in self.limits.pools[name] if v != value] or [None]
        for first in (month.first, month.first.replace(day=15), month.last):
            for day in (first, first + DAY):
                before, after = Spell(value, FOREVER, day), Spell(self.chance.choice(others), day)
                yield {**base.facts, name: (before,)}
                yield {**base.facts, name: (Spell(value, day),)}
                yield {**base.facts, name: (before, after)}

    def cells(self) -> Iterator[Facts]:
        """Every cell of every table, with what else its keys are weighed against."""
        month = self.limits.focus[-1]
        for node in (n for n in self.limits.nodes if n.op in {"bracket", "lookup"}):
            kinds = self.policy.parameters[str(node.value)].by
            paths = [path for path, _figure in figures(table_at(self.policy, str(node.value), month))]
            for base, path in itertools.product(self.limits.bases[:2], paths[:CELLS]):
                placed = dict(self.placed(node.args, kinds, path, month))
                yield {**base.facts, **placed}
                for other in {o for name in placed for o in self.limits.compared_with(name)} - {*placed}:
                    yield from (
                        {**base.facts, **placed, other: (Spell(v),)} for v in self.limits.pools[other]
                    )

    def placed(
        self, args: Any, kinds: Any, path: Any, month: Month
    ) -> Iterator[tuple[str, tuple[Spell, ...]]]:
        """Facts that lead to a cell."""
        for arg, kind, key in zip(args, kinds, path, strict=True):
            if kind is Type.AGE:
                yield str(arg.args[0].value), (Spell(latest_birth(month.first, int(str(key)))),)
            elif fact_of(arg):
                text = self.policy.subject.facts[fact_of(arg)][1].type is Type.TEXT
                others = key == "*" and kind not in STEPPED
                yield fact_of(arg), (Spell((ELSEWHERE if text else None) if others else key),)

    def mixes(self) -> Iterator[Facts]:
        """Two or three facts at once moved to some limit."""
        names = [name for name in self.limits.used if self.limits.pools[name]]
        for _ in range(MIXES):
            base = self.chance.choice(self.limits.bases)
            some = self.chance.sample(names, min(len(names), self.chance.choice([2, 2, 3])))
            yield {
                **base.facts,
                **{name: (Spell(self.chance.choice(self.limits.pools[name])),) for name in some},
            }

    def alone(self, number: int, subject: Facts) -> Facts:
        """Nobody shares a total with another."""
        keys = {key for cap in self.policy.caps for key in self.naming(cap)}
        known = {key for key in keys if subject.get(key) and subject[key][0].value is not None}
        return {**subject, **{key: (Spell(1_000 + number),) for key in known}}

    def crowds(self, after: int) -> Iterator[Facts]:
        """Two or three who share a total, on days and in an order that matter."""
        number = 1_000 + after
        for cap, base in itertools.product(self.policy.caps, self.limits.bases[:3]):
            if not cap.order or not self.naming(cap):
                continue
            began = base.facts[cap.order][0].value
            around = _days_around(began)
            for first, second in itertools.product(around, around[: 2 if cap.times else 5]):
                number += 1
                days = [first, second, *([began] if self.chance.random() < 0.5 else [])]
                if cap.times:  # as many as may be, and two more
                    days = [*days, *(days * SEVERAL)[: max(0, self.often(cap) + 2 - len(days))]]
                for day in days:
                    shared = {key: (Spell(number),) for key in self.naming(cap)} | {cap.order: (Spell(day),)}
                    yield {**base.facts, **shared, **self.kinds(cap), **self.price(base)}

    def naming(self, cap: Cap) -> list[str]:
        """The facts of a cap that name whose total it is by a number, which can be any."""
        facts = self.policy.subject.facts
        return [key for key in cap.per if key in facts and facts[key][1].type is Type.INT]

    def often(self, cap: Cap) -> int:
        """The highest number its limit names."""
        said = [n.value for n in cap.limit.walk() if n.op == "literal" and isinstance(n.value, int)]
        for name in cap.limit.parameters:
            said += numbers(self.policy.parameters[name])
        return min(SEVERAL, max(said, default=1))

    def kinds(self, cap: Cap) -> Facts:
        """Of a total by two facts, one of which is a kind of thing: now this kind, now another."""
        facts = self.policy.subject.facts
        named = [key for key in cap.per if key in facts and key not in self.naming(cap)]
        pools = {key: [v for v in self.limits.pools[key] if v is not None][:3] for key in named}
        return {
            key: (Spell(self.chance.choice(pool)),)
            for key, pool in pools.items()
            if pool and self.chance.random() < 0.4
        }

    def price(self, base: Base) -> Facts:
        """Half, a third, or all of what the base has bought."""
        name = next((n for n in self.limits.used if self.policy.subject.facts[n][1].type in AMOUNTS), "")
        whole = base.facts[name][0].value if name else 0
        return (
            {name: (Spell(self.chance.choice([whole, whole // 2, whole // 3, whole + 1])),)} if name else {}
        )


def _born(base: Base, birth: date, later: int) -> Facts:
    return {**base.facts, "birth_date": (Spell(birth + later * DAY),)}


def _days_around(day: date) -> list[date]:
    """The day itself and its neighbours, the turn of its month and year, another month and quarter."""
    month = Month.of(day)
    return [
        *(day, day + DAY, day - DAY, month.plus(1).first, month.plus(-1).last, month.last),
        *(month.plus(n).first for n in (-2, 2, 4)),
        *(date(day.year, 12, 31), date(day.year + 1, 1, 1)),
    ]


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
