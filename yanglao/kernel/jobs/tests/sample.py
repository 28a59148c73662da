"""Jobs that only these tests run. What they do is written into `kernel.jobs` steps and a log file."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from yanglao.kernel.jobs.context import JobContext, JobFailed
from yanglao.kernel.jobs.declare import job
from yanglao.kernel.jobs.models import PeriodicJob

CALLS: list[str] = []


@job("sample.count", retries=1, label="点数")
def count(ctx: JobContext, *, upto: int) -> None:
    for number in range(upto):
        ctx.check_cancelled()
        CALLS.append(f"{ctx.actor.name}:{number}")
        ctx.progress(number + 1, upto, f"第 {number + 1} 个")
    ctx.result("/counted/")


@job("sample.break", retries=2, label="出错")
def break_down(ctx: JobContext, *, times: int) -> None:
    CALLS.append("try")
    if len(CALLS) <= times:
        raise RuntimeError("number 330203194001011234 in the text")


@job("sample.refuse", label="拒绝")
def refuse(ctx: JobContext) -> None:
    CALLS.append("refuse")
    raise JobFailed("第 3 行缺少姓名，请补齐后重新导入。")


@job("sample.steps", retries=1, label="分步")
def steps(ctx: JobContext, *, fail_at: int = 99) -> None:
    for number in range(4):
        ctx.once(f"step {number}", _step(number, fail_at))


def _step(number: int, fail_at: int) -> Callable[[], None]:
    def do() -> None:
        if number == fail_at and f"failed {number}" not in CALLS:
            CALLS.append(f"failed {number}")
            raise RuntimeError("broken off")
        CALLS.append(f"step {number}")

    return do


@job("sample.slow", label="慢")
def slow(ctx: JobContext, *, steps: int) -> None:
    """Each step adds a row of its own in the step's transaction, then says on disk that it lives."""
    for number in range(steps):
        ctx.once(
            f"step {number}", lambda n=number: PeriodicJob.objects.create(name=f"row {n}", next_at=_far())
        )
        ctx.progress(number + 1, steps)
        with Path(os.environ["SAMPLE_LOG"]).open("a") as log:
            log.write(f"{os.getpid()} {number}\n")
        time.sleep(0.25)


def _far():  # type: ignore[no-untyped-def]
    from django.utils import timezone

    return timezone.now() + timedelta(days=999)


@job("sample.hourly", label="每小时", every=timedelta(hours=1))
def hourly(ctx: JobContext) -> None:
    CALLS.append("hourly")
