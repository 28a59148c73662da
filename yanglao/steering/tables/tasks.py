"""Background work: the last month's end every night of a month's first ten days, any day when asked."""

from __future__ import annotations

from datetime import date, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.jobs.context import JobContext
from yanglao.kernel.jobs.declare import job
from yanglao.steering.tables.counting import count
from yanglao.steering.tables.queries import counted_days
from yanglao.steering.tables.schema import tables

LATE_FACTS = 10  # days of a month in which facts of the last one still come in


@job("tables.count", label=_("计算统计报表"))
def count_day(ctx: JobContext, *, on: str) -> None:
    """Count a day table by table; a day done twice is the same."""
    files = list(tables().values())
    done: set[str] = set()
    for number, table in enumerate(files):
        ctx.check_cancelled()
        ctx.progress(number, len(files), str(table))
        if wanted := table.measures - done:
            count(ctx.actor, on=date.fromisoformat(on), measures=wanted)
        done |= wanted
    ctx.progress(len(files), len(files))


@job("tables.nightly", label=_("每月计算统计报表"), daily=time(3, 30))
def nightly(ctx: JobContext) -> None:
    """The end of the last month, once, and again while late facts come in."""
    today = timezone.localdate()
    end = today.replace(day=1) - timedelta(days=1)
    if today.day <= LATE_FACTS or end not in counted_days():
        count(ctx.actor, on=end, measures={name for table in tables().values() for name in table.measures})
