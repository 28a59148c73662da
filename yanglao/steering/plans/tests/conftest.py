"""A small plan of one county, its indicators, and measures whose numbers the test decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import Measure
from yanglao.kernel.rooms import house as the_house
from yanglao.steering.plans.models import Plan
from yanglao.steering.plans.tests import make

Counts = dict[str, dict[int, float] | Callable[[date], dict[int, float]]]


@pytest.fixture
def registers(monkeypatch: pytest.MonkeyPatch) -> Counts:
    """Measures by name; a test sets what each counts by division, or a function of the date."""
    numbers: Counts = {"test.beds": {}, "test.elders": {}}

    def measure(name: str) -> Measure:
        def count(on: date) -> dict[int, float]:
            found = numbers[name]
            return found(on) if callable(found) else found

        return Measure(name=name, label=name, unit="", count=count)

    measures = {**the_house().measures, **{name: measure(name) for name in numbers}}
    monkeypatch.setattr(the_house(), "measures", measures)
    return numbers


@pytest.fixture
def plan(house: Any, registers: Counts) -> Plan:
    """A plan of the city for the year 2021, with its indicators loaded."""
    return make.plan(house.city)


@pytest.fixture
def county_plan(house: Any, registers: Counts) -> Plan:
    return make.plan(house.county, slug="county-2021")


@pytest.fixture
def system() -> Actor:
    return Actor.system("test")
