"""Opening a worker's file, correcting it, reading it in clear."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import ScopedModel
from yanglao.registers.people.rules import names
from yanglao.registers.workforce import checks
from yanglao.registers.workforce.actions.spells import hire
from yanglao.registers.workforce.checks import Employer
from yanglao.registers.workforce.models import Worker, WorkerLooked
from yanglao.registers.workforce.recording import lock

PERSONAL = ("id_number", "phone")


def _where(arguments: dict[str, Any]) -> Iterable[int | ScopedModel]:
    return (arguments["employer"] or arguments["division"],)


@action("workforce.add", right="workforce.edit", at=_where)
def add(
    actor: Actor,
    *,
    name: str,
    id_number: str,
    source: str,
    employer: Employer | None = None,
    division: int | None = None,
    spell: dict[str, Any] | None = None,
    **other: Any,
) -> Worker:
    """Open a worker's file: at an employer with the first `spell` (see `hire`), or in a `division` without one.

    Who has a file already (one file per resident id) is hired with it; without an employer that is refused with
    code "double". `other`: phone, hukou, education, school, major, graduated_on, entered_trade_on,
    employer_outside, note. Raises ValidationError.
    """
    read = checks.identity(name, id_number)
    found = checks.known(read.id_number)
    if found is not None:
        checks.same_person(found, read)
        if employer is None:
            raise checks.double(found)
        note(known=True)
        hire(actor, found, employer=employer, source=source, **(spell or {}))
        return found
    worker = Worker(source=source, **checks.details(other))
    worker.division_id = _division(employer, division)
    _identify(worker, read)
    _open(worker)
    if employer is not None:
        hire(actor, worker, employer=employer, source=source, **(spell or {}))
    return worker


def _open(worker: Worker) -> None:
    """Save a new file; two clerks may enter the same person at the same moment."""
    try:
        with transaction.atomic():
            worker.save()
    except IntegrityError:
        text = _("刚刚有人为同一公民身份号码建了档案：请再提交一次，这次任职会登记在那份档案上。")
        raise ValidationError({"id_number": ValidationError(text, code="double")}) from None


def _division(employer: Employer | None, division: int | None) -> int:
    if employer is not None:
        return employer.division_id
    if division is None:
        raise ValidationError({"division": _("请选择用人单位，或填写工作地。")})
    checks.division(division)
    return division


def _identify(worker: Worker, read: checks.Identity) -> None:
    worker.name, worker.sex, worker.birth_date = read.name, read.sex, read.birth_date
    worker.pinyin, worker.initials = names.pinyin(read.name), names.initials(read.name)
    worker.set_id_number(read.id_number)


@action("workforce.correct", right="workforce.edit")
def correct(
    actor: Actor,
    worker: Worker,
    *,
    reason: str,
    name: str | None = None,
    id_number: str | None = None,
    division: int | None = None,
    **other: Any,
) -> Worker:
    """Correct who he is or how he is reached; what is not given stays. Raises ValidationError.

    `division`: where the file of one without an employer is kept.
    """
    checks.reason(reason)
    lock(worker)
    worker.refresh_from_db()
    if name is not None or id_number is not None:
        number = worker.id_number.reveal() if id_number is None else id_number
        read = checks.identity(worker.name if name is None else name, number)
        holder = checks.known(read.id_number)
        if holder is not None and holder.pk != worker.pk:
            raise checks.double(holder)
        _identify(worker, read)
    for field, value in checks.details(other).items():
        setattr(worker, field, value)
    if division is not None and worker.spell_id is None:
        checks.division(division)
        actor.require("workforce.edit", division)
        worker.division_id = division
    worker.save()
    note(reason=reason, fields=sorted(set(other) | ({"id_number"} if id_number else set())))
    return worker


@action("workforce.reveal", right="workforce.reveal")
def reveal(actor: Actor, worker: Worker, *, field: str, purpose: str) -> str:
    """The plain text of a personal field (id_number, phone); who read it, when and what for is recorded.

    Raises ValidationError without a purpose, KeyError for another field.
    """
    said = checks.purpose(purpose)
    if field not in PERSONAL:
        raise KeyError(field)
    text: str = getattr(worker, field).reveal()
    WorkerLooked.by(actor, worker=worker, field=field, purpose=said).save()
    note(field=field, purpose=said)
    return text
