"""Who may open what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.harness.access import Access, listing, record
from tests.harness.house import House
from yanglao.registers.doubles.tests.pairs import a_pair


def pair(house: House) -> Mapping[str, Any]:
    return {"pk": a_pair(house.village).pk}


ACCESS: dict[str, Access] = {
    "doubles:list": listing("doubles.view"),
    "doubles:pair": record("doubles.view", pair),
    "doubles:dismiss": record("doubles.settle", pair),
    "doubles:reopen": record("doubles.settle", pair),
}
