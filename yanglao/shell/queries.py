"""Reads of the shell."""

from __future__ import annotations

from yanglao.kernel.accounts.actor import Actor
from yanglao.shell.models import ChosenColumns


def chosen_columns(actor: Actor, page: str) -> list[str]:
    """The columns the user chose on a page; none when he chose nothing."""
    if actor.user_id is None:
        return []
    found = ChosenColumns.objects.filter(user_id=actor.user_id, page=page)
    return next(iter(found.values_list("columns", flat=True)), [])
