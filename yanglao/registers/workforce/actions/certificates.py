"""Certificates: entered, corrected, verified, revoked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.rooms import publish
from yanglao.registers.workforce import checks
from yanglao.registers.workforce.events import CertificateAdded
from yanglao.registers.workforce.models import Certificate, Worker
from yanglao.registers.workforce.recording import certificate_until, lock, project

FIELDS = ("kind", "level", "number", "issuer", "issued_on", "expires_on", "evidence_id")


@action("workforce.add_certificate", right="workforce.edit")
def add_certificate(
    actor: Actor,
    worker: Worker,
    *,
    kind: str,
    issued_on: dt.date,
    source: str,
    level: int | None = None,
    number: str = "",
    issuer: str = "",
    expires_on: dt.date | None = None,
    evidence_id: int | None = None,
) -> Certificate:
    """Enter a certificate; without `expires_on` it holds as long as its kind does. Raises ValidationError."""
    lock(worker)
    row = Certificate(
        worker=worker,
        kind=kind,
        level=level,
        number=number.strip(),
        issuer=issuer.strip(),
        issued_on=issued_on,
        expires_on=certificate_until(kind, issued_on, expires_on),
        evidence_id=evidence_id,
        source=source[:100],
    )
    _enter(row)
    return row


def _enter(row: Certificate, besides: int | None = None) -> None:
    checks.certificate(row, besides)
    row.save()
    project(row.worker)
    publish(CertificateAdded(row.worker_id, row.pk, row.kind))


def _held(row: Certificate) -> None:
    lock(row.worker)
    checks.still_known(row)


@action("workforce.correct_certificate", right="workforce.edit")
def correct_certificate(actor: Actor, certificate: Certificate, *, reason: str, **fields: Any) -> Certificate:
    """Correct a certificate: the row as it was stays to be asked for; what was verified must be verified again.

    `fields`: kind, level, number, issuer, issued_on, expires_on, evidence_id. Raises ValidationError.
    """
    said = checks.reason(reason)
    _held(certificate)
    if unknown := fields.keys() - set(FIELDS):
        raise TypeError(f"unknown: {', '.join(sorted(unknown))}")
    now = timezone.now()
    kept = {name: getattr(certificate, name) for name in FIELDS}
    row = Certificate(
        worker=certificate.worker, source=certificate.source, recorded_at=now, **{**kept, **fields}
    )
    checks.certificate(row, besides=certificate.pk)
    certificate.replaced_at = now
    certificate.save(update_fields=["replaced_at"])
    _enter(row, besides=certificate.pk)
    note(reason=said, fields=sorted(f for f in fields if fields[f] != kept[f]))
    return row


@action("workforce.verify_certificate", right="workforce.verify")
def verify_certificate(actor: Actor, certificate: Certificate, *, how: str) -> Certificate:
    """Somebody looked the certificate up; `how` says where. Raises ValidationError."""
    _held(certificate)
    if not how.strip():
        raise ValidationError({"how": _("请写明在哪里核验：例如“技能人才评价工作网”“查看原件”。")})
    certificate.verified_at, certificate.verified_how = timezone.now(), how.strip()[:60]
    certificate.verified_by_id = actor.user_id
    certificate.save(update_fields=["verified_at", "verified_how", "verified_by"])
    note(how=how.strip()[:60])
    return certificate


@action("workforce.revoke_certificate", right="workforce.edit")
def revoke_certificate(actor: Actor, certificate: Certificate, *, on: dt.date, reason: str) -> Certificate:
    """The certificate no longer holds from a day on. Raises ValidationError."""
    said = checks.reason(reason)
    _held(certificate)
    if on < certificate.issued_on:
        raise ValidationError({"on": _("注销日期早于发证日期：请核对。")})
    certificate.revoked_on = on
    certificate.save(update_fields=["revoked_on"])
    project(certificate.worker)
    note(reason=said)
    return certificate


@action("workforce.withdraw_certificate", right="workforce.edit")
def withdraw_certificate(actor: Actor, certificate: Certificate, *, reason: str) -> Certificate:
    """He never had it: entered by mistake. Raises ValidationError."""
    said = checks.reason(reason)
    _held(certificate)
    certificate.replaced_at = timezone.now()
    certificate.save(update_fields=["replaced_at"])
    project(certificate.worker)
    note(reason=said)
    return certificate
