"""Undefined variables and unordered lists in our templates fail the test.

A variable may be undefined in `{% if %}` and before a `default` filter, as Django means it; templates of
the libraries are left alone.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from django.db.models import QuerySet
from django.template import Variable, VariableDoesNotExist, engines
from django.template.base import FilterExpression, Node, Origin
from django.template.defaulttags import ForNode

ROOT = Path(__file__).resolve().parent.parent.parent
DEFAULTS = ("default", "default_if_none")


class UndefinedVariable(AssertionError):
    """A template uses a name its view did not give."""


class UnorderedList(AssertionError):
    """A template walks over rows whose order the database may choose."""


class _Loud(str):
    """`string_if_invalid`: Django applies `%` to it with the name of the undefined variable."""

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, name: object) -> str:
        place = _place()
        if place is None:
            return ""
        raise UndefinedVariable(f"{place}: {{{{ {name} }}}} is not defined")


def _place() -> str | None:
    """File and line of the node that is being rendered, if the template is ours."""
    frame = inspect.currentframe()
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "token", None) is not None:
            return _line(node) if ours(getattr(node, "origin", None)) else None
        frame = frame.f_back
    return None


def _line(node: Node) -> str:
    return f"{node.origin and node.origin.name}:{node.token and node.token.lineno}"


def ours(origin: Origin | None) -> bool:
    return origin is not None and (ROOT / "yanglao") in Path(origin.name).parents


class _Watched:
    """The sequence of a `{% for %}`: must be defined, and a QuerySet must say its order."""

    def __init__(self, expression: Any, node: ForNode) -> None:
        self.expression, self.node = expression, node

    def __getattr__(self, name: str) -> Any:
        return getattr(self.expression, name)

    def __repr__(self) -> str:
        return repr(self.expression)

    def resolve(self, context: Any, ignore_failures: bool = False) -> Any:
        mine = ours(self.node.origin)
        rows = self.expression.resolve(context, ignore_failures=ignore_failures and not mine)
        if mine and isinstance(rows, QuerySet) and not rows.ordered:
            raise UnorderedList(f"{_line(self.node)}: {self.expression} has no order; add order_by()")
        return rows


def _resolve(self: FilterExpression, context: Any, ignore_failures: bool = False) -> Any:
    """As Django's, but an undefined variable before `default` is what `default` is for."""
    filters = {function.__name__ for function, _ in self.filters}
    if filters.intersection(DEFAULTS) and isinstance(self.var, Variable):
        try:
            self.var.resolve(context)
        except VariableDoesNotExist:
            return _original_resolve(self, context, ignore_failures=True)
    return _original_resolve(self, context, ignore_failures)


_original_resolve = FilterExpression.resolve


@pytest.fixture(autouse=True, scope="session")
def _strict_templates() -> Iterator[None]:
    original = ForNode.__init__

    def watched(self: ForNode, loopvars: Any, sequence: Any, *rest: Any, **named: Any) -> None:
        original(self, loopvars, cast(FilterExpression, _Watched(sequence, self)), *rest, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ForNode, "__init__", watched)
        patch.setattr(FilterExpression, "resolve", _resolve)
        for backend in engines.all():
            if hasattr(backend, "engine"):
                patch.setattr(backend.engine, "string_if_invalid", _Loud("undefined"))
        yield
