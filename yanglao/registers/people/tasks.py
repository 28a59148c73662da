"""Background work of the register."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.jobs import JobContext, job
from yanglao.registers.people import actions
from yanglao.registers.people.events import PeopleImported, PeopleImportUndone


@job("people.roll", daily=dt.time(0, 10), label=_("今日生效的情形"))
def roll(ctx: JobContext) -> None:
    """Facts that begin or end today reach the lists; then the desk's figures are counted."""
    actions.roll(ctx.actor)
    actions.tally(ctx.actor)


def count_again(event: PeopleImported | PeopleImportUndone) -> None:
    """After a roster the desk's figures are counted anew."""
    from yanglao.kernel.accounts.actor import Actor

    actions.tally(Actor.system("people.tally", "job"))
