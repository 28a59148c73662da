"""The small city, and the engine's worker called as a function: a process for each of many months costs seconds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from yanglao.entitlement.benefits.engine import duck, worker
from yanglao.entitlement.benefits.tests import month


@pytest.fixture(autouse=True)
def worker_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same statement under the same locks; only the process is spared."""

    def ask(order: dict[str, Any], seconds: int) -> dict[str, Any]:
        return worker.compute(order)

    monkeypatch.setattr(duck, "_ask", ask)


@pytest.fixture
def city(house: Any, settings: Any, tmp_path: Any) -> Iterator[Any]:
    """Ningbo's policy and four people; see benefits.tests.month."""
    settings.SNAPSHOTS = tmp_path
    month.load_policies(house)
    house.people = month.people(house)
    return house
