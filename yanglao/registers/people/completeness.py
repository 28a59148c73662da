"""What is missing or old: of one person, and as conditions over the whole register (the twin of the pure rule)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.utils import timezone

from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.scope import Level, Span, level_of
from yanglao.registers.people.completeness_file import Item, items
from yanglao.registers.people.models import Circumstance, Contact, Heard, PayAccount, Person, Tally
from yanglao.registers.people.moments import today, true_on
from yanglao.registers.people.rules.ages import Band, born_between
from yanglao.registers.people.rules.completeness import State, percent, score, worth


@dataclass(frozen=True)
class Gap:
    """Something missing or old; `said`: the last day somebody said so, None where it is missing or nobody knows."""

    item: Item
    state: State
    said: dt.date | None

    @property
    def missing(self) -> bool:
        return self.state == State.MISSING


@dataclass(frozen=True)
class Standing:
    """How complete the file of a person is."""

    score: int
    gaps: tuple[Gap, ...]

    def asked_by(self, who: str) -> list[Gap]:
        """What one of those who ask should ask."""
        return [gap for gap in self.gaps if gap.item.asks == who]


def standing(person: Person, day: dt.date | None = None) -> Standing:
    """What is missing and old of a living person today; four queries."""
    return standings([person], day)[person.pk]


def standings(people: Sequence[Person], day: dt.date | None = None) -> dict[int, Standing]:
    """The same of many, by person; four queries for each five hundred."""
    on = day or today()
    asked = list(items().values())
    return {
        person.pk: _standing(person, said.get(person.pk, {}), asked, on, person.age(day))
        for chunk in in_chunks(people)
        for said in (_said(chunk, asked, on),)
        for person in chunk
    }


def _standing(
    person: Person, said: Mapping[str, dt.date], every: Iterable[Item], on: dt.date, age: int
) -> Standing:
    asked = [item for item in every if item.rule.concerns(age)]
    gaps = [Gap(i, i.rule.state(said.get(i.id), on), _real(said.get(i.id))) for i in asked]
    found = sorted((g for g in gaps if g.state != State.FRESH), key=lambda g: (g.state, -g.item.weight))
    return Standing(score((item.rule for item in asked), said, age, on), tuple(found))


def _real(day: dt.date | None) -> dt.date | None:
    return None if day == dt.date.min else day


def _said(people: Sequence[Person], asked: Sequence[Item], on: dt.date) -> dict[int, dict[str, dt.date]]:
    """Person → item → the last day somebody said so."""
    ids = [person.pk for person in people]
    first = {person.pk: _opened(person) for person in people}
    heard: dict[int, dict[str, Heard]] = {pk: {} for pk in ids}
    for again in Heard.objects.filter(person__in=ids).order_by("person", "what"):
        heard[again.person_id][again.what] = again
    rows = Circumstance.objects.filter(true_on(on), person__in=ids, replaced_at=None).order_by("recorded_at")
    for pk, kind, recorded in rows.values_list("person", "kind", "recorded_at"):
        first[pk][kind] = timezone.localdate(recorded)
    verified = Contact.objects.filter(person__in=ids, removed_at=None).order_by("id")
    for pk, day in verified.values_list("person", "verified_on"):
        first[pk]["contact"] = max(day or dt.date.min, first[pk].get("contact", dt.date.min))
    accounts = PayAccount.objects.filter(person__in=ids, valid_to=None).order_by("id")
    for pk in accounts.values_list("person", flat=True):
        first[pk]["account"] = dt.date.min
    return {pk: _days(asked, first[pk], heard[pk]) for pk in ids}


def _opened(person: Person) -> dict[str, dt.date]:
    """The columns that are filled were said when the file was opened."""
    opened = timezone.localdate(person.added_at)
    return {name: opened for name in ("phone", "address", "ethnicity") if getattr(person, name)}


def _days(
    asked: Iterable[Item], first: Mapping[str, dt.date], heard: Mapping[str, Heard]
) -> dict[str, dt.date]:
    found = ((i, first.get(i.heard_as), heard.get(i.heard_as)) for i in asked)
    return {i.id: day for i, was, again in found if (day := _latest(was, again)) is not None}


def _latest(was: dt.date | None, again: Heard | None) -> dt.date | None:
    if again is None or again.nothing != (was is None):  # said of what has changed since
        return was
    return max(was or dt.date.min, again.on)


def known(item: Item, day: dt.date) -> Q:
    """A condition on Person: something is known of it, be it that he has none."""
    return _there(item, day, None) | Q(_again(item, None, nothing=True))


def fresh(item: Item, day: dt.date) -> Q:
    """A condition on Person: it is known and not old."""
    since = item.rule.since(day)
    there = _there(item, day, None)
    again = there & Q(_again(item, since, nothing=False))
    return _there(item, day, since) | again | (Q(_again(item, since, nothing=True)) & ~there)


def _again(item: Item, since: dt.date | None, *, nothing: bool) -> Exists:
    rows = Heard.objects.filter(person_id=OuterRef("pk"), what=item.heard_as, nothing=nothing).order_by()
    return Exists(rows.filter(on__gte=since) if since else rows)


def _there(item: Item, day: dt.date, since: dt.date | None) -> Q:
    """It is in the file, and was put there since a day."""
    start = timezone.make_aware(dt.datetime.combine(since, dt.time.min)) if since else None
    of = {"person_id": OuterRef("pk")}
    if item.fact:
        rows = Circumstance.objects.filter(true_on(day), **of, kind=item.fact, replaced_at=None).order_by()
        return Q(Exists(rows.filter(recorded_at__gte=start) if start else rows))
    if item.column:
        filled = ~Q(ethnicity="") if item.column == "ethnicity" else Q(**{f"{item.column}__isnull": False})
        return filled & Q(added_at__gte=start) if start else filled
    if item.record == "contact":
        contacts = Contact.objects.filter(**of, removed_at=None).order_by()
        return Q(Exists(contacts.filter(verified_on__gte=since) if since else contacts))
    accounts = Q(Exists(PayAccount.objects.filter(**of, valid_to=None).order_by()))
    return accounts & Q(pk__in=()) if since else accounts


def concerned(item: Item, day: dt.date) -> Q:
    """A condition on Person: he lives, and is of the age."""
    earliest, latest = born_between(Band(item.age_from, item.age_to), day)
    aged = Q(birth_date__lte=latest) & (Q(birth_date__gte=earliest) if earliest else Q())
    return aged & Q(death_date=None)


def with_gap(what: str, day: dt.date) -> Q:
    """A condition on Person: an item, or anything that one of those who ask should ask, is missing or old."""
    asked = [item for item in items().values() if what in (item.id, item.asks)]
    return reduce(or_, (concerned(i, day) & ~fresh(i, day) for i in asked), Q(pk__in=()))


ASK = "ask:visitor"


def counts(day: dt.date) -> Iterator[tuple[str, int, int]]:
    """(measure, community, number) of everything the page of divisions and the desk show. Takes its time."""
    for item in items().values():
        rows = Person.objects.filter(concerned(item, day)).order_by().values_list("residence_id")
        found = rows.annotate(
            due=Count("pk"),
            known=Count("pk", filter=known(item, day)),
            fresh=Count("pk", filter=fresh(item, day)),
        )
        for code, *numbers in found:
            yield from ((f"{name}:{item.id}", code, n) for name, n in zip(PARTS, numbers, strict=True) if n)
    asked = Person.objects.filter(with_gap("visitor", day)).order_by().values_list("residence_id")
    yield from ((ASK, code, n) for code, n in asked.annotate(n=Count("pk")))


PARTS = ("due", "known", "fresh")


@dataclass(frozen=True)
class Place:
    """A division's line: its score, and item → share (0–1) missing or old; None where nobody is concerned."""

    code: int
    score: int
    shares: dict[str, float | None]


