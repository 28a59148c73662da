"""Background work of the register."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.jobs import JobContext, job
from yanglao.kernel.scope import everything
from yanglao.registers.stays.events import StayBegan, StayEnded
from yanglao.registers.workforce import actions, staffing
from yanglao.registers.workforce.events import WorkerHired, WorkerLeft, WorkersImported
from yanglao.registers.workforce.models import Employment


@job("workforce.roll", daily=dt.time(0, 20), label=_("今日的任职和证书情况"))
def roll(ctx: JobContext) -> None:
    """Spells that begin or end today reach the lists, certificates that ran out reach the work list."""
    actions.roll(ctx.actor)


def residents_changed(event: StayBegan | StayEnded) -> None:
    """A home's ratio is told anew when somebody moves in or out."""
    staffing.refresh([event.place_id], timezone.localdate())


def staff_changed(event: WorkerHired | WorkerLeft) -> None:
    """A home's ratio is told anew when somebody is hired or leaves."""
    if event.place_id is not None:
        staffing.refresh([event.place_id], timezone.localdate())


def staff_imported(event: WorkersImported) -> None:
    """After a list: the homes on it."""
    with everything("the homes of an import"):
        rows = Employment.objects.filter(source=event.source, place__isnull=False).order_by()
        ids = list(rows.values_list("place_id", flat=True).distinct())
    staffing.refresh(ids, timezone.localdate())
