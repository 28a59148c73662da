"""Reads of the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from operator import or_
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils import timezone

from yanglao.kernel import identifiers
from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.rooms import TimelineEvent, house
from yanglao.kernel.scope import Span, Spans, everything
from yanglao.registers.people.around import appointments as appointments  # neighbours read these here
from yanglao.registers.people.around import closure_of as closure_of
from yanglao.registers.people.around import consented as consented
from yanglao.registers.people.around import may_apply as may_apply
from yanglao.registers.people.around import membership as membership
from yanglao.registers.people.around import withheld as withheld
from yanglao.registers.people.groups import members as members
from yanglao.registers.people.groups import memberships as memberships
from yanglao.registers.people.groups_file import groups as groups
from yanglao.registers.people.kinds import Kind as Kind  # neighbours read the kinds here
from yanglao.registers.people.kinds import kinds as kinds
from yanglao.registers.people.models import (
    ID_PATH,
    TAIL_PATH,
    Circumstance,
    Claim,
    Looked,
    Merge,
    Person,
    Tally,
)
from yanglao.registers.people.moments import known_at as known_at
from yanglao.registers.people.moments import today as today
from yanglao.registers.people.moments import true_on as true_on
from yanglao.registers.people.parts import PART_LABELS as PART_LABELS
from yanglao.registers.people.parts import part_of as part_of
from yanglao.registers.people.parts import part_values as part_values
from yanglao.registers.people.rules import names
from yanglao.registers.people.rules.ages import turning


def facts_on(person: Person, day: dt.date, moment: dt.datetime | None = None) -> QuerySet[Circumstance]:
    """What was true of a person on `day` as known at `moment` (now)."""
    found = Circumstance.objects.filter(true_on(day) & known_at(moment), person=person)
    return found.order_by("kind", "valid_from", "id")


def all_facts(person: Person, moment: dt.datetime | None = None) -> QuerySet[Circumstance]:
    """The person's whole history as known at `moment` (now), earliest first."""
    found = Circumstance.objects.filter(known_at(moment), person=person)
    return found.order_by("kind", "valid_from", "id")


COUNTY_WIDE = 10**6 - 1


def listed(spans: Spans, by: str, *, ordered_by_place: bool) -> QuerySet[Person]:
    """Persons of a list bounded to `spans` by residence, hukou or either (`any`).

    The spans are those of `people.view`, so this is never more than the scope shows; it is put in by hand
    because neither database's planner knows how wide a range is. A list ordered by the place itself enters
    its index; a wide list in another order must walk that order's index and look at the place on the way,
    not gather a million rows and sort them (3 s against 5 ms).
    """
    with everything("bounded here to the spans of people.view"):
        people: QuerySet[Person] = Person.objects.all()
    paths = ("residence", "hukou") if by == "any" else (by,)
    wide = any(span.hi - span.lo >= COUNTY_WIDE for span in spans)
    if not wide or (ordered_by_place and by != "any"):
        return people.within(spans, *paths)  # type: ignore[attr-defined]
    places = [Cast(F(f"{path}_id"), BigIntegerField()) for path in paths]  # an expression uses no index
    inside = (
        Q(GreaterThanOrEqual(place, span.lo)) & Q(LessThanOrEqual(place, span.hi))
        for place in places
        for span in spans
    )
    return people.filter(reduce(or_, inside, Q(pk__in=())))


def has_now(kind: str, *values: str) -> Exists:
    """A condition on Person: the kind (one of the values, any if none) holds today."""
    rows = Circumstance.objects.filter(
        true_on(today()), person_id=OuterRef("pk"), kind=kind, replaced_at=None
    ).order_by()
    return Exists(rows.filter(value__in=values) if values else rows)


