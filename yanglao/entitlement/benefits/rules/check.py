"""From the text of an expression to a typed tree, or a refusal that says what is wrong and how to mend it.

Only the node types named here are translated, and only with the arguments named here; anything else sqlglot may
ever produce is refused.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from sqlglot import exp

from .coercion import ORDERED, added, coerced, compared, multiplied, unified
from .functions import FUNCTIONS, call
from .lang import NAME, STRING, Refused, parse
from .schema import AMOUNTS, Fact, Type
from .tree import Node, apply, literal
from .words import type_word

MOMENTS: Mapping[str, Type] = {
    "month_start": Type.DATE,  # first day of the month that is computed
    "month_end": Type.DATE,  # its last day
    "previous_month_start": Type.DATE,
    "previous_month_end": Type.DATE,
    "month_middle": Type.DATE,  # its 15th
    "year_start": Type.DATE,
    "year_end": Type.DATE,
    "previous_year_end": Type.DATE,
    "month_of_year": Type.INT,  # 1 … 12
    "month_days": Type.INT,  # 28 … 31
    "year_days": Type.INT,  # 365 or 366
}
COMPARE: Mapping[type[exp.Expr], str] = {
    exp.EQ: "eq",
    exp.NEQ: "ne",
    exp.LT: "lt",
    exp.LTE: "le",
    exp.GT: "gt",
    exp.GTE: "ge",
}
MAX_INT = 10**15


@dataclass(frozen=True)
class ParameterType:
    """`type` of a value; `by`: what a table of values is looked up with, key by key; None for one value."""

    type: Type
    by: Type | tuple[Type, ...] | None = None

    @property
    def keys(self) -> tuple[Type, ...]:
        return self.by if isinstance(self.by, tuple) else (self.by,) if self.by else ()


@dataclass(frozen=True)
class Names:
    """What an expression may name: facts of the subject, parameters of the policy, its division."""

    facts: Mapping[str, Fact]
    parameters: Mapping[str, ParameterType]
    division: int
    moments: tuple[str, ...] = ()  # days that only the rules of start and stop know

    @property
    def tables(self) -> dict[str, tuple[Type, tuple[Type, ...]]]:
        """Type of the figures, and the keys, of every parameter."""
        return {name: (p.type, p.keys) for name, p in self.parameters.items()}

    def known(self) -> list[str]:
        return sorted([*self.facts, *self.parameters, *MOMENTS, "age", "division"])


def checked(text: str, names: Names, expect: Type) -> Node:
    """The typed tree of `text`, which must give `expect`. Raises Refused."""
    node = Checker(names).visit(parse(text))
    node = coerced(node, expect)
    if node.type is not expect:
        raise Refused(
            _("这里要的是%(want)s，写的却是%(got)s")
            % {"want": type_word(expect), "got": type_word(node.type)},
            _how_to_look_up(text)
            if node.type is Type.TABLE
            else _("改成结果为%(want)s的表达式") % {"want": type_word(expect)},
        )
    return node


def _how_to_look_up(table: str) -> str:
    return _(
        "分档的表要查：按年龄等分档写 bracket(%(table)s, age)，按取值分档写 lookup(%(table)s, economic)"
    ) % {"table": table.strip()}


class Checker:
    """Translates one syntax tree."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def visit(self, tree: exp.Expr) -> Node:
        for kind, method in VISITORS.items():
            if type(tree) is kind:
                return method(self, tree)
        if type(tree) in COMPARE:
            return self.compare(COMPARE[type(tree)], tree)
        raise Refused(
            _("表达式里不能用这种写法：%(sql)s") % {"sql": tree.sql()[:40]}, _("可以用的写法见《政策怎么写》")
        )

    def literal(self, tree: exp.Expr) -> Node:
        text = str(tree.this)
        if tree.args.get("is_string"):
            if not STRING.fullmatch(f"'{text}'"):
                raise Refused(
                    _("文字“%(t)s”里有不允许的字符") % {"t": text[:20]}, _("只用汉字、字母、数字和 _ : . -")
                )
            return literal(text, Type.TEXT)
        if not text.isascii() or not text.isdigit() or int(text) > MAX_INT:
            raise Refused(_("数字“%(t)s”不对") % {"t": text[:20]}, _("只写整数；金额、比例和小数写成参数"))
        return literal(int(text), Type.INT)

    def boolean(self, tree: exp.Expr) -> Node:
        return literal(bool(tree.this), Type.BOOL)

    def null(self, tree: exp.Expr) -> Node:
        raise Refused(_("这里不能写 null"), _("判断有没有值，写“名称 is null”或“名称 is not null”"))

    def column(self, tree: exp.Expr) -> Node:
        _only(tree, "this")
        if tree.this.args.get("quoted") or not NAME.match(tree.name):
            raise Refused(_("名称“%(n)s”写法不对") % {"n": tree.name[:40]}, _("名称用小写字母开头，不加引号"))
        return self.named(tree.name)

    def named(self, name: str) -> Node:
        if name in self.names.facts:
            fact = self.names.facts[name]
            return Node("fact", fact.type, value=name, nullable=fact.nullable, fixed=False)
        if name in self.names.parameters:
            return self.parameter(name, self.names.parameters[name])
        if name in MOMENTS or name in self.names.moments:
            return Node("moment", MOMENTS.get(name, Type.DATE), value=name)
        if name == "division":
            return literal(self.names.division, Type.DIVISION)
        if name == "age" and "birth_date" in self.names.facts:
            return self.age()
        near = difflib.get_close_matches(name, self.names.known(), n=1)
        how = (
            _("是不是“%(n)s”？") % {"n": near[0]}
            if near
            else _("可以用：%(n)s") % {"n": "、".join(self.names.known())}
        )
        raise Refused(_("不认识的名称“%(n)s”") % {"n": name[:40]}, how)

    def age(self) -> Node:
        """Full years on the day the policy looks at ages, or on the day of death when that was before."""
        birth, day = self.named("birth_date"), Node("moment", Type.DATE, value="age_day")
        death = (self.named("death_date"),) if "death_date" in self.names.facts else ()
        return Node("years", Type.AGE, (birth, day, *death), nullable=birth.nullable, fixed=False)

    def parameter(self, name: str, kind: ParameterType) -> Node:
        if kind.keys:
            return Node("table", Type.TABLE, value=name)
        return Node("parameter", kind.type, value=name)

    def paren(self, tree: exp.Expr) -> Node:
        _only(tree, "this")
        return self.visit(tree.this)

    def logical(self, tree: exp.Expr) -> Node:
        _only(tree, "this", "expression")
        op = "and" if isinstance(tree, exp.And) else "or"
        return apply(op, Type.BOOL, self.condition(tree.this), self.condition(tree.expression))

    def condition(self, tree: exp.Expr) -> Node:
        node = self.visit(tree)
        if node.type is not Type.BOOL:
            raise Refused(_("“%(sql)s”不是条件") % {"sql": tree.sql()[:40]}, _("写成比较，例如 age >= 80"))
        return node

    def negation(self, tree: exp.Expr) -> Node:
        _only(tree, "this")
        return apply("not", Type.BOOL, self.condition(tree.this))

    def compare(self, op: str, tree: exp.Expr) -> Node:
        _only(tree, "this", "expression")
        return compared(op, self.visit(tree.this), self.visit(tree.expression))

    def is_null(self, tree: exp.Expr) -> Node:
        _only(tree, "this", "expression")
        if not isinstance(tree.expression, exp.Null):
            raise Refused(_("is 后面只能写 null 或 not null"), _("判断真假直接写名称，或写“not 名称”"))
        node = self.visit(tree.this)
        if node.op != "fact":
            raise Refused(_("只有事实可以判断有没有值"), _("is null 前面写一个事实的名称"))
        return Node("is_null", Type.BOOL, (node,), fixed=False)

    def within_list(self, tree: exp.Expr) -> Node:
        _only(tree, "this", "expressions")
        node = self.visit(tree.this)
        items = tuple(self.visit(e) for e in tree.expressions)
        if not items or any(i.op != "literal" for i in items):
            raise Refused(_("in 后面只能列出具体的值"), _("写成 economic in ('dibao', 'tekun_home')"))
        if node.type not in {Type.TEXT, Type.INT} or any(i.type is not node.type for i in items):
            raise Refused(_("in 两边的类型不一样"), _("文字与文字比，整数与整数比"))
        return apply("in", Type.BOOL, node, *items)

    def between(self, tree: exp.Expr) -> Node:
        _only(tree, "this", "low", "high")
        node = self.visit(tree.this)
        low = compared("ge", node, self.visit(tree.args["low"]))
        return apply("and", Type.BOOL, low, compared("le", node, self.visit(tree.args["high"])))

    def arithmetic(self, tree: exp.Expr) -> Node:
        _only(tree, "this", "expression")
        left, right = self.visit(tree.this), self.visit(tree.expression)
        if isinstance(tree, exp.Mul):
            return multiplied(left, right)
        return added("add" if isinstance(tree, exp.Add) else "sub", left, right)

    def negative(self, tree: exp.Expr) -> Node:
        _only(tree, "this")
        node = self.visit(tree.this)
        if node.type not in AMOUNTS | {Type.INT, Type.PERCENT}:
            raise Refused(_("负号只能用在整数和金额前面"), _("去掉负号"))
        return apply("neg", node.type, node)

    def case(self, tree: exp.Expr) -> Node:
        _only(tree, "ifs", "default")
        if tree.args.get("default") is None:
            raise Refused(_("case 没有写 else"), _("写明其余的人怎么算，例如 else 0"))
        conditions = [self.condition(i.this) for i in tree.args["ifs"]]
        values = [self.visit(i.args["true"]) for i in tree.args["ifs"]] + [self.visit(tree.args["default"])]
        for branch in tree.args["ifs"]:
            _only(branch, "this", "true")
        values = unified(values)
        parts = [node for pair in zip(conditions, values, strict=False) for node in pair]
        node = apply("case", values[0].type, *parts, values[-1])
        return Node("case", node.type, node.args, nullable=any(v.nullable for v in values), fixed=node.fixed)

    def many(self, tree: exp.Expr) -> Node:
        names: Mapping[type[exp.Expr], str] = {
            exp.Coalesce: "coalesce",
            exp.Least: "least",
            exp.Greatest: "greatest",
        }
        op = names[type(tree)]
        _only(
            tree, "this", "expressions", "ignore_nulls"
        )  # no argument may be null, so ignoring them changes nothing
        args = unified([self.visit(tree.this), *(self.visit(e) for e in tree.expressions)])
        if len(args) < 2:
            raise Refused(_("%(f)s 至少要两个值") % {"f": op}, _("补上另一个值"))
        if op == "coalesce":
            node = apply(op, args[0].type, *args)
            return Node(op, node.type, node.args, nullable=args[-1].nullable, fixed=node.fixed)
        if any(a.nullable for a in args) or args[0].type not in ORDERED:
            raise Refused(
                _("%(f)s 里的值可能是空的，或不能比大小") % {"f": op}, _("先写 coalesce(名称, 0) 补上")
            )
        return apply(op, args[0].type, *args)

    def function(self, tree: exp.Expr) -> Node:
        _only(tree, "this", "expressions")
        name = str(tree.this)
        if name not in FUNCTIONS:
            raise Refused(
                _("不认识的函数“%(f)s”") % {"f": name[:40]}, _("可以用：%(f)s") % {"f": "、".join(FUNCTIONS)}
            )
        return call(name, [self.visit(e) for e in tree.expressions], self.names.tables)


