"""What is true of a person when: recorded, ended, corrected, taken back."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.registers.people import checks
from yanglao.registers.people.actions.files import correct
from yanglao.registers.people.actions.telling import saying_of, tell
from yanglao.registers.people.closing import reopen
from yanglao.registers.people.models import (
    Circumstance,
    Person,
)
from yanglao.registers.people.recording import (
    Saying,
    kind_named,
    put,
    refresh,
    take,
    writable,
)
from yanglao.registers.people.rules.spells import Spell


@action("people.record", right="people.edit")
def record(
    actor: Actor,
    person: Person,
    *,
    kind: str,
    value: str,
    valid_from: dt.date,
    source: str,
    valid_to: dt.date | None = None,
    evidence_id: int | None = None,
) -> Circumstance | None:
    """Record a fact: `value` held from `valid_from` up to, not including, `valid_to`.

    What was known of those days before is replaced, not lost. None when all of it was known already.
    Raises ValidationError.
    """
    checks.fact(person, kind, value, valid_from, valid_to)
    writable(actor, person)
    if kind == "dead":
        take(person, kind_named(kind), value, Saying(source, actor.user_id, evidence_id))
    row = put(
        person, kind_named(kind), Spell(value, valid_from, valid_to), saying_of(actor, source, evidence_id)
    )
    told = kind_named(kind).told(value)
    note(kind=kind, value=told, valid_from=valid_from, source=source)
    if row is not None:
        tell(person, kind, told, valid_from, valid_to)
    return row


@action("people.end", right="people.edit")
def end(actor: Actor, person: Person, *, kind: str, value: str, on: dt.date, source: str) -> bool:
    """Record that a fact no longer holds from the day `on`. True if that is news. Raises ValidationError."""
    checks.ends(kind)
    writable(actor, person)
    news = take(person, kind_named(kind), value, saying_of(actor, source), on)
    note(kind=kind, value=kind_named(kind).told(value), on=on, source=source)
    if news:
        tell(person, kind, "", on, None)
    return news


@action("people.amend", right="people.edit")
def amend(
    actor: Actor,
    row: Circumstance,
    *,
    value: str,
    valid_from: dt.date,
    reason: str,
    valid_to: dt.date | None = None,
) -> Circumstance | None:
    """Correct a row that was wrong: its days are taken back, then the right spell is recorded.

    Raises ValidationError, also when the row has been replaced meanwhile.
    """
    checks.reason(reason)
    person = row.person
    checks.fact(person, row.kind, value, valid_from, valid_to)
    writable(actor, person)
    checks.still_known(row)
    kind = kind_named(row.kind)
    take(person, kind, row.value, Saying(reason, actor.user_id), row.valid_from, row.valid_to)
    made = put(person, kind, Spell(value, valid_from, valid_to), saying_of(actor, reason))
    note(kind=row.kind, value=kind.told(value), valid_from=valid_from, reason=reason)
    tell(person, row.kind, kind.told(value), min(valid_from, row.valid_from), valid_to)
    return made


@action("people.withdraw", right="people.edit")
def withdraw(actor: Actor, row: Circumstance, *, reason: str) -> None:
    """Take a row back: it was wrong and nothing is known of those days. Raises ValidationError."""
    checks.reason(reason)
    checks.ends(row.kind)
    person = row.person
    writable(actor, person)
    checks.still_known(row)
    take(person, kind_named(row.kind), row.value, Saying(reason, actor.user_id), row.valid_from, row.valid_to)
    note(kind=row.kind, value=kind_named(row.kind).told(row.value), reason=reason)
    tell(person, row.kind, "", row.valid_from, row.valid_to)


@action("people.move", right="people.edit")
def move(
    actor: Actor,
    person: Person,
    *,
    on: dt.date,
    source: str,
    residence: int | None = None,
    hukou: int | None = None,
    address: str | None = None,
) -> Person:
    """Record a new residence and/or hukou from the day `on`. Raises ValidationError."""
    if residence is None and hukou is None:
        raise ValidationError({"residence": _("请填写新的居住地或户籍地。")})
    for kind, code in (("hukou", hukou), ("residence", residence)):
        if code is not None:
            record(actor, person, kind=kind, value=str(code), valid_from=on, source=source)
    if address is not None:
        correct(actor, person, reason=source, address=address)
    return person


@action("people.report_death", right="people.edit")
def report_death(
    actor: Actor,
    person: Person,
    *,
    on: dt.date,
    source: str,
    how: str = "reported",
    evidence_id: int | None = None,
) -> Person:
    """Record a death, or correct the date of one. Raises ValidationError."""
    record(actor, person, kind="dead", value=how, valid_from=on, source=source, evidence_id=evidence_id)
    return person


@action("people.withdraw_death", right="people.edit")
def withdraw_death(actor: Actor, person: Person, *, reason: str) -> Person:
    """The person lives: take the reported death back. Raises ValidationError."""
    checks.reason(reason)
    refresh(person)
    if not take(person, kind_named("dead"), "", Saying(reason, actor.user_id)):
        raise ValidationError(_("档案中没有死亡记录，无需撤销。"))
    reopen(person, reason)
    note(reason=reason)
    tell(person, "dead", "", person.birth_date, None)
    return person
