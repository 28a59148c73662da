"""Background work of payments."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits.queries import Run
from yanglao.entitlement.payments import actions, changing
from yanglao.entitlement.payments.models import Reading
from yanglao.entitlement.payments.taking import take
from yanglao.kernel.jobs import JobContext, job


@job("payments.compare", retries=1, label=gettext_lazy("与上月逐人比较"))
def compare(ctx: JobContext, *, run_id: int) -> None:
    """Who of a run differs from the month before, and why; asked twice it is made anew."""
    run = Run.objects.get(pk=run_id)
    if run.computed_at is not None:
        actions.compare(ctx.actor, run=run, rows=changing.changes(run))


@job("payments.read_answer", retries=1, label=gettext_lazy("读取银行回盘"))
def read_answer(ctx: JobContext, *, reading_id: int) -> None:
    """Read a long answer: nothing is taken in unless every row is right, however often it is tried."""
    reading = Reading.objects.select_related("file__order__run", "stored").get(pk=reading_id)
    ctx.result(reading.get_absolute_url())
    take(ctx.actor, reading, lambda done: ctx.progress(done, reading.file.rows))


@job("payments.forget_marked", daily=dt.time(3, 40), label=gettext_lazy("清除标出错误的回盘"))
def forget_marked(ctx: JobContext) -> None:
    """Marked answers hold accounts: a week is enough to have them put right."""
    actions.forget_marked(ctx.actor, before=timezone.now() - dt.timedelta(days=7))
