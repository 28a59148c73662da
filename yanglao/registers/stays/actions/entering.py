"""Stays that are known already when they are entered: whoever lives there now, and who lived there once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything
from yanglao.registers.stays import checks, persons
from yanglao.registers.stays.actions.applying import apply
from yanglao.registers.stays.actions.moving_in import admit
from yanglao.registers.stays.actions.terms import make_way, put_fees
from yanglao.registers.stays.models import Bed, CareLevel, Fee, Occupancy, Stay
from yanglao.registers.stays.vocabulary import vocabulary


@action("stays.enter", right="stays.admit", at=lambda a: (a["place"],))
def enter(
    actor: Actor,
    place: Any,
    *,
    bed: Bed,
    since: dt.date,
    level: str,
    source: str,
    until: dt.date | None = None,
    end: str = "other",
    fees: Mapping[str, int] | None = None,
    **said: Any,
) -> Stay:
    """A stay since a day, or, with `until`, a past one. `said`: see `apply`. Raises ValidationError."""
    stay = apply(actor, place, applied_on=since, level=level, **said)
    if until is None:
        admit(actor, stay, bed=bed, on=since, fees=fees)
    else:
        _past(actor, stay, checks.locked_bed(bed), since, until, checks.listed(vocabulary().ends, end, "end"))
        with everything("the stay an action holds"):
            CareLevel.objects.create(stay=stay, level=level, valid_from=since)
            put_fees(stay, fees or {}, since, "")
            make_way(Fee.objects.filter(stay=stay), until)
            make_way(CareLevel.objects.filter(stay=stay), until)
    with everything("the stay an action holds"):
        Occupancy.objects.filter(stay=stay).update(source=source)
        Stay.objects.filter(pk=stay.pk).update(source=source)
    note(since=since.isoformat(), past=until is not None)
    stay.source = source
    return stay


def _past(actor: Actor, stay: Stay, bed: Bed, since: dt.date, until: dt.date, end: str) -> None:
    checks.not_after_today(until, "until")
    if until <= since:
        raise ValidationError({"until": _("退住日期应晚于入住日期：请核对两个日期。")})
    checks.of_the_place(bed, stay)
    checks.in_use(bed, since, until)
    checks.free(bed, since, until)
    checks.elsewhere(stay.person_id, since, until)
    stay.state, stay.bed, stay.admitted_on = Stay.State.DISCHARGED, bed, since
    stay.discharged_on, stay.end = until, end
    with checks.once():
        Occupancy.objects.create(
            stay=stay, place_id=stay.place_id, bed=bed, person_id=stay.person_id, since=since, until=until
        )
        stay.save()
    if stay.kind != "day":
        persons.lived(actor, stay.person, since=since, until=until)
