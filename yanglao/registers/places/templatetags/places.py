"""Words of the register for its templates."""

from __future__ import annotations

from django import template

from yanglao.shell.templatetags.shell import yuan

register = template.Library()


@register.filter
def square_metres(area: int | None) -> str:
    """Hundredths of a square metre: 345650 → 3,456.5 m²."""
    if area is None:
        return "—"
    return f"{area / 100:,.2f}".rstrip("0").rstrip(".") + " m²"


@register.filter
def whole_yuan(fen: int | None) -> str:
    """Fen as yuan, without idle decimals: 280000 → 2,800, 280050 → 2,800.50."""
    return yuan(fen).removesuffix(".00")
