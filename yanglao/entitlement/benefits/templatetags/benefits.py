"""Figures with their sign, for changes against last month."""

from __future__ import annotations

from django import template

from yanglao.shell.templatetags.shell import yuan

register = template.Library()


@register.filter
def signed(number: int) -> str:
    """+12, −3 or 0."""
    return f"+{number:,}" if number > 0 else f"−{-number:,}" if number else "0"


@register.filter
def signed_yuan(fen: int) -> str:
    """+120.00, −30.00 or 0.00."""
    return f"+{yuan(fen)}" if fen > 0 else f"−{yuan(-fen)}" if fen else "0.00"
