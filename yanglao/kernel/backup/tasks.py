from __future__ import annotations

from datetime import time
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.backup import taking
from yanglao.kernel.backup.actions import record
from yanglao.kernel.jobs import JobContext, job


@job("backup.nightly", label=_("每日备份"), daily=time(2, 0))
def nightly(ctx: JobContext) -> None:
    """Back up to YANGLAO_BACKUPS and keep the newest fourteen; does nothing when that is not set."""
    if settings.BACKUPS:
        record(ctx.actor, made=taking.make(Path(settings.BACKUPS)))
        taking.prune(Path(settings.BACKUPS), keep=14)
