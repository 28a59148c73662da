"""Closing the file of a deceased person, and opening it again."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything
from yanglao.registers.people import checks
from yanglao.registers.people.closing import keep_until, open_matters, reopen
from yanglao.registers.people.events import FileClosed, FileReopened
from yanglao.registers.people.models import Closure, Person
from yanglao.registers.people.protection_file import protection
from yanglao.registers.people.recording import refresh


@action("people.close_file", right="people.edit")
def close_file(
    actor: Actor, person: Person, *, on: dt.date | None = None, despite_open: bool = False
) -> Closure:
    """Close the file of one who died. What is still open must be settled, or left open knowingly: it is kept
    with the closure. Raises ValidationError.
    """
    refresh(person)
    day = on or timezone.localdate()
    if person.death_date is None:
        raise ValidationError(_("档案中没有死亡记录，不能关闭：请先登记死亡。"))
    if person.closed_on is not None:
        raise ValidationError(_("档案已经关闭。"))
    if day < person.death_date:
        raise ValidationError({"on": _("关闭日期早于死亡日期：请核对。")})
    checks.past(day, "on")
    with everything("what is still open of the person an action holds"):
        left = [str(matter.title) for matter in open_matters(person)]
        if left and not despite_open:
            raise ValidationError(
                {
                    "despite_open": _("还有未了事项：%(left)s。请先办结，或确认带着它们关闭。")
                    % {"left": "、".join(left)}
                }
            )
        made = Closure.objects.create(
            person=person,
            closed_on=day,
            closed_by=actor.name,
            retention=protection().retention.name,
            keep_until=keep_until(person.death_date),
            left_open=left,
        )
    person.closed_on = day
    person.save()
    note(left_open=len(left), keep_until=made.keep_until)
    publish(FileClosed(person.pk, day))
    return made


@action("people.reopen_file", right="people.late")
def reopen_file(actor: Actor, person: Person, *, reason: str) -> Person:
    """Open a closed file again: it was closed by mistake, or too early. Raises ValidationError."""
    why = checks.reason(reason)
    refresh(person)
    if not reopen(person, why):
        raise ValidationError(_("档案没有关闭。"))
    note(reason=why)
    publish(FileReopened(person.pk))
    return person
