"""Background work: values of the running and the last month every night, any months when asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.jobs.context import JobContext
from yanglao.kernel.jobs.declare import job
from yanglao.steering.indicators.actions import compute
from yanglao.steering.indicators.rules import month_start, previous_month


@job("indicators.compute", label=_("计算指标"))
def compute_months(ctx: JobContext, *, months: Sequence[str]) -> None:
    """Compute the months given as ISO dates, one after the other; a month done twice is the same."""
    for done, month in enumerate(months):
        ctx.check_cancelled()
        ctx.progress(done, len(months), month[:7])
        compute(ctx.actor, months=[date.fromisoformat(month)])
    ctx.progress(len(months), len(months))


@job("indicators.nightly", label=_("每日计算指标"), daily=time(2, 30))
def nightly(ctx: JobContext) -> None:
    """The running month, and the last one, whose final day may have been counted before it ended."""
    month = month_start(timezone.localdate())
    compute(ctx.actor, months=[previous_month(month), month])
