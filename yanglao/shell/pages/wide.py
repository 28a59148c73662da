"""Wide divisions on SQLite: walk the order's index instead of sorting the division.

SQLite knows nothing of how many rows a range holds. Asked for fifty rows of a city in the order of their names,
it reads the whole city by the division's index and sorts it (2.5 s of a million rows); walking the name's index
finds fifty of the city in milliseconds. For a village it is the other way round. So the rows of the division are
counted up to a bound, and in a wide one its index is hidden from the planner (the unary plus of SQLite's manual).
PostgreSQL keeps statistics and needs no help.
"""

from __future__ import annotations

import copy
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import connections
from django.db.models import Func, Model, QuerySet
from django.db.models.expressions import Col
from django.db.models.lookups import GreaterThanOrEqual, In, LessThanOrEqual
from django.db.models.sql.where import WhereNode

from yanglao.kernel.divisions.models import Division

WIDE = 20_000


class Unindexed(Func):
    """The value itself; its index is not used."""

    template = "+%(expressions)s"
    arity = 1


def walk_the_order(queryset: QuerySet[Any], first: str) -> QuerySet[Any]:
    """The same rows, with the divisions' index hidden when they are wide and `first` (the order) is another column."""
    if connections[queryset.db].vendor != "sqlite" or _is_division(queryset.model, first):
        return queryset
    bounds = [node for node in queryset.query.where.children if _bounds_only(node, queryset.model)]
    if not bounds or not _wide(queryset.model, bounds):
        return queryset
    walking = queryset.all()
    where = walking.query.where
    where.children = [_hidden(c) if _bounds_only(c, queryset.model) else c for c in where.children]
    return walking


def _is_division(model: type[Model], path: str) -> bool:
    try:
        field = model._meta.get_field(path.removesuffix("_id"))
    except FieldDoesNotExist:
        return False
    return field.related_model is Division


def _bounds_only(node: Any, model: type[Model]) -> bool:
    """Whether a condition bounds division columns of the model's own table, and nothing else."""
    if isinstance(node, WhereNode):
        return not node.negated and bool(node.children) and all(_bounds_only(c, model) for c in node.children)
    if isinstance(node, In):
        return not node.rhs  # the "none of them" that unions of ranges begin with
    return (
        isinstance(node, GreaterThanOrEqual | LessThanOrEqual)
        and isinstance(node.lhs, Col)
        and node.lhs.alias == model._meta.db_table
        and node.lhs.target.related_model is Division
    )


def _wide(model: type[Model], bounds: list[Any]) -> bool:
    """Whether the divisions hold many rows. These are the entered scope's own bounds: nothing else is read."""
    probe = model._base_manager.order_by()
    probe.query.where = WhereNode(list(bounds))
    return bool(probe.values("pk")[:WIDE].count() >= WIDE)


def _hidden(node: Any) -> Any:
    fresh = copy.copy(node)
    if isinstance(node, WhereNode):
        fresh.children = [_hidden(c) for c in node.children]
    elif not isinstance(node, In):
        fresh.lhs = Unindexed(node.lhs, output_field=node.lhs.output_field)
    return fresh
