"""Whom to call."""

from __future__ import annotations

from django.utils import timezone

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action
from yanglao.registers.people import checks
from yanglao.registers.people.models import (
    Contact,
    Person,
)


@action("people.add_contact", right="people.edit")
def add_contact(
    actor: Actor,
    person: Person,
    *,
    name: str,
    relation: str,
    phone: str = "",
    has_key: bool = False,
    guardian: bool = False,
) -> Contact:
    """Add someone to call. Raises ValidationError."""
    contact = Contact(
        person=person,
        name=checks.name(name),
        relation=relation,
        has_key=has_key,
        guardian=guardian,
        phone=checks.phone(phone),
    )
    contact.clean_fields(exclude=["phone", "person"])
    contact.save()
    return contact


@action("people.remove_contact", right="people.edit")
def remove_contact(actor: Actor, contact: Contact) -> None:
    """Nobody calls him any more; the row stays."""
    contact.removed_at = timezone.now()
    contact.save()
