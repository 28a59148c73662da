"""Money as people read it. Amounts are integer fen everywhere; only text and sheets show yuan."""

from __future__ import annotations

from decimal import Decimal


def yuan(fen: int) -> Decimal:
    """Exact yuan with two decimals: 12345 → Decimal('123.45')."""
    return (Decimal(fen) / 100).quantize(Decimal("0.01"))


def yuan_text(fen: int) -> str:
    """Yuan with thousands separators: 12345678 → '123,456.78'."""
    return f"{yuan(fen):,}"
