"""What depends on the month alone is computed here, before the query is made: one value per month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from .months import Month, add_months
from .policy import Policy, moment_day
from .tables import Table, figure
from .tree import Node

Constant = Any  # int · bool · str · date


def evaluate(node: Node, policy: Policy, month: Month) -> Constant:
    """The value of a fixed node in `month`. Raises LookupError when a parameter has no value then."""
    if node.op == "literal":
        return node.value
    if node.op == "moment":
        return _moment(str(node.value), policy, month)
    if node.op == "parameter":
        name = str(node.value)
        return policy.parameters[name].at(policy.parameter_day(name, month)).value
    if node.op == "at_month":
        shift = node.value
        assert isinstance(shift, int)
        then = replace(policy, shift=shift)
        return evaluate(node.args[0], then, month) if then.in_force(month) else 0
    if node.op == "in_force":
        assert isinstance(node.value, int)
        return policy.began(month.plus(node.value))
    args = [evaluate(a, policy, month) for a in node.args]
    if node.op in {"lookup", "bracket"}:
        name = str(node.value)
        return figure(table_at(policy, name, month), policy.parameters[name].by or (), args)
    if node.op == "part_of_day":
        return args[0].year if node.value == "YEAR" else args[0].month
    return OPERATIONS[node.op](*args)


def _moment(name: str, policy: Policy, month: Month) -> Constant:
    if name == "month_of_year":
        return month.number
    if name == "month_days":
        return month.last.day
    if name == "year_days":
        return date(month.year, 12, 31).timetuple().tm_yday
    if name == "verified_since":
        assert policy.verification is not None
        return policy.verification.since(month)
    return moment_day(policy.age_on if name == "age_day" else name, month)


def table_at(policy: Policy, name: str, month: Month) -> Table:
    """The table of a parameter in `month`. Raises LookupError when it has none then."""
    table = policy.parameters[name].at(policy.parameter_day(name, month)).table
    assert table is not None
    return table


def half_up(top: int, bottom: int) -> int:
    """top ÷ bottom, halves up; truncates like every SQL dialect does."""
    return round_down(2 * top + bottom, 2 * bottom)


def round_down(top: int, bottom: int) -> int:
    quotient = abs(top) // abs(bottom)
    return quotient if (top < 0) == (bottom < 0) else -quotient


def _case(*parts: Constant) -> Constant:
    for condition, value in zip(parts[:-1:2], parts[1:-1:2], strict=True):
        if condition:
            return value
    return parts[-1]


def _add_days(day: date, count: int) -> date:
    return day + timedelta(days=count)


OPERATIONS: Mapping[str, Callable[..., Constant]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "neg": lambda a: -a,
    "half_up": half_up,
    "round_down": round_down,
    "round_up": lambda top, bottom: round_down(top + bottom - 1, bottom),
    "days_between": lambda first, last: (last - first).days,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
    "not": lambda a: not a,
    "in": lambda a, *items: a in items,
    "case": _case,
    "coalesce": lambda *args: next((a for a in args if a is not None), None),
    "least": min,
    "greatest": max,
    "add_months": add_months,
    "add_days": _add_days,
    "starts_with": lambda text, prefix: text.startswith(prefix),
}
