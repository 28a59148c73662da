"""Background work of the register."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.jobs import JobContext, job
from yanglao.registers.places import actions


@job("places.roll", daily=dt.time(0, 20), label=_("机构设施今日生效和到期的情况"))
def roll(ctx: JobContext) -> None:
    """Facts that begin, end or expire with the days reach lists, warnings and figures."""
    actions.roll(ctx.actor)
