"""Small mistakes put into a policy on purpose, to see whether the tests would notice them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from .policy import Moment, Parameter, ParameterValue, Policy
from .schema import Type
from .tables import Table
from .tree import Node, apply, literal

SWAPPED: Mapping[str, tuple[str, ...]] = {
    "and": ("or",),
    "or": ("and",),
    "ge": ("gt",),
    "gt": ("ge",),
    "le": ("lt",),
    "lt": ("le",),
    "eq": ("ne",),
    "ne": ("eq",),
}
MOMENTS: tuple[Moment, ...] = ("month_start", "month_middle", "month_end", "previous_month_end")


@dataclass(frozen=True)
class Mutant:
    """A policy with one mistake, and which."""

    mistake: str
    policy: Policy


def mutants(policy: Policy) -> Iterator[Mutant]:
    """Every policy that differs by one small mistake."""
    yield from _clauses(policy)
    for mistake, tree in _trees(policy.amount):
        yield Mutant(f"amount: {mistake}", replace(policy, amount=tree))
    yield from _days(policy)
    yield from _verification(policy)
    for name, parameter in policy.parameters.items():
        for mistake, changed in _parameters(parameter):
            yield Mutant(
                f"{name}: {mistake}", replace(policy, parameters={**policy.parameters, name: changed})
            )


def _clauses(policy: Policy) -> Iterator[Mutant]:
    for index, clause in enumerate(policy.clauses):
        rest = policy.clauses[:index] + policy.clauses[index + 1 :]
        yield Mutant(f"{clause.id}: left out", replace(policy, clauses=rest))
        for mistake, tree in _trees(clause.tree):
            changed = (*policy.clauses[:index], replace(clause, tree=tree), *policy.clauses[index + 1 :])
            yield Mutant(f"{clause.id}: {mistake}", replace(policy, clauses=changed))


def _trees(node: Node) -> Iterator[tuple[str, Node]]:
    """The tree with one operation changed, wherever it stands."""
    yield from _here(node)
    for index, arg in enumerate(node.args):
        for mistake, changed in _trees(arg):
            args = (*node.args[:index], changed, *node.args[index + 1 :])
            yield mistake, node.with_args(args)


def _here(node: Node) -> Iterator[tuple[str, Node]]:
    for op in SWAPPED.get(node.op, ()):
        yield f"{node.op} → {op}", replace(node, op=op)
    if node.op == "not":
        yield "not taken away", node.args[0]
    elif node.op == "reached":
        for step in (1, -1):
            years = apply("add", Type.INT, node.args[-1], literal(step, Type.INT))
            yield f"age {step:+d}", node.with_args((*node.args[:-1], years))
    elif node.op == "in" and len(node.args) > 2:
        for index in range(1, len(node.args)):
            yield (
                f"without {node.args[index].value}",
                node.with_args(node.args[:index] + node.args[index + 1 :]),
            )
    elif node.op == "case":
        yield "branches swapped", node.with_args((node.args[0], *node.args[:0:-1]))
    elif node.op == "moment" and node.type is Type.DATE and node.value in MOMENTS:
        for moment in MOMENTS:
            if moment != node.value:
                yield f"{node.value} → {moment}", replace(node, value=moment)


def _days(policy: Policy) -> Iterator[Mutant]:
    for moment in MOMENTS:
        if moment != policy.age_on and _by_age(policy):
            yield Mutant(f"age on {moment}", replace(policy, age_on=moment))
        for fact in _dated_facts(policy):
            if moment != policy.fact_day(fact):
                yield Mutant(
                    f"{fact} on {moment}", replace(policy, facts_on={**policy.facts_on, fact: moment})
                )


def _verification(policy: Policy) -> Iterator[Mutant]:
    rule = policy.verification
    if rule is None:
        return
    if rule.every_months:
        for step in (1, -1):
            changed = replace(rule, every_months=rule.every_months + step)
            yield Mutant(f"verified {step:+d} month", replace(policy, verification=changed))
    for month in rule.windows:
        others = tuple(w for w in rule.windows if w != month) or (month % 12 + 1,)
        changed = replace(rule, windows=others)
        yield Mutant(f"not verified in {month}", replace(policy, verification=changed))


def _by_age(policy: Policy) -> bool:
    trees = (*(c.tree for c in policy.clauses), policy.amount)
    return any(node.value == "age_day" for tree in trees for node in tree.walk())


def _dated_facts(policy: Policy) -> list[str]:
    trees = (*(c.tree for c in policy.clauses), policy.amount)
    used = {fact for tree in trees for fact in tree.facts}
    return sorted(f for f in used if policy.subject.facts[f][0].shape == "dated")


def _parameters(parameter: Parameter) -> Iterator[tuple[str, Parameter]]:
    for index, value in enumerate(parameter.values):
        for mistake, changed in _values(value):
            values = (*parameter.values[:index], changed, *parameter.values[index + 1 :])
            yield f"{value.start} {mistake}", replace(parameter, values=values)


def _values(value: ParameterValue) -> Iterator[tuple[str, ParameterValue]]:
    if value.table is not None:
        for mistake, table in _tables(value.table):
            yield mistake, replace(value, table=table)
    elif isinstance(value.value, int):
        for step in (1, -1):
            yield f"{step:+d}", replace(value, value=value.value + step)
    later = value.start + timedelta(days=32)
    yield "a month late", replace(value, start=later)


def _tables(table: Table) -> Iterator[tuple[str, Table]]:
    for key, figure in table.items():
        if isinstance(figure, Mapping):
            for mistake, changed in _tables(figure):
                yield f"{key} {mistake}", {**table, key: changed}
            continue
        yield f"{key} pays more", {**table, key: figure + 100}
        if isinstance(key, int) and not isinstance(key, bool):
            rest = {k: v for k, v in table.items() if k != key}
            yield f"{key} one year later", {**rest, key + 1: figure}
