"""Background work of the register."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.jobs import JobContext, enqueue, job
from yanglao.registers.people import actions
from yanglao.registers.people.events import PeopleImported, PeopleImportUndone


@job("people.roll", daily=dt.time(0, 10), label=_("今日生效的情形"))
def roll(ctx: JobContext) -> None:
    """Facts that begin or end today reach the lists, and what still hangs on merged files goes along; then the
    desk's figures are counted."""
    actions.roll(ctx.actor)
    actions.follow(ctx.actor)
    actions.tally(ctx.actor)


@job("people.count", label=_("统计老年人数"))
def count(ctx: JobContext) -> None:
    """Count the desk's figures anew."""
    actions.tally(ctx.actor)


def count_again(event: PeopleImported | PeopleImportUndone) -> None:
    """After a roster the desk's figures are counted anew, by a job: not in the import's transaction."""
    enqueue(
        Actor.system("people.count", "job"), count, key=f"people.count:{type(event).__name__}:{event.source}"
    )
