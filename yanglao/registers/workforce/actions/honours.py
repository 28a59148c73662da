"""Awards and studios."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.registers.places.queries import Place
from yanglao.registers.workforce import checks
from yanglao.registers.workforce.models import Award, Studio, Worker


@action("workforce.add_award", right="workforce.edit")
def add_award(
    actor: Actor,
    worker: Worker,
    *,
    kind: str,
    rank: str,
    title: str,
    given_on: dt.date,
    given_by: str = "",
    document: str = "",
    evidence_id: int | None = None,
) -> Award:
    """Enter an honour. Raises ValidationError when it was entered before."""
    if given_on > timezone.localdate():
        raise ValidationError({"given_on": _("授予日期在今天之后：请核对。")})
    title = title.strip()
    if Award._base_manager.filter(worker=worker, title=title, given_on=given_on, withdrawn_at=None).exists():
        raise ValidationError({"title": _("同一天的这项荣誉已经登记过。")})
    return Award.objects.create(
        worker=worker,
        kind=kind,
        rank=rank,
        title=title,
        given_on=given_on,
        given_by=given_by.strip(),
        document=document.strip(),
        evidence_id=evidence_id,
    )


@action("workforce.withdraw_award", right="workforce.edit")
def withdraw_award(actor: Actor, award: Award, *, reason: str) -> Award:
    """Entered by mistake, or taken back by who gave it. Raises ValidationError."""
    said = checks.reason(reason)
    award.withdrawn_at = timezone.now()
    award.save(update_fields=["withdrawn_at"])
    note(reason=said)
    return award


@action("workforce.open_studio", right="workforce.edit")
def open_studio(
    actor: Actor,
    worker: Worker,
    *,
    place: Place,
    kind: str,
    rank: str,
    name: str,
    opened_on: dt.date,
    document: str = "",
) -> Studio:
    """A studio led by the worker is set up at a place. Raises ValidationError when it is there already."""
    actor.require("workforce.edit", place)
    if Studio._base_manager.filter(place=place, name=name.strip(), closed_on=None).exists():
        raise ValidationError({"name": _("这里已有同名的工作室。")})
    return Studio.objects.create(
        worker=worker,
        place=place,
        kind=kind,
        rank=rank,
        name=name.strip(),
        opened_on=opened_on,
        document=document.strip(),
    )


@action("workforce.close_studio", right="workforce.edit")
def close_studio(actor: Actor, studio: Studio, *, on: dt.date) -> Studio:
    """The studio is closed from a day on. Raises ValidationError."""
    if on <= studio.opened_on:
        raise ValidationError({"on": _("撤销日期应晚于设立日期：请核对。")})
    studio.closed_on = on
    studio.save(update_fields=["closed_on"])
    return studio
