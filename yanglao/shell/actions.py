"""Changes the shell itself makes."""

from __future__ import annotations

from collections.abc import Sequence

from yanglao.kernel.accounts.actor import Actor
from yanglao.shell.models import ChosenColumns


def choose_columns(actor: Actor, page: str, columns: Sequence[str]) -> None:
    """Remember which columns the user wants on a page. A taste, not a fact: it leaves no audit entry."""
    if actor.user_id is None:
        return
    if columns:
        ChosenColumns.objects.update_or_create(
            user_id=actor.user_id, page=page, defaults={"columns": list(columns)}
        )
    else:
        ChosenColumns.objects.filter(user_id=actor.user_id, page=page).delete()