Visitor = Callable[[Checker, exp.Expr], Node]
VISITORS: Mapping[type[exp.Expr], Visitor] = {
    exp.Literal: Checker.literal,
    exp.Boolean: Checker.boolean,
    exp.Null: Checker.null,
    exp.Column: Checker.column,
    exp.Paren: Checker.paren,
    exp.And: Checker.logical,
    exp.Or: Checker.logical,
    exp.Not: Checker.negation,
    exp.Is: Checker.is_null,
    exp.In: Checker.within_list,
    exp.Between: Checker.between,
    exp.Add: Checker.arithmetic,
    exp.Sub: Checker.arithmetic,
    exp.Mul: Checker.arithmetic,
    exp.Neg: Checker.negative,
    exp.Case: Checker.case,
    exp.Coalesce: Checker.many,
    exp.Least: Checker.many,
    exp.Greatest: Checker.many,
    exp.Anonymous: Checker.function,
}


def _only(tree: exp.Expr, *allowed: str) -> None:
    """Refuse a node that carries anything but the named arguments."""
    for name, value in tree.args.items():
        if value in (None, False, []) or name in allowed:
            continue
        raise Refused(
            _("表达式里不能用这种写法：%(sql)s") % {"sql": tree.sql()[:40]}, _("可以用的写法见《政策怎么写》")
        )
