"""What may stand beside what in an expression: literals in the type of their neighbour, comparison, arithmetic."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.utils.translation import gettext as _

from .functions import once_divided, reached
from .lang import Refused
from .schema import AMOUNTS, Type
from .tree import Node, apply, literal
from .words import type_word

ORDERED = {Type.INT, Type.DATE, Type.PERCENT} | AMOUNTS
ADDED = {Type.INT, Type.PERCENT} | AMOUNTS


def coerced(node: Node, want: Type) -> Node:
    """A literal in the type its neighbour has: zero as money, 'YYYY-MM-DD' as a day, 12 digits as a division."""
    if node.op != "literal" or node.type is want:
        return node
    if want in AMOUNTS | {Type.PERCENT} and node.value == 0 and node.type is Type.INT:
        return literal(0, want)
    if want is Type.DIVISION and node.type is Type.INT and len(str(node.value)) == 12:
        return literal(node.value, Type.DIVISION)
    if want is Type.DATE and node.type is Type.TEXT:
        try:
            return literal(date.fromisoformat(cast(str, node.value)), Type.DATE)
        except ValueError:
            raise Refused(_("“%(t)s”不是日期") % {"t": node.value}, _("日期写成 '2026-01-31'")) from None
    return node


def same_type(left: Node, right: Node) -> tuple[Node, Node]:
    return coerced(left, right.type), coerced(right, left.type)


def unified(nodes: list[Node]) -> list[Node]:
    """All in one type, which must not be an age or a table."""
    want = next((n.type for n in nodes if n.op != "literal"), nodes[0].type)
    nodes = [coerced(n, want) for n in nodes]
    for node in nodes:
        if node.type is not want or want in {Type.AGE, Type.TABLE}:
            raise mismatch(nodes[0], node)
    return nodes


def compared(op: str, left: Node, right: Node) -> Node:
    """`left op right`; ages become comparisons of birth dates, so no engine ever reckons an age."""
    if right.type is Type.AGE:
        mirrored = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}
        left, right, op = right, left, mirrored.get(op, op)
    if left.type is Type.AGE:
        return reached(op, left, right)
    left, right = same_type(left, right)
    comparable = (
        ORDERED if op in {"lt", "le", "gt", "ge"} else ORDERED | {Type.TEXT, Type.BOOL, Type.DIVISION}
    )
    if left.type is not right.type or left.type not in comparable:
        raise mismatch(left, right)
    return apply(op, Type.BOOL, left, right)


def added(op: str, left: Node, right: Node) -> Node:
    left, right = same_type(left, right)
    if left.type is not right.type or left.type not in ADDED:
        raise mismatch(left, right)
    return apply(op, left.type, left, right)


def multiplied(left: Node, right: Node) -> Node:
    """A whole number times anything; hours times a price are yuan."""
    types = {left.type, right.type}
    if types == AMOUNTS:
        money, quantity = (left, right) if left.type is Type.MONEY else (right, left)
        return once_divided(money, quantity, literal(100, Type.INT))
    if left.type is right.type is Type.INT:
        return apply("mul", Type.INT, left, right)
    for kind in AMOUNTS:
        if types == {Type.INT, kind}:
            return apply("mul", kind, left, right)
    raise mismatch(left, right)


def mismatch(left: Node, right: Node) -> Refused:
    what = _("%(a)s和%(b)s不能放在一起算或比较") % {"a": type_word(left.type), "b": type_word(right.type)}
    return Refused(what, _("两边换成同一种量；金额写成参数，日期写成 '2026-01-31'"))
