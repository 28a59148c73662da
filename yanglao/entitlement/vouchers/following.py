"""What news of other rooms does here."""

from __future__ import annotations

from yanglao.registers.people.events import PersonDied


def died(event: PersonDied) -> None:
    """Vouchers that nothing was paid with are void."""
    from yanglao.entitlement.vouchers.actions import void_of_the_dead

    void_of_the_dead(event.person_id, event.on)
