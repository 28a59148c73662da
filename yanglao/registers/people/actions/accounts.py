"""Where money goes."""

from __future__ import annotations

import datetime as dt

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action
from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.scope import everything
from yanglao.registers.people import checks
from yanglao.registers.people.models import (
    PayAccount,
    Person,
)
from yanglao.registers.people.recording import (
    writable,
)


@action("people.set_pay_account", right="people.edit")
def set_pay_account(
    actor: Actor,
    person: Person,
    *,
    account: str,
    bank: str,
    on: dt.date,
    source: str,
    holder: str = "",
    relation: str = "self",
) -> PayAccount:
    """Money goes there from the day `on`; the account used before is closed on that day. Raises ValidationError."""
    digits = checks.account(account)
    writable(actor, person)
    with everything("the person an action holds"):
        used = PayAccount.objects.filter(person=person, valid_to=None).first()
        if used and used.account_hash == blind_index("people.payaccount.account", digits):
            return used
        if used:
            used.valid_to = max(on, used.valid_from)
            used.save()
    made = PayAccount(
        person=person,
        account=digits,
        bank=bank.strip(),
        holder=holder.strip() or person.name,
        relation=relation,
        valid_from=on,
        source=checks.source(source),
    )
    made.clean_fields(exclude=["person", "account"])
    made.save()
    return made
