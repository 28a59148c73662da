"""The engine's daily work."""

from __future__ import annotations

from datetime import time

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.cases import daily as chores
from yanglao.kernel.jobs.context import JobContext
from yanglao.kernel.jobs.declare import job


@job("cases.daily", label=gettext_lazy("办件：提醒、升级、公示期满"), daily=time(0, 20))
def daily(ctx: JobContext) -> None:
    """Reminders, escalation, the end of publicity, deadlines that decide. Run again, it finds nothing to do."""

    def tell(what: str, count: int) -> None:
        ctx.check_cancelled()
        ctx.progress(count, 0, _("已处理 %(n)s 件") % {"n": count})

    chores.run(ctx.actor, tell)
