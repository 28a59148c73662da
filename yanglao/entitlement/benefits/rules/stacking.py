"""What several policies do to one another: the highest of a group, exclusion, reduction; as layers of CASE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

from sqlglot import exp

from .emit import Dialect, constant
from .policy import Policy
from .schema import Type


@dataclass(frozen=True)
class Layer:
    """One more common table expression: everything of the one before, and column `column` of `policy`."""

    policy: str
    column: str
    value: exp.Expr


def order(policies: Sequence[Policy]) -> list[str]:
    """Ids so that each comes after those that exclude or reduce it. Raises graphlib.CycleError with the cycle."""
    present = {p.id for p in policies}
    graph = {p.id: {*p.stacking.excluded_by, *p.stacking.reduced_by} & present for p in policies}
    return list(TopologicalSorter(graph).static_order())


def layers(policies: Sequence[Policy], dialect: Dialect) -> list[Layer]:
    """The layers in order. `policies` in the order of their raw columns a0, a1 …"""
    by_id = {p.id: p for p in policies}
    current = {p.id: f"a{i}" for i, p in enumerate(policies)}
    zero = constant(0, Type.MONEY, dialect)
    found: list[Layer] = []
    for policy_id in order(policies):
        policy = by_id[policy_id]
        value = _value(policy, policies, current, zero)
        if value is not None:
            found.append(Layer(policy_id, f"f{current[policy_id][1:]}", value))
            current[policy_id] = found[-1].column
    return found


def final_columns(policies: Sequence[Policy], stack: Sequence[Layer]) -> dict[str, str]:
    """The column that holds what each policy finally pays."""
    finals = {p.id: f"a{i}" for i, p in enumerate(policies)}
    finals.update({layer.policy: layer.column for layer in stack})
    return finals


def _value(
    policy: Policy, policies: Sequence[Policy], current: Mapping[str, str], zero: exp.Expr
) -> exp.Expr | None:
    conditions = [
        *_beaten(policy, policies),
        *(_positive(current[other]) for other in policy.stacking.excluded_by if other in current),
    ]
    value: exp.Expr = exp.column(current[policy.id])
    for other in policy.stacking.reduced_by:
        if other in current:
            value = exp.Sub(this=value, expression=exp.column(current[other]))
    if isinstance(value, exp.Sub):
        value = exp.Greatest(this=value, expressions=[zero.copy()])
    elif not conditions:
        return None
    if conditions:
        value = exp.Case().when(exp.or_(*conditions), zero.copy()).else_(value)
    return value


def _beaten(policy: Policy, policies: Sequence[Policy]) -> list[exp.Expr]:
    """Conditions under which another policy of the group wins; of equals the first by id."""
    if policy.stacking.rule != "highest" or not policy.stacking.group:
        return []
    mine = [p.id for p in policies].index(policy.id)
    rivals = [i for i, p in enumerate(policies) if i != mine and p.stacking.group == policy.stacking.group]
    return [
        (exp.GTE if i < mine else exp.GT)(this=exp.column(f"a{i}"), expression=exp.column(f"a{mine}"))
        for i in rivals
    ]


def _positive(column: str) -> exp.Expr:
    return exp.GT(this=exp.column(column), expression=exp.Literal.number(0))
