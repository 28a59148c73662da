"""Who may open the pages of indicators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.harness.access import Access, listing
from tests.harness.house import House
from yanglao.steering.indicators import actions
from yanglao.steering.plans.tests import make


def code(house: House) -> Mapping[str, Any]:
    actions.load(make.SYSTEM, definitions=make.DEFINITIONS)
    return {"code": "trained"}


ACCESS: dict[str, Access] = {
    "indicators:list": listing("indicators.view"),
    "indicators:detail": listing("indicators.view", args=code),
    "indicators:compare": listing("indicators.view", args=code),
}
