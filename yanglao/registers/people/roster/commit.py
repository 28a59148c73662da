"""Writing a checked roster: new files, new facts of known persons, claims of two places. All or nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone

from yanglao.kernel import bulk
from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import Span, everything
from yanglao.registers.people.events import PeopleImported, PersonDied, PersonMoved
from yanglao.registers.people.kinds import kinds
from yanglao.registers.people.models import Circumstance, Claim, Contact, PayAccount, Person
from yanglao.registers.people.recording import PLACES, PROJECTED, projection, spell
from yanglao.registers.people.roster import existing
from yanglao.registers.people.roster.checking import elsewhere
from yanglao.registers.people.roster.existing import Existing, Slot
from yanglao.registers.people.roster.saying import Fact, said
from yanglao.registers.people.roster.writing import ACCOUNT_PATH, Writing, sealed
from yanglao.registers.people.rules.spells import Change, Spell, plan, plan_end
from yanglao.shell.sheets import CommitContext
from yanglao.shell.sheets import mark as _

ADDED, CHANGED, SAME, CLAIMS = _("新建档案"), _("补充新情况"), _("没有变化"), _("两地报送")
FILLED = ("phone", "address", "hukou_address")


def commit(batches: Iterable[Sequence[Any]], context: CommitContext) -> Mapping[str, int]:
    """Write all rows; see ImportTemplate.commit. Publishes PeopleImported, and moves and deaths of known persons."""
    counts: Counter[str] = Counter({ADDED: 0, CHANGED: 0, SAME: 0, CLAIMS: 0})
    done = 0
    for rows in batches:
        counts.update(_batch(rows, context))
        done += len(rows)
        context.progress(done)
    bulk.refresh_statistics(Person, Circumstance)
    publish(PeopleImported(context.source, counts[ADDED], counts[CHANGED]))
    return dict(counts)


def _batch(rows: Sequence[Any], context: CommitContext) -> Counter[str]:
    hashes = existing.indexes(rows)
    known = existing.of(hashes.values(), lock=True)
    writing = Writing(context.source, context.actor.user_id, _moment(known))
    fresh = [row for row in rows if hashes[row.row_number] not in known.persons]
    old = [
        (row, known.persons[hashes[row.row_number]])
        for row in rows
        if hashes[row.row_number] in known.persons
    ]
    for pk, row in zip(bulk.new_ids(Person, len(fresh)), fresh, strict=True):
        _new(pk, row, writing, context.today)
    counts = Counter({ADDED: len(fresh)})
    side = _Side.of([person.pk for _row, person in old])
    news: list[PersonDied | PersonMoved] = []
    for row, person in old:
        counts[_known(row, person, known, writing, side, context.today, news)] += 1
    counts[CLAIMS] = len(writing.claims)
    writing.flush()
    for event in news:
        publish(event)
    return counts


def _moment(known: Existing) -> dt.datetime:
    """Now, but after all that is known of these persons."""
    rows = (r for slots in known.facts.values() for facts in slots.values() for r in facts)
    return max([timezone.now(), *(r.recorded_at + dt.timedelta(microseconds=1) for r in rows)])


def _new(pk: int, row: Any, writing: Writing, today: dt.date) -> None:
    facts = [(f.kind, f.spell) for f in said(row, today) if f.spell is not None]
    places = {kind.kind: new for kind, new in facts}
    if "residence" not in places:
        facts.append((kinds()["residence"], Spell(str(row.hukou), places["hukou"].valid_from)))
    writing.person(pk, row, [(kind.kind, new) for kind, new in facts], today)
    for kind, new in facts:
        writing.fact(pk, kind.kind, kind.slot(new.value), new)
    if row.account:
        writing.account(pk, row, today)
    if row.contact:
        writing.contact(pk, row)


class _Side:
    """Accounts, contacts and open claims of known persons."""

    def __init__(self) -> None:
        self.accounts: dict[int, PayAccount] = {}
        self.contacts: set[tuple[int, str]] = set()
        self.claims: set[tuple[int, str, int]] = set()
        self.written: set[int] = set()  # two numbers of one list may mean one person, once merged

    @classmethod
    def of(cls, ids: Sequence[int]) -> _Side:
        side = cls()
        with everything("the persons an import holds"):
            for chunk in bulk.in_chunks(ids):
                for account in PayAccount.objects.filter(person_id__in=chunk, valid_to=None).order_by("id"):
                    side.accounts[account.person_id] = account
                contacts = Contact.objects.filter(person_id__in=chunk, removed_at=None).order_by("id")
                side.contacts.update(contacts.values_list("person_id", "name"))
                claims = Claim.objects.filter(person_id__in=chunk, settled_at=None).order_by("id")
                side.claims.update(claims.values_list("person_id", "kind", "division_id"))
        return side


def _known(
    row: Any,
    person: Person,
    known: Existing,
    writing: Writing,
    side: _Side,
    today: dt.date,
    news: list[PersonDied | PersonMoved],
) -> str:
    """Write what the row adds to a known person; returns how he counts."""
    if person.closed_on is not None:
        return SAME  # closed after a death: late facts are added by hand, by those who may
    slots = known.facts.setdefault(person.pk, {})
    before = len(writing.circumstances), len(writing.closed)
    for fact in said(row, today):
        _say(fact, person, slots, writing, side)
    changed = (len(writing.circumstances), len(writing.closed)) != before
    if changed:
        _project(person, slots, writing, today, news)
    news_beside = [changed, _beside(row, person, writing, side, today), _fill(row, person)]
    return CHANGED if any(news_beside) else SAME


def _say(fact: Fact, person: Person, slots: dict[Slot, list[Any]], writing: Writing, side: _Side) -> None:
    kind, new = fact.kind, fact.spell
    if kind.kind in PLACES and new is not None:
        known = person.hukou_id if kind.kind == "hukou" else person.residence_id
        if known in Span.of(int(new.value)):
            return  # as said, or known more exactly
        if elsewhere(known, int(new.value)):
            if (person.pk, kind.kind, int(new.value)) not in side.claims:
                writing.claim(person.pk, kind.kind, new)
                side.claims.add((person.pk, kind.kind, int(new.value)))
            return
    if new is None:
        for slot in [slot for slot in slots if slot[0] == kind.kind]:
            _apply(slot, plan_end([_spell(r) for r in slots[slot]], fact.since, None), person, slots, writing)
        return
    slot = (kind.kind, kind.slot(new.value))
    rows = slots.setdefault(slot, [])
    if kind.kind == "dead" and rows:
        return  # a death that is known is corrected by hand, not by a list
    _apply(slot, plan([_spell(r) for r in rows], new, renews=kind.renews), person, slots, writing)


def _spell(row: Circumstance | Spell) -> Spell:
    return row if isinstance(row, Spell) else spell(row)


def _apply(
    slot: Slot, change: Change, person: Person, slots: dict[Slot, list[Any]], writing: Writing
) -> None:
    rows = slots[slot]
    if not change.close and change.add is None:
        return
    kept = [row for i, row in enumerate(rows) if i not in change.close]
    writing.closed.extend(rows[i].pk for i in change.close)
    for i, piece in change.remains:
        old = rows[i]
        writing.fact(
            person.pk,
            *slot,
            piece,
            source=old.source,
            evidence_id=old.evidence_id,
            recorded_by_id=old.recorded_by_id,
        )
        kept.append(piece)
    if change.add is not None:
        writing.fact(person.pk, *slot, change.add)
        kept.append(change.add)
    slots[slot] = kept


def _project(
    person: Person,
    slots: dict[Slot, list[Any]],
    writing: Writing,
    today: dt.date,
    news: list[PersonDied | PersonMoved],
) -> None:
    known = [(kind, _spell(r)) for (kind, _slot), rows in slots.items() for r in rows]
    died, facts = projection(known, today)
    hukou = int(facts.get("hukou") or person.hukou_id)
    residence = int(facts.get("residence") or person.residence_id)
    others = tuple(facts.get(kind, "") for kind in PROJECTED[2:])
    writing.projections.append((hukou, residence, died, *others, writing.now, person.pk))
    if died is not None and died != person.death_date:
        news.append(PersonDied(person.pk, died))
    for kind, before, after in (
        ("hukou", person.hukou_id, hukou),
        ("residence", person.residence_id, residence),
    ):
        if before != after:
            news.append(PersonMoved(person.pk, kind, before, after, today))


def _beside(row: Any, person: Person, writing: Writing, side: _Side, today: dt.date) -> bool:
    """A new account or contact, where the row names one that is not known."""
    used = side.accounts.get(person.pk)
    account = (
        bool(row.account)
        and person.pk not in side.written
        and (used is None or bytes(used.account_hash or b"") != blind_index(ACCOUNT_PATH, row.account))
    )
    if account:
        if used is not None:
            writing.closed_accounts.append((max(today, used.valid_from), used.pk))
        writing.account(person.pk, row, today)
        side.written.add(person.pk)
    contact = bool(row.contact) and (person.pk, row.contact) not in side.contacts
    if contact:
        writing.contact(person.pk, row)
    return account or contact


def _fill(row: Any, person: Person) -> bool:
    """Telephone and addresses a file lacks are taken from the roster; what it has stays."""
    missing = {f: getattr(row, f) for f in FILLED if getattr(row, f) and not getattr(person, f)}
    if missing:
        values = {f: sealed(f, person.uid, text) for f, text in missing.items()}
        with everything("the persons an import holds"):
            Person.objects.filter(pk=person.pk).update(**values, updated_at=timezone.now())
    return bool(missing)
