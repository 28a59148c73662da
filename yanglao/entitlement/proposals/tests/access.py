"""Who may open the pages of proposals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.harness.access import Access, listing, record
from tests.harness.house import House
from yanglao.entitlement.proposals.tests.sample import proposed, proved, refused


def one(house: House) -> Mapping[str, Any]:
    return {"pk": proposed(house).pk}


def old(house: House) -> Mapping[str, Any]:
    return {"pk": refused(house).pk}


def shown(house: House) -> Mapping[str, Any]:
    return {"pk": proved(house).pk}


ACCESS: dict[str, Access] = {
    "proposals:list": listing("proposals.view"),
    "proposals:all": listing("proposals.view"),
    "proposals:stock": listing("proposals.plan"),
    "proposals:evidence": record("proposals.view", shown, page=False),
    "proposals:proposal": record("proposals.view", one),
    "proposals:agree": record("proposals.act", one),
    "proposals:refuse": record("proposals.act", one),
    "proposals:reopen": record("proposals.act", old),
}
