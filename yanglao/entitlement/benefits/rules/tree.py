"""The typed tree of a policy expression: what `check` makes of a text, and all that the compiler ever sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from .schema import Type

Value = bool | int | str | date | None


@dataclass(frozen=True)
class Node:
    """One operation. `value` holds a literal, or the name of a fact, parameter or moment.

    `nullable`: may be unknown. `fixed`: depends on the month alone, so it is computed before the query is made.
    """

    op: str
    type: Type
    args: tuple[Node, ...] = ()
    value: Value = None
    nullable: bool = False
    fixed: bool = True

    def walk(self) -> Iterator[Node]:
        yield self
        for arg in self.args:
            yield from arg.walk()

    @property
    def facts(self) -> tuple[str, ...]:
        """Names of the facts used, in the order of the text, each once."""
        return tuple(dict.fromkeys(str(n.value) for n in self.walk() if n.op == "fact"))

    @property
    def ends(self) -> tuple[str, ...]:
        """Names of the facts that only end an age: the dead grow no older."""
        ages = {"years": 3, "reached": 4}
        return tuple(str(n.args[2].value) for n in self.walk() if len(n.args) == ages.get(n.op))

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters used, each once."""
        ops = {"parameter", "bracket", "lookup"}
        return tuple(dict.fromkeys(str(n.value) for n in self.walk() if n.op in ops))

    def named(self, op: str) -> Node:
        """The same arguments under another operation, as a condition."""
        return replace(self, op=op, type=Type.BOOL)

    def with_args(self, args: tuple[Node, ...]) -> Node:
        return replace(self, args=args)


def literal(value: Value, type_: Type) -> Node:
    return Node("literal", type_, value=value, nullable=value is None)


def apply(op: str, type_: Type, *args: Node, value: Value = None, fixed: bool | None = None) -> Node:
    """An operation that is unknown when an argument is, and fixed when all arguments are."""
    return Node(
        op,
        type_,
        args,
        value,
        nullable=any(a.nullable for a in args),
        fixed=all(a.fixed for a in args) if fixed is None else fixed,
    )


def every(nodes: tuple[Node, ...]) -> Node:
    """All of them hold; true when there is none."""
    if not nodes:
        return literal(True, Type.BOOL)
    result = nodes[0]
    for node in nodes[1:]:
        result = apply("and", Type.BOOL, result, node)
    return result
