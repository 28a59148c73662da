"""Who may open what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.harness.access import change, listing, public, record
from tests.harness.house import House
from yanglao.entitlement.catalogue import computing
from yanglao.entitlement.catalogue.models import Item
from yanglao.entitlement.catalogue.tests import sample
from yanglao.kernel.scope import everything
from yanglao.registers.people.tests.sample import somebody


def _person(house: House) -> Any:
    city = sample.ningbo(house)
    made = somebody(41, place=house.village)
    with everything("test"):
        if not Item.objects.filter(city=city).exists():
            computing.synced(city, sample.today())
    return made


def person(house: House) -> Mapping[str, Any]:
    return {"pk": _person(house).pk}


def item(house: House) -> Mapping[str, Any]:
    _person(house)
    return {"pk": sample.item("visits").pk}


def person_and_item(house: House) -> Mapping[str, Any]:
    return {"pk": _person(house).pk, "item": sample.item("ability-assessment").pk}


def entry(house: House) -> Mapping[str, Any]:
    return {**person_and_item(house), "kind": "refuse"}


def edition(house: House) -> Mapping[str, Any]:
    sample.ningbo(house)
    return {"city": "ningbo", "key": "ningbo-services-2026"}


ACCESS = {
    "catalogue:overview": listing("catalogue.view"),
    "catalogue:coverage_file": listing("catalogue.export", page=False),
    "catalogue:recompute": listing("catalogue.recompute"),
    "catalogue:months": listing("catalogue.view"),
    "catalogue:recover": listing("catalogue.recompute"),
    "catalogue:item": listing("catalogue.view", args=item),
    "catalogue:list": listing("catalogue.view"),
    "catalogue:person": record("catalogue.view", person),
    "catalogue:start": change("catalogue.act", person_and_item),
    "catalogue:enter": record("catalogue.act", entry),
    "catalogue:lists": public(),
    "catalogue:due": public(),
    "catalogue:published": public(args=edition),
    "catalogue:published_file": public(args=edition, page=False),
}
