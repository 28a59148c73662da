"""One attempt of a run: claim it, do it, write how it ended. Nothing here knows queues or processes."""

from __future__ import annotations

import logging
import re
import traceback
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, models, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.jobs.actions import post
from yanglao.kernel.jobs.context import Cancelled, JobContext, JobFailed, Superseded, describe
from yanglao.kernel.jobs.declare import JOBS
from yanglao.kernel.jobs.models import JobRun
from yanglao.kernel.scope import entered

logger = logging.getLogger(__name__)
_LONG_NUMBER = re.compile(r"\d{6,}")


class Beat:
    """Stands in for the worker's heartbeat where there is none (tests)."""

    def beside(self, ctx: JobContext) -> AbstractContextManager[None]:
        return nullcontext()


def execute(run_id: UUID, *, worker: str = "", beat: Beat | None = None, raise_errors: bool = False) -> None:
    """Attempt a queued run; a run that somebody else has claimed, or that is finished, is left alone."""
    run = claim(run_id, worker)
    if run is None:
        return
    try:
        with translation.override(run.language):
            _attempt(run, (beat or Beat()).beside)
    except Superseded:
        logger.warning("run %s was taken over by another worker", run.pk)
    except Cancelled:
        finish(mine(run), JobRun.State.CANCELLED, message=_("已取消"))
    except (JobFailed, PermissionDenied, ValidationError) as error:
        finish(mine(run), JobRun.State.FAILED, error=_told(error))
    except Exception as error:
        logger.error("run %s (%s) attempt %d: %s", run.pk, run.name, run.attempt, type(error).__name__)
        if run.tries_left and not raise_errors:
            _try_again(run, error)
        else:
            _fail(run, error)
        if raise_errors:
            raise


def claim(run_id: UUID, worker: str) -> JobRun | None:
    """Take a queued run, by compare-and-set: of several workers one gets it."""
    now = timezone.now()
    taken = JobRun.objects.filter(pk=run_id, state=JobRun.State.QUEUED).update(
        state=JobRun.State.RUNNING,
        attempt=F("attempt") + 1,
        worker=worker,
        started_at=now,
        heartbeat_at=now,
    )
    return JobRun.objects.get(pk=run_id) if taken else None


def mine(run: JobRun) -> models.QuerySet[JobRun]:
    """The run, as long as this attempt is the one that counts."""
    return JobRun.objects.filter(pk=run.pk, attempt=run.attempt, state=JobRun.State.RUNNING)


def finish(runs: models.QuerySet[JobRun], state: str, **values: Any) -> bool:
    return bool(runs.update(state=state, finished_at=timezone.now(), worker="", **values))


def _attempt(run: JobRun, beside: Any) -> None:
    job = JOBS.get(run.name)
    if job is None:
        raise JobFailed(_("本系统已没有名为 %(name)s 的任务，它所属的模块可能已移除。") % {"name": run.name})
    ctx = JobContext(run.pk, run.attempt, actor_of(run))
    with entered(ctx.actor), beside(ctx):
        job.function(ctx, **run.arguments)
    ctx.flush()
    finish(mine(run), JobRun.State.DONE, done=F("total"), message="")


def actor_of(run: JobRun) -> Actor:
    """The one who asked, with the rights he holds now. Raises JobFailed when his account is closed."""
    if run.user is None:
        return Actor.system(run.actor_name, via="job")
    if not run.user.is_active:
        raise JobFailed(_("发起人的账号已停用，任务不再执行。如仍需要，请由在用账号重新发起。"))
    return Actor.of(run.user, "job", run.address, run.rights)


def _try_again(run: JobRun, error: Exception) -> None:
    """Give the run back to the queue, to be attempted after a pause."""
    with transaction.atomic(), translation.override(run.language):
        mine(run).update(
            state=JobRun.State.QUEUED,
            worker="",
            tries_left=F("tries_left") - 1,
            message=_("出现意外错误，稍后自动重试"),
            detail=technical(error),
        )
        run.refresh_from_db()
        if run.state == JobRun.State.QUEUED:
            post(run, timezone.now() + JOBS[run.name].pause(run.attempt))


def _fail(run: JobRun, error: Exception) -> None:
    with translation.override(run.language):
        finish(mine(run), JobRun.State.FAILED, error=describe(error), detail=technical(error), message="")


def _told(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def technical(error: BaseException) -> str:
    """Kind, text and place of an error; long numbers are blotted out, for they may be somebody's."""
    text = type(error).__name__
    if not isinstance(error, DatabaseError):  # a database quotes the values of the row
        text += ": " + str(error)[:500]
    text += "\n" + "".join(traceback.format_tb(error.__traceback__)[-12:])
    return _LONG_NUMBER.sub("…", text)
