"""How a claim is being paid, asked of the room of payments where it is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps

from yanglao.kernel.scope import everything

if TYPE_CHECKING:
    from yanglao.entitlement.payments.queries import Payment


def payment_of(claim_id: int) -> Payment | None:
    """The payment of a claim, once an order has it."""
    if not apps.is_installed("yanglao.entitlement.payments"):
        return None
    from yanglao.entitlement.payments import queries

    with everything("who sees a claim sees how it was paid"):
        return queries.of_claim(claim_id)
