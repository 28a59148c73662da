"""The way from a person's page to his letter."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from yanglao.kernel.accounts.actor import Actor


def panel(actor: Actor, person_id: int, as_of: date) -> dict[str, str]:
    """The address of the person's explanation for the month that is looked at."""
    return {"url": f"{reverse('policymaking:why', args=[person_id])}?month={as_of:%Y-%m}"}
