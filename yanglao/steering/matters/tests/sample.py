"""Invented matters for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.steering.matters import actions
from yanglao.steering.matters.models import Matter


def make(division: int, actor: Actor | None = None, **more: Any) -> Matter:
    """A bottleneck about land in a division, due in thirty days."""
    given: dict[str, Any] = {
        "kind": "bottleneck",
        "category": "land",
        "title": "老城区养老设施用地不足",
        "division": division,
        "lead": "自然资源部门",
        "due_on": timezone.localdate() + dt.timedelta(days=30),
    }
    return actions.register(actor or Actor.system("test"), **{**given, **more})


def fund(division: int, **more: Any) -> Matter:
    """Lottery money of 1,000 yuan."""
    given = {"kind": "fund", "category": "lottery", "title": "福彩公益金支持设施建设", "planned_fen": 100_000}
    return make(division, **{**given, **more})


def one_fund(house: House) -> Matter:
    """The fund numbered 1, made once: access tests of several rooms share one city."""
    with everything("a test's city"):
        found = Matter.objects.filter(kind="fund", number="1", division_id=house.county).first()
    return found or fund(house.county, number="1")
