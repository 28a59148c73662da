"""What the room of corrections says against a payment, where that room is installed: debts set off, persons held."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps

from yanglao.kernel.rooms import Subscription


def _installed() -> bool:
    return apps.is_installed("yanglao.entitlement.corrections")


def offsets(run_id: int, payee_kind: str) -> dict[int, int]:
    """Fen kept back from what a run pays a payee, against what he owes."""
    if not _installed():
        return {}
    from yanglao.entitlement.corrections import queries

    return dict(queries.offsets(run_id, payee_kind))


def held(person_ids: Iterable[int]) -> list[int]:
    """Those of the persons whose payments wait for a clue to be decided."""
    if not _installed():
        return []
    from yanglao.entitlement.corrections import queries

    return sorted(queries.held(list(person_ids)))


def subscriptions(handler: Callable[[Any], None]) -> tuple[Subscription, ...]:
    """The handler hears of persons whose payments are held or let go."""
    if not _installed():
        return ()
    from yanglao.entitlement.corrections.events import HoldPlaced, HoldReleased

    return Subscription(HoldPlaced, handler), Subscription(HoldReleased, handler)
