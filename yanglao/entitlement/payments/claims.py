"""What the room of corrections says against a payment, where that room is installed: debts set off, persons held."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps

from yanglao.kernel import bulk


def _installed() -> bool:
    return apps.is_installed("yanglao.entitlement.corrections")


def offsets(run_id: int) -> dict[int, int]:
    """Fen kept back from what a run pays a person, against what he owes."""
    if not _installed():
        return {}
    from yanglao.entitlement.corrections import queries

    return dict(queries.offsets(run_id))


def held(person_ids: Iterable[int]) -> list[int]:
    """Those of the persons whose payments wait for a clue to be decided."""
    if not _installed():
        return []
    from yanglao.entitlement.corrections import queries

    return sorted(pk for chunk in bulk.in_chunks(person_ids) for pk in queries.held(chunk))
