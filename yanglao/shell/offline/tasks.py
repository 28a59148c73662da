from __future__ import annotations

from datetime import time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.jobs import JobContext, job
from yanglao.shell.offline import actions

KEPT_FOR = timedelta(days=90)
"""How long photos wait for a form that does not come: longer than a phone is likely to be out of signal."""


@job("offline.sweep", label=_("清理没有表的现场照片"), daily=time(3, 20))
def sweep_photos(ctx: JobContext) -> None:
    """Forget photos whose form never arrived."""
    actions.sweep(ctx.actor, before=timezone.now() - KEPT_FOR)
