"""Writing dated facts and keeping today's projection on the person. For the actions of this room only.

The caller holds the lock on the person (`locked`), so that what is read here is what is written against.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import note
from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.scope import everything
from yanglao.registers.people.kinds import Kind, kinds
from yanglao.registers.people.models import Circumstance, Heard, Person
from yanglao.registers.people.rules.spells import Change, Spell, plan, plan_end

PLACES = ("hukou", "residence")
COLUMNS = ("phone", "address", "ethnicity")
"""Columns of the person whose freshness is followed like that of facts."""
PROJECTED = (*PLACES, "economic", "living", "ability")


@dataclass(frozen=True)
class Saying:
    """Who says it and on what ground."""

    source: str
    user_id: int | None = None
    evidence_id: int | None = None


def locked(person: Person) -> Person:
    """The person's row, locked until the transaction ends, and refreshed.

    Raises ValidationError for a file that was merged into another meanwhile.
    """
    with everything("the person an action holds"):
        fresh = Person.files.select_for_update().get(pk=person.pk)
    if fresh.merged_into_id is not None:
        raise ValidationError(_merged(fresh))
    return fresh


def _merged(person: Person) -> str:
    return _("档案%(pk)s已并入档案%(kept)s：请在那份档案中办理。") % {
        "pk": person.pk,
        "kept": person.merged_into_id,
    }


def refresh(person: Person) -> None:
    """Lock the row and bring the instance the caller holds up to date with it. Raises ValidationError."""
    _take_over(person, locked(person))


def writable(actor: Actor, person: Person) -> None:
    """`refresh`, and refuse a closed file to all but those who may add late facts to it. Raises ValidationError."""
    refresh(person)
    if person.closed_on is None:
        return
    if not actor.can("people.late", *person.scope_codes()):
        raise ValidationError(
            _(
                "档案已于%(day)s关闭，只读：需要补登的，请由有“补登和更正”权限的人员办理；死亡有误的，请撤销死亡登记。"
            )
            % {"day": person.closed_on}
        )
    note(late=True)


def locked_pair(keep: Person, drop: Person, *, merged: bool = False) -> None:
    """Lock and refresh two files, the lower number first so that two who do it cannot wait for each other.

    `merged`: the second must, or must not, have been merged into the first. Raises ValidationError.
    """
    if keep.pk == drop.pk:
        raise ValidationError(_("这是同一份档案：请选择另一份。"))
    rows = Person.files.select_for_update().filter(pk__in=(keep.pk, drop.pk)).order_by("pk")
    fresh = {row.pk: row for row in rows}
    for person in (keep, drop):
        _take_over(person, fresh[person.pk])
    if keep.merged_into_id is not None:
        raise ValidationError(_merged(keep))
    if drop.merged_into_id != (keep.pk if merged else None):
        raise ValidationError(_("这次合并已经拆分过。") if merged else _merged(drop))


def _take_over(person: Person, fresh: Person) -> None:
    for field in person._meta.concrete_fields:
        setattr(person, field.attname, getattr(fresh, field.attname))


def known(person: Person, kind: str, slot: str | None = None) -> list[Circumstance]:
    """The rows of a kind (or one slot of it) known now, earliest first."""
    with everything("the person an action holds"):
        rows = Circumstance.objects.filter(person=person, kind=kind, replaced_at=None)
        if slot is not None:
            rows = rows.filter(slot=slot)
        return list(rows.order_by("valid_from", "id"))


def spell(row: Circumstance) -> Spell:
    """A row as the rules see it."""
    return Spell(row.value, row.valid_from, row.valid_to)


def put(person: Person, kind: Kind, new: Spell, saying: Saying) -> Circumstance | None:
    """Record a spell; None when all of it is known already."""
    rows = known(person, kind.kind, kind.slot(new.value))
    change = plan([spell(r) for r in rows], new, renews=kind.renews)
    return _write(person, kind, rows, change, saying)


def take(
    person: Person,
    kind: Kind,
    value: str,
    saying: Saying,
    first: dt.date = dt.date.min,
    last: dt.date | None = None,
) -> bool:
    """Record that the slot of `value` held nothing from `first` up to, not including, `last`.

    True if that is news.
    """
    rows = known(person, kind.kind, kind.slot(value))
    change = plan_end([spell(r) for r in rows], first, last)
    _write(person, kind, rows, change, saying)
    return bool(change.close)


def _write(
    person: Person, kind: Kind, rows: list[Circumstance], change: Change, saying: Saying
) -> Circumstance | None:
    if not change.close and change.add is None:
        return None
    now = _moment(rows)
    _close([rows[i].pk for i in change.close], now)
    for i, piece in change.remains:
        _row(person, kind, piece, now, Saying(rows[i].source, rows[i].recorded_by_id, rows[i].evidence_id))
    return _row(person, kind, change.add, now, saying) if change.add else None


def _moment(rows: list[Circumstance]) -> dt.datetime:
    """Now, but after everything recorded before: clocks of two servers may differ by a little."""
    return max([timezone.now(), *(r.recorded_at + dt.timedelta(microseconds=1) for r in rows)])


def _close(ids: list[int], now: dt.datetime) -> None:
    if ids:
        with everything("the person an action holds"):
            Circumstance.objects.filter(pk__in=ids).update(replaced_at=now)


def _row(person: Person, kind: Kind, new: Spell, now: dt.datetime, saying: Saying) -> Circumstance:
    row = Circumstance(
        person=person,
        kind=kind.kind,
        value=new.value,
        slot=kind.slot(new.value),
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        recorded_at=now,
        source=saying.source,
        evidence_id=saying.evidence_id,
        recorded_by_id=saying.user_id,
    )
    row.save(force_insert=True)
    return row


def hear(
    people: Iterable[int],
    what: Iterable[str],
    *,
    on: dt.date,
    source: str,
    user_id: int | None = None,
    nothing: bool = False,
) -> int:
    """Remember that a source said on a day what the files say of some kinds or columns; what was said later stays.

    For the body of an action, of this room or of one that confirms many at once. Returns how many.
    """
    names, count = sorted(set(what)), 0
    said = {"nothing": nothing, "on": on, "source": source, "recorded_by_id": user_id}
    for chunk in in_chunks(sorted(set(people))):
        with everything("the persons an action confirms"):
            newer = Heard.objects.filter(person_id__in=chunk, what__in=names, on__gt=on).order_by()
            later = set(newer.values_list("person_id", "what"))
        pairs = [(person, name) for person in chunk for name in names if (person, name) not in later]
        rows = [Heard(person_id=person, what=name, **said) for person, name in pairs]
        Heard.objects.bulk_create(
            rows,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["person", "what"],
            update_fields=list(said),
        )
        count += len(rows)
    return count


def project(person: Person, day: dt.date | None = None) -> dict[str, tuple[object, object]]:
    """Bring the person's projected columns to what is known of `day` (today) and save him.

    Returns what changed: column → (before, after).
    """
    day = day or timezone.localdate()
    died, facts = projection(_known_of(person), day)
    after: dict[str, object] = {
        "hukou_id": int(facts.get("hukou") or person.hukou_id),
        "residence_id": int(facts.get("residence") or person.residence_id),
        "death_date": died,
        **{kind: facts.get(kind, "") for kind in PROJECTED[2:]},
    }
    changed = {k: (getattr(person, k), v) for k, v in after.items() if getattr(person, k) != v}
    for column, value in after.items():
        setattr(person, column, value)
    person.save()
    return changed


def _known_of(person: Person) -> list[tuple[str, Spell]]:
    with everything("the person an action holds"):
        rows = Circumstance.objects.filter(
            person=person, kind__in=[*PROJECTED, "dead"], replaced_at=None
        ).order_by("kind", "valid_from")
        return [(row.kind, spell(row)) for row in rows]


def projection(facts: list[tuple[str, Spell]], day: dt.date) -> tuple[dt.date | None, dict[str, str]]:
    """(date of death or None, kind → value) on a day. Where a place is not known for the day, the last one
    before it holds on: somebody always lives somewhere."""
    found: dict[str, str] = {}
    for kind, fact in sorted(facts, key=lambda pair: pair[1].valid_from):
        if kind != "dead" and (fact.covers(day) or (kind in PLACES and fact.valid_from <= day)):
            found[kind] = fact.value
    return min((fact.valid_from for kind, fact in facts if kind == "dead"), default=None), found


def kind_named(name: str) -> Kind:
    """The kind; KeyError for a name that is not in the file."""
    return kinds()[name]
