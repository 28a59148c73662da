"""Certificates: issued to those who completed, printed, declared void."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything
from yanglao.registers.training.events import CertificateIssued, CertificateRevoked
from yanglao.registers.training.kinds import kinds
from yanglao.registers.training.models import Certificate, Enrolment, Session
from yanglao.registers.training.rules import numbers
from yanglao.registers.training.seating import locked
from yanglao.registers.workforce import actions as workforce
from yanglao.registers.workforce.queries import Certificate as WorkerCertificate
from yanglao.registers.workforce.queries import Worker


@action("training.certify", right="training.certify")
def certify(
    actor: Actor, session: Session, *, enrolments: Collection[int] | None = None, issuer: str, on: dt.date
) -> list[Certificate]:
    """Issue certificates to all of a session who completed (or those of `enrolments`) and have none.

    Raises ValidationError when the course gives none, or the day is wrong.
    """
    held = locked(session)
    course = held.course
    if not course.certificate:
        raise ValidationError(_("这门课不发证书：如要发证，请先在课程中写明证书名称。"))
    if on > timezone.localdate():
        raise ValidationError({"on": _("发证日期在今天之后：请核对。")})
    if not issuer.strip():
        raise ValidationError({"issuer": _("请写明发证单位。")})
    with everything("the session an action holds"):
        ready = Enrolment.objects.filter(session=held, completed_on__lte=on, certificate=None)
        if enrolments is not None:
            ready = ready.filter(pk__in=enrolments)
        chosen = list(ready.select_related("trainee").order_by("pk"))
        order = _last(on.year, held.division_id)
        valid_to = numbers.months_later(on, course.valid_months) if course.valid_months else None
        made = [
            Certificate(
                number=numbers.certificate_number(on.year, held.division_id, order + index),
                code=secrets.token_urlsafe(12),
                enrolment=enrolment,
                course=course,
                title=course.certificate,
                issuer=issuer.strip(),
                issued_on=on,
                valid_to=valid_to,
            )
            for index, enrolment in enumerate(chosen, 1)
        ]
        Certificate.objects.bulk_create(made)
    for certificate in made:
        _write_through(certificate)
        publish(CertificateIssued(certificate.pk, certificate.enrolment.trainee.worker_id))
    note(issued=len(made))
    return made


def _write_through(certificate: Certificate) -> None:
    """Enter a worker's certificate of training in his own file, where such a kind is known there."""
    kind = kinds()[certificate.course.kind].worker_certificate if certificate.course.kind in kinds() else ""
    if not kind or certificate.enrolment.trainee.worker_id is None:
        return
    with everything("the worker who was trained"):
        workforce.add_certificate(
            Actor.system(_("培训发证")),
            Worker.objects.get(pk=certificate.enrolment.trainee.worker_id),
            kind=kind,
            issued_on=certificate.issued_on,
            source=_source(certificate),
            number=certificate.number,
            issuer=certificate.issuer[:80],
            expires_on=certificate.valid_to - dt.timedelta(days=1) if certificate.valid_to else None,
        )


def _source(certificate: Certificate) -> str:
    return f"training:{certificate.number}"


def _last(year: int, division: int) -> int:
    prefix = numbers.certificate_number(year, division, 0)[:-6]
    last = Certificate.objects.filter(number__prefix=prefix).aggregate(last=Max("number"))["last"]
    return int(last[-6:]) if last else 0


@action("training.printed", right="training.certify", at=lambda a: tuple(a["certificates"]))
def printed(actor: Actor, *, certificates: Collection[Certificate]) -> int:
    """Certificates were printed. Returns how many for the first time."""
    with everything("the certificates an action holds"):
        first = Certificate.objects.filter(pk__in=[c.pk for c in certificates], printed_at=None)
        number = first.update(printed_at=timezone.now())
    note(printed=len(certificates), first_time=number)
    return number


@action("training.revoke", right="training.certify")
def revoke(actor: Actor, certificate: Certificate, *, reason: str, on: dt.date) -> None:
    """Declare a certificate void; its number stays taken. Raises ValidationError."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明作废的原因。")})
    if certificate.revoked_on is not None:
        raise ValidationError(_("这张证书已经作废。"))
    if on < certificate.issued_on or on > timezone.localdate():
        raise ValidationError({"on": _("作废日期应在发证之后、今天之前：请核对。")})
    certificate.revoked_on, certificate.revoked_why = on, reason.strip()[:100]
    certificate.save(update_fields=["revoked_on", "revoked_why"])
    with everything("the certificate an action holds"):
        worker = certificate.enrolment.trainee.worker_id
        entered = WorkerCertificate.objects.filter(
            source=_source(certificate), replaced_at=None, revoked_on=None
        )
        for row in entered.order_by("pk"):
            workforce.revoke_certificate(Actor.system(_("培训发证")), row, on=on, reason=reason.strip())
    publish(CertificateRevoked(certificate.pk, worker))
