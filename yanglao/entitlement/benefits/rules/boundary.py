"""Made-up subjects on and one day around every limit a policy knows, 29 February births included.

A random population misses most mistakes at limits; these subjects stand on them.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from .cases import LONG_AGO, Facts, Spell, case_facts
from .constants import evaluate, table_at
from .months import Month, latest_birth
from .policy import Policy, moment_day
from .schema import Type
from .tables import OTHERS, Key, Table, figures, span
from .tree import Node

COMPARED = {"lt", "le", "gt", "ge", "eq", "ne"}
ELSEWHERE = "other"


def edge_values(policy: Policy, months: Sequence[Month]) -> dict[str, list[Any]]:
    """For each fact the policy uses, the values on and next to its limits, sorted."""
    found: dict[str, set[Any]] = {}
    for tree in trees(policy):
        for node in tree.walk():
            for fact, values in _limits(node, policy, months):
                found.setdefault(fact, set()).update(values)
    return {fact: sorted(values, key=str) for fact, values in sorted(found.items())}


def trees(policy: Policy) -> Iterable[Node]:
    """Everything a policy reckons: its conditions, its amount, its caps and shares."""
    yield from (c.tree for c in policy.clauses)
    yield policy.amount
    yield from (c.limit for c in policy.caps)
    yield from (s.percent for s in policy.shares if s.percent is not None)


def fact_of(node: Node) -> str:
    """The fact that a node is, be it filled up with `coalesce`; "" when it is none."""
    if node.op == "coalesce":
        node = node.args[0]
    return str(node.value) if node.op == "fact" else ""


def _limits(node: Node, policy: Policy, months: Sequence[Month]) -> Iterable[tuple[str, set[Any]]]:
    active = [m for m in months if policy.in_force(m)]
    if node.op == "fact":
        yield str(node.value), {True, False} if node.type is Type.BOOL else set()
    elif node.op == "part_of_day" and node.args[0].op == "fact":
        yield str(node.args[0].value), _around({d for m in active for d in (m.first, m.last)})
    elif node.op == "reached":
        birth, day, *death, years = node.args
        values = {(evaluate(day, policy, m), evaluate(years, policy, m)) for m in active}
        yield str(birth.value), _around({latest_birth(d, y) for d, y in values}) | _birthdays(values)
        for died in death:
            yield str(died.value), _deaths(active)
    elif node.op in {"bracket", "lookup"}:
        for depth, key in enumerate(node.args):
            yield from _key_limits(node, depth, key, policy, active)
    elif node.op in COMPARED:
        for one, other in (node.args, node.args[::-1]):
            if fact_of(one):
                yield fact_of(one), _near(_figures(other, policy, active))
            elif one.op == "days_between" and one.args[0].op == "fact" and one.args[1].fixed and other.fixed:
                days = {(evaluate(one.args[1], policy, m), evaluate(other, policy, m)) for m in active}
                yield str(one.args[0].value), _around({d - timedelta(days=n) for d, n in days})
    elif node.op == "in" and fact_of(node.args[0]):
        yield fact_of(node.args[0]), {a.value for a in node.args[1:]} | {ELSEWHERE}
    elif node.op == "starts_with" and fact_of(node.args[0]):
        prefix = str(node.args[1].value)
        yield fact_of(node.args[0]), {prefix, f"{prefix}0", prefix[:-1], ELSEWHERE}
    elif node.op == "within" and node.args[0].op == "fact" and active:
        low, high = span(evaluate(node.args[1], policy, active[0]))
        yield str(node.args[0].value), {low - 1, low, low + 1, high - 1, high, high + 1}


def _figures(node: Node, policy: Policy, active: Sequence[Month]) -> set[Any]:
    """What a fact is compared with: a value of the month, or whatever a table may give."""
    if node.fixed:
        return {evaluate(node, policy, m) for m in active}
    if node.op in {"bracket", "lookup"}:
        tables = (table_at(policy, str(node.value), m) for m in active)
        return {value for table in tables for _keys, value in figures(table)}
    return set()


def _key_limits(
    node: Node, depth: int, key: Node, policy: Policy, active: Sequence[Month]
) -> Iterable[tuple[str, set[Any]]]:
    """The values on and next to the steps of one key of a table."""
    name = str(node.value)
    kinds = policy.parameters[name].by
    steps = {k for m in active for k in _keys_below(table_at(policy, name, m), depth)} - {OTHERS}
    if kinds[depth] is Type.AGE:
        days = {evaluate(key.args[1], policy, m) for m in active}
        values = {(d, int(str(s))) for d in days for s in steps}
        yield str(key.args[0].value), _around({latest_birth(d, y) for d, y in values}) | _birthdays(values)
        if len(key.args) == 3:
            yield str(key.args[2].value), _deaths(active)
    elif fact_of(key) and kinds[depth] is Type.DIVISION:
        edges = {e for s in steps for low, high in [span(int(str(s)))] for e in (low, high)}
        yield fact_of(key), {e + n for e in edges for n in (-1, 0, 1)}
    elif fact_of(key) and kinds[depth] is Type.TEXT:
        yield fact_of(key), steps | {ELSEWHERE}
    elif fact_of(key):
        yield fact_of(key), {True, False} if kinds[depth] is Type.BOOL else _near(steps)


def _birthdays(values: Iterable[tuple[date, int]]) -> set[date]:
    """Births whose birthday falls into the middle of the month."""
    return {latest_birth(d.replace(day=15), years) for d, years in values}


def _deaths(active: Iterable[Month]) -> set[date]:
    """Deaths just before, on and after that birthday, and at the month's end."""
    days = {m.first.replace(day=n) for m in active for n in (14, 15, 16, 27, 28)}
    return days | {m.last for m in active} | {m.last - timedelta(days=1) for m in active}


