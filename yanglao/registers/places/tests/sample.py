"""Invented places for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.places import actions
from yanglao.registers.places.models import Contract, Operator, Place, PlaceFact, Price, Report
from yanglao.registers.places.recording import Contents

SYSTEM = Actor.system("test")
VILLAGE, NEIGHBOUR, ELSEWHERE = 330203001001, 330203001002, 330205001001
SINCE = dt.date(2020, 1, 1)


def make(name: str = "安心养老院", *, place: int = VILLAGE, **more: Any) -> Place:
    """A care home, open since 2020, in `place`."""
    given: dict[str, Any] = {
        "name": name, "kind": "care_home", "division": place, "source": "备案回执", "since": SINCE
    }  # fmt: skip
    with everything("a test's city"):
        return actions.add(SYSTEM, **{**given, **more})


def tell(place: Place, kind: str, value: str = "", *, since: dt.date = SINCE, **more: Any) -> Any:
    """Record a fact as the system."""
    to = more.pop("valid_to", None)
    with everything("a test's city"):
        return actions.record(
            SYSTEM,
            place,
            kind=kind,
            valid_from=since,
            valid_to=to,
            source="现场核查",
            said=Contents(value, **more),
        )


def runner(name: str = "安心养老服务公司", *, place: int = VILLAGE, **more: Any) -> Operator:
    with everything("a test's city"):
        return actions.add_operator(SYSTEM, name=name, division=place, source="营业执照", **more)


def contract(place: Place, operator: Operator | None = None, **more: Any) -> Contract:
    given: dict[str, Any] = {
        "owner_name": "南门街道办事处",
        "starts_on": SINCE,
        "ends_on": dt.date(2029, 12, 31),
        "source": "合同",
    }
    with everything("a test's city"):
        return actions.add_contract(SYSTEM, place, operator=operator or runner(), **{**given, **more})


def price(
    place: Place, low: int = 100_000, high: int = 200_000, *, since: dt.date = SINCE, **more: Any
) -> Price:
    given: dict[str, Any] = {"item": "bed", "unit": "month", "source": "公示牌"}
    with everything("a test's city"):
        return actions.set_price(SYSTEM, place, low=low, high=high, valid_from=since, **{**given, **more})


def fresh(place: Place) -> Place:
    with everything("test"):
        return Place.objects.get(pk=place.pk)


def known(place: Place, kind: str) -> list[PlaceFact]:
    with everything("test"):
        return list(PlaceFact.objects.filter(place=place, kind=kind, replaced_at=None).order_by("valid_from"))


def reports(place: Place) -> list[Report]:
    with everything("test"):
        return list(Report.objects.filter(place=place).order_by("id"))
