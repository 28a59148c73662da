"""The functions of the policy language, each with the check of its arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from .lang import Refused
from .schema import AMOUNTS, Type
from .tables import EXACT, STEPPED
from .tree import Node, apply, literal
from .words import type_word

Tables = Mapping[str, tuple[Type, tuple[Type, ...]]]  # type of the figures, and the keys, of each parameter
BY = {Type.MONEY: "yuan"}  # kinds of keys a file calls otherwise
SHARES = 3  # percentages multiplied at once: more would leave the whole numbers of a database


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


def call(name: str, args: list[Node], tables: Tables) -> Node:
    """The call as a node. Raises Refused when number or types of arguments are wrong."""
    (least, most), build, usage = FUNCTIONS[name]
    how = _("写成 %(u)s") % {"u": usage}
    if not least <= len(args) <= most:
        count = f"{least}" if least == most else f"{least}–{most}"
        raise Refused(_("%(f)s 要 %(n)s 个参数") % {"f": name, "n": count}, how)
    node = build(args, tables)
    if node is None:
        given = "、".join(type_word(a.type) for a in args)
        raise Refused(_("%(f)s 的参数类型不对：写的是 %(g)s") % {"f": name, "g": given}, how)
    return node


def _within(args: list[Node], _tables: Tables) -> Node | None:
    place, area = args
    if area.op == "literal" and area.type is Type.INT and len(str(area.value)) == 12:
        area = literal(area.value, Type.DIVISION)
    if place.type is not Type.DIVISION or place.fixed or area.type is not Type.DIVISION or not area.fixed:
        return None
    return apply("within", Type.BOOL, place, area)


def _years_between(args: list[Node], _tables: Tables) -> Node | None:
    start, end = args
    if start.type is not Type.DATE or end.type is not Type.DATE:
        return None
    if not end.fixed or start.op != "fact":
        what = _("years_between 从一个日期事实算到这个月的某一天")
        raise Refused(
            what, _("第一个写事实，第二个写 month_end、month_start、year_end 等；订单那时的年龄写 age")
        )
    return apply("years", Type.AGE, start, end)


def _looked_up(needed: frozenset[Type], op: str) -> Builder:
    """Look a figure up by as many keys as the table has, one of which is of the `needed` kind."""

    def build(args: list[Node], tables: Tables) -> Node | None:
        table, *keys = args
        if table.op != "table":
            return None
        name = str(table.value)
        type_, kinds = tables[name]
        if len(keys) != len(kinds):
            what = _("参数表“%(t)s”有 %(n)s 个键，这里写了 %(m)s 个")
            how = _("按 by 的次序写全，例如 bracket(rates, economic, age)")
            raise Refused(what % {"t": name, "n": len(kinds), "m": len(keys)}, how)
        for key, kind in zip(keys, kinds, strict=True):
            if key.type is not kind:
                raise _other_key(name, kind, key.type)
        if not needed & set(kinds):
            how = _("按档的表写 bracket(表, …)，按取值的表写 lookup(表, …)")
            raise Refused(_("参数表“%(t)s”要用另一个函数查") % {"t": name}, how)
        stepped = "bracket" if STEPPED & set(kinds) else op
        fixed = all(k.fixed for k in keys)
        return Node(stepped, type_, tuple(keys), name, nullable=False, fixed=fixed)

    return build


def _other_key(table: str, kind: Type, given: Type) -> Refused:
    what = _("参数表“%(t)s”按%(k)s查（by: %(b)s），这里写的是%(g)s") % {
        "t": table,
        "k": type_word(kind),
        "b": BY.get(kind, kind.value),
        "g": type_word(given),
    }
    how = _("改 by，或换一个%(k)s的键；周岁和满几年（years_between）用 by: age") % {"k": type_word(kind)}
    return Refused(what, how)


def once_divided(amount: Node, factor: Node, bottom: Node) -> Node:
    """amount × factor ÷ bottom, halves up. What is itself such a quotient is not rounded before: once is enough."""
    if amount.op == "half_up":
        amount, under = amount.args
        bottom = apply("mul", Type.INT, under, bottom)
    return apply("half_up", amount.type, apply("mul", amount.type, amount, factor), bottom)


def _div_half_up(args: list[Node], _tables: Tables) -> Node | None:
    top, bottom = args
    if top.type not in AMOUNTS | {Type.INT} or bottom.type is not Type.INT or not bottom.fixed:
        return None
    return (
        once_divided(top, literal(1, Type.INT), bottom)
        if top.op == "half_up"
        else apply("half_up", top.type, top, bottom)
    )


def _div_down(args: list[Node], _tables: Tables) -> Node | None:
    top, bottom = args
    if top.type not in AMOUNTS | {Type.INT} or bottom.type is not Type.INT or not bottom.fixed:
        return None
    return apply("round_down", top.type, top, bottom)


def _pro_rata(args: list[Node], _tables: Tables) -> Node | None:
    amount, part, whole = args
    if (
        amount.type not in AMOUNTS
        or part.type is not Type.INT
        or whole.type is not Type.INT
        or not whole.fixed
    ):
        return None
    return once_divided(amount, part, whole)


def _percent_of(args: list[Node], _tables: Tables) -> Node | None:
    amount, *percents = args
    if amount.type not in AMOUNTS or any(p.type is not Type.PERCENT for p in percents):
        return None
    for percent in percents:
        amount = once_divided(amount, percent, literal(10_000, Type.INT))
    return amount


def _raised_by(args: list[Node], tables: Tables) -> Node | None:
    amount, *percents = args
    whole = literal(10_000, Type.PERCENT)
    if any(p.type is not Type.PERCENT for p in percents):
        return None
    return _percent_of([amount, *(apply("add", Type.PERCENT, whole, p) for p in percents)], tables)


def _to_yuan(args: list[Node], _tables: Tables) -> Node | None:
    (amount,) = args
    if amount.type is not Type.MONEY:
        return None
    return rounded(amount, "half_up", 100)


def rounded(amount: Node, op: str, unit: int) -> Node:
    """To whole `unit`s (100: yuan, 10: jiao); of what is a quotient the quotient itself, not the rounded fen."""
    parts = amount.args if amount.op == "half_up" else (amount, literal(1, Type.INT))
    under = apply("mul", Type.INT, parts[1], literal(unit, Type.INT))
    units = apply(op, amount.type, parts[0], under)
    return units if unit == 1 else apply("mul", amount.type, units, literal(unit, Type.INT))


def _days_between(args: list[Node], _tables: Tables) -> Node | None:
    if any(a.type is not Type.DATE for a in args):
        return None
    return apply("days_between", Type.INT, *args)


def _part_of_day(unit: str) -> Builder:
    def build(args: list[Node], _tables: Tables) -> Node | None:
        return apply("part_of_day", Type.INT, *args, value=unit) if args[0].type is Type.DATE else None

    return build


def _shifted(unit: str) -> Builder:
    def build(args: list[Node], _tables: Tables) -> Node | None:
        day, count = args
        if day.type is not Type.DATE or count.type is not Type.INT or not (day.fixed and count.fixed):
            return None
        return apply(unit, Type.DATE, day, count)

    return build


def _starts_with(args: list[Node], _tables: Tables) -> Node | None:
    text, prefix = args
    if (
        text.type is not Type.TEXT
        or prefix.type is not Type.TEXT
        or prefix.op != "literal"
        or not prefix.value
    ):
        return None
    return apply("starts_with", Type.BOOL, text, prefix)


Builder = Callable[[list[Node], Tables], Node | None]
FUNCTIONS: Mapping[str, tuple[tuple[int, int], Builder, str]] = {
    "within": ((2, 2), _within, "within(hukou, division)"),
    "years_between": ((2, 2), _years_between, "years_between(birth_date, month_end) >= 80"),
    "bracket": ((2, 4), _looked_up(STEPPED, "bracket"), "bracket(rates, age)"),
    "lookup": ((2, 4), _looked_up(EXACT, "lookup"), "lookup(rates, economic)"),
    "div_half_up": ((2, 2), _div_half_up, "div_half_up(amount, 30)"),
    "div_down": ((2, 2), _div_down, "div_down(beds, 10)"),
    "pro_rata": ((3, 3), _pro_rata, "pro_rata(rate, coalesce(days, 0), month_days)"),
    "percent_of": ((2, 1 + SHARES), _percent_of, "percent_of(amount, ratio)"),
    "raised_by": ((2, 1 + SHARES), _raised_by, "raised_by(amount, ratio)"),
    "to_yuan": ((1, 1), _to_yuan, "to_yuan(percent_of(wage, ratio))"),
    "add_months": ((2, 2), _shifted("add_months"), "add_months(month_start, -1)"),
    "add_days": ((2, 2), _shifted("add_days"), "add_days(month_end, 15)"),
    "days_between": ((2, 2), _days_between, "days_between(opened_on, month_end) >= 30"),
    "month_of": ((1, 1), _part_of_day("MONTH"), "month_of(birth_date) = month_of_year"),
    "year_of": ((1, 1), _part_of_day("YEAR"), "year_of(birth_date) <= 1945"),
    "starts_with": ((2, 2), _starts_with, "starts_with(ability, 'gbt42195-2022')"),
}
