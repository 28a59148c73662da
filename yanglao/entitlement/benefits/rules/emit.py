"""A typed tree as SQL of one dialect. Constants become literals, or columns of `months` when they vary by month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, Literal

from sqlglot import exp

from .constants import evaluate, table_at
from .months import Month, latest_birth
from .policy import Policy
from .schema import Type
from .tree import Node

Dialect = Literal["duckdb", "postgres", "sqlite", "spark"]
SQL_TYPES = {
    Type.BOOL: "BOOLEAN",
    Type.INT: "BIGINT",
    Type.MONEY: "BIGINT",
    Type.PERCENT: "BIGINT",
    Type.DIVISION: "BIGINT",
    Type.DATE: "DATE",
    Type.TEXT: "TEXT",
}
COMPARISONS: dict[str, type[exp.Binary]] = {
    "eq": exp.EQ,
    "ne": exp.NEQ,
    "lt": exp.LT,
    "le": exp.LTE,
    "gt": exp.GT,
    "ge": exp.GTE,
    "and": exp.And,
    "or": exp.Or,
    "add": exp.Add,
    "sub": exp.Sub,
    "mul": exp.Mul,
}
UNITS = (10**10, 10**8, 10**6, 10**3, 1)  # province, city, county, street, village


def span(code: int) -> tuple[int, int]:
    """The codes that lie in a division: 330200000000 → 330200000000..330299999999."""
    unit = next(u for u in UNITS if code % u == 0)
    return code, code + unit - 1


class Constants:
    """Values that vary over the months asked for: each becomes a column of the `months` table."""

    def __init__(self, months: Sequence[Month]) -> None:
        self.months = tuple(months)
        self.columns: dict[tuple[Type, tuple[Any, ...]], str] = {}

    def place(self, values: list[Any], type_: Type) -> tuple[Any, str]:
        """The one value, or the name of a column. None (not in force that month) goes with any value."""
        known = {v for v in values if v is not None}
        if len(known) <= 1:
            return next(iter(known), None), ""
        return None, self.columns.setdefault((type_, tuple(values)), f"k{len(self.columns)}")


class Emitter:
    """Writes the trees of one policy. `column(fact)` names the fact's column in the facts table."""

    def __init__(
        self, dialect: Dialect, constants: Constants, policy: Policy, column: Callable[[str], str]
    ) -> None:
        self.dialect, self.constants, self.policy, self.column = dialect, constants, policy, column

    def sql(self, node: Node) -> exp.Expr:
        """The node as an expression of the dialect."""
        if node.fixed:
            return self.per_month(lambda month: evaluate(node, self.policy, month), node.type)
        method = getattr(self, f"_{node.op}", None)
        if method is not None:
            return exp.paren(method(node)) if node.op in {"not", "in"} else method(node)
        left, right = (self.sql(a) for a in node.args)
        return exp.paren(COMPARISONS[node.op](this=left, expression=right))

    def per_month(self, value: Callable[[Month], Any], type_: Type) -> exp.Expr:
        values = [self._value(value, month) for month in self.constants.months]
        one, column = self.constants.place(values, type_)
        return exp.column(column) if column else constant(one, type_, self.dialect)

    def _value(self, value: Callable[[Month], Any], month: Month) -> Any:
        try:
            return value(month)
        except LookupError:
            if self.policy.in_force(month):
                raise
            return None

    def _fact(self, node: Node) -> exp.Expr:
        return exp.column(self.column(str(node.value)))

    def _is_null(self, node: Node) -> exp.Expr:
        return exp.paren(exp.Is(this=self.sql(node.args[0]), expression=exp.Null()))

    def _not(self, node: Node) -> exp.Expr:
        return exp.Not(this=exp.paren(self.sql(node.args[0])))

    def _neg(self, node: Node) -> exp.Expr:
        return exp.paren(exp.Neg(this=exp.paren(self.sql(node.args[0]))))

    def _in(self, node: Node) -> exp.Expr:
        first, *items = (self.sql(a) for a in node.args)
        return exp.In(this=first, expressions=items)

    def _reached(self, node: Node) -> exp.Expr:
        birth, day, years = node.args
        bound = self.per_month(
            lambda m: latest_birth(evaluate(day, self.policy, m), evaluate(years, self.policy, m)), Type.DATE
        )
        return exp.paren(exp.LTE(this=self.sql(birth), expression=bound))

    def _within(self, node: Node) -> exp.Expr:
        place, area = node.args
        low = self.per_month(lambda m: span(evaluate(area, self.policy, m))[0], Type.DIVISION)
        high = self.per_month(lambda m: span(evaluate(area, self.policy, m))[1], Type.DIVISION)
        return exp.paren(exp.Between(this=self.sql(place), low=low, high=high))

    def _starts_with(self, node: Node) -> exp.Expr:
        prefix = str(node.args[1].value)
        args = [self.sql(node.args[0]), exp.Literal.number(1), exp.Literal.number(len(prefix))]
        return exp.paren(
            exp.EQ(this=exp.Anonymous(this="SUBSTR", expressions=args), expression=exp.Literal.string(prefix))
        )

    def _half_up(self, node: Node) -> exp.Expr:
        top, bottom = (exp.paren(self.sql(a)) for a in node.args)
        two = constant(2, Type.INT, self.dialect)
        above = exp.paren(exp.Add(this=exp.Mul(this=two, expression=top), expression=bottom))
        below = exp.paren(exp.Mul(this=two.copy(), expression=bottom.copy()))
        # sqlglot writes // for SQLite as a REAL division and for PostgreSQL as a numeric one
        if self.dialect in {"sqlite", "postgres"}:
            return exp.paren(exp.Div(this=above, expression=below, typed=True))
        return exp.paren(exp.IntDiv(this=above, expression=below))

    def _coalesce(self, node: Node) -> exp.Expr:
        first, *rest = (self.sql(a) for a in node.args)
        return exp.Coalesce(this=first, expressions=rest)

    def _least(self, node: Node) -> exp.Expr:
        first, *rest = (self.sql(a) for a in node.args)
        return exp.Least(this=first, expressions=rest)

    def _greatest(self, node: Node) -> exp.Expr:
        first, *rest = (self.sql(a) for a in node.args)
        return exp.Greatest(this=first, expressions=rest)

    def _case(self, node: Node) -> exp.Expr:
        case = exp.Case()
        for condition, value in zip(node.args[:-1:2], node.args[1:-1:2], strict=True):
            case = case.when(self.sql(condition), self.sql(value))
        return case.else_(self.sql(node.args[-1]))

    def _bracket(self, node: Node) -> exp.Expr:
        name = str(node.value)
        case = exp.Case()
        for key in self.keys(name):
            case = case.when(self.at_least(node, int(key)), self.table_value(name, int(key), node.type))
        return case.else_(constant(0, node.type, self.dialect))

    def at_least(self, node: Node, key: int) -> exp.Expr:
        """The condition that a bracket's key is reached."""
        if len(node.args) == 1:
            return exp.paren(
                exp.GTE(this=self.sql(node.args[0]), expression=constant(key, Type.INT, self.dialect))
            )
        birth, day = node.args
        bound = self.per_month(lambda m: latest_birth(evaluate(day, self.policy, m), key), Type.DATE)
        return exp.paren(exp.LTE(this=self.sql(birth), expression=bound))

    def _lookup(self, node: Node) -> exp.Expr:
        name, key = str(node.value), self.sql(node.args[0])
        case = exp.Case()
        for text in sorted(str(k) for k in self.keys(name) if k != "*"):
            same = exp.EQ(this=key.copy(), expression=exp.Literal.string(text))
            case = case.when(same, self.per_month(partial(self._looked_up, name, text), node.type))
        return case.else_(self.per_month(partial(self._looked_up, name, "*"), node.type))

    def _looked_up(self, name: str, key: str, month: Month) -> int:
        table = table_at(self.policy, name, month)
        return table.get(key, table["*"])

    def keys(self, name: str) -> list[int | str]:
        """All keys of a table in the months asked for, highest first."""
        found: set[int | str] = set()
        for month in self.constants.months:
            if self.policy.in_force(month):
                found |= set(table_at(self.policy, name, month))
        return sorted(found, key=lambda k: (isinstance(k, str), k), reverse=True)

    def table_value(self, name: str, key: int, type_: Type) -> exp.Expr:
        """The value of a bracket; in months whose table lacks it, that of the next lower one, or nothing."""

        def value(month: Month) -> int:
            table = table_at(self.policy, name, month)
            lower = [int(k) for k in table if int(k) <= key]
            return table[max(lower)] if lower else 0

        return self.per_month(value, type_)


def constant(value: Any, type_: Type, dialect: Dialect) -> exp.Expr:
    """A literal of the dialect. Money is BIGINT, or sums overflow at 21 million yuan. Unknown is a typed null."""
    if value is None:
        return exp.cast(exp.Null(), SQL_TYPES[type_])
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, date):
        text = exp.Literal.string(value.isoformat())
        return text if dialect == "sqlite" else exp.cast(text, "DATE")  # Django keeps days as text in SQLite
    if isinstance(value, int):
        number = exp.Literal.number(abs(value))
        return exp.cast(exp.Neg(this=number) if value < 0 else number, "BIGINT")
    return exp.Literal.string(value)
