"""Reading personal data in clear."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.crypto.sealed import Sealed
from yanglao.kernel.scope import everything
from yanglao.registers.people import checks
from yanglao.registers.people.kinds import kinds
from yanglao.registers.people.models import (
    Household,
    Looked,
    Person,
)
from yanglao.shell.templatetags.shell import yuan

PERSONAL = ("id_number", "phone", "address", "hukou_address")


@action("people.reveal", right="people.reveal")
def reveal(actor: Actor, person: Person, *, field: str, purpose: str) -> str:
    """The plain text of a personal field; who read it, when, from where and what for is recorded.

    `field`: id_number, phone, address, hukou_address, `contact:<id>`, `account:<id>`, `household:<id>` or
    `fact:<id>` (an amount).
    Raises ValidationError without a purpose, KeyError for another field.
    """
    checks.purpose(purpose)
    text = _sealed(person, field)
    Looked.by(actor, person=person, field=field, purpose=purpose.strip()).save()
    note(field=field, purpose=purpose.strip())
    return text


def _sealed(person: Person, field: str) -> str:
    what, _colon, pk = field.partition(":")
    with everything("the person an action holds"):
        sealed: Any
        if what == "contact":
            sealed = person.contacts.get(pk=int(pk)).phone
        elif what == "account":
            sealed = person.accounts.get(pk=int(pk)).account
        elif what == "household":
            sealed = Household.objects.get(pk=int(pk), members__person=person, members__valid_to=None).address
        elif what == "fact":
            row = person.circumstances.get(
                pk=int(pk), kind__in=[k.kind for k in kinds().values() if k.is_sealed]
            )
            return _("%(yuan)s元") % {"yuan": yuan(int(row.value))}
        elif field in PERSONAL:
            return plain(person, field)
        else:
            raise KeyError(field)
    return str(sealed.reveal())


def plain(person: Person, field: str) -> str:
    sealed: Sealed = getattr(person, field)
    return sealed.reveal()
