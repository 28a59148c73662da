"""Looking a figure up in a table as SQL: one CASE per key, the second inside the first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

from .constants import evaluate, table_at
from .months import Month, latest_birth
from .schema import Type
from .tables import OTHERS, STEPPED, Key, bracket_code, figure, keys_at, path_to, span
from .tree import Node

if TYPE_CHECKING:
    from .emit import Emitter

Leaf = Callable[[tuple[Key, ...]], exp.Expr]


class Lookup:
    """One lookup of a policy: `leaf` says what stands at the end of each path of keys."""

    def __init__(self, node: Node, emitter: Emitter) -> None:
        self.node, self.emitter = node, emitter
        self.name = str(node.value)
        kinds = emitter.policy.parameters[self.name].by
        assert kinds
        self.kinds: Sequence[Type] = kinds
        months = [m for m in emitter.constants.months if emitter.policy.in_force(m)]
        self.tables = [table_at(emitter.policy, self.name, m) for m in months]

    def sql(self, leaf: Leaf, nothing: exp.Expr, path: tuple[Key, ...] = ()) -> exp.Expr:
        depth = len(path)
        if depth == len(self.kinds):
            return leaf(path)
        keys = keys_at(self.tables, self.kinds, path)
        case = exp.Case()
        for key in keys:
            if key != OTHERS:
                case = case.when(self.condition(depth, key), self.sql(leaf, nothing, (*path, key)))
        others = self.sql(leaf, nothing, (*path, OTHERS)) if OTHERS in keys else nothing.copy()
        return case.else_(others) if case.args.get("ifs") else others

    def condition(self, depth: int, key: Key) -> exp.Expr:
        """The fact of this level has reached the step, or is the value."""
        node, kind, emitter = self.node.args[depth], self.kinds[depth], self.emitter
        if kind is Type.AGE:
            return emitter.sql(
                node.with_args((*node.args, Node("literal", Type.INT, value=key))).named("reached")
            )
        fact = emitter.sql(node)
        if kind is Type.DIVISION:
            low, high = (emitter.constant(code, kind) for code in span(int(str(key))))
            return exp.paren(exp.Between(this=fact, low=low, high=high))
        if kind is Type.BOOL:
            return fact if key else exp.Not(this=exp.paren(fact))
        compared = exp.GTE if kind in STEPPED else exp.EQ
        return exp.paren(compared(this=fact, expression=emitter.constant(key, kind)))


def figure_sql(node: Node, emitter: Emitter) -> exp.Expr:
    """The figure that is looked up; in months whose table lacks a step, that of the next lower one, or 0."""
    lookup = Lookup(node, emitter)
    nothing = emitter.constant(0, node.type)

    def leaf(path: tuple[Key, ...]) -> exp.Expr:
        def value(month: Month) -> int:
            return figure(table_at(emitter.policy, lookup.name, month), lookup.kinds, path)

        return emitter.per_month(value, node.type)

    return lookup.sql(leaf, nothing)


def bracket_sql(node: Node, emitter: Emitter) -> exp.Expr:
    """Which bracket the amount came from, as table:key or table:key/key: the amount's tree with keys for figures."""
    if node.fixed:
        return exp.Literal.string("")
    if node.op == "bracket":
        lookup = Lookup(node, emitter)

        def leaf(path: tuple[Key, ...]) -> exp.Expr:
            def code(month: Month) -> str:
                # steps of another month's table say nothing about this one
                own = path_to(table_at(emitter.policy, lookup.name, month), lookup.kinds, path)
                return bracket_code(lookup.name, own) if own else ""

            return emitter.per_month(code, Type.TEXT)

        return lookup.sql(leaf, exp.Literal.string(""))
    if node.op == "case":
        case = exp.Case()
        for condition, value in zip(node.args[:-1:2], node.args[1:-1:2], strict=True):
            case = case.when(emitter.sql(condition), bracket_sql(value, emitter))
        return case.else_(bracket_sql(node.args[-1], emitter))
    found = [bracket_sql(a, emitter) for a in node.args]
    return next((f for f in found if isinstance(f, exp.Case)), exp.Literal.string(""))


def latest_births(node: Node, emitter: Emitter) -> exp.Expr:
    """The latest birth date of those who have reached the years, as a constant of the month."""
    _birth, day, *_rest, years = node.args

    def bound(month: Month) -> object:
        return latest_birth(evaluate(day, emitter.policy, month), evaluate(years, emitter.policy, month))

    return emitter.per_month(bound, Type.DATE)
