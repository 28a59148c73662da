"""Whom to call, who guards him, who runs his errands."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything
from yanglao.registers.people import checks
from yanglao.registers.people.models import Appointment, Contact, Person, Role
from yanglao.registers.people.recording import writable


@action("people.add_contact", right="people.edit")
def add_contact(
    actor: Actor,
    person: Person,
    *,
    name: str,
    relation: str,
    phone: str = "",
    has_key: bool = False,
    guardian: bool = False,
    turn: int | None = None,
    verified_on: dt.date | None = None,
    note: str = "",
    source: str = "",
) -> Contact:
    """Add someone to call; `turn` is his place in the order of calling, the last if not given. Raises ValidationError."""
    writable(actor, person)
    contact = Contact(
        person=person,
        name=checks.name(name),
        relation=relation,
        has_key=has_key,
        guardian=guardian,
        phone=checks.phone(phone),
        turn=turn or _next_turn(person),
        verified_on=checks.past(verified_on, "verified_on"),
        note=note.strip(),
        source=source,
    )
    contact.clean_fields(exclude=["phone", "person"])
    contact.save()
    return contact


def _next_turn(person: Person) -> int:
    with everything("the person an action holds"):
        last = Contact.objects.filter(person=person, removed_at=None).order_by("-turn").first()
    return last.turn + 1 if last else 1


@action("people.edit_contact", right="people.edit")
def edit_contact(actor: Actor, contact: Contact, *, phone: str | None = None, **columns: Any) -> Contact:
    """Correct a contact: name, relation, has_key, turn, verified_on, note; a telephone not given stays.

    Raises ValidationError.
    """
    writable(actor, contact.person)
    if contact.removed_at is not None:
        raise ValidationError(_("这位联系人已经移除：请重新添加。"))
    if "name" in columns:
        columns["name"] = checks.name(columns["name"])
    if "verified_on" in columns:
        columns["verified_on"] = checks.past(columns["verified_on"], "verified_on")
    for column, value in columns.items():
        setattr(contact, column, value)
    if phone is not None:
        contact.phone = checks.phone(phone)
    contact.clean_fields(exclude=["phone", "person"])
    contact.save()
    return contact


@action("people.remove_contact", right="people.edit")
def remove_contact(actor: Actor, contact: Contact) -> None:
    """Nobody calls him any more; the row stays. Raises ValidationError while he is guardian or helper."""
    writable(actor, contact.person)
    with everything("the person an action holds"):
        if Appointment.objects.filter(contact=contact, valid_to=None).exists():
            raise ValidationError(_("这位联系人还是监护人或代办人：请先终止监护或代办，再移除。"))
    contact.removed_at = timezone.now()
    contact.save()


@action("people.appoint", right="people.edit")
def appoint(
    actor: Actor,
    contact: Contact,
    *,
    role: str,
    valid_from: dt.date,
    source: str,
    kind: str = "",
    matters: str = "",
    document: str = "",
    consented_on: dt.date | None = None,
    valid_to: dt.date | None = None,
    evidence_id: int | None = None,
) -> Appointment:
    """Make a contact guardian (`kind`: statutory, designated, agreed) or helper (`matters`, and the person's consent).

    Appointed and agreed guardianship rest on a document: it must be named. Raises ValidationError.
    """
    person = contact.person
    writable(actor, person)
    _refuse_incomplete(role, kind, matters, document, consented_on)
    if valid_to is not None and valid_to <= valid_from:
        raise ValidationError({"valid_to": _("结束日期应晚于开始日期：请核对两个日期。")})
    with everything("the person an action holds"):
        if contact.removed_at is not None:
            raise ValidationError(_("这位联系人已经移除：请重新添加。"))
        if Appointment.objects.filter(contact=contact, role=role, valid_to=None).exists():
            raise ValidationError(
                _("他现在已经是%(role)s：请先终止原来的登记。") % {"role": Role(role).label}
            )
        made = Appointment.objects.create(
            person=person,
            contact=contact,
            role=role,
            kind=kind if role == Role.GUARDIAN else "",
            matters=matters if role == Role.HELPER else "",
            document=document.strip(),
            consented_on=consented_on if role == Role.HELPER else None,
            evidence_id=evidence_id,
            valid_from=valid_from,
            valid_to=valid_to,
            source=checks.source(source),
        )
        _mark_guardian(contact)
    note(role=role, kind=made.kind, matters=made.matters, valid_from=valid_from)
    return made


def _refuse_incomplete(
    role: str, kind: str, matters: str, document: str, consented_on: dt.date | None
) -> None:
    if role == Role.GUARDIAN:
        if not kind:
            raise ValidationError({"kind": _("请选择监护类型。")})
        if kind != "statutory" and not document.strip():
            raise ValidationError(
                {"document": _("指定监护和意定监护要写明依据：判决书、指定书或公证书的编号。")}
            )
        return
    if not matters:
        raise ValidationError({"matters": _("请选择可以代办的事项。")})
    if consented_on is None:
        raise ValidationError({"consented_on": _("代办要有本人同意：请填写同意日期。")})
    checks.past(consented_on, "consented_on")


def _mark_guardian(contact: Contact) -> None:
    """The flag lists and rosters know: he is a guardian by some appointment of today."""
    today = timezone.localdate()
    contact.guardian = any(
        a.valid_to is None or a.valid_to > today
        for a in Appointment.objects.filter(contact=contact, role=Role.GUARDIAN).order_by("id")
    )
    contact.save(update_fields=["guardian"])


@action("people.end_appointment", right="people.edit")
def end_appointment(actor: Actor, appointment: Appointment, *, on: dt.date, reason: str) -> Appointment:
    """He is no guardian or helper any more from the day `on`. Raises ValidationError."""
    writable(actor, appointment.person)
    if on <= appointment.valid_from:
        raise ValidationError({"on": _("终止日期应晚于开始日期：请核对。")})
    appointment.valid_to, appointment.ended = on, checks.reason(reason)
    appointment.save()
    with everything("the person an action holds"):
        _mark_guardian(appointment.contact)
    return appointment
