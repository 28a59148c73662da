from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.jobs.declare import JOBS

from . import sample


@pytest.fixture(autouse=True)
def _fresh_calls() -> Iterator[None]:
    sample.CALLS.clear()
    yield
    sample.CALLS.clear()


@pytest.fixture(scope="package", autouse=True)
def _forget_samples() -> Iterator[None]:
    yield
    for name in [name for name in JOBS if name.startswith("sample.")]:
        del JOBS[name]


@pytest.fixture
def queued(settings: Any) -> None:
    """Jobs go through the real queue, as on a site."""
    settings.JOBS_IMMEDIATE = False


@pytest.fixture
def system() -> Actor:
    return Actor.system("测试")
