from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.jobs.declare import JOBS

from . import sample

SAMPLES = {name: job for name, job in JOBS.items() if name.startswith("sample.")}
for _name in SAMPLES:
    del JOBS[_name]


@pytest.fixture(autouse=True)
def _samples() -> Iterator[None]:
    """The sample jobs are known in these tests only."""
    JOBS.update(SAMPLES)
    sample.CALLS.clear()
    yield
    for name in SAMPLES:
        JOBS.pop(name, None)


@pytest.fixture
def queued(settings: Any) -> None:
    """Jobs go through the real queue, as on a site."""
    settings.JOBS_IMMEDIATE = False


@pytest.fixture
def system() -> Actor:
    return Actor.system("测试")
