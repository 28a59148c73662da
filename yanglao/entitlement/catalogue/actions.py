"""Every change: what is offered, accepted, refused, received, taken back, and the recomputation of a city."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.catalogue import computing, coverage, one, rules
from yanglao.entitlement.catalogue.events import CityRecomputed, ItemStarted
from yanglao.entitlement.catalogue.models import Decision, Entitlement, Item
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.packs.models import City
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Person


@action("catalogue.offer", right="catalogue.act")
def offer(actor: Actor, person: Person, *, item: Item, on: dt.date | None = None, note: str = "") -> Decision:
    """The person was told 告知. Raises ValidationError unless he is entitled and was not told yet."""
    made = _enter(actor, person, item, "offer", on, note=note)
    _started(made)
    return made


@action("catalogue.accept", right="catalogue.act")
def accept(
    actor: Actor, person: Person, *, item: Item, on: dt.date | None = None, note: str = ""
) -> Decision:
    """He, or who helps him, agrees 同意办理; `ItemStarted` tells the room that goes on from here."""
    made = _enter(actor, person, item, "accept", on, note=note)
    _started(made)
    return made


@action("catalogue.refuse", right="catalogue.act")
def refuse(
    actor: Actor, person: Person, *, item: Item, reason: str, on: dt.date | None = None, note: str = ""
) -> Decision:
    """He does not want it 本人不要, with the reason: he is not asked again until it is taken back."""
    if reason not in Decision.Reason.values:
        raise ValidationError({"reason": _("请写明不要的原因。")})
    if reason == Decision.Reason.OTHER and not note.strip():
        raise ValidationError({"note": _("原因选“其他”的，请写明是什么。")})
    return _enter(actor, person, item, "refuse", on, reason=reason, note=note)


@action("catalogue.receive", right="catalogue.act")
def receive(
    actor: Actor, person: Person, *, item: Item, on: dt.date | None = None, note: str = ""
) -> Decision:
    """He has it 已享受, entered by hand: for items no room of the house shows."""
    return _enter(actor, person, item, "receive", on, note=note)


@action("catalogue.reopen", right="catalogue.act")
def reopen(
    actor: Actor, person: Person, *, item: Item, on: dt.date | None = None, note: str = ""
) -> Decision:
    """What was entered by hand no longer holds: a refusal is taken back, a service has ended. The reason is said."""
    if not note.strip():
        raise ValidationError({"note": _("请写明为什么重新办理。")})
    return _enter(actor, person, item, "reopen", on, note=note)


def _enter(actor: Actor, person: Person, item: Item, kind: str, on: dt.date | None, **said: Any) -> Decision:
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise ValidationError({"on": _("日期不能晚于今天。")})
    one.refresh(person.pk)
    with everything("a person's state with an item"):
        stands = Entitlement.objects.select_for_update().filter(person=person, item=item).first()
        _may(stands, item, kind)
        made = Decision.objects.create(
            person=person,
            item=item,
            division_id=person.residence_id or person.hukou_id,
            kind=kind,
            on=max(day, stands.entitled_since) if stands else day,
            by=actor.name,
            **said,
        )
    one.refresh(person.pk)
    return made


def _may(stands: Entitlement | None, item: Item, kind: str) -> None:
    """Raises ValidationError with the reason when this cannot be entered now."""
    if stands is None or stands.state == rules.State.ENDED:
        raise ValidationError(
            _("按现在的登记，不符合“%(item)s”的条件；先核对档案里的情况，改正后再办。") % {"item": item}
        )
    if stands.state not in rules.FROM[kind]:
        said = {"item": item, "state": stands.get_state_display()}
        raise ValidationError(_("“%(item)s”现在是“%(state)s”，不能这样登记；请刷新页面再看。") % said)
    if kind == "reopen" and stands.via != "hand":
        raise ValidationError(
            _("“%(item)s”的状态来自发放或服务记录，不是手工登记的，不能在这里改。") % {"item": item}
        )


def _started(made: Decision) -> None:
    item = made.item
    publish(ItemStarted(made.person_id, item.pk, item.key, item.city_id, made.kind, made.pk))


@action("catalogue.recompute", right="catalogue.recompute", at=lambda a: (a["city"].root_id,))
def kept(actor: Actor, *, city: City, on: dt.date, done: computing.Done) -> computing.Done:
    """Count the month anew and tell the house."""
    with everything("figures of a whole city"):
        rows = coverage.keep(city, on)
    note(city=city.pk, new=done.new, changed=done.changed, rows=rows)
    publish(CityRecomputed(city.pk, on, done.new, done.changed))
    return done


@action("catalogue.recover", right="catalogue.recompute", at=lambda a: (a["city"].root_id,))
def recovered(actor: Actor, *, city: City, month: int, columns: pa.Table) -> int:
    """Keep the figures of a past month (YYYYMM) that were found from dated facts; returns how many rows."""
    with everything("figures of a whole city"):
        rows = coverage.replace(city, month, columns)
    note(city=city.pk, month=month, rows=rows)
    return rows