def by_name(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Persons whose name begins so: Chinese by the name, letters by initials or pinyin; index ranges, no LIKE."""
    text = names.normalise_name(text).replace(" ", "")
    if not text:
        return people
    if not text.isascii():
        return people.filter(name__prefix=text)
    letters = text.lower()
    return people.filter(Q(initials__prefix=letters) | Q(pinyin__prefix=letters))


FEW = 5_000


def named(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """`by_name` for a list in another order: a rare name is looked up first, or the database would walk the
    whole order in search of it; a common one turns up soon on the way."""
    with everything("only to see how many there are; the list keeps its bounds"):
        found = by_name(Person.objects.all(), text).order_by()
        ids = list(found.values_list("pk", flat=True)[: FEW + 1])
    return by_name(people, text) if len(ids) > FEW else people.filter(pk__in=ids)


def by_id_number(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Persons by a whole resident id (either length), or by its last 4 to 12 characters; none for other texts.

    The last four are found by their blind index; digits before them are the end of order code and birth date,
    and a birth date is a column.
    """
    typed = identifiers.clean(text)
    if len(typed) in (15, 18):
        try:
            number = identifiers.resident_id(typed, today=today()).number
        except identifiers.Refused:
            return people.none()
        return _standing(people, id_number_hash=blind_index(ID_PATH, number))
    if not (4 <= len(typed) <= 12 and typed[:-1].isdigit() and typed[-1] in "0123456789X"):
        return people.none()
    tail = blind_index(TAIL_PATH, typed[-4:])
    before = typed[:-4]
    if not before:
        return _standing(people, id_tail_hash=tail)
    return _standing(people, id_tail_hash=tail, pk__in=_born_ending(tail, before))


def _standing(people: QuerySet[Person], **number: Any) -> QuerySet[Person]:
    """Files with a number, and those into which a file with it was merged."""
    with everything("only which files stand; the list keeps its bounds"):
        merged = Person.files.filter(**number, merged_into__isnull=False).order_by()
        ids = list(merged.values_list("merged_into", flat=True))
    return people.filter(Q(**number) | Q(pk__in=ids)) if ids else people.filter(**number)


def files_of(person_id: int) -> list[int]:
    """The file and those that were merged into it: for what stays under the number it was done under."""
    with everything("only the numbers of a person's files"):
        merged = Person.files.filter(merged_into=person_id).order_by("pk")
        return [person_id, *merged.values_list("pk", flat=True)]


def merged_files() -> dict[int, int]:
    """Every dropped file → the file it is part of. A city has hundreds, not more."""
    with everything("only the numbers of persons' files"):
        # in the order of the index of these few: by number all files would be gone through
        found = Person.files.filter(merged_into__isnull=False).order_by("merged_into", "pk")
        return dict(found.values_list("pk", "merged_into"))


def standing_of(person_ids: Iterable[int]) -> dict[int, int]:
    """Dropped file → the file it was merged into, for those of the given that were merged."""
    with everything("only the numbers of persons' files"):
        return {
            pk: kept
            for chunk in in_chunks(person_ids)
            for pk, kept in Person.files.filter(pk__in=chunk, merged_into__isnull=False)
            .order_by("pk")
            .values_list("pk", "merged_into")
        }


def _born_ending(tail: bytes, ending: str) -> list[int]:
    with everything("only whose number ends so; the list keeps its bounds"):
        rows = Person.files.filter(id_tail_hash=tail).order_by().values_list("pk", "birth_date")
        return [pk for pk, born in rows if f"{born:%Y%m%d}".endswith(ending)]


def find(text: str, limit: int) -> list[Person]:
    """Persons for the search box: by resident id or its end when digits were typed, else by name."""
    people = Person.objects.all()
    typed = identifiers.clean(text)
    if not any(c.isalnum() for c in typed):
        return []
    if len(typed) >= 4 and typed[:-1].isdigit():
        return list(by_id_number(people, typed).order_by("pinyin", "pk")[:limit])
    if not typed.isascii():
        return list(by_name(people, text).order_by("name", "pk")[:limit])
    letters = typed.lower()
    short = people.filter(initials__prefix=letters).order_by("initials", "pk")[:limit]
    begun = people.filter(pinyin__prefix=letters).order_by("pinyin", "pk")[:limit]
    return list({p.pk: p for p in [*short, *begun]}.values())[:limit]


def find_file(typed: str) -> Person | None:
    """The one file with this number of a file, or this resident id; None for none."""
    text = identifiers.clean(typed)
    if len(text) in (15, 18):
        return by_id_number(Person.objects.all(), text).order_by("pk").first()
    return Person.objects.filter(pk=int(text)).first() if text.isdigit() and len(text) < 15 else None


def merges_of(person: Person) -> QuerySet[Merge]:
    """Files merged into this one, latest first."""
    return Merge.objects.filter(kept=person, undone_at=None).order_by("-at", "-id")


def looks_at(person: Person) -> QuerySet[Looked]:
    """Who read personal data of this person, under whichever of his files, latest first."""
    with everything("readings of the person the page shows"):
        return Looked.objects.filter(person__in=files_of(person.pk)).order_by("-at", "-id")


@dataclass(frozen=True)
class Received:
    """What rooms know a person received, latest first."""

    day: dt.date
    event: TimelineEvent


def received(person_id: int) -> list[Received]:
    """Everything the rooms offer for a person's timeline, merged."""
    events = chain.from_iterable(offer(person_id) for offer in house().timeline)
    dated = [Received(_day(event.on), event) for event in events]
    return sorted(dated, key=lambda r: r.day, reverse=True)


def _day(on: dt.date | dt.datetime) -> dt.date:
    return timezone.localtime(on).date() if isinstance(on, dt.datetime) else on


def turning_soon(age: int, days: int) -> QuerySet[Person]:
    """Living persons who reach an age within `days` from today on."""
    earliest, latest = turning(age, today(), today() + dt.timedelta(days=days))
    return Person.objects.filter(birth_date__gte=earliest, birth_date__lte=latest, death_date=None)


def open_claims() -> QuerySet[Claim]:
    """Two-place claims that wait for someone."""
    return Claim.objects.filter(settled_at=None)


def now() -> dt.datetime:
    """The moment, aware."""
    return timezone.now()


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as a comparison needs him: codes of hukou and residence, day of death."""

    pk: int
    name: str
    hukou: int
    residence: int
    died: dt.date | None


_IDENTITY = ("pk", "name", "hukou_id", "residence_id", "death_date")


def by_id_numbers(numbers: Iterable[str]) -> dict[str, Identity]:
    """18-character resident id → the person who has it, wherever in the city; the caller bounds what is shown.

    The number of a file that was merged into another finds the other.
    """
    hashes = {blind_index(ID_PATH, number): number for number in set(numbers)}
    found: dict[str, int] = {}
    with everything("one person is one file, wherever it is kept"):
        for chunk in in_chunks(hashes):
            people = Person.files.filter(id_number_hash__in=chunk).order_by()
            for index, pk, merged in people.values_list("id_number_hash", "pk", "merged_into_id"):
                found[hashes[bytes(index)]] = merged or pk
    people_of = identities(found.values())
    return {number: people_of[pk] for number, pk in found.items() if pk in people_of}


def identities(ids: Iterable[int]) -> dict[int, Identity]:
    """Persons by key, whatever the scope; the caller bounds what is shown."""
    found: dict[int, Identity] = {}
    with everything("candidates of a comparison"):
        for chunk in in_chunks(sorted(set(ids))):
            for values in Person.objects.filter(pk__in=chunk).order_by().values_list(*_IDENTITY):
                found[values[0]] = Identity(*values)
    return found


def spells_known(kind: str, ids: Iterable[int]) -> list[tuple[int, str, dt.date, dt.date | None]]:
    """(person, value, from, to) of what is known now of a kind, whatever the scope; at most some hundred persons."""
    with everything("the persons of a comparison"):
        rows = Circumstance.objects.filter(person_id__in=list(ids), kind=kind, replaced_at=None)
        return list(
            rows.order_by("person_id", "valid_from").values_list(
                "person_id", "value", "valid_from", "valid_to"
            )
        )


def holders(kind: str, values: Iterable[str], day: dt.date, span: Span, place: str) -> list[tuple[int, str]]:
    """(person, value) of the living whose hukou or residence (`place`) lies in a division and for whom one of the
    values holds on a day."""
    rows = Circumstance.objects.filter(
        true_on(day),
        kind=kind,
        value__in=list(values),
        replaced_at=None,
        person__death_date=None,
        **{f"person__{place}__gte": span.lo, f"person__{place}__lte": span.hi},
    )
    with everything("whom a complete list should name"):
        return list(rows.order_by("person_id", "pk").values_list("person_id", "value"))


def tallied(measure: str, span: Span) -> dict[int, int]:
    """Division code → how many persons a measure counted there when it was last counted."""
    rows = Tally.objects.filter(measure=measure, division_code__gte=span.lo, division_code__lte=span.hi)
    return dict(rows.order_by("division_code").values_list("division_code", "number"))


def id_index(number: str) -> bytes:
    """The blind index under which the register keeps a whole 18-digit resident id."""
    return blind_index(ID_PATH, number)


def tail_index(tail: str) -> bytes:
    """The blind index under which the register keeps the last four characters of a resident id."""
    return blind_index(TAIL_PATH, tail)


def value_name(kind: str, value: str) -> str:
    """The label of a value of a kind of facts in the user's language; "" for none."""
    return kinds()[kind].name_of(value) if value else ""
