"""What a person allows, and what he asks about his data."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.calendar.queries import add_working_days
from yanglao.kernel.files.actions import store
from yanglao.kernel.files.models import StoredFile
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything
from yanglao.registers.people import checks
from yanglao.registers.people.events import ConsentWithdrawn, FileRestricted
from yanglao.registers.people.models import Appointment, Consent, Contact, DataRequest, GivenBy, Person, Role
from yanglao.registers.people.protection_file import protection
from yanglao.registers.people.recording import refresh, writable


@action("people.consent", right="people.edit")
def consent(
    actor: Actor,
    person: Person,
    *,
    what: str,
    purpose: str,
    recipient: str,
    given_by: str,
    how: str,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    guardian: Contact | None = None,
    file: File[bytes] | None = None,
) -> Consent:
    """Record a consent: one kind of data, one purpose, one recipient; `file` is the paper it was given on.

    Raises ValidationError.
    """
    writable(actor, person)
    if valid_to is not None and valid_to <= valid_from:
        raise ValidationError({"valid_to": _("结束日期应晚于开始日期：请核对两个日期。")})
    made = Consent(
        person=person,
        what=what,
        purpose=_some(purpose, "purpose", _("请写明用途：同意只对写明的用途有效。")),
        recipient=_some(recipient, "recipient", _("请写明提供给哪个单位或哪类人。")),
        given_by=given_by,
        guardian=_guardian(person, given_by, guardian),
        how=how,
        evidence=_kept(actor, person, file),
        valid_from=valid_from,
        valid_to=valid_to,
        recorded_by=actor.name,
    )
    made.clean_fields(exclude=["person", "guardian", "evidence"])
    made.save()
    note(what=what, given_by=given_by, how=how)
    return made


def _kept(actor: Actor, person: Person, file: File[bytes] | None) -> StoredFile | None:
    if file is None:
        return None
    name = str(file.name or "")
    return store(actor, name, file.open("rb"), kind="document", division=person.residence_id)


def _some(text: str, field: str, missing: str) -> str:
    if not text.strip():
        raise ValidationError({field: missing})
    return text.strip()


def _guardian(person: Person, given_by: str, guardian: Contact | None) -> Contact | None:
    """The guardian who speaks for him: one whose guardianship holds today. None when he speaks for himself."""
    if given_by == GivenBy.SELF:
        return None
    today = timezone.localdate()
    with everything("the person an action holds"):
        held = Appointment.objects.filter(person=person, role=Role.GUARDIAN, valid_from__lte=today)
        standing = {a.contact_id for a in held.order_by("id") if a.valid_to is None or a.valid_to > today}
    if guardian is None or guardian.pk not in standing:
        raise ValidationError({"guardian": _("请选择现任监护人；还没有登记的，请先登记监护。")})
    return guardian


@action("people.withdraw_consent", right="people.edit")
def withdraw_consent(actor: Actor, consent: Consent, *, on: dt.date) -> Consent:
    """It no longer holds from the day `on`; what was done before stays lawful. Raises ValidationError."""
    refresh(consent.person)
    consent.refresh_from_db()
    if consent.withdrawn_on is not None:
        raise ValidationError(_("这条同意已经撤回。"))
    if on < consent.valid_from:
        raise ValidationError({"on": _("撤回日期早于同意日期：请核对。")})
    consent.withdrawn_on = checks.past(on, "on")
    consent.save()
    publish(ConsentWithdrawn(consent.person_id, consent.what))
    return consent


@action("people.ask", right="people.edit")
def ask(
    actor: Actor,
    person: Person,
    *,
    ask: str,
    text: str,
    given_by: str,
    how: str,
    received_on: dt.date,
    guardian: Contact | None = None,
) -> DataRequest:
    """Take in a request about personal data; it is due after the working days of the city's rule.

    Also for a closed file: the rights outlive the person. Raises ValidationError.
    """
    refresh(person)
    rule = protection().answering
    received = checks.past(received_on, "received_on") or received_on
    made = DataRequest(
        person=person,
        ask=ask,
        text=_some(text, "text", _("请写明申请内容。")),
        given_by=given_by,
        guardian=_guardian(person, given_by, guardian),
        how=how,
        received_on=received,
        due_on=add_working_days(received, rule.working_days),
        rule=rule.source[:100],
    )
    made.clean_fields(exclude=["person", "guardian"])
    made.save()
    note(ask=ask, due_on=made.due_on)
    return made


@action("people.answer", right="people.protect")
def answer(actor: Actor, request: DataRequest, *, outcome: str, answer: str) -> DataRequest:
    """Answer a request. Granted, a restriction begins and an erasure empties what is not needed by law: telephone,
    addresses, note; the rest (facts, payments) is kept as law and audit demand. Raises ValidationError.
    """
    person = request.person
    refresh(person)
    request.refresh_from_db()
    if request.outcome:
        raise ValidationError(_("这项申请已经答复过。"))
    if outcome not in (DataRequest.Outcome.GRANTED, DataRequest.Outcome.PARTLY, DataRequest.Outcome.REFUSED):
        raise ValidationError({"outcome": _("请选择结果。")})
    request.outcome = outcome
    request.answer = _some(answer, "answer", _("请写明答复内容；不同意的要说明理由。"))
    request.answered_on, request.answered_by = timezone.localdate(), actor.name
    request.clean_fields(exclude=["person", "guardian"])
    request.save()
    if outcome != DataRequest.Outcome.REFUSED:
        _carry_out(person, request)
    note(ask=request.ask, outcome=outcome)
    return request


def _carry_out(person: Person, request: DataRequest) -> None:
    if request.ask == DataRequest.Ask.RESTRICT and person.restricted_on is None:
        person.restricted_on = request.answered_on
        person.save()
        publish(FileRestricted(person.pk, person.restricted_on))
    if request.ask == DataRequest.Ask.ERASE:
        person.phone = person.address = person.hukou_address = ""
        person.note = ""
        person.save()


@action("people.lift", right="people.protect")
def lift(actor: Actor, request: DataRequest, *, reason: str) -> DataRequest:
    """Lift a restriction. While another request still restricts, the file stays restricted. Raises ValidationError."""
    person = request.person
    refresh(person)
    request.refresh_from_db()
    if not _restricts(request):
        raise ValidationError(_("这项申请没有在限制处理。"))
    request.lifted_on, request.lifted = timezone.localdate(), checks.reason(reason)
    request.save()
    with everything("the person an action holds"):
        others = [r for r in DataRequest.objects.filter(person=person).order_by("id") if _restricts(r)]
    if not others:
        person.restricted_on = None
        person.save()
        publish(FileRestricted(person.pk, None))
    return request


def _restricts(request: DataRequest) -> bool:
    granted = request.outcome in (DataRequest.Outcome.GRANTED, DataRequest.Outcome.PARTLY)
    return request.ask == DataRequest.Ask.RESTRICT and granted and request.lifted_on is None
