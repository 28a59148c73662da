"""Who may open the pages of applications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.harness.access import Access, listing, public, record
from tests.harness.house import House
from yanglao.entitlement.applications.tests.sample import applied, granted, item, online, poor


def application(house: House) -> Mapping[str, Any]:
    return {"pk": applied(house).pk}


def stranger(house: House) -> Mapping[str, Any]:
    return {"pk": online(house).pk}


def ended(house: House) -> Mapping[str, Any]:
    found = applied(house, 53)
    return {"pk": found.pk if found.closed_on else granted(house, 53).pk}


def person(house: House) -> Mapping[str, Any]:
    return {"person": poor(house).pk}


def choice(house: House) -> Mapping[str, Any]:
    return {"person": poor(house, 55).pk, "item": item().pk}


def offer(house: House) -> Mapping[str, Any]:
    poor(house)
    return {"item": item().pk, "division": house.village}


ACCESS: dict[str, Access] = {
    "applications:standing": listing("applications.view"),
    "applications:standing_file": listing("applications.export", page=False),
    "applications:ratings": listing("applications.view"),
    "applications:ratings_file": listing("applications.export", page=False),
    "applications:list": listing("applications.view"),
    "applications:application": record("applications.view", application),
    "applications:match": record("applications.apply", stranger),
    "applications:rate": record("applications.apply", ended),
    "applications:choose": record("applications.apply", person),
    "applications:apply": record("applications.apply", choice),
    "applications:public": public(),
    "applications:public_apply": public(args=offer),
    "applications:public_done": public(own=302, signed_out=302),
    "applications:public_rate": public(),
}
