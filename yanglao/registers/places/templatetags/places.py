"""Words of the register for its templates."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def square_metres(area: int | None) -> str:
    """Hundredths of a square metre: 345650 → 3,456.5 m²."""
    if area is None:
        return "—"
    return f"{area / 100:,.2f}".rstrip("0").rstrip(".") + " m²"
