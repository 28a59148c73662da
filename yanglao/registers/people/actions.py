"""Every change of a person's file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel import bulk
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.crypto.sealed import Sealed
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything
from yanglao.registers.people import checks
from yanglao.registers.people.events import (
    CircumstanceRecorded,
    PersonAdded,
    PersonAlive,
    PersonDied,
    PersonMoved,
)
from yanglao.registers.people.measures import BY_NAME, TALLIED
from yanglao.registers.people.models import (
    Circumstance,
    Claim,
    Contact,
    Looked,
    PayAccount,
    Person,
    Tally,
)
from yanglao.registers.people.recording import (
    PLACES,
    PROJECTED,
    Saying,
    kind_named,
    locked,
    project,
    put,
    take,
)
from yanglao.registers.people.rules import names
from yanglao.registers.people.rules.spells import Spell

PERSONAL = ("id_number", "phone", "address", "hukou_address")


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
    _refresh(person)
    if any(v is not None for v in (name, sex, birth_date, id_number)):
        number = _plain(person, "id_number") if id_number is None else id_number
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
    note(reason=reason, fields=sorted(set(other) | ({"id_number"} if id_number else set())))
    return person


def _refresh(person: Person) -> None:
    """Lock the row and bring the instance the caller holds up to date with it."""
    fresh = locked(person)
    for field in person._meta.concrete_fields:
        setattr(person, field.attname, getattr(fresh, field.attname))


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
    _refresh(person)
    if kind == "dead":
        take(person, kind_named(kind), value, Saying(source, actor.user_id, evidence_id))
    row = put(
        person, kind_named(kind), Spell(value, valid_from, valid_to), _saying(actor, source, evidence_id)
    )
    note(kind=kind, value=value, valid_from=valid_from, source=source)
    if row is not None:
        _tell(person, kind, value, valid_from, valid_to)
    return row


def _saying(actor: Actor, source: str, evidence_id: int | None = None) -> Saying:
    return Saying(checks.source(source), actor.user_id, evidence_id)


def _tell(person: Person, kind: str, value: str, first: dt.date, last: dt.date | None) -> None:
    """Bring the projection up to date and publish what changed."""
    changed = project(person)
    publish(CircumstanceRecorded(person.pk, kind, value, first, last))
    _tell_moves(person, changed, first)
    if "death_date" in changed:
        died = person.death_date
        publish(PersonDied(person.pk, died) if died else PersonAlive(person.pk))


def _tell_moves(person: Person, changed: dict[str, tuple[object, object]], on: dt.date) -> None:
    for place in PLACES:
        if f"{place}_id" in changed:
            before, after = changed[f"{place}_id"]
            publish(PersonMoved(person.pk, place, int(str(before)), int(str(after)), on))


@action("people.end", right="people.edit")
def end(actor: Actor, person: Person, *, kind: str, value: str, on: dt.date, source: str) -> bool:
    """Record that a fact no longer holds from the day `on`. True if that is news. Raises ValidationError."""
    checks.ends(kind)
    _refresh(person)
    news = take(person, kind_named(kind), value, _saying(actor, source), on)
    note(kind=kind, value=value, on=on, source=source)
    if news:
        _tell(person, kind, "", on, None)
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
    _refresh(person)
    checks.still_known(row)
    kind = kind_named(row.kind)
    take(person, kind, row.value, Saying(reason, actor.user_id), row.valid_from, row.valid_to)
    made = put(person, kind, Spell(value, valid_from, valid_to), _saying(actor, reason))
    note(kind=row.kind, value=value, valid_from=valid_from, reason=reason)
    _tell(person, row.kind, value, min(valid_from, row.valid_from), valid_to)
    return made


@action("people.withdraw", right="people.edit")
def withdraw(actor: Actor, row: Circumstance, *, reason: str) -> None:
    """Take a row back: it was wrong and nothing is known of those days. Raises ValidationError."""
    checks.reason(reason)
    checks.ends(row.kind)
    person = row.person
    _refresh(person)
    checks.still_known(row)
    take(person, kind_named(row.kind), row.value, Saying(reason, actor.user_id), row.valid_from, row.valid_to)
    note(kind=row.kind, value=row.value, reason=reason)
    _tell(person, row.kind, "", row.valid_from, row.valid_to)


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
    _refresh(person)
    if not take(person, kind_named("dead"), "", Saying(reason, actor.user_id)):
        raise ValidationError(_("档案中没有死亡记录，无需撤销。"))
    note(reason=reason)
    _tell(person, "dead", "", person.birth_date, None)
    return person


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
) -> Contact:
    """Add someone to call. Raises ValidationError."""
    contact = Contact(
        person=person,
        name=checks.name(name),
        relation=relation,
        has_key=has_key,
        guardian=guardian,
        phone=checks.phone(phone),
    )
    contact.clean_fields(exclude=["phone", "person"])
    contact.save()
    return contact


@action("people.remove_contact", right="people.edit")
def remove_contact(actor: Actor, contact: Contact) -> None:
    """Nobody calls him any more; the row stays."""
    contact.removed_at = timezone.now()
    contact.save()


@action("people.set_pay_account", right="people.edit")
def set_pay_account(
    actor: Actor,
    person: Person,
    *,
    account: str,
    bank: str,
    on: dt.date,
    source: str,
    holder: str = "",
    relation: str = "self",
) -> PayAccount:
    """Money goes there from the day `on`; the account used before is closed on that day. Raises ValidationError."""
    digits = checks.account(account)
    _refresh(person)
    with everything("the person an action holds"):
        used = PayAccount.objects.filter(person=person, valid_to=None).first()
        if used and used.account_hash == blind_index("people.payaccount.account", digits):
            return used
        if used:
            used.valid_to = max(on, used.valid_from)
            used.save()
    made = PayAccount(
        person=person,
        account=digits,
        bank=bank.strip(),
        holder=holder.strip() or person.name,
        relation=relation,
        valid_from=on,
        source=checks.source(source),
    )
    made.clean_fields(exclude=["person", "account"])
    made.save()
    return made


@action("people.reveal", right="people.reveal")
def reveal(actor: Actor, person: Person, *, field: str, purpose: str) -> str:
    """The plain text of a personal field; who read it, when, from where and what for is recorded.

    `field`: id_number, phone, address, hukou_address, `contact:<id>` or `account:<id>`.
    Raises ValidationError without a purpose, KeyError for another field.
    """
    checks.purpose(purpose)
    text = _sealed(person, field)
    Looked.objects.create(
        person=person,
        user_id=actor.user_id,
        actor=actor.name,
        via=actor.via,
        address=actor.address,
        field=field,
        purpose=purpose.strip(),
    )
    note(field=field, purpose=purpose.strip())
    return text


def _sealed(person: Person, field: str) -> str:
    what, _colon, pk = field.partition(":")
    with everything("the person an action holds"):
        sealed: Any
        if what == "contact":
            sealed = person.contacts.get(pk=int(pk)).phone
        elif what == "account":
            sealed = person.accounts.get(pk=int(pk)).account
        elif field in PERSONAL:
            return _plain(person, field)
        else:
            raise KeyError(field)
    return str(sealed.reveal())


def _plain(person: Person, field: str) -> str:
    sealed: Sealed = getattr(person, field)
    return sealed.reveal()


@action("people.settle_claim", right="people.edit")
def settle_claim(actor: Actor, claim: Claim, *, accept: bool, reason: str) -> None:
    """Settle a claim of another place: accepted, the fact is recorded from its day. Raises ValidationError."""
    checks.reason(reason)
    if claim.settled_at is not None:
        raise ValidationError(_("这条两地报送已经处理过。"))
    claim.settled_at, claim.reason = timezone.now(), reason
    claim.outcome = Claim.Outcome.ACCEPTED if accept else Claim.Outcome.DISMISSED
    claim.save()
    if accept:
        record(
            actor,
            claim.person,
            kind=claim.kind,
            value=str(claim.division_id),
            valid_from=claim.valid_from,
            source=claim.source,
        )


@action("people.roll", right="people.edit", at=lambda a: ())
def roll(actor: Actor, *, on: dt.date | None = None) -> int:
    """Carry facts that begin or end on a day (today) into the projected columns: once a day, as a job.

    Returns how many persons changed; their moves are published.
    """
    day = on or timezone.localdate()
    with everything("every person whose facts turn on this day"):
        turning = Circumstance.objects.filter(
            Q(valid_from=day) | Q(valid_to=day), kind__in=PROJECTED, replaced_at=None
        )
        ids = sorted(set(turning.values_list("person_id", flat=True)))
        people = [Person.objects.select_for_update().get(pk=pk) for pk in ids]
    changed = sum(_turn(person, day) for person in people)
    note(day=day, changed=changed)
    return changed


def _turn(person: Person, day: dt.date) -> bool:
    changed = project(person, day)
    _tell_moves(person, changed, day)
    return bool(changed)


def tally(actor: Actor) -> int:
    """Count the measures the desk shows, by community, and keep the numbers. Returns how many were kept.

    Counting a million takes its time and is done before the transaction: on SQLite nobody else writes in one.
    """
    today = timezone.localdate()
    with everything("figures of the whole city"):
        rows = [
            (name, code, int(number), today)
            for name in TALLIED
            for code, number in BY_NAME[name].count(today).items()
        ]
    return keep_tally(actor, rows=rows)


@action("people.tally", right="people.edit", at=lambda a: ())
def keep_tally(actor: Actor, *, rows: list[tuple[str, int, int, dt.date]]) -> int:
    """Replace the numbers kept for the desk: (measure, division code, number, day)."""
    Tally.objects.all().delete()
    bulk.insert(Tally, ("measure", "division_code", "number", "counted_on"), rows)
    note(rows=len(rows))
    return len(rows)
