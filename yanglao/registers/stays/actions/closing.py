"""Closing or merging a home: everybody who lives there is settled first, and moves in one go."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything
from yanglao.registers.stays import checks
from yanglao.registers.stays.actions.applying import release
from yanglao.registers.stays.actions.living import carry_over, move_out
from yanglao.registers.stays.models import Bed, Closure, Offer, Resettlement, Stay

State = Closure.State


@action("stays.plan_closure", right="stays.resettle", at=lambda a: (a["place"],))
def plan_closure(
    actor: Actor,
    place: Any,
    *,
    reason: str,
    closes_on: dt.date,
    noticed_on: dt.date | None = None,
    into: Any = None,
) -> Closure:
    """A plan with one line for everybody who lives in the place. Raises ValidationError."""
    if into is not None and into.pk == place.pk:
        raise ValidationError({"into": _("不能并入自己：请另选一家机构。")})
    with everything("the place an action holds"):
        if Closure.objects.filter(place=place, state=State.PLANNED).exists():
            raise ValidationError(_("本机构已有一个安置方案：请打开它继续办理，或先取消它。"))
    made: Closure = Closure.objects.create(
        place=place, into=into, reason=checks.reason(reason), closes_on=closes_on, noticed_on=noticed_on
    )
    bring_up_to_date(made)
    return made


def bring_up_to_date(closure: Closure) -> None:
    """A line for everybody who lives there now; the lines of those who have left go."""
    with everything("the residents of the place an action holds"):
        living = Stay.objects.filter(place_id=closure.place_id, state=Stay.State.ADMITTED)
        here = set(living.values_list("pk", flat=True))
        lines = Resettlement.objects.filter(closure=closure)
        listed = set(lines.values_list("stay_id", flat=True))
        lines.filter(stay_id__in=listed - here).delete()
        Resettlement.objects.bulk_create(
            [Resettlement(closure=closure, stay_id=pk) for pk in sorted(here - listed)]
        )


def _planned(closure: Closure) -> None:
    if closure.state != State.PLANNED:
        raise ValidationError(_("安置方案已是“%(state)s”。") % {"state": closure.get_state_display()})


@action("stays.settle", right="stays.resettle")
def settle(
    actor: Actor,
    line: Resettlement,
    *,
    to: str,
    bed: Bed | None = None,
    agreed_by: str = "",
    agreed_on: dt.date | None = None,
    why: str = "",
) -> Resettlement:
    """Where one resident goes, and who agreed; or why it could not be agreed. Raises ValidationError."""
    _planned(line.closure)
    if to not in Resettlement.To.values:
        raise ValidationError({"to": _("没有“%(name)s”这个选项：请从列表中选择。") % {"name": to}})
    if not (agreed_by.strip() and agreed_on) and not why.strip():
        raise ValidationError({"agreed_by": _("请填写同意人和同意日期；未能达成一致的，写明如何处理。")})
    line.bed = _destination(line, bed) if to == Resettlement.To.BED else None
    line.to, line.agreed_by, line.agreed_on, line.why = to, agreed_by.strip(), agreed_on, why.strip()
    line.clean_fields(exclude=["closure", "stay", "bed"])
    line.save()
    return line


def _destination(line: Resettlement, bed: Bed | None) -> Bed:
    if bed is None:
        raise ValidationError({"bed": _("请选择转入的床位。")})
    if bed.place_id == line.closure.place_id:
        raise ValidationError({"bed": _("这张床就在要停办的机构：请选其他机构的床位。")})
    bed = checks.locked_bed(bed)
    today = timezone.localdate()
    checks.in_use(bed, today)
    checks.free(bed, today)
    checks.fits(line.stay.person, bed)
    with everything("one bed for one of those who move"):
        if Resettlement.objects.filter(closure=line.closure, bed=bed).exclude(pk=line.pk).exists():
            raise ValidationError({"bed": _("方案里已把这张床给了另一位老人：请另选一张。")})
    return bed


@action("stays.execute_closure", right="stays.resettle")
def execute_closure(actor: Actor, closure: Closure, *, on: dt.date) -> Closure:
    """Everybody moves on the day `on`, all or nothing; those who waited are taken off the list.

    Raises ValidationError while anybody is not settled, or when a bed was taken meanwhile.
    """
    _planned(closure)
    checks.not_after_today(on, "on")
    bring_up_to_date(closure)
    with everything("the residents of the place an action holds"):
        related = ("closure", "stay__person", "stay__place", "bed__place", "bed__room")
        rows = Resettlement.objects.filter(closure=closure).select_related(*related)
        lines = list(rows.order_by("bed_id", "pk"))
    unsettled = sum(1 for line in lines if not line.settled)
    if unsettled:
        raise ValidationError(_("还有%(n)s位老人没有落实去向：逐人落实后才能执行。") % {"n": unsettled})
    for line in lines:
        _move(actor, line, on)
    waiting = _dismiss_waiting(closure)
    closure.state, closure.done_at = State.DONE, timezone.now()
    closure.save()
    note(moved=len(lines), waiting=waiting, on=on.isoformat())
    return closure


def _move(actor: Actor, line: Resettlement, on: dt.date) -> None:
    if line.to == Resettlement.To.BED and line.bed is not None:
        actor.require("stays.resettle", line.bed.place)
        carry_over(actor, line.stay, checks.locked_bed(line.bed), on)
        return
    checks.locked_stay(line.stay)
    move_out(actor, line.stay, on, line.to)


def _dismiss_waiting(closure: Closure) -> int:
    with everything("those who wait for the place an action holds"):
        waiting = list(Stay.objects.filter(place_id=closure.place_id, state__in=Stay.BEFORE).order_by("pk"))
    for stay in waiting:
        release(stay, Offer.Answer.CANCELLED)
        stay.state, stay.note = Stay.State.WITHDRAWN, _("机构停办")
        stay.save()
    return len(waiting)


@action("stays.cancel_closure", right="stays.resettle")
def cancel_closure(actor: Actor, closure: Closure, *, reason: str) -> Closure:
    """The home stays open. Raises ValidationError."""
    _planned(closure)
    note(reason=checks.reason(reason))
    closure.state = State.CANCELLED
    closure.save()
    return closure
