"""Who may open the pages of matters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.harness.access import Access, listing, record
from tests.harness.house import House
from yanglao.steering.matters.tests.sample import one_fund


def matter(house: House) -> Mapping[str, Any]:
    return {"pk": one_fund(house).pk}


ACCESS: dict[str, Access] = {
    "matters:standing": listing("matters.view"),
    "matters:list": listing("matters.view"),
    "matters:choose": listing("matters.edit"),
    "matters:add": listing("matters.edit", args=lambda house: {"kind": "fund"}),
    "matters:matter": record("matters.view", matter),
    "matters:move": record("matters.edit", matter),
}