def _keys_below(table: Table, depth: int) -> set[Key]:
    if not depth:
        return set(table)
    return {key for below in table.values() for key in _keys_below(below, depth - 1)}


def _around(days: Iterable[date]) -> set[date]:
    return {d + timedelta(days=n) for d in days for n in (-1, 0, 1)} | _leap_days(days)


def _leap_days(days: Iterable[date]) -> set[date]:
    return {date(d.year, 2, 29) for d in days if d.year % 4 == 0 and (d.year % 100 or d.year % 400 == 0)}


def _near(values: set[Any]) -> set[Any]:
    days = {v for v in values if isinstance(v, date)}
    numbers = {v for v in values if isinstance(v, int) and not isinstance(v, bool)}
    values = values | ({ELSEWHERE} if any(isinstance(v, str) for v in values) else set())
    around = {n + step for n in numbers for step in (-1, 0, 1)}
    return _around(days) | around | (values - days - numbers)


def edge_subjects(policy: Policy, months: Sequence[Month], count: int, seed: int = 20261101) -> list[Facts]:
    """Subjects for a test: every case with one fact after the other moved over its limits, then `count` random mixes."""
    values = edge_values(policy, months)
    chance = random.Random(seed)
    cases = [case_facts(case, policy.subject) for case in policy.cases]
    subjects: list[Facts] = list(cases)
    base = cases[0]
    for fact, pool in values.items():
        subjects += [{**base, fact: _spells(policy, fact, value, months, chance)} for value in pool]
    for _ in range(count):
        mixed = {
            f: _spells(policy, f, chance.choice(pool), months, chance) for f, pool in values.items() if pool
        }
        subjects.append(_credible({**base, **mixed}))
    return subjects


def _spells(
    policy: Policy, fact: str, value: Any, months: Sequence[Month], chance: random.Random
) -> tuple[Spell, ...]:
    """The value as it stands, or for a dated fact with spells that begin and end next to the days looked at."""
    view, declared = policy.subject.facts[fact]
    if view.shape == "monthly":
        return tuple(Spell(value, m.first) for m in months if chance.random() < 0.8)
    if view.shape != "dated":
        return (Spell(None if declared.nullable and chance.random() < 0.2 else value),)
    looked_at = policy.fact_day(fact)
    day = moment_day("month_end" if looked_at == "ever" else looked_at, chance.choice(list(months)))
    day += timedelta(days=chance.choice([-1, 0, 1]))
    if declared.type is Type.DATE:
        return chance.choice([(Spell(value, value),), (Spell(value, value, value + timedelta(days=40)),), ()])
    return chance.choice(
        [
            (Spell(value, LONG_AGO),),
            (Spell(value, LONG_AGO),),
            (Spell(value, LONG_AGO, day),),
            (Spell(value, day),),
            (Spell(value, LONG_AGO, day), Spell(_other(value), day)),
            (),
        ]
    )


def _other(value: Any) -> Any:
    return value + 10**10 if isinstance(value, int) else ELSEWHERE


def _credible(facts: Mapping[str, tuple[Spell, ...]]) -> Facts:
    """Nobody dies before being born."""
    if "death_date" in facts and "birth_date" in facts:
        born, died = facts["birth_date"][0].value, facts["death_date"][0].value
        if died is not None and died < born:
            return {**facts, "death_date": (Spell(None),)}
    return facts
