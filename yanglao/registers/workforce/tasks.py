"""Background work of the register."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.jobs import JobContext, job
from yanglao.registers.workforce import actions


@job("workforce.roll", daily=dt.time(0, 20), label=_("今日的任职和证书情况"))
def roll(ctx: JobContext) -> None:
    """Spells that begin or end today reach the lists, certificates that ran out reach the work list."""
    actions.roll(ctx.actor)
