"""Rows gathered for the tables of the register, written a batch at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from yanglao.kernel import bulk
from yanglao.kernel.crypto.keyring import blind_index, seal
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import (
    ID_PATH,
    TAIL_PATH,
    Circumstance,
    Claim,
    Contact,
    PayAccount,
    Person,
)
from yanglao.registers.people.recording import PROJECTED, projection
from yanglao.registers.people.rules import names
from yanglao.registers.people.rules.spells import Spell

ACCOUNT_PATH = "people.payaccount.account"
PERSON = (
    "id", "uid", "name", "pinyin", "initials", "sex", "birth_date", "ethnicity", "id_number", "id_number_hash",
    "id_tail_hash", "phone", "address", "hukou_address", "note", "hukou_id", "residence_id", "death_date",
    "economic", "living", "ability", "source", "added_at", "updated_at",
)  # fmt: skip
CIRCUMSTANCE = (
    "person_id", "kind", "value", "slot", "valid_from", "valid_to", "recorded_at", "replaced_at", "source",
    "evidence_id", "recorded_by_id",
)  # fmt: skip
ACCOUNT = (
    "uid", "person_id", "account", "account_hash", "holder", "relation", "bank", "valid_from", "valid_to", "source",
    "added_at",
)  # fmt: skip
CONTACT = (
    "uid", "person_id", "name", "relation", "phone", "guardian", "has_key", "source", "added_at", "removed_at",
)  # fmt: skip
CLAIM = (
    "person_id", "kind", "division_id", "valid_from", "source", "raised_at", "settled_at", "outcome", "reason",
)  # fmt: skip
PROJECTION = ("hukou_id", "residence_id", "death_date", "economic", "living", "ability", "updated_at")


@dataclass
class Writing:
    """What a batch will write; `flush` writes it."""

    source: str
    user_id: int | None
    now: dt.datetime
    persons: list[tuple[Any, ...]] = field(default_factory=list)
    circumstances: list[tuple[Any, ...]] = field(default_factory=list)
    accounts: list[tuple[Any, ...]] = field(default_factory=list)
    contacts: list[tuple[Any, ...]] = field(default_factory=list)
    claims: list[tuple[Any, ...]] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    closed_accounts: list[tuple[dt.date, int]] = field(default_factory=list)
    projections: list[tuple[Any, ...]] = field(default_factory=list)

    def person(self, pk: int, row: Any, known: list[tuple[str, Spell]], today: dt.date) -> None:
        """A new person with the facts known of him."""
        uid = uuid4()
        number: str = row.id_number.number
        died, facts = projection(known, today)
        read = names.syllables(row.name)
        hukou = int(facts.get("hukou") or row.hukou)
        self.persons.append(
            (
                pk, uid, row.name, "".join(read)[:100], "".join(s[0] for s in read)[:30], row.id_number.sex,
                row.id_number.birth_date, row.ethnicity or "", seal(f"{ID_PATH}", uid, number),
                blind_index(ID_PATH, number), blind_index(TAIL_PATH, number[-4:]),
                sealed("phone", uid, row.phone), sealed("address", uid, row.address),
                sealed("hukou_address", uid, row.hukou_address), row.note or "", hukou,
                int(facts.get("residence") or hukou), died,
                *(facts.get(kind, "") for kind in PROJECTED[2:]), self.source, self.now, self.now,
            )
        )  # fmt: skip

    def fact(self, person_id: int, kind: str, slot: str, new: Spell, **origin: Any) -> None:
        """A row of knowledge; `origin` (source, evidence_id, recorded_by_id) is kept for remains of older rows."""
        self.circumstances.append(
            (
                person_id, kind, new.value, slot, new.valid_from, new.valid_to, self.now, None,
                origin.get("source", self.source), origin.get("evidence_id"),
                origin.get("recorded_by_id", self.user_id),
            )
        )  # fmt: skip

    def account(self, person_id: int, row: Any, today: dt.date) -> None:
        uid = uuid4()
        holder = row.holder or row.name
        self.accounts.append(
            (
                uid, person_id, seal(ACCOUNT_PATH, uid, row.account), blind_index(ACCOUNT_PATH, row.account), holder,
                "self" if holder == row.name else "relative", row.bank, today, None, self.source, self.now,
            )
        )  # fmt: skip

    def contact(self, person_id: int, row: Any) -> None:
        uid = uuid4()
        phone = seal("people.contact.phone", uid, row.contact_phone) if row.contact_phone else None
        self.contacts.append(
            (
                uid, person_id, row.contact, row.contact_relation or "other", phone, False, False, self.source,
                self.now, None,
            )
        )  # fmt: skip

    def claim(self, person_id: int, kind: str, new: Spell) -> None:
        self.claims.append(
            (person_id, kind, int(new.value), new.valid_from, self.source, self.now, None, "", "")
        )

    def flush(self) -> None:
        """Write everything, in the order the database's references need."""
        bulk.insert(Person, PERSON, self.persons)
        close(self.closed, self.now)
        bulk.insert(Circumstance, CIRCUMSTANCE, self.circumstances)
        bulk.update(PayAccount, ("valid_to",), self.closed_accounts)
        bulk.insert(PayAccount, ACCOUNT, self.accounts)
        bulk.insert(Contact, CONTACT, self.contacts)
        bulk.insert(Claim, CLAIM, self.claims)
        bulk.update(Person, PROJECTION, self.projections)


def sealed(field: str, uid: UUID, text: str | None) -> bytes | None:
    """A personal column of a person as it is stored."""
    return seal(f"people.person.{field}", uid, text) if text else None


def close(ids: Iterable[int], now: dt.datetime) -> None:
    """These rows are no longer what is known."""
    with everything("rows of the persons an import holds"):
        for chunk in bulk.in_chunks(ids):
            Circumstance.objects.filter(pk__in=chunk).update(replaced_at=now)
