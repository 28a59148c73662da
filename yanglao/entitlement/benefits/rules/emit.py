"""A typed tree as SQL of one dialect. Constants become literals, or columns of `months` when they vary by month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from sqlglot import exp

from .constants import evaluate
from .emit_days import reached_by
from .emit_tables import figure_sql, latest_births
from .months import Month
from .policy import Policy
from .schema import Type
from .tables import span
from .tree import Node

Dialect = Literal["duckdb", "postgres", "sqlite", "spark"]
SQL_TYPES = {
    Type.BOOL: "BOOLEAN",
    Type.INT: "BIGINT",
    Type.MONEY: "BIGINT",
    Type.PERCENT: "BIGINT",
    Type.QUANTITY: "BIGINT",
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
            return paren(method(node)) if node.op in {"not", "in"} else method(node)
        left, right = (self.sql(a) for a in node.args)
        return paren(COMPARISONS[node.op](this=left, expression=right))

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
        return paren(exp.Is(this=self.sql(node.args[0]), expression=exp.Null()))

    def _not(self, node: Node) -> exp.Expr:
        return exp.Not(this=paren(self.sql(node.args[0])))

    def _neg(self, node: Node) -> exp.Expr:
        return paren(exp.Neg(this=paren(self.sql(node.args[0]))))

    def _in(self, node: Node) -> exp.Expr:
        first, *items = (self.sql(a) for a in node.args)
        return exp.In(this=first, expressions=items)

    def _reached(self, node: Node) -> exp.Expr:
        """The years have passed on the day; who died before it must have reached them by then."""
        birth, day, *death, years = node.args
        bound = exp.LTE(this=self.sql(birth), expression=latest_births(node, self))
        if not death:
            return paren(bound)
        died = self.sql(death[0])
        lived = exp.or_(
            exp.Is(this=died, expression=exp.Null()),
            exp.GTE(this=died.copy(), expression=self.sql(day)),
            reached_by(self.sql(birth), self.sql(years), died.copy(), self.dialect),
        )
        return paren(exp.and_(bound, paren(lived)))

    def _at_month(self, node: Node) -> exp.Expr:
        """With the figures of another month."""
        assert isinstance(node.value, int)
        then = replace(self.policy, shift=node.value)
        return Emitter(self.dialect, self.constants, then, self.column).sql(node.args[0])

    def _within(self, node: Node) -> exp.Expr:
        place, area = node.args
        low = self.per_month(lambda m: span(evaluate(area, self.policy, m))[0], Type.DIVISION)
        high = self.per_month(lambda m: span(evaluate(area, self.policy, m))[1], Type.DIVISION)
        return paren(exp.Between(this=self.sql(place), low=low, high=high))

    def _starts_with(self, node: Node) -> exp.Expr:
        prefix = str(node.args[1].value)
        args = [self.sql(node.args[0]), exp.Literal.number(1), exp.Literal.number(len(prefix))]
        return paren(
            exp.EQ(this=exp.Anonymous(this="SUBSTR", expressions=args), expression=exp.Literal.string(prefix))
        )

    def _half_up(self, node: Node) -> exp.Expr:
        return self.half_up(*(paren(self.sql(a)) for a in node.args))

    def half_up(self, top: exp.Expr, bottom: exp.Expr) -> exp.Expr:
        two = constant(2, Type.INT, self.dialect)
        above = paren(exp.Add(this=exp.Mul(this=two, expression=top), expression=bottom))
        return self.divided(above, paren(exp.Mul(this=two.copy(), expression=bottom.copy())))

    def _round_down(self, node: Node) -> exp.Expr:
        return self.divided(*(paren(self.sql(a)) for a in node.args))

    def _round_up(self, node: Node) -> exp.Expr:
        top, bottom = (paren(self.sql(a)) for a in node.args)
        one = constant(1, Type.INT, self.dialect)
        almost = exp.Sub(this=exp.Add(this=top, expression=bottom), expression=one)
        return self.divided(paren(almost), bottom.copy())

    def divided(self, above: exp.Expr, below: exp.Expr) -> exp.Expr:
        """Whole-number division, cut off at the point."""
        # sqlglot writes // for SQLite as a REAL division and for PostgreSQL as a numeric one
        if self.dialect in {"sqlite", "postgres"}:
            return paren(exp.Div(this=above, expression=below, typed=True))
        return paren(exp.IntDiv(this=above, expression=below))

    def _part_of_day(self, node: Node) -> exp.Expr:
        """Year or month of a day. Django keeps days as text in SQLite."""
        day, unit = self.sql(node.args[0]), str(node.value)
        if self.dialect == "sqlite":
            first, length = (1, 4) if unit == "YEAR" else (6, 2)
            args = [day, exp.Literal.number(first), exp.Literal.number(length)]
            return exp.cast(exp.Anonymous(this="SUBSTR", expressions=args), "BIGINT")
        return exp.cast(exp.Extract(this=exp.var(unit), expression=day), "BIGINT")

    def _days_between(self, node: Node) -> exp.Expr:
        first, last = (self.sql(a) for a in node.args)
        if self.dialect == "sqlite":
            days = [exp.Anonymous(this="JULIANDAY", expressions=[d]) for d in (last, first)]
            return exp.cast(paren(exp.Sub(this=days[0], expression=days[1])), "BIGINT")
        if self.dialect == "spark":
            return exp.cast(exp.Anonymous(this="DATEDIFF", expressions=[last, first]), "BIGINT")
        return exp.cast(paren(exp.Sub(this=last, expression=first)), "BIGINT")

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
        return figure_sql(node, self)

    _lookup = _bracket

    def constant(self, value: Any, type_: Type) -> exp.Expr:
        return constant(value, type_, self.dialect)


def constant(value: Any, type_: Type, dialect: Dialect) -> exp.Expr:
    """A literal of the dialect. Money is BIGINT, or sums overflow at 21 million yuan. Unknown is a typed null."""
    if value is None:
        return _cast(exp.Null(), SQL_TYPES[type_])
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, date):
        text = exp.Literal.string(value.isoformat())
        return text if dialect == "sqlite" else _cast(text, "DATE")  # Django keeps days as text in SQLite
    if isinstance(value, int):
        number = exp.Literal.number(abs(value))
        return _cast(exp.Neg(this=number) if value < 0 else number, "BIGINT")
    return exp.Literal.string(value)


@lru_cache(maxsize=4096)
def constant_text(value: Any, type_: Type, dialect: Dialect) -> str:
    """The same as text."""
    return constant(value, type_, dialect).sql(dialect)


def paren(inner: exp.Expr) -> exp.Expr:
    """In parentheses; exp.paren would copy all of what stands inside, at every level."""
    return exp.Paren(this=inner)


def _cast(value: exp.Expr, name: str) -> exp.Expr:
    # exp.cast would read the type's name anew for every one of the thousands of constants
    return exp.Cast(this=value, to=exp.DataType(this=exp.DType[name], nested=False))
