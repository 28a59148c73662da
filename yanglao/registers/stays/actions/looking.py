"""Reading a resident's personal data in clear."""

from __future__ import annotations

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.registers.people import actions as people
from yanglao.registers.stays.models import Stay
from yanglao.registers.stays.persons import for_the_register

FIELDS = ("id_number", "phone", "address", "hukou_address")


@action("stays.reveal", right="stays.reveal")
def reveal(actor: Actor, stay: Stay, *, field: str, purpose: str) -> str:
    """A personal field of a resident; who read it and what for is recorded in the person's file.

    Raises ValidationError without a purpose, KeyError for another field.
    """
    if field not in FIELDS:
        raise KeyError(field)
    text = people.reveal(for_the_register(actor), stay.person, field=field, purpose=purpose)
    note(field=field, purpose=purpose.strip())
    return text
