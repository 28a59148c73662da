"""A sum paid in parts (分期): which part falls due in a month, and how much it is."""

from __future__ import annotations

from collections.abc import Sequence

from .schema import Type
from .tree import Node, apply, literal


def parts_of(amount: Node, due: Sequence[Node], months: Sequence[int], shares: Sequence[int]) -> Node:
    """CASE WHEN the first part is due THEN its share …; the last part is what the others left, so that all is paid.

    `months` after the day that is counted from, when the policy had to be in force and whose figures count;
    `shares` in ten-thousandths.
    """
    branches: list[Node] = []
    for number, (condition, after) in enumerate(zip(due, months, strict=True)):
        total = Node("at_month", amount.type, (amount,), -after, amount.nullable, amount.fixed)
        last = number == len(due) - 1
        earned = Node("in_force", Type.BOOL, value=-after)
        branches += [
            apply("and", Type.BOOL, earned, condition),
            _rest(total, shares[:-1]) if last else _share(total, shares[number]),
        ]
    return Node(
        "case", amount.type, (*branches, literal(0, amount.type)), nullable=amount.nullable, fixed=False
    )


def _share(total: Node, share: int) -> Node:
    part = apply("mul", total.type, total, literal(share, Type.INT))
    return apply("half_up", total.type, part, literal(10_000, Type.INT))


def _rest(total: Node, others: Sequence[int]) -> Node:
    rest = total
    for share in others:
        rest = apply("sub", total.type, rest, _share(total, share))
    return rest
