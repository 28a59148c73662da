"""Someone moves in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything
from yanglao.registers.stays import checks, persons
from yanglao.registers.stays.actions.applying import apply, expire_of, open_stay, release
from yanglao.registers.stays.actions.terms import begin_level, put_fees
from yanglao.registers.stays.events import StayBegan
from yanglao.registers.stays.models import Bed, Occupancy, Offer, Stay
from yanglao.registers.stays.vocabulary import vocabulary

State = Stay.State


@action("stays.admit", right="stays.admit")
def admit(
    actor: Actor,
    stay: Stay,
    *,
    bed: Bed,
    on: dt.date,
    level: str = "",
    fees: Mapping[str, int] | None = None,
) -> Stay:
    """Admit an applicant to a bed from the day `on`. `fees`: item → fen a month.

    The register of people learns that he lives in an institution and, on a long stay, that his residence is there.
    Raises ValidationError: the bed is not in use, taken, kept for another or not for his sex; he lives elsewhere.
    """
    bed = checks.locked_bed(bed)
    expire_of(bed)
    checks.locked_stay(stay)
    checks.state(stay, *Stay.BEFORE)
    checks.of_the_place(bed, stay)
    level = checks.listed(vocabulary().care_levels, level or stay.level, "level")
    move_in(actor, stay, bed, on)
    begin_level(stay, level, on, "")
    put_fees(stay, fees or {}, on, "")
    note(bed=bed.pk, on=on.isoformat(), level=level)
    return stay


@action("stays.receive", right="stays.admit", at=lambda a: (a["place"],))
def receive(
    actor: Actor, place: Any, *, admit_on: dt.date | None = None, bed: Bed | None = None, **said: Any
) -> Stay:
    """An application (`said`: see `apply`) and, with a day and a bed, admission at once: both or neither."""
    if admit_on is not None and bed is None:
        raise ValidationError({"bed": _("填写了入住日期，还要选择床位；只登记申请的，把入住日期清空。")})
    stay = apply(actor, place, **said)
    if admit_on is not None and bed is not None:
        admit(actor, stay, bed=bed, on=admit_on)
    return stay


def move_in(actor: Actor, stay: Stay, bed: Bed, on: dt.date) -> None:
    """The stay's person has the bed from `on`. The bed is locked. Raises ValidationError."""
    person = stay.person
    checks.not_after_today(on, "on")
    checks.in_use(bed, on)
    checks.free(bed, on, besides=stay.pk)
    checks.fits(person, bed)
    _alive(person, on)
    _lives_nowhere_else(stay)
    stay.state, stay.bed, stay.admitted_on = State.ADMITTED, bed, on
    here = bed.place.division_id
    if stay.kind == "long" and person.residence_id != here and stay.residence_before is None:
        stay.residence_before = person.residence_id
    with checks.once():
        Occupancy.objects.create(
            stay=stay, place_id=bed.place_id, bed=bed, person_id=stay.person_id, since=on
        )
        stay.save()
    release(stay, Offer.Answer.ADMITTED)
    if stay.kind != "day":
        persons.moved_in(actor, person, on=on, residence=here if stay.kind == "long" else None)
    publish(StayBegan(stay.pk, stay.person_id, stay.place_id, on))


def _alive(person: Any, on: dt.date) -> None:
    if person.death_date is not None and person.death_date <= on:
        raise ValidationError(
            {"on": _("档案中登记他那天已去世：请核对入住日期；误报的请由街道撤销死亡登记。")}
        )


def _lives_nowhere_else(stay: Stay) -> None:
    with everything("one stay at a time, wherever it is"):
        living = Stay.objects.filter(person_id=stay.person_id, state=State.ADMITTED).exclude(pk=stay.pk)
        other = living.select_related("place").order_by("pk").first()
    if other is not None:
        raise ValidationError(
            _("他还登记住在%(place)s：请先由那里办理退住，或由民政部门办理转机构。") % {"place": other.place}
        )


def continued(place: Any, former: Stay, on: dt.date) -> Stay:
    """The application that a transfer to another home makes: with what was agreed before."""
    return open_stay(
        place,
        former.person,
        applied_on=on,
        kind=former.kind,
        payer=former.payer,
        level=former.level,
        former=former,
        residence_before=former.residence_before,
    )
