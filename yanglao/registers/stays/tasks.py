"""What is done in the background, and what news of other rooms does here."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.jobs import JobContext, job
from yanglao.kernel.scope import everything
from yanglao.registers.people.events import CircumstanceRecorded, PeopleImported, PeopleImportUndone
from yanglao.registers.places.events import PlaceClosed
from yanglao.registers.stays.vocabulary import vocabulary
from yanglao.shell.sheets import Problem, UndoRefused
from yanglao.shell.sheets import mark as _

HELD = Problem(
    _("已经不能撤销"), _("这次导入新建的档案中，有{number}人已登记入住"), _("请逐人更正；或先撤回入住登记")
)


@job("stays.daily", daily=dt.time(2, 40), label=gettext_lazy("清理过期的床位预留"))
def daily(ctx: JobContext) -> None:
    from yanglao.registers.stays import actions

    actions.expire(ctx.actor)


def rank_of_person(event: CircumstanceRecorded) -> None:
    """Another circumstance may be another place on the waiting list."""
    from yanglao.registers.stays import actions
    from yanglao.registers.stays.models import Stay

    if not any(event.kind in rule.when for rule in vocabulary().waiting):
        return
    with everything("somebody who waits, wherever"):
        waits = Stay.objects.filter(person_id=event.person_id, state__in=Stay.BEFORE).exists()
    if waits:
        actions.rank_again(Actor.system("情形变化后重排轮候次序"), person_ids=[event.person_id])  # i18n: data


def rank_everybody(event: PeopleImported) -> None:
    """A roster says much at once."""
    from yanglao.registers.stays import actions

    actions.rank_again(Actor.system("导入名册后重排轮候次序"))  # i18n: data


def nobody_left_behind(event: PlaceClosed) -> None:
    """A home closes when its residents are settled. Raises ValidationError, which undoes the closing."""
    from yanglao.registers.stays.models import Occupancy

    with everything("the residents of the home that closes"):
        still = Occupancy.objects.filter(Q(until=None) | Q(until__gt=event.on), place_id=event.place_id)
        number = still.count()
    if number:
        raise ValidationError(
            {
                "on": gettext("那天还有%(n)s位老人住在这里：请先在床位图的“停办安置”里逐人落实去向并执行。")
                % {"n": number}
            }
        )


def keep_residents(event: PeopleImportUndone) -> None:
    """Files of those who live in a home cannot go. Raises UndoRefused."""
    from yanglao.kernel import bulk
    from yanglao.registers.stays.models import Stay

    with everything("those whose files are about to go"):
        number = sum(
            Stay.objects.filter(person_id__in=chunk).values("person_id").distinct().count()
            for chunk in bulk.in_chunks(event.person_ids)
        )
    if number:
        raise UndoRefused(HELD.with_params(number=number))
