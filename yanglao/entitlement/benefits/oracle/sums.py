"""An expression of a policy, reckoned for one subject and one month. True, False, or None: it cannot be known."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlglot import exp

from ..rules.lang import parse
from .amounts import Amount, Unsupported, added, multiplied, negative, number, quotient, settled, to_step
from .days import DAY, moment, months_later, years_old
from .paper import STEPPED, Paper, lies_in
from .told import Told

COMPARED: Mapping[type[exp.Expr], Callable[[Any, Any], bool]] = {
    exp.EQ: operator.eq,
    exp.NEQ: operator.ne,
    exp.LT: operator.lt,
    exp.LTE: operator.le,
    exp.GT: operator.gt,
    exp.GTE: operator.ge,
}
written = lru_cache(maxsize=None)(parse)


class Sum:
    """Reckons what a policy says for one subject in one month. `figures_of`: the month whose figures count."""

    def __init__(self, paper: Paper, told: Told, month: int, figures_of: int | None = None) -> None:
        self.paper, self.told, self.month = paper, told, month
        self.figures_of = month if figures_of is None else figures_of

    def of(self, text: str) -> Any:
        return settled(self.open(text))

    def open(self, text: str) -> Any:
        """The value with its rounding still to be done."""
        return self.value(written(text))

    def holds(self, text: str) -> bool:
        """What cannot be known does not hold."""
        return self.of(text) is True

    def fact(self, name: str, day: date | None = None) -> Any:
        return self.told.fact(name, self.month, day or self.paper.fact_day(name, self.month))

    def value(self, tree: exp.Expr) -> Any:
        kind = type(tree)
        if kind in COMPARED:
            return self.compared(COMPARED[kind], self.value(tree.this), self.value(tree.expression))
        if kind not in SUMS:
            raise Unsupported(f"{kind.__name__}: {tree.sql()}")
        return SUMS[kind](self, tree)

    def rounded(self, tree: exp.Expr) -> Any:
        return settled(self.value(tree))

    def literal(self, tree: exp.Expr) -> Any:
        return tree.this if tree.args.get("is_string") else int(tree.this)

    def name(self, tree: exp.Expr) -> Any:
        name = tree.name
        if name in self.told.kind.facts:
            return self.fact(name)
        if name in self.paper.parameters:
            return self.paper.parameters[name].on(self.paper.figure_day(name, self.figures_of))
        if name == "age":
            return self.age()
        if name == "division":
            return self.paper.division
        numbers = {
            "month_of_year": lambda: self.month % 12 + 1,
            "month_days": lambda: moment("month_end", self.month).day,
            "year_days": lambda: (
                (moment("year_end", self.month) - moment("previous_year_end", self.month)).days
            ),
        }
        return numbers[name]() if name in numbers else moment(name, self.month)

    def age(self) -> int | None:
        """Full years on the day ages are looked at. The dead grow no older."""
        born, day = self.fact("birth_date"), moment(self.paper.age_on, self.month)
        died = self.fact("death_date") if "death_date" in self.told.kind.facts else None
        if born is None:
            return None
        return years_old(born, min(day, died) if died else day)

    def compared(self, how: Callable[[Any, Any], bool], left: Any, right: Any) -> bool | None:
        left, right = number(left), number(right)
        if left is None or right is None:
            return None
        if isinstance(left, date) and isinstance(right, str):
            right = date.fromisoformat(right)
        if isinstance(right, date) and isinstance(left, str):
            left = date.fromisoformat(left)
        return how(left, right)

    def both(self, tree: exp.Expr) -> bool | None:
        found = self.value(tree.this)
        if found is False:
            return False
        other = self.value(tree.expression)
        return False if other is False else None if None in (found, other) else True

    def either(self, tree: exp.Expr) -> bool | None:
        found = self.value(tree.this)
        if found is True:
            return True
        other = self.value(tree.expression)
        return True if other is True else None if None in (found, other) else False

    def opposite(self, tree: exp.Expr) -> bool | None:
        found = self.value(tree.this)
        return None if found is None else not found

    def unknown(self, tree: exp.Expr) -> bool:
        return self.value(tree.this) is None

    def listed(self, tree: exp.Expr) -> bool | None:
        found = number(self.value(tree.this))
        return None if found is None else found in [self.literal(e) for e in tree.expressions]

    def between(self, tree: exp.Expr) -> bool | None:
        found = self.value(tree.this)
        low = self.compared(operator.ge, found, self.value(tree.args["low"]))
        high = self.compared(operator.le, found, self.value(tree.args["high"]))
        return False if False in (low, high) else None if None in (low, high) else True

    def case(self, tree: exp.Expr) -> Any:
        return self.rounded(self.branch(tree))

    def branch(self, tree: exp.Expr) -> exp.Expr:
        """The branch that is taken: the first whose condition holds, or the rest."""
        for one in tree.args["ifs"]:
            if self.value(one.this) is True:
                return one.args["true"]
        return tree.args["default"]

    def coalesce(self, tree: exp.Expr) -> Any:
        return next((v for v in self.many(tree) if v is not None), None)

    def many(self, tree: exp.Expr) -> list[Any]:
        return [self.rounded(e) for e in (tree.this, *tree.expressions)]

    def least(self, tree: exp.Expr) -> Any:
        return min(self.many(tree), key=number)

    def greatest(self, tree: exp.Expr) -> Any:
        return max(self.many(tree), key=number)

    def call(self, tree: exp.Expr) -> Any:
        if str(tree.this) not in CALLS:
            raise Unsupported(f"the function {tree.this}")
        return CALLS[str(tree.this)](self, *tree.expressions)

    def looked_up(self, table: exp.Expr, *keys: exp.Expr) -> Any:
        return self.step(table, keys)[1]

    def step(self, table: exp.Expr, keys: tuple[exp.Expr, ...]) -> tuple[tuple[Any, ...] | None, Any]:
        parameter = self.paper.parameters[table.name]
        day = self.paper.figure_day(table.name, self.figures_of)
        return parameter.found(day, [number(self.value(k)) for k in keys])

    def bracket_of(self, text: str) -> str:
        return self.bracket(written(text)) or ""

    def bracket(self, tree: exp.Expr) -> str | None:
        """The step an amount came from, as table:key/key: of the first table by steps its words name; None: no table."""
        if isinstance(tree, exp.Case):
            return self.bracket(self.branch(tree)) or ""
        if isinstance(tree, exp.Anonymous) and str(tree.this) in {"bracket", "lookup"}:
            table, *keys = tree.expressions
            if STEPPED & set(self.paper.parameters[table.name].by):
                path, _figure = self.step(table, tuple(keys))
                return f"{table.name}:{'/'.join(map(_said, path))}" if path is not None else ""
        parts = [tree.args.get("this"), tree.args.get("expression"), *(tree.args.get("expressions") or ())]
        found = (self.bracket(part) for part in parts if isinstance(part, exp.Expr))
        return next((code for code in found if code is not None), None)

    def percent_of(self, amount: exp.Expr, *shares: exp.Expr) -> Any:
        return self.shared(amount, [self.rounded(s) for s in shares])

    def raised_by(self, amount: exp.Expr, *shares: exp.Expr) -> Any:
        whole = Amount(Fraction(1), "percent")
        return self.shared(amount, [added(whole, self.rounded(s)) for s in shares])

    def shared(self, amount: exp.Expr, shares: list[Amount | None]) -> Any:
        found = self.value(amount)
        for share in shares:
            found = None if share is None else quotient(found, share.of)
        return found

    def pro_rata(self, amount: exp.Expr, part: exp.Expr, whole: exp.Expr) -> Any:
        days = self.rounded(part)
        return None if days is None else quotient(self.value(amount), Fraction(days, self.rounded(whole)))

    def div_half_up(self, top: exp.Expr, bottom: exp.Expr) -> Any:
        return quotient(self.value(top), Fraction(1, self.rounded(bottom)))

    def div_down(self, top: exp.Expr, bottom: exp.Expr) -> Any:
        found, parts = self.rounded(top), self.rounded(bottom)
        if isinstance(found, Amount):
            return Amount(to_step(found.of / parts, Fraction(1, 100), "down"), found.unit)
        return None if found is None else found // parts

    def to_yuan(self, amount: exp.Expr) -> Any:
        found = self.value(amount)
        return None if found is None else Amount(to_step(found.of, Fraction(1), "half_up"), found.unit)

    def within(self, place: exp.Expr, area: exp.Expr) -> bool | None:
        code = self.value(place)
        return None if code is None else lies_in(code, self.value(area))

    def years_between(self, since: exp.Expr, until: exp.Expr) -> int | None:
        born = self.value(since)
        return None if born is None else years_old(born, self.value(until))

    def days_between(self, since: exp.Expr, until: exp.Expr) -> int | None:
        first, last = self.value(since), self.value(until)
        return None if first is None or last is None else (last - first).days

    def starts_with(self, text: exp.Expr, beginning: exp.Expr) -> bool | None:
        found = self.value(text)
        return None if found is None else found.startswith(self.value(beginning))

    def part_of_day(self, tree: exp.Expr, part: str) -> int | None:
        day = self.value(tree)
        return None if day is None else int(getattr(day, part))


def _said(key: Any) -> str:
    """A key as a ledger line names it; yuan in fen."""
    if isinstance(key, bool):
        return str(key).lower()
    return str(int(key * 100)) if isinstance(key, Fraction) else str(key)


SUMS: Mapping[type[exp.Expr], Callable[[Sum, exp.Expr], Any]] = {
    exp.Literal: Sum.literal,
    exp.Boolean: lambda s, t: bool(t.this),
    exp.Null: lambda s, t: None,
    exp.Column: Sum.name,
    exp.Paren: lambda s, t: s.value(t.this),
    exp.And: Sum.both,
    exp.Or: Sum.either,
    exp.Not: Sum.opposite,
    exp.Is: Sum.unknown,
    exp.In: Sum.listed,
    exp.Between: Sum.between,
    exp.Add: lambda s, t: added(s.value(t.this), s.value(t.expression)),
    exp.Sub: lambda s, t: added(s.value(t.this), s.value(t.expression), -1),
    exp.Mul: lambda s, t: multiplied(s.value(t.this), s.value(t.expression)),
    exp.Neg: lambda s, t: negative(s.value(t.this)),
    exp.Case: Sum.case,
    exp.Coalesce: Sum.coalesce,
    exp.Least: Sum.least,
    exp.Greatest: Sum.greatest,
    exp.Anonymous: Sum.call,
}
CALLS: Mapping[str, Callable[..., Any]] = {
    "within": Sum.within,
    "years_between": Sum.years_between,
    "bracket": Sum.looked_up,
    "lookup": Sum.looked_up,
    "percent_of": Sum.percent_of,
    "raised_by": Sum.raised_by,
    "pro_rata": Sum.pro_rata,
    "div_half_up": Sum.div_half_up,
    "div_down": Sum.div_down,
    "to_yuan": Sum.to_yuan,
    "add_months": lambda s, day, n: months_later(s.value(day), s.rounded(n)),
    "add_days": lambda s, day, n: s.value(day) + s.rounded(n) * DAY,
    "days_between": Sum.days_between,
    "month_of": lambda s, day: s.part_of_day(day, "month"),
    "year_of": lambda s, day: s.part_of_day(day, "year"),
    "starts_with": Sum.starts_with,
}
