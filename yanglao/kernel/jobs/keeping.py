"""Housekeeping every worker does every few seconds: the dead, the lost, the due."""

from __future__ import annotations

import logging
import socket
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.jobs.actions import enqueue, post
from yanglao.kernel.jobs.declare import JOBS, Job
from yanglao.kernel.jobs.models import JobRun, PeriodicJob
from yanglao.kernel.jobs.runner import finish, mine

logger = logging.getLogger(__name__)
SILENT = timedelta(minutes=5)  # a worker of another machine that says nothing for so long is taken for dead
LOST = timedelta(seconds=30)
CRASHES = 3  # a run that brought down its worker so often is not tried again


def keep() -> None:
    """Once around: take over from dead workers, find lost runs, start what is due."""
    reap()
    find_lost()
    start_due()


def reap() -> None:
    """Give runs whose worker is dead back to the queue."""
    for run in JobRun.objects.filter(state=JobRun.State.RUNNING).order_by("started_at"):
        if is_dead(run):
            _take_over(run)


def is_dead(run: JobRun) -> bool:
    """Whether the worker of a running run is gone: its process when it was ours, its heartbeat otherwise."""
    from yanglao.kernel.jobs.worker import born

    machine, _slash, process = run.worker.partition("/")
    pid, _slash, birth = process.partition("/")
    if machine == socket.gethostname() and birth:
        return born(int(pid)) != birth
    return run.heartbeat_at is None or timezone.now() - run.heartbeat_at > SILENT


def _take_over(run: JobRun) -> None:
    logger.warning("run %s (%s): its worker %s is gone", run.pk, run.name, run.worker)
    with transaction.atomic():
        _close_entry(run.task_id)
        if run.cancel_asked:
            finish(mine(run), JobRun.State.CANCELLED, message=_("已取消"))
        elif run.crashes + 1 >= CRASHES:
            finish(mine(run), JobRun.State.FAILED, crashes=F("crashes") + 1, error=_crashed())
        elif mine(run).update(
            state=JobRun.State.QUEUED,
            worker="",
            crashes=F("crashes") + 1,
            message=_("处理进程中断，自动接续"),
        ):
            run.refresh_from_db()
            post(run)


def _crashed() -> str:
    return _("处理进程多次意外中止，任务已停止自动重试。常见原因是内存或磁盘不足，请管理员检查后重新执行。")


def _close_entry(task_id: UUID | None) -> None:
    entries = DBTaskResult.objects.filter(pk__in=[task_id], status=TaskResultStatus.RUNNING)
    entries.update(status=TaskResultStatus.FAILED, finished_at=timezone.now(), traceback="worker gone")


def find_lost() -> None:
    """Post again runs that wait without an entry in the queue (their worker died on the way to claim them)."""
    since = timezone.now() - LOST
    for run in JobRun.objects.filter(state=JobRun.State.QUEUED, created_at__lt=since).order_by("created_at"):
        entry = DBTaskResult.objects.filter(pk__in=[run.task_id]).first()
        if entry is None or (entry.status != TaskResultStatus.READY and _old(entry)):
            with transaction.atomic():
                _close_entry(run.task_id)
                if JobRun.objects.filter(pk=run.pk, state=JobRun.State.QUEUED, task_id=run.task_id).exists():
                    post(run)


def _old(entry: DBTaskResult[Any, Any]) -> bool:
    moment = entry.finished_at or entry.started_at
    return moment is None or timezone.now() - moment > LOST


def start_due() -> None:
    """Enqueue periodic jobs that are due; of several workers one moves the time on and starts it."""
    now = timezone.now()
    known = {row.name: row for row in PeriodicJob.objects.order_by("name")}
    for job in JOBS.values():
        if not job.periodic:
            continue
        row = known.get(job.name)
        if row is None:
            PeriodicJob.objects.get_or_create(name=job.name, defaults={"next_at": job.due_after(now)})
        elif row.next_at <= now:
            _start(job, row)


def _start(job: Job, row: PeriodicJob) -> None:
    with transaction.atomic():
        due = PeriodicJob.objects.filter(pk=row.pk, next_at=row.next_at)
        if due.update(next_at=job.due_after(timezone.now())):
            enqueue(
                Actor.system("schedule", via="job"),
                job.function,
                key=f"{job.name}@{row.next_at:%Y%m%dT%H%M%S}",
            )