def by_division(top: int) -> list[Place]:
    """The divisions one level below `top` (a community: itself), as counted last; lowest score first."""
    level = min(Level(level_of(top) + 1), Level.VILLAGE) if level_of(top) < Level.VILLAGE else Level.VILLAGE
    unit = {Level.CITY: 10**8, Level.COUNTY: 10**6, Level.STREET: 10**3}.get(level, 1)
    span = Span.of(top)
    names = [f"{part}:{item}" for part in PARTS for item in items()]
    rows = Tally.objects.filter(
        measure__in=names, division_code__gte=span.lo, division_code__lte=span.hi
    ).order_by()
    sums: dict[int, dict[str, int]] = {}
    for place, measure, n in rows.values_list(F("division_code") / unit, "measure").annotate(Sum("number")):
        sums.setdefault(int(place) * unit, {})[measure] = n
    return sorted((_place(code, found) for code, found in sums.items()), key=lambda p: (p.score, p.code))


def _place(code: int, found: dict[str, int]) -> Place:
    parts = {i: [found.get(f"{part}:{i}", 0) for part in PARTS] for i in items()}
    shares = {i: 1 - fresh / due if due else None for i, (due, _known, fresh) in parts.items()}
    return Place(code, percent(worth(item.weight, *parts[i]) for i, item in items().items()), shares)


def counted_on() -> dt.date | None:
    """The day the divisions were last counted."""
    found = Tally.objects.order_by("-counted_on").values_list("counted_on", flat=True)
    return found.first()


def labels(found: Iterable[Gap]) -> str:
    """Gaps in a few words."""
    return "、".join(str(gap.item) for gap in found)
