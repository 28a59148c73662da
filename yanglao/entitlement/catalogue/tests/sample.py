"""A small Ningbo with its list, and persons of several kinds, for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from tests.harness.house import House
from yanglao.entitlement.benefits.tests.month import load_policies
from yanglao.entitlement.catalogue.models import Entitlement, Item
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.packs.models import City
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions as people
from yanglao.registers.people.tests.sample import make

SYSTEM = Actor.system("test")
SINCE = dt.date(2024, 1, 1)


def ningbo(house: House) -> City:
    load_policies(house)
    return City.objects.get(pk="ningbo")


def person(
    order: int = 1, *, born: dt.date = dt.date(1940, 5, 1), place: int | None = None, **facts: Any
) -> Any:
    """Somebody of whom these facts hold since 2024: person(1, economic="dibao", living="alone")."""
    made = make(order, born=born, **({} if place is None else {"place": place}))
    record(made, **facts)
    return made


def record(made: Any, *, on: dt.date = SINCE, **facts: Any) -> None:
    with everything("test"):
        for kind, value in facts.items():
            people.record(SYSTEM, made, kind=kind, value=value, valid_from=on, source="名册")


def states(person_id: int) -> dict[str, str]:
    """Item → name of its state, of one person."""
    with everything("test"):
        rows = Entitlement.objects.filter(person_id=person_id).select_related("item")
        return {row.item.key: Entitlement.State(row.state).name.lower() for row in rows}


def item(key: str, city: str = "ningbo") -> Item:
    return Item.objects.get(city_id=city, key=key)


def today() -> dt.date:
    return timezone.localdate()
