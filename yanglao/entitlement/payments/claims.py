"""What neighbours say of a payment, where they are installed: debts set off, persons held (corrections), and claims of
providers to be paid (vouchers)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.apps import apps

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import Subscription
from yanglao.kernel.scope import everything

if TYPE_CHECKING:
    from yanglao.entitlement.vouchers.queries import ClaimToPay

VOUCHERS = "vouchers"  # the policy that stands in a payment of a claim


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


def to_pay(division: int) -> list[ClaimToPay]:
    """Approved claims of the providers of a division that were not settled; earliest first."""
    if not apps.is_installed("yanglao.entitlement.vouchers"):
        return []
    from yanglao.entitlement.vouchers import queries

    with everything("the claims of a division's providers"):
        return [claim for claim in queries.claims_to_pay(division) if claim.amount_fen > 0]


def settle(claim_ids: Iterable[int], *, on: dt.date, payment: str) -> None:
    """Claims whose money arrived are settled; those that were already stay as they are. Called inside actions."""
    from yanglao.entitlement.vouchers import actions, queries

    with everything("the claims an order has paid"):
        for pk in claim_ids:
            claim = queries.claim(pk)
            if claim.state in claim.PAYABLE:
                actions.settle(Actor.system("payments"), claim, on=on, payment=payment)


def reopen(claim_id: int, *, on: dt.date, why: str) -> None:
    """A claim whose money the bank gave back is owed again; one not settled as yet stays as it is. Called inside actions."""
    from yanglao.entitlement.vouchers import actions, queries

    with everything("the claim of a payment that bounced"):
        claim = queries.claim(claim_id)
        if claim.state == claim.State.SETTLED:
            actions.unsettle(Actor.system("payments"), claim, on=on, why=why)


def reviewers(claim_ids: Iterable[int]) -> set[int]:
    """The accounts that found the claims right: they do not pay them."""
    from yanglao.entitlement.vouchers import queries

    with everything("who reviewed the claims of an order"):
        return queries.reviewers(list(claim_ids))


def kept_back(run_id: int, payee_kind: str, payee_id: int) -> list[Any]:
    """The entries of debts that a run's payments to a payee settled, with their debt."""
    if not _installed():
        return []
    from yanglao.entitlement.corrections import queries

    with everything("what a payment was set off against"):
        return queries.kept_back_from(run_id, payee_kind, payee_id)
