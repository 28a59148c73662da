"""What a running job has in its hands."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event, Lock
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.jobs.models import JobRun, JobStep

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from yanglao.kernel.accounts.actor import Actor

BEAT_SECONDS = 15.0


class JobFailed(Exception):
    """The job cannot be done, and trying again would not help; the text tells the user what and how to mend it."""


class Cancelled(BaseException):
    """Somebody asked to stop. Not an Exception, so that a job's own `except Exception` does not swallow it."""


class Superseded(BaseException):
    """Another worker has taken the run over, taking this one for dead: stop without writing anything."""


class JobContext:
    """Given to the job as its first argument."""

    def __init__(self, run_id: UUID, attempt: int, actor: Actor) -> None:
        self.run_id = run_id
        self.attempt = attempt
        self.actor = actor
        self._cancel = Event()
        self._lost = Event()
        self._lock = Lock()
        self._news: dict[str, object] = {}
        self._beat_at = time.monotonic()

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Say how far the work is. Cheap: written at most once a second, beside the job's own transaction."""
        with self._lock:
            self._news = {"done": done, "total": total, "message": str(message)[:300]}

    def result(self, url: str) -> None:
        """The page to look at when the job is done."""
        self._mine().update(result_url=url[:300])

    def check_cancelled(self) -> None:
        """Call it where the work may stop, between transactions. Raises Cancelled or Superseded."""
        if self._lost.is_set():
            raise Superseded
        if self._cancel.is_set():
            raise Cancelled

    def once(self, step: str, do: Callable[[], object]) -> bool:
        """Do a step and remember it, in one transaction; a step done by an earlier attempt is skipped.

        Returns whether it was done now. Raises Superseded when another worker has taken over.
        """
        with transaction.atomic():
            if not self._mine().select_for_update().exists():
                raise Superseded
            _step, fresh = JobStep.objects.get_or_create(run_id=self.run_id, name=step)
            if fresh:
                do()
        return fresh

    # --- for the worker -----------------------------------------------------------------------------------

    def flush(self) -> None:
        """Write progress and the sign of life. Nothing is written for a run that another worker has taken."""
        with self._lock:
            news, self._news = self._news, {}
        self._beat_at = time.monotonic()
        if not self._mine().update(heartbeat_at=timezone.now(), **news):
            self._lost.set()

    def pulse(self) -> None:
        """Once a second beside the job: flush what is new, and learn whether to stop."""
        if self._news or time.monotonic() - self._beat_at > BEAT_SECONDS:
            self.flush()
        asked = self._mine().values_list("cancel_asked", flat=True).first()
        if asked is None:
            self._lost.set()
        elif asked:
            self._cancel.set()

    def _mine(self) -> QuerySet[JobRun]:
        return JobRun.objects.filter(pk=self.run_id, attempt=self.attempt, state=JobRun.State.RUNNING)


def describe(error: BaseException) -> str:
    """What the user reads of an error that nobody foresaw; the detail is for the one who mends it."""
    return _("处理时发生意外错误（%(kind)s）。数据没有被写坏；请稍后重试，仍不成功请把本页转给管理员。") % {
        "kind": type(error).__name__
    }
