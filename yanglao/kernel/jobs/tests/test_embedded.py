from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable

import pytest

from yanglao.kernel.jobs import embedded
from yanglao.kernel.jobs.embedded import EmbeddedWorker
from yanglao.kernel.jobs.worker import Worker, born

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_worker_that_dies_is_started_again_and_ends_with_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "AGAIN_SECONDS", 0.05)
    worker = EmbeddedWorker(SLEEPER)
    worker.start()
    first = worker.pid
    assert first
    os.kill(first, signal.SIGKILL)
    until(lambda: worker.pid != first)
    second = worker.pid
    assert second
    worker.stop()
    assert born(second) == ""


def test_one_that_does_not_stop_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "STOP_SECONDS", 0.3)
    worker = EmbeddedWorker(STUBBORN)
    worker.start()
    time.sleep(0.3)
    worker.stop()
    assert worker.pid is not None
    assert born(worker.pid) == ""


def test_a_worker_whose_site_is_gone_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker(parent=os.getppid() + 1)
    assert worker.running
    monkeypatch.setattr("yanglao.kernel.jobs.keeping.keep", lambda: None)
    monkeypatch.setattr("yanglao.kernel.jobs.worker.close_old_connections", lambda: None)
    worker.look_after()
    assert not worker.running
