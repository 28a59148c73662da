"""Rooms and beds: added, changed, put in use, converted, repaired, taken out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything
from yanglao.registers.stays import checks
from yanglao.registers.stays.models import Bed, BedSpell, Occupancy, Room
from yanglao.registers.stays.vocabulary import vocabulary

OUT = "out"
SAID = ("building", "floor", "name", "kind", "area", "sex", "dementia", "note")


@action("stays.add_room", right="stays.edit", at=lambda a: (a["place"],))
def add_room(
    actor: Actor,
    place: Any,
    *,
    name: str,
    beds: int = 0,
    bed_kind: str = "ordinary",
    since: dt.date | None = None,
    **said: Any,
) -> Room:
    """A room of a place, with `beds` beds numbered 1… in use from `since`. `said`: the other columns of `SAID`.

    Raises ValidationError.
    """
    room = Room(place=place)
    _say(room, {"name": name, **said})
    for number in range(1, beds + 1):
        add_bed(actor, room, number=str(number), kind=bed_kind, since=since)
    return room


def _say(room: Room, said: dict[str, Any]) -> None:
    unknown = said.keys() - set(SAID)
    if unknown:
        raise TypeError(f"unknown: {', '.join(sorted(unknown))}")
    for field, value in said.items():
        setattr(room, field, value.strip() if isinstance(value, str) else value)
    with everything("names are taken within the place"):
        same = Room.objects.filter(place_id=room.place_id, building=room.building, name=room.name)
        if same.exclude(pk=room.pk).exists():
            raise ValidationError({"name": _("这栋楼已有同号的房间：请核对房间号，或打开原来的房间修改。")})
    room.clean_fields(exclude=["place"])
    room.save()


@action("stays.change_room", right="stays.edit")
def change_room(actor: Actor, room: Room, **said: Any) -> Room:
    """Change what is said of a room. Raises ValidationError, also when those who live there would not fit."""
    sex = said.get("sex")
    with everything("those who live in the room an action holds"):
        living = Occupancy.objects.filter(bed__room=room, until=None)
        if sex and living.exclude(person__sex=sex).exists():
            raise ValidationError({"sex": _("房间里现住着另一性别的老人：请先调换床位，再改入住性别。")})
    _say(room, said)
    return room


@action("stays.add_bed", right="stays.edit", at=lambda a: (a["room"],))
def add_bed(
    actor: Actor, room: Room, *, number: str, kind: str = "ordinary", since: dt.date | None = None
) -> Bed:
    """A bed of a room; with `since`, in use from that day on. Raises ValidationError."""
    checks.listed(vocabulary().bed_kinds, kind, "kind")
    number = number.strip()
    with everything("numbers are taken within the room"):
        if Bed.objects.filter(room=room, number=number).exists():
            raise ValidationError(
                {"number": _("这个房间已有 %(number)s 号床：请换一个床号。") % {"number": number}}
            )
    bed = Bed(place_id=room.place_id, room=room, number=number)
    bed.clean_fields(exclude=["place", "room"])
    bed.save()
    if since is not None:
        BedSpell.objects.create(bed=bed, kind=kind, valid_from=since)
    return bed


@action("stays.set_bed", right="stays.edit")
def set_bed(actor: Actor, bed: Bed, *, on: dt.date, kind: str = "", state: str = "use") -> Bed:
    """From the day `on` the bed is of `kind` (as before, if empty) and in `state`: use · repair · out.

    What was said of later days is replaced; earlier days keep what they were. Raises ValidationError, also when
    someone lies in it on a day on which it would not be in use.
    """
    bed = checks.locked_bed(bed)
    if state not in (*BedSpell.State.values, OUT):
        raise ValidationError({"state": _("没有“%(name)s”这个选项：请从列表中选择。") % {"name": state}})
    with everything("the bed an action holds"):
        spells = BedSpell.objects.filter(bed=bed)
        known = (
            spells.filter(valid_from__lte=on).order_by("-valid_from").first()
            or spells.order_by("valid_from").first()
        )
        kind = checks.listed(vocabulary().bed_kinds, kind or (known.kind if known else ""), "kind")
        if state != BedSpell.State.USE:
            _nobody_from(bed, on)
        spells.filter(valid_from__gte=on).delete()
        spells.filter(Q(valid_to=None) | Q(valid_to__gt=on)).update(valid_to=on)
        if state != OUT:
            BedSpell.objects.create(bed=bed, kind=kind, state=state, valid_from=on)
        elif not spells.exists():
            raise ValidationError({"on": _("床位还没有启用过：请先登记启用日期。")})
    note(kind=kind, state=state, on=on.isoformat())
    return bed


def _nobody_from(bed: Bed, on: dt.date) -> None:
    if Occupancy.objects.filter(Q(until=None) | Q(until__gt=on), bed=bed).exists():
        raise ValidationError(
            {"on": _("%(bed)s 那天以后还有人住：请先调换床位或办理退住，再登记维修或停用。") % {"bed": bed}}
        )
