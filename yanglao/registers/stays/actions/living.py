"""While someone lives in a home, and his leaving it."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything
from yanglao.registers.stays import checks, persons
from yanglao.registers.stays.actions.applying import expire_of
from yanglao.registers.stays.actions.moving_in import continued, move_in
from yanglao.registers.stays.actions.terms import begin_level, make_way, put_fees
from yanglao.registers.stays.events import StayEnded
from yanglao.registers.stays.models import Bed, CareLevel, Fee, Leave, Occupancy, Stay
from yanglao.registers.stays.vocabulary import vocabulary

State = Stay.State


@action("stays.go_away", right="stays.admit")
def go_away(
    actor: Actor, stay: Stay, *, kind: str, on: dt.date, expected: dt.date | None = None, remark: str = ""
) -> Leave:
    """He is away from the day `on` while his bed is kept. Raises ValidationError."""
    checks.locked_stay(stay)
    checks.state(stay, State.ADMITTED)
    checks.not_after_today(on, "on")
    checks.listed(vocabulary().leave_kinds, kind, "kind")
    checks.since_admission(stay, on)
    if expected is not None and expected < on:
        raise ValidationError({"expected": _("预计返回早于离院日期：请核对两个日期。")})
    with everything("the stay an action holds"):
        if Leave.objects.filter(stay=stay, until=None).exists():
            raise ValidationError(_("他已经登记离院，还没有返院：请先登记返院。"))
        if Leave.objects.filter(stay=stay, until__gt=on).exists():
            raise ValidationError({"on": _("与以前的一次离院日期重叠：请核对日期。")})
    given = {"kind": kind, "since": on, "expected": expected, "note": remark.strip()}
    return Leave.objects.create(stay=stay, place_id=stay.place_id, **given)


@action("stays.come_back", right="stays.admit")
def come_back(actor: Actor, stay: Stay, *, on: dt.date) -> Leave:
    """He is back on the day `on`. Raises ValidationError."""
    checks.locked_stay(stay)
    checks.state(stay, State.ADMITTED)
    checks.not_after_today(on, "on")
    with everything("the stay an action holds"):
        leave: Leave | None = Leave.objects.filter(stay=stay, until=None).first()
    if leave is None:
        raise ValidationError(_("他没有登记离院。"))
    if on < leave.since:
        raise ValidationError({"on": _("返院日期早于离院日期：请核对两个日期。")})
    leave.until = on
    leave.save()
    return leave


@action("stays.transfer", right="stays.admit")
def transfer(actor: Actor, stay: Stay, *, bed: Bed, on: dt.date) -> Stay:
    """To another bed of the same place from the day `on`. Raises ValidationError."""
    bed = checks.locked_bed(bed)
    expire_of(bed)
    checks.locked_stay(stay)
    checks.state(stay, State.ADMITTED)
    checks.not_after_today(on, "on")
    if bed.place_id != stay.place_id:
        raise ValidationError({"bed": _("这张床在另一家机构：请用“转入其他机构”。")})
    if bed.pk == stay.bed_id:
        raise ValidationError({"bed": _("他现在就住这张床：请另选一张。")})
    checks.in_use(bed, on)
    checks.free(bed, on, besides=stay.pk)
    checks.fits(stay.person, bed)
    before = _leave_bed(stay, on)
    with checks.once():
        Occupancy.objects.create(
            stay=stay, place_id=stay.place_id, bed=bed, person_id=stay.person_id, since=on
        )
    stay.bed = bed
    stay.save()
    note(before=before.bed_id, bed=bed.pk, on=on.isoformat())
    return stay


def _leave_bed(stay: Stay, on: dt.date) -> Occupancy:
    """His bed is free from `on`. Raises ValidationError."""
    with everything("the stay an action holds"):
        now: Occupancy = Occupancy.objects.select_for_update().get(stay=stay, until=None)
    if on < now.since:
        raise ValidationError({"on": _("日期早于他搬到现在这张床的日期：请核对。")})
    now.until, now.source = on, ""  # no longer as an import wrote it
    now.save()
    return now


@action("stays.discharge", right="stays.admit")
def discharge(actor: Actor, stay: Stay, *, on: dt.date, end: str, remark: str = "") -> Stay:
    """He leaves on the day `on`, the first he lives here no more. Raises ValidationError.

    A death ends the stay here; the street finds it on its desk and records it in the register of people.
    """
    checks.locked_stay(stay)
    checks.state(stay, State.ADMITTED)
    checks.not_after_today(on, "on")
    checks.listed(vocabulary().ends, end, "end")
    move_out(actor, stay, on, end)
    if remark.strip():
        stay.note = remark.strip()
        stay.save()
    return stay


def move_out(actor: Actor, stay: Stay, on: dt.date, end: str, *, goes_on: bool = False) -> None:
    """End the stay on `on`, and all that runs with it. The stay is locked. `goes_on`: in another home."""
    checks.since_admission(stay, on)
    _leave_bed(stay, on)
    with everything("the stay an action holds"):
        Leave.objects.filter(stay=stay, since__gt=on).delete()
        Leave.objects.filter(stay=stay, until=None).update(until=on)
        for rows in (CareLevel.objects.filter(stay=stay), Fee.objects.filter(stay=stay)):
            make_way(rows, on)
    stay.state, stay.discharged_on, stay.end = State.DISCHARGED, on, end
    stay.save()
    if not goes_on and stay.kind != "day" and end != "death":
        back = stay.residence_before if end == "home" else None
        persons.moved_out(actor, stay.person, on=on, residence=back)
    publish(StayEnded(stay.pk, stay.person_id, stay.place_id, on, end))


@action("stays.move_home", right="stays.admit")
def move_home(actor: Actor, stay: Stay, *, bed: Bed, on: dt.date) -> Stay:
    """To a bed of another home on the day `on`: one stay ends, another begins, level and fees go along.

    The right is needed at both places. Gives the new stay. Raises ValidationError, Forbidden.
    """
    bed = checks.locked_bed(bed)
    actor.require("stays.admit", bed.place)
    return carry_over(actor, stay, bed, on)


def carry_over(actor: Actor, stay: Stay, bed: Bed, on: dt.date) -> Stay:
    """What `move_home` does once the rights at both places are known. The bed is locked."""
    expire_of(bed)
    checks.locked_stay(stay)
    checks.state(stay, State.ADMITTED)
    if bed.place_id == stay.place_id:
        raise ValidationError({"bed": _("这张床就在本机构：请用“调换床位”。")})
    with everything("the stay an action holds"):
        now = Fee.objects.filter(stay=stay, valid_to=None).order_by("item")
        fees = {fee.item: fee.amount for fee in now}
    level = stay.level
    move_out(actor, stay, on, "other_home", goes_on=True)
    fresh = continued(bed.place, stay, on)
    move_in(actor, fresh, bed, on)
    begin_level(fresh, level, on, "")
    put_fees(fresh, fees, on, "")
    note(to=fresh.pk, bed=bed.pk)
    return fresh
