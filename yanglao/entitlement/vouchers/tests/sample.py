"""An invented person with a voucher, and a home that takes it, for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from yanglao.entitlement.vouchers import actions, rules
from yanglao.entitlement.vouchers.models import Voucher
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions as people
from yanglao.registers.people.tests.sample import make
from yanglao.registers.stays.tests.sample import home

SYSTEM = Actor.system("test")
CITY = 330200000000
SERVICES = ["day_care", "long_stay", "respite", "visit"]


def today() -> dt.date:
    return timezone.localdate()


def month() -> int:
    return rules.month_of(today())


def last_month() -> int:
    return rules.month_of(today().replace(day=1) - dt.timedelta(days=1))


def impaired(order: int = 1, *, level: int = 3, **more: Any) -> Any:
    """Someone assessed severely impaired since 2024."""
    person = make(order, **more)
    with everything("test"):
        people.record(
            SYSTEM,
            person,
            kind="ability",
            value=f"gbt42195-2022:{level}",
            valid_from=dt.date(2024, 1, 1),
            source="评估",
        )
    return person


def voucher(person: Any, *, kind: str = "home", of: int | None = None, **more: Any) -> Voucher:
    """A claimed voucher, of this month if none is said; of no kind: still to be claimed."""
    given: dict[str, Any] = {
        "number": rules.number(of or month(), person.pk * 7 + (of or 0)),
        "person": person,
        "division_id": person.residence_id,
        "month": of or month(),
        "scheme": "national-2026",
        "kind": kind,
        "cap_fen": 80_000,
        "state": "claimed" if kind else "issued",
        "claimed_on": today() if kind else None,
    }
    with everything("test"):
        return Voucher.objects.create(**{**given, **more})


def provider(**more: Any) -> Any:
    """A home that takes vouchers for everything."""
    place = home(**more)
    actions.admit(SYSTEM, place=place, services=SERVICES, since=dt.date(2025, 1, 1))
    return place


def redeem(place: Any, held: Voucher, price: int = 30_000, *, actor: Actor = SYSTEM, **more: Any) -> Any:
    given: dict[str, Any] = {"service": "visit", "day": today(), "order_number": f"D{price}"}
    return actions.redeem(actor, place=place, voucher=held, price=price, **{**given, **more})


def fresh(held: Voucher) -> Voucher:
    with everything("test"):
        return Voucher.objects.get(pk=held.pk)
