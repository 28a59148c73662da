"""The twelve policies that are measured (bench/policies), all in one statement, for 2,000 random persons and what else
they are about: the same rows as the plain-Python oracle, on every engine.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings

from ..oracle.reckoning import Row, reckon
from ..rules.cases import Facts, Spell
from ..rules.limits import Limits
from ..rules.months import Month
from ..rules.policy import Policy
from ..rules.schema import Subject, Type
from .engines import DatabaseEngine, DuckEngine, Engine
from .every_policy import book_of, by_engine

COUNTS = {"person": 2000, "stay": 500, "place": 300, "worker": 300}
MONTHS = (Month(2024, 2), Month(2025, 12), Month(2026, 10))
FIRST, LAST = date(2023, 1, 1), date(2026, 12, 31)


def pools_of(policies: Sequence[Policy]) -> dict[str, list[Any]]:
    """Of each fact that the policies name the values that matter to them."""
    pools: dict[str, list[Any]] = {}
    for policy in policies:
        for name, pool in Limits(policy, MONTHS).pools.items():
            pools.setdefault(name, []).extend(pool)
    return pools


def made_up(subject: Subject, pools: dict[str, list[Any]], chance: random.Random) -> Facts:
    return {name: _spells(name, subject, pools.get(name, []), chance) for name in subject.facts}


def _spells(name: str, subject: Subject, pool: Sequence[Any], chance: random.Random) -> tuple[Spell, ...]:
    view, declared = subject.facts[name]
    if declared.nullable and chance.random() < (0.9 if name == "death_date" or not pool else 0.25):
        return (Spell(None),) if view.shape == "fixed" else ()
    if view.shape == "fixed":
        return (Spell(_value(name, declared.type, pool, chance)),)
    if view.shape == "monthly":
        return tuple(Spell(_of_month(name, declared.type, pool, chance), m.first) for m in _some(chance))
    if declared.type is Type.DATE and len(view.facts) == 1:
        day = _day(FIRST, chance)
        return (Spell(day, day),)
    cuts = sorted({_day(FIRST, chance) for _ in range(chance.choice([0, 0, 1, 2]))})
    bounds = [date(1900, 1, 2), *cuts, None]
    values = [_value(name, declared.type, pool, chance) for _ in bounds[1:]]
    return tuple(
        Spell(v, since, until) for v, since, until in zip(values, bounds, bounds[1:], strict=False) if since
    )


def _some(chance: random.Random) -> list[Month]:
    return [month for month in MONTHS if chance.random() < 0.8]


def _of_month(name: str, kind: Type, pool: Sequence[Any], chance: random.Random) -> Any:
    return chance.randint(0, 31) if kind is Type.INT else _value(name, kind, pool, chance)


def _value(name: str, kind: Type, pool: Sequence[Any], chance: random.Random) -> Any:
    if name == "birth_date":
        born = _day(date(1918, 1, 1), chance, date(1968, 1, 1))
        return chance.choice(pool) if pool and chance.random() < 0.2 else born
    if kind is Type.DATE:
        return _day(date(2019, 1, 1), chance)
    if pool and chance.random() < 0.9:
        return chance.choice(pool)
    return {Type.TEXT: "other", Type.BOOL: chance.random() < 0.5, Type.DIVISION: 330203001001}.get(
        kind, chance.randint(1, 6)
    )


def _day(first: date, chance: random.Random, last: date = LAST) -> date:
    return first + timedelta(days=chance.randint(0, (last - first).days))


def rows(engine: Engine) -> tuple[list[Row], list[Row]]:
    """All rows of all twelve, as the engine gives them and as the oracle does."""
    book, papers = book_of(settings.ROOT / "bench" / "policies")
    chance = random.Random(20261122)
    want: list[Row] = []
    for kind, count in COUNTS.items():
        policies = [p for p in book.policies if p.subject.name == kind]
        pools = pools_of(policies)
        subjects = [made_up(policies[0].subject, pools, chance) for _ in range(count)]
        engine.fill(policies[0], subjects, MONTHS)
        want += reckon(
            [p for p in papers if p.kind.name == kind], subjects, [int(m) for m in MONTHS], place=papers
        )
    return by_engine(engine, book.policies, MONTHS), sorted(want)


@pytest.mark.django_db
@pytest.mark.parametrize("make", [DuckEngine, DatabaseEngine])
def test_all_twelve_agree_with_the_oracle(make: type[Engine]) -> None:
    got, want = rows(make())
    assert sorted(set(got) ^ set(want))[:3] == []
    assert got == want
    paid = Counter(r.policy for r in want)
    assert len(paid) == 12
    assert min(paid.values()) >= 5, paid
