"""Scope: which divisions the one who acts may see. A scoped query outside a scope raises.

django-scopes does this for equality on one dimension; ours is a union of ranges over several columns,
which it cannot say, so these few lines are written by hand.
"""

from yanglao.kernel.scope.context import Unscoped, current, entered, everything
from yanglao.kernel.scope.models import ScopedManager, ScopedModel, ScopedQuerySet
from yanglao.kernel.scope.spans import Level, Span, Spans, contains, level_of, merge

__all__ = [
    "Level",
    "ScopedManager",
    "ScopedModel",
    "ScopedQuerySet",
    "Span",
    "Spans",
    "Unscoped",
    "contains",
    "current",
    "entered",
    "everything",
    "level_of",
    "merge",
]
