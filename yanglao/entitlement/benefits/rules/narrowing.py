"""Who can be due at all, asked before every fact is looked up.

A policy pays nothing where one of its conditions does not hold. So the conditions that few facts decide are asked
first: those on the subject's own row, then those on facts that single few out (a poverty category, a level, a number).
Only for whom some policy is still possible, the other facts are joined. The rows that are due stay the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .caps import CapLayer
from .facts_sql import FactColumns, Look
from .policy import Clause, Policy
from .schema import Type
from .tree import Node

# facts most subjects have, or whose values do not tell few from many
COMMON = {Type.DATE, Type.DIVISION}
SINGLING = {"eq", "in", "gt", "ge", "starts_with"}


@dataclass(frozen=True)
class Condition:
    """A part of a clause, and where the facts it looks at are found (the subject's own row is not counted)."""

    clause: Clause
    tree: Node
    looks: frozenset[Look]

    @property
    def weakened(self) -> Node:
        """The condition, or one that holds wherever it does and costs less: an age without a look at the death."""
        if self.tree.op != "reached" or len(self.tree.args) < 4:
            return self.tree
        birth, day, _death, years = self.tree.args
        return self.tree.with_args((birth, day, years))


@dataclass(frozen=True)
class Stages:
    """`first`: what is looked up before the question who can be due is asked a second time; () when never.

    `own`: the question may be asked of the subjects' own rows.
    """

    own: bool
    first: tuple[Look, ...]

    @property
    def narrows(self) -> bool:
        return self.own or bool(self.first)


def stages(policies: Sequence[Policy], columns: FactColumns, caps: Sequence[CapLayer]) -> Stages:
    """How to ask."""
    if not may_narrow(caps):
        return Stages(own=False, first=())
    found = {policy.id: list(conditions(policy, columns)) for policy in policies}
    first = {
        look: None for each in found.values() for c in each if singles_out(c) for look in sorted(c.looks)
    }
    return Stages(
        own=all(any(not c.looks for c in each) for each in found.values()),
        first=tuple(first)
        if all(any(c.looks <= first.keys() for c in each) for each in found.values())
        else (),
    )


def may_narrow(caps: Sequence[CapLayer]) -> bool:
    """Not where what is granted to others counts, for they need not be due themselves."""
    return not any(layer.granted and layer.cap.per not in {("policy",), ("subject",)} for layer in caps)


def conditions(policy: Policy, columns: FactColumns) -> Iterator[Condition]:
    """Every part of its clauses that must hold, save those that hang on the month alone."""
    for clause in policy.clauses:
        for tree in _parts(clause.tree):
            if not tree.fixed:
                yield Condition(clause, tree, frozenset(columns.looks(policy, tree.facts)))


def _parts(tree: Node) -> Iterator[Node]:
    if tree.op == "and":
        for arg in tree.args:
            yield from _parts(arg)
    else:
        yield tree


def singles_out(condition: Condition) -> bool:
    """It holds for few: a value compared, of a fact that is no day and no division."""
    tree = condition.tree
    if tree.op == "not" and tree.args[0].op == "is_null":
        return bool(condition.looks) and tree.args[0].args[0].type not in COMMON
    compared = tree.args[0] if tree.args else tree
    return bool(condition.looks) and tree.op in SINGLING and compared.type not in COMMON
