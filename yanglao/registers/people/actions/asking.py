"""What a visitor asked again: news is recorded, what has not changed is confirmed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything
from yanglao.registers.people import checks
from yanglao.registers.people.actions.contacts import add_contact, edit_contact
from yanglao.registers.people.actions.facts import end, record
from yanglao.registers.people.actions.files import correct
from yanglao.registers.people.models import Contact, Person
from yanglao.registers.people.recording import COLUMNS, hear, known, writable

SAME, NONE = "=", "-"


@action("people.confirm", right="people.edit")
def confirm(
    actor: Actor, person: Person, *, what: Iterable[str], on: dt.date, source: str, nothing: bool = False
) -> int:
    """Record that a source said the same as the file on a day: of kinds of facts or columns. Returns how many.

    `nothing`: it was asked, and there is none of it. What was said later stays. Raises ValidationError.
    """
    checks.past(on, "on")
    writable(actor, person)
    names = sorted(set(what))
    count = hear([person.pk], names, on=on, source=source, user_id=actor.user_id, nothing=nothing)
    note(what=names, on=on, source=source, nothing=nothing)
    return count


@action("people.answer_questions", right="people.edit")
def answer_questions(
    actor: Actor,
    person: Person,
    *,
    answers: Mapping[str, str],
    on: dt.date,
    source: str,
    contact: Mapping[str, str] | None = None,
) -> int:
    """Record what was answered on a day, all or nothing; returns how many answers.

    `answers`: kind or column → a value, SAME (nothing has changed), or NONE (there is none of it); `contact` SAME: the
    people to call were reached. `contact`: name, relation and phone of someone new to call. Raises ValidationError.
    """
    writable(actor, person)
    for what, answer in answers.items():
        if what in COLUMNS:
            _column(actor, person, what, answer, on, source)
        elif what == "contact":
            _reached(actor, person, on)
        else:
            _fact(actor, person, what, answer, on, source)
    if contact:
        given = {key: contact.get(key, "") for key in ("name", "relation", "phone")}
        add_contact(actor, person, verified_on=on, source=source, **given)  # type: ignore[arg-type]
    count = len(answers) + bool(contact)
    if not count:
        raise ValidationError(_("还没有填写任何一项：至少回答一项，没有问到的不用填。"))
    note(answers=sorted(answers), source=source)
    return count


def _column(actor: Actor, person: Person, what: str, answer: str, on: dt.date, source: str) -> None:
    if answer != SAME:
        correct(actor, person, reason=source, **{what: answer})  # type: ignore[arg-type]
    elif not getattr(person, what):
        raise ValidationError({what: _("档案里没有这一项，不能说没有变化：请填写。")})
    confirm(actor, person, what=[what], on=on, source=source)


def _reached(actor: Actor, person: Person, on: dt.date) -> None:
    with everything("the person an action holds"):
        found = list(Contact.objects.filter(person=person, removed_at=None).order_by("turn", "id"))
    for contact in found:
        edit_contact(actor, contact, verified_on=on)


def _fact(actor: Actor, person: Person, kind: str, answer: str, on: dt.date, source: str) -> None:
    held = [
        row for row in known(person, kind) if row.valid_from <= on and (not row.valid_to or row.valid_to > on)
    ]
    if answer == NONE:
        for row in held:
            end(actor, person, kind=kind, value=row.value, on=on, source=source)
    elif answer == SAME:
        if not held:
            raise ValidationError({kind: _("档案里没有这一项，不能说没有变化：请填写。")})
    elif record(actor, person, kind=kind, value=answer, valid_from=on, source=source) is not None:
        return
    confirm(actor, person, what=[kind], on=on, source=source, nothing=answer == NONE)
