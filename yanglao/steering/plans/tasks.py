"""Daily work: units are reminded of their month's return, and what is long late is supervised."""

from __future__ import annotations

from datetime import time

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.jobs.context import JobContext
from yanglao.kernel.jobs.declare import job
from yanglao.steering.plans.actions import send_reminders, supervise_by_rule


@job("plans.daily", label=_("月报：开报、催报、逾期"), daily=time(0, 40))
def daily(ctx: JobContext) -> None:
    """The reminders the day calls for and the supervision the rules ask for; run again, it sends none."""
    send_reminders(ctx.actor, on=timezone.localdate())
    supervise_by_rule(ctx.actor, on=timezone.localdate())
