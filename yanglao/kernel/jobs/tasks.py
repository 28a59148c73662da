"""The one task the queue knows, and the room's own housekeeping."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from yanglao.kernel.jobs.context import JobContext
from yanglao.kernel.jobs.declare import job
from yanglao.kernel.jobs.models import JobRun

QUEUE_DAYS = 3
RUN_DAYS = 180


@task()
def work_on(run_id: str) -> None:
    """Attempt one run in this worker."""
    from yanglao.kernel.jobs.runner import execute
    from yanglao.kernel.jobs.worker import heart, worker_name

    execute(UUID(run_id), worker=worker_name(), beat=heart)


@job("jobs.tidy", label=_("清理任务记录"), daily=time(3, 10))
def tidy(ctx: JobContext) -> None:
    """Forget queue entries after three days and finished runs after half a year."""
    now = timezone.now()
    DBTaskResult.objects.finished().filter(finished_at__lt=now - timedelta(days=QUEUE_DAYS)).delete()
    JobRun.objects.filter(finished_at__lt=now - timedelta(days=RUN_DAYS)).delete()


@job("jobs.statistics", label=_("更新数据库统计信息"), daily=time(3, 40))
def statistics(ctx: JobContext) -> None:
    """Tell SQLite how its tables have grown, or it chooses its ways badly; PostgreSQL does so by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit=1000")
            cursor.execute("PRAGMA optimize=0x10002")  # all tables, not only those this connection has asked
