"""Template filters of policymaking."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

register = template.Library()


@register.filter
def total(values: Iterable[int]) -> int:
    """The sum of numbers."""
    return sum(values)
