"""A rule, an estate and premises to test with."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from tests.harness.house import CITY, VILLAGE
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.estates import actions
from yanglao.registers.estates.models import Estate, Norm, Premises

SYSTEM = Actor.system("a test's ledger")
SIGNED = {"department": "民政局", "signed_by": "甲某", "position": "科长"}
FLOW = {
    "delivered": dt.date(2024, 3, 1),
    "accepted": dt.date(2024, 4, 1),
    "handed_over": dt.date(2024, 5, 1),
    "used": dt.date(2024, 9, 1),
}


def norm(**fields: Any) -> Norm:
    """30 per 100 households and at least 300, to be handed over 90 days after completion."""
    given = {
        "division_id": CITY, "kind": "new", "valid_from": dt.date(2020, 1, 1), "per_100_households": Decimal(30),
        "minimum": Decimal(300), "hand_over_days": 90, "title": "配建移交管理办法", "confidence": "seen",
    }  # fmt: skip
    return Norm.objects.create(**(given | fields))


def estate(name: str = "海曙花园", division: int = VILLAGE, **fields: Any) -> Estate:
    given = {
        "kind": "new", "households": 1500, "decided_on": dt.date(2022, 5, 1), "completed_on": dt.date(2024, 1, 1),
    }  # fmt: skip
    with everything("a test's ledger"):
        return actions.add(SYSTEM, division=division, name=name, **(given | fields))


def premises(owner: Estate, area: int = 450, upto: str = "") -> Premises:
    with everything("a test's ledger"):
        made = actions.add_premises(SYSTEM, owner, name="3号楼一层", area=Decimal(area), purpose="照料中心")
        for stage, day in FLOW.items() if upto else ():
            actions.reach(SYSTEM, made, stage=stage, on=day, **SIGNED)
            if stage == upto:
                break
        return made
