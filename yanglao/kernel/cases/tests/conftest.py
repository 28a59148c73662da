from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from yanglao.kernel.accounts.roles import roles
from yanglao.kernel.cases.checks import Finding, check
from yanglao.kernel.cases.models import ProcessVersion
from yanglao.kernel.cases.packs import version_of
from yanglao.kernel.cases.schema import Process
from yanglao.kernel.packs import read, validate

HERE = Path(__file__).parent


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """`on(date(2026, 3, 2))`: it is nine in the morning of that day; called again, of another."""
    real = timezone.now

    def set_day(day: date) -> None:
        start = datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
        offset = start - real()
        monkeypatch.setattr(timezone, "now", lambda: real() + offset + timedelta())

    return set_day


def process_of(name: str) -> Process:
    """The process of a file beside the tests."""
    return validate(read(HERE / f"{name}.yaml"), Process)


def findings(process: Process) -> list[Finding]:
    return list(check(process, roles()))


def load(process: Process, root: int | None = None) -> ProcessVersion:
    """Put a process in force."""
    version = version_of(process, root)
    version.save()
    return version
