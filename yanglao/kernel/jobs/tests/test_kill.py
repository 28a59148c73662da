"""kill -9 in the middle of a job, with real processes and a real database file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SETUP = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "yanglao.settings"
import django; django.setup()
from yanglao.kernel.jobs.tests import sample
from django.core.management import call_command
from tests.harness.database import migrate
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.jobs import enqueue
from yanglao.kernel.jobs.models import JobRun, JobStep, PeriodicJob
"""
PREPARE = (
    SETUP
    + """
migrate()
enqueue(Actor.system("drill"), sample.slow, key="drill", steps=8)
"""
)
WORK = (
    SETUP
    + """
call_command("worker", "--batch")
"""
)
REPORT = (
    SETUP
    + """
run = JobRun.objects.get(key="drill")
rows = PeriodicJob.objects.filter(name__startswith="row ").count()
print(run.state, run.attempt, run.done, run.total, rows, run.crashes)
"""
)


@pytest.fixture
def site(tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "YANGLAO_VAR": str(tmp_path),
        "YANGLAO_KEYS": str(tmp_path / "keys"),
        "YANGLAO_DATABASE": f"sqlite:///{tmp_path / 'drill.sqlite3'}",
        "SAMPLE_LOG": str(tmp_path / "log"),
    }


def python(script: str, site: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script], env=site, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def wait_for_lines(log: Path, number: int) -> None:
    deadline = time.monotonic() + 30
    while not log.exists() or len(log.read_text().splitlines()) < number:
        assert time.monotonic() < deadline, "the worker did not come so far"
        time.sleep(0.05)


def test_a_killed_worker_is_followed_by_one_that_ends_the_job_once(
    site: dict[str, str], tmp_path: Path
) -> None:
    python(PREPARE, site)
    worker = subprocess.Popen([sys.executable, "-c", WORK], env=site, stderr=subprocess.DEVNULL)
    wait_for_lines(tmp_path / "log", 3)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert python(WORK + REPORT, site).split() == ["done", "2", "8", "8", "8", "1"]
    pids = [line.split()[0] for line in (tmp_path / "log").read_text().splitlines()]
    assert len(set(pids)) == 2, "two workers had a part in it"
