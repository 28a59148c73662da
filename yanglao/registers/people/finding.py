"""How field workers find a person: his address in clear, whom to call. For the bodies of actions of rooms whose
workers go out; every reading is recorded."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.rooms import OfflineCall, OfflineDoor
from yanglao.kernel.scope import Level, everything
from yanglao.registers.people.looking import log_looks
from yanglao.registers.people.models import Contact, Person

HIMSELF = "phone"
CONTACT = "contact:"
CALLED_FIRST = 2
"""Of a person's contacts so many are taken along: whom to call when nobody opens."""


def marks(people: Iterable[Person]) -> dict[int, str]:
    """Person → a mark that changes when what `doors` gives for him changes. Nothing is deciphered."""
    persons = {person.pk: person for person in people}
    contacts = _contacts(persons)
    return {pk: _mark(person, contacts[pk]) for pk, person in persons.items()}


def _mark(person: Person, contacts: Iterable[Contact]) -> str:
    seen = hashlib.sha256()
    for sealed in (person.address, person.phone, *(c.phone for c in contacts)):
        seen.update((sealed.blob or b"") + b"\0")
    told = [(c.pk, c.name, c.relation, c.has_key, c.note) for c in contacts]
    seen.update(repr((person.name, person.residence_id, person.restricted_on, told)).encode())
    return seen.hexdigest()[:16]


def _contacts(people: Iterable[int]) -> Mapping[int, list[Contact]]:
    """Whom to call first, by person."""
    found: dict[int, list[Contact]] = defaultdict(list)
    with everything("whom a worker calls who was sent to the person"):
        rows = Contact.objects.filter(person__in=list(people), removed_at=None).order_by("turn", "id")
        for row in rows:
            if len(found[row.person_id]) < CALLED_FIRST:
                found[row.person_id].append(row)
    return found


def doors(actor: Actor, people: Iterable[Person], *, purpose: str) -> dict[int, OfflineDoor]:
    """Person → how he is found. Addresses are deciphered and the reading recorded; numbers stay masked.

    Of one who had the use of his data restricted 限制处理 only the community is told.
    Source: 个人信息保护法 (2021), arts 44 and 51.
    """
    persons = {person.pk: person for person in people}
    contacts = _contacts(persons)
    points = _points(person.residence_id for person in persons.values())
    read = [pk for pk, person in persons.items() if person.address and not person.restricted_on]
    log_looks(actor, read, fields=["address"], purpose=purpose)
    return {
        pk: _door(person, contacts[pk], points.get(person.residence_id)) for pk, person in persons.items()
    }


def _points(codes: Iterable[int]) -> dict[int, tuple[float, float]]:
    """Where communities lie, of those whose point is more than a sketch."""
    known = Division.objects.filter(pk__in=set(codes), point_kind__in=("surveyed", "approximate")).order_by()
    return {code: (x, y) for code, x, y in known.values_list("pk", "longitude", "latitude") if x and y}


def _door(person: Person, contacts: Iterable[Contact], point: tuple[float, float] | None) -> OfflineDoor:
    community = full_name(person.residence_id, below=Level.CITY)
    if person.restricted_on:
        way = {_("村（社区）"): community, _("地址和电话"): _("按本人要求限制提供，请向村（社区）询问。")}
        return OfflineDoor(person.name, "", way, geo=point)
    keys = "、".join(_named(c) for c in contacts if c.has_key)
    notes = "；".join(c.note for c in contacts if c.note)
    way = {_("村（社区）"): community, _("有老人家钥匙"): keys, _("联系人备注"): notes}
    calls = [OfflineCall(HIMSELF, _("本人"), str(person.phone))] if person.phone else []
    calls += [OfflineCall(f"{CONTACT}{c.pk}", _named(c), str(c.phone)) for c in contacts if c.phone]
    told = {label: text for label, text in way.items() if text}
    return OfflineDoor(person.name, person.address.reveal(), told, tuple(calls), point)


def _named(contact: Contact) -> str:
    return f"{contact.get_relation_display()} {contact.name}"


def number(actor: Actor, person: Person, key: str, *, purpose: str) -> str:
    """One telephone number in clear, the reading recorded. `key` as in the door. Raises ValidationError."""
    sealed = person.phone if key == HIMSELF else None
    if key.startswith(CONTACT):
        found = {f"{CONTACT}{c.pk}": c.phone for c in _contacts([person.pk])[person.pk]}
        sealed = found.get(key)
    if not sealed or person.restricted_on:
        raise ValidationError(_("档案里已没有这个电话：请点“更新要办的事项”。"))
    log_looks(actor, [person.pk], fields=[key], purpose=purpose)
    return str(sealed.reveal())
