"""Asking for background work, stopping it, starting it again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action
from yanglao.kernel.jobs.context import JobFailed
from yanglao.kernel.jobs.declare import JOBS, Job, job_of
from yanglao.kernel.jobs.models import JobRun

OWN = "jobs.own"
ALL = "jobs.manage"


def enqueue(actor: Actor, function: Callable[..., None], *, key: str = "", **arguments: Any) -> JobRun:
    """Ask for a job; it runs once the transaction you are in is committed.

    `arguments` are ids, codes and short texts (JSON, no personal data). With a `key` the same work asked for
    twice is one run: the one that waits, runs or is done is returned, one that failed is started again.
    """
    job = job_of(function)
    json.dumps(arguments)  # TypeError here, not in the worker
    with transaction.atomic():
        run, fresh = _run(actor, job, key, arguments)
        if not fresh:
            return again(run) if run.state in (run.State.FAILED, run.State.CANCELLED) else run
        post(run)
    return _at_once(run)


def _run(actor: Actor, job: Job, key: str, arguments: dict[str, Any]) -> tuple[JobRun, bool]:
    values = {
        "name": job.name,
        "arguments": arguments,
        "tries_left": job.retries,
        "user_id": actor.user_id,
        "actor_name": actor.name,
        "address": actor.address,
        "language": get_language() or settings.LANGUAGE_CODE,
        "rights": sorted(actor.only) if actor.only is not None else None,
    }
    if not key:
        return JobRun.objects.create(**values), True
    return JobRun.objects.get_or_create(key=key, defaults=values)


def post(run: JobRun, at: datetime | None = None) -> None:
    """Put a queued run into the queue, in the caller's transaction; to be run not before `at`."""
    if settings.JOBS_IMMEDIATE:
        return
    from yanglao.kernel.jobs.tasks import work_on

    task = work_on.using(run_after=at) if at else work_on
    run.task_id = UUID(task.enqueue(str(run.pk)).id)
    run.save(update_fields=["task_id"])


def _at_once(run: JobRun) -> JobRun:
    """Tests have no worker: the job runs where it is asked for."""
    if settings.JOBS_IMMEDIATE:
        from yanglao.kernel.jobs.runner import execute

        execute(run.pk, raise_errors=True)
        run.refresh_from_db()
    return run


def again(run: JobRun) -> JobRun:
    """Queue a run that failed or was cancelled once more; what its steps have done is not done again."""
    with transaction.atomic():
        stopped = JobRun.objects.filter(pk=run.pk, state__in=[JobRun.State.FAILED, JobRun.State.CANCELLED])
        job = JOBS.get(run.name)
        changed = stopped.update(
            state=JobRun.State.QUEUED,
            cancel_asked=False,
            tries_left=job.retries if job else 0,
            crashes=0,
            error="",
            detail="",
            message="",
            finished_at=None,
        )
        run.refresh_from_db()
        if not changed:
            return run
        post(run)
    return _at_once(run)


def _own_or_all(actor: Actor, run: JobRun) -> None:
    if run.user_id != actor.user_id:
        actor.require(ALL)


@action("jobs.cancel", right=OWN, at=lambda a: ())
def cancel(actor: Actor, run: JobRun) -> JobRun:
    """Stop a run: at once while it waits, at its next stopping place while it runs. Others' need `jobs.manage`."""
    _own_or_all(actor, run)
    from yanglao.kernel.jobs.runner import finish

    waiting = JobRun.objects.filter(pk=run.pk, state=JobRun.State.QUEUED)
    if not finish(waiting, JobRun.State.CANCELLED, message=_("已取消")):
        JobRun.objects.filter(pk=run.pk, state=JobRun.State.RUNNING).update(
            cancel_asked=True, message=_("正在取消…")
        )
    run.refresh_from_db()
    return run


@action("jobs.restart", right=OWN, at=lambda a: ())
def restart(actor: Actor, run: JobRun) -> JobRun:
    """Run a failed or cancelled job again. Raises JobFailed when it is neither."""
    _own_or_all(actor, run)
    if run.state not in (run.State.FAILED, run.State.CANCELLED):
        raise JobFailed(_("只有失败或已取消的任务可以重新执行。"))
    return again(run)
