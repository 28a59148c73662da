"""Premises a place uses, and the members of a health-and-care union."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action
from yanglao.kernel.scope import everything
from yanglao.registers.places import checks
from yanglao.registers.places.models import Membership, Place, Premises
from yanglao.registers.places.recording import project, refresh


@action("places.add_premises", right="places.edit")
def add_premises(
    actor: Actor, place: Place, *, owner: str, tenure: str, valid_from: dt.date, source: str, **other: Any
) -> Premises:
    """Premises the place uses. `other`: area (1/100 m²), deed_number, rent (fen a year), lease_end, former_use."""
    if tenure not in Premises.Tenure.values:
        raise ValidationError({"tenure": _("不在可选范围内：请从列表中选择。")})
    checks.days(valid_from, None)
    if other.get("lease_end") and other["lease_end"] < valid_from:
        raise ValidationError({"lease_end": _("租期止于起始日期之前：请核对租赁合同。")})
    refresh(place)
    made = Premises.objects.create(
        place=place,
        owner=checks.name(owner, "owner"),
        tenure=tenure,
        valid_from=valid_from,
        source=checks.source(source),
        **other,
    )
    project(place)
    return made


@action("places.leave_premises", right="places.edit")
def leave_premises(actor: Actor, premises: Premises, *, on: dt.date) -> Premises:
    """The place no longer uses them from the day `on`."""
    if on <= premises.valid_from:
        raise ValidationError({"on": _("停止使用的日期应晚于起始日期。")})
    refresh(premises.place)
    premises.valid_to = on
    premises.save()
    project(premises.place)
    return premises


@action("places.join", right="places.manage")
def join(
    actor: Actor, place: Place, *, member: Place, part: str, valid_from: dt.date, source: str
) -> Membership:
    """`member` takes part in the union `place` from a day on. Raises ValidationError."""
    if place.kind != "health_union":
        raise ValidationError({"member": _("只有康养联合体有成员。")})
    if member.pk == place.pk:
        raise ValidationError({"member": _("联合体不能是自己的成员。")})
    checks.days(valid_from, None)
    refresh(place)
    with everything("the members of a union an action holds"):
        standing = Membership.objects.filter(place=place, member=member, part=part)
        if standing.filter(Q(valid_to=None) | Q(valid_to__gt=valid_from)).exists():
            raise ValidationError({"member": _("它已经是成员，不用重复登记。")})
    return Membership.objects.create(
        place=place, member=member, part=part, valid_from=valid_from, source=checks.source(source)
    )


@action("places.leave", right="places.manage")
def leave(actor: Actor, membership: Membership, *, on: dt.date) -> Membership:
    """The member leaves on the day `on`."""
    if on <= membership.valid_from:
        raise ValidationError({"on": _("退出日期应晚于加入日期。")})
    membership.valid_to = on
    membership.save()
    return membership
