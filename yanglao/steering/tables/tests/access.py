"""Who may open the pages of tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from tests.harness.access import Access, change, listing
from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.steering.tables import actions

TABLE = "tables-staff"
DAY = dt.date(2026, 10, 31)


def table(house: House) -> Mapping[str, Any]:
    return {"id": TABLE}


def counted(house: House) -> Mapping[str, Any]:
    actions.keep(Actor.system("test"), on=DAY, counts={"workforce.staff": {}})
    return {"id": TABLE}


ACCESS: dict[str, Access] = {
    "tables:list": listing("tables.view"),
    "tables:table": listing("tables.view", args=table),
    "tables:fill": listing("tables.fill", args=counted),
    "tables:workbook": listing("tables.view", args=counted, page=False),
    "tables:count": change(
        "tables.manage", data=lambda house: {"on": DAY.isoformat()}, other=302, page=False
    ),
}
