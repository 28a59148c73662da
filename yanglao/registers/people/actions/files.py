"""Opening a file and correcting who someone is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.rooms import publish
from yanglao.registers.people import checks
from yanglao.registers.people.actions.looking import plain
from yanglao.registers.people.events import (
    PersonAdded,
)
from yanglao.registers.people.models import (
    Person,
)
from yanglao.registers.people.recording import (
    COLUMNS,
    Saying,
    hear,
    kind_named,
    project,
    put,
    writable,
)
from yanglao.registers.people.rules import names
from yanglao.registers.people.rules.spells import Spell


@action("people.add", right="people.edit", at=lambda a: (a["hukou"], a["residence"]))
def add(
    actor: Actor,
    *,
    name: str,
    id_number: str,
    hukou: int,
    residence: int,
    source: str,
    sex: int | None = None,
    birth_date: dt.date | None = None,
    since: dt.date | None = None,
    facts: Mapping[str, str] | None = None,
    evidence_id: int | None = None,
    **other: str,
) -> Person:
    """Open a person's file. `other`: phone, address, hukou_address, ethnicity, note.

    `since` is the day from which hukou, residence and `facts` (kind → value) are known to hold: today if not
    given. Raises ValidationError, with code "double" when the resident id has a file already.
    """
    read = checks.identity(name=name, id_number=id_number, sex=sex, birth_date=birth_date)
    checks.no_double(read.id_number)
    for field, code in (("hukou", hukou), ("residence", residence)):
        checks.division(code, field)
    person = Person(hukou_id=hukou, residence_id=residence, source=source, **checks.details(other))
    _identify(person, read)
    person.save()
    since = since or timezone.localdate()
    saying = Saying(source, actor.user_id, evidence_id)
    for kind, value in {**(facts or {}), "hukou": str(hukou), "residence": str(residence)}.items():
        checks.fact(person, kind, value, since)
        put(person, kind_named(kind), Spell(value, since), saying)
    project(person)
    publish(PersonAdded(person_id=person.pk, hukou=person.hukou_id, residence=person.residence_id))
    return person


def _identify(person: Person, read: checks.Identity) -> None:
    person.name, person.sex, person.birth_date = read.name, read.sex, read.birth_date
    person.pinyin, person.initials = names.pinyin(read.name), names.initials(read.name)
    person.set_id_number(read.id_number)


@action("people.correct", right="people.edit")
def correct(
    actor: Actor,
    person: Person,
    *,
    reason: str,
    name: str | None = None,
    sex: int | None = None,
    birth_date: dt.date | None = None,
    id_number: str | None = None,
    **other: str,
) -> Person:
    """Correct who he is or how he is reached; what is not given stays. Raises ValidationError."""
    checks.reason(reason)
    writable(actor, person)
    if any(v is not None for v in (name, sex, birth_date, id_number)):
        number = plain(person, "id_number") if id_number is None else id_number
        fresh = id_number is not None
        read = checks.identity(
            name=person.name if name is None else name,
            id_number=number,
            sex=sex if sex is not None or fresh else person.sex,
            birth_date=birth_date if birth_date is not None or fresh else person.birth_date,
        )
        checks.no_double(read.id_number, besides=person.pk)
        _identify(person, read)
    for field, value in checks.details(other).items():
        setattr(person, field, value)
    person.save()
    hear(
        [person.pk], set(other) & set(COLUMNS), on=timezone.localdate(), source=reason, user_id=actor.user_id
    )
    note(reason=reason, fields=sorted(set(other) | ({"id_number"} if id_number else set())))
    return person
