"""The functions of the policy language, each with the check of its arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from .lang import Refused
from .schema import Type
from .tree import Node, apply, literal

Tables = Mapping[str, Type | None]
Types = Mapping[str, Type]


def reached(op: str, age: Node, years: Node) -> Node:
    """`age op years` as "has reached so many years on that day": a comparison of the birth date with a constant."""
    if years.type is not Type.INT or not years.fixed:
        raise Refused(_("年龄只能与整数或整数参数比较"), _("写成 age >= 80，或把年龄写成单位为 years 的参数"))

    def at_least(extra: int) -> Node:
        bound = apply("add", Type.INT, years, literal(extra, Type.INT)) if extra else years
        return apply("reached", Type.BOOL, *age.args, bound, fixed=age.fixed)

    def not_(node: Node) -> Node:
        return apply("not", Type.BOOL, node)

    exactly = apply("and", Type.BOOL, at_least(0), not_(at_least(1)))
    return {
        "ge": lambda: at_least(0),
        "gt": lambda: at_least(1),
        "lt": lambda: not_(at_least(0)),
        "le": lambda: not_(at_least(1)),
        "eq": lambda: exactly,
        "ne": lambda: not_(exactly),
    }[op]()


def call(name: str, args: list[Node], tables: Tables, types: Types) -> Node:
    """The call as a node. Raises Refused when number or types of arguments are wrong."""
    count, build, usage = FUNCTIONS[name]
    if len(args) != count:
        raise Refused(_("%(f)s 要 %(n)s 个参数") % {"f": name, "n": count}, _("写成 %(u)s") % {"u": usage})
    node = build(args, tables, types)
    if node is None:
        raise Refused(_("%(f)s 的参数类型不对") % {"f": name}, _("写成 %(u)s") % {"u": usage})
    return node


def _within(args: list[Node], _tables: Tables, _types: Types) -> Node | None:
    place, area = args
    if area.op == "literal" and area.type is Type.INT and len(str(area.value)) == 12:
        area = literal(area.value, Type.DIVISION)
    if place.type is not Type.DIVISION or place.fixed or area.type is not Type.DIVISION or not area.fixed:
        return None
    return apply("within", Type.BOOL, place, area)


def _years_between(args: list[Node], _tables: Tables, _types: Types) -> Node | None:
    start, end = args
    if start.type is not Type.DATE or end.type is not Type.DATE or not end.fixed or start.op != "fact":
        return None
    return apply("years", Type.AGE, start, end)


def _bracket(args: list[Node], tables: Tables, types: Types) -> Node | None:
    table, key = args
    name = str(table.value)
    if table.op != "table" or tables[name] is not key.type or key.type not in {Type.AGE, Type.INT}:
        return None
    inner = key.args if key.type is Type.AGE else (key,)
    return Node("bracket", types[name], inner, name, nullable=False, fixed=False)


def _lookup(args: list[Node], tables: Tables, types: Types) -> Node | None:
    table, key = args
    name = str(table.value)
    if table.op != "table" or tables[name] is not Type.TEXT or key.type is not Type.TEXT:
        return None
    return Node("lookup", types[name], (key,), name, nullable=False, fixed=key.fixed)


def _div_half_up(args: list[Node], _tables: Tables, _types: Types) -> Node | None:
    top, bottom = args
    if top.type not in {Type.MONEY, Type.INT} or bottom.type is not Type.INT or not bottom.fixed:
        return None
    return apply("half_up", top.type, top, bottom)


def _percent_of(args: list[Node], _tables: Tables, _types: Types) -> Node | None:
    amount, percent = args
    if amount.type is not Type.MONEY or percent.type is not Type.PERCENT:
        return None
    parts = apply("mul", Type.MONEY, amount, percent)
    return apply("half_up", Type.MONEY, parts, literal(10_000, Type.INT))


def _shifted(unit: str) -> Builder:
    def build(args: list[Node], _tables: Tables, _types: Types) -> Node | None:
        day, count = args
        if day.type is not Type.DATE or count.type is not Type.INT or not (day.fixed and count.fixed):
            return None
        return apply(unit, Type.DATE, day, count)

    return build


def _starts_with(args: list[Node], _tables: Tables, _types: Types) -> Node | None:
    text, prefix = args
    if (
        text.type is not Type.TEXT
        or prefix.type is not Type.TEXT
        or prefix.op != "literal"
        or not prefix.value
    ):
        return None
    return apply("starts_with", Type.BOOL, text, prefix)


Builder = Callable[[list[Node], Tables, Types], Node | None]
FUNCTIONS: Mapping[str, tuple[int, Builder, str]] = {
    "within": (2, _within, "within(hukou, division)"),
    "years_between": (2, _years_between, "years_between(birth_date, month_end) >= 80"),
    "bracket": (2, _bracket, "bracket(rates, age)"),
    "lookup": (2, _lookup, "lookup(rates, economic)"),
    "div_half_up": (2, _div_half_up, "div_half_up(amount, 30)"),
    "percent_of": (2, _percent_of, "percent_of(amount, ratio)"),
    "add_months": (2, _shifted("add_months"), "add_months(month_start, -1)"),
    "add_days": (2, _shifted("add_days"), "add_days(month_end, 15)"),
    "starts_with": (2, _starts_with, "starts_with(ability, 'gbt42195-2022')"),
}
