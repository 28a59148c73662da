"""The small city, and the engine's worker called as a function: a process for each of many months costs seconds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from yanglao.entitlement.benefits import computing
from yanglao.entitlement.benefits.engine import duck
from yanglao.entitlement.benefits.tests import month


class Here(duck.Engine):
    """The engine without its process: the same statement under DuckDB's locks."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self._part = out.with_name(f"{out.name}.part")
        out.parent.mkdir(parents=True, exist_ok=True)

    def __exit__(self, *_error: object) -> None:
        self._part.unlink(missing_ok=True)

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        import worker  # stands beside the engine as a script of its own

        return {**worker.compute(order, os.open(self._part, os.O_CREAT | os.O_WRONLY)), "locks": []}


@pytest.fixture(autouse=True)
def worker_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process for each of many months costs seconds."""
    monkeypatch.syspath_prepend(str(duck.WORKER.parent))
    monkeypatch.setattr(duck, "Engine", Here)
    monkeypatch.setattr(computing, "Engine", Here)


@pytest.fixture
def city(house: Any, settings: Any, tmp_path: Any) -> Any:
    """Ningbo's policy and four people; see benefits.tests.month."""
    settings.SNAPSHOTS = tmp_path
    month.load_policies(house)
    house.people = month.people(house)
    return house
