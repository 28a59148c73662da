"""Every read: what may be applied for, what has to be asked, who stands where, how satisfied people are."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Avg, Count, Q, QuerySet
from django.utils import timezone

from yanglao.entitlement.applications.models import Application, Rating
from yanglao.entitlement.catalogue import queries as catalogue
from yanglao.entitlement.catalogue.queries import Item
from yanglao.entitlement.catalogue.rules import State
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.calendar.queries import working_calendar
from yanglao.kernel.cases.queries import case_for, waiting
from yanglao.kernel.packs.queries import city_of
from yanglao.kernel.scope import Level, Span, everything, level_of
from yanglao.registers.people import completeness, groups_file
from yanglao.registers.people.completeness_file import Item as Question
from yanglao.registers.people.completeness_file import items as questions
from yanglao.registers.people.models import Person

PROCESS = "entitlement-application"
UNASKED = ("withdrawn", "void")  # results after which nobody is asked how it went
SATISFIED = 3  # the least mark of the satisfied 基本满意
UNITS = {
    Level.PROVINCE: 10**10,
    Level.CITY: 10**8,
    Level.COUNTY: 10**6,
    Level.STREET: 10**3,
    Level.VILLAGE: 1,
}


def applications() -> QuerySet[Application]:
    """All applications in the scope, with what a list shows."""
    return Application.objects.select_related("item", "person", "case__version")


def waits_for(actor: Actor) -> Q:
    """The condition that an application's case waits at one's desk: a step is open that one may do."""
    with everything("what waits at his own desk is his to see"):
        tasks = waiting(actor).filter(case__process=PROCESS).order_by()
        return Q(case__in=list(tasks.values_list("case_id", flat=True)))


def mine(actor: Actor) -> QuerySet[Application]:
    """Applications that wait for one's own step, the first due first, within the scope."""
    return applications().filter(waits_for(actor)).order_by("case__due", "pk")


def under_way() -> QuerySet[Application]:
    """Those that have not ended, without order: for conditions of other queries."""
    return Application.objects.filter(closed_on=None).order_by()


def of_person(person_id: int) -> list[Application]:
    """A person's applications, latest first. For whoever may see the person."""
    with everything("what a person applied for"):
        rows = Application.objects.filter(person_id=person_id).select_related("item", "case__version")
        return list(rows.order_by("-applied_on", "-pk"))


def open_of(person: Person, item: Item) -> Application | None:
    """The application for an item that is still under way."""
    with everything("what a person applied for"):
        found = Application.objects.filter(person=person, item=item, closed_on=None)
        return found.select_related("case").first()


def by_case(case_id: int) -> Application | None:
    """The application behind a case."""
    with everything("whoever sees a case may be shown what it is about"):
        return Application.objects.select_related("item", "person", "case").filter(case_id=case_id).first()


def may_apply(state: catalogue.ItemState) -> bool:
    """Whether an application makes sense: not where another office decides, nor for what he has already."""
    return not state.elsewhere and state.state != State.RECEIVED


def choosable(person: Person) -> list[catalogue.ItemState]:
    """The items a person may apply for, those he is entitled to first."""
    found = [one for one in catalogue.items_of(person) if may_apply(one)]
    return sorted(found, key=lambda one: one.state is None or one.state == State.ENDED)


def needed(item: Item) -> list[Question]:
    """What has to be known to decide on an item: the facts its rule speaks of, a phone, and an account for money."""
    form = catalogue.form_of(item)
    said = " ".join(catalogue.rule_texts(item))
    if form is not None and form.who.group:
        said += " " + _kinds_of(form.who.group)
    return [q for q in questions().values() if _asked(q, said, item.type == "money")]


def _asked(question: Question, said: str, money: bool) -> bool:
    if question.column == "phone":
        return True
    if question.record == "account":
        return money
    return bool(question.fact) and re.search(rf"\b{question.fact}\b", said) is not None


def _kinds_of(group: str) -> str:
    rule = groups_file.groups()[group].rule
    return " ".join(condition.kind for condition in (*rule.every, *rule.either))


def gaps(person: Person, item: Item) -> list[completeness.Gap]:
    """What of that is missing or old in his file: only this is asked."""
    wanted = {question.id for question in needed(item)}
    return [gap for gap in completeness.standing(person).gaps if gap.item.id in wanted]


def public_items(division: int, on: dt.date | None = None) -> list[Item]:
    """What one may apply for on the public page of a place: the list of its city, without what others decide."""
    city = city_of(division)
    if city is None:
        return []
    rows = Item.objects.filter(city=city, standing=True).order_by("position")
    forms = {item.pk: catalogue.form_of(item, on) for item in rows}
    return [item for item in rows if (form := forms[item.pk]) and not form.who.elsewhere]


@dataclass(frozen=True)
class Standing:
    """How the applications of one item stand: `days` working days from application to the end on average."""

    item: Item
    open: int
    late: int
    granted: int
    refused: int
    other: int
    days: float | None


def standings(since: dt.date) -> list[Standing]:
    """By item, of the applications since a day, within the scope."""
    today = timezone.localdate()
    rows = list(
        Application.objects.filter(Q(applied_on__gte=since) | Q(closed_on=None))
        .order_by()
        .values("item_id")
        .annotate(
            open=Count("pk", filter=Q(closed_on=None)),
            late=Count("pk", filter=Q(closed_on=None, case__due__lt=today)),
            granted=Count("pk", filter=Q(result="granted")),
            refused=Count("pk", filter=Q(result="refused")),
            other=Count("pk", filter=Q(closed_on__isnull=False) & ~Q(result__in=("granted", "refused"))),
        )
    )
    items = Item.objects.select_related("city").in_bulk([row["item_id"] for row in rows])
    days = _days(since)
    found = [
        Standing(
            items[row["item_id"]],
            row["open"],
            row["late"],
            row["granted"],
            row["refused"],
            row["other"],
            days.get(row["item_id"]),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.item.city_id, one.item.position))


def _days(since: dt.date) -> Mapping[int, float]:
    """Item → working days from application to the end, on average; the day of the application does not count."""
    ended = Application.objects.filter(applied_on__gte=since, closed_on__isnull=False).order_by()
    days = working_calendar(since)
    taken: dict[int, list[int]] = {}
    for item, begun, closed in ended.values_list("item_id", "applied_on", "closed_on").iterator():
        taken.setdefault(item, []).append(days.between(begun, closed))
    return {item: sum(found) / len(found) for item, found in taken.items()}


def days_left(rows: Iterable[Application]) -> dict[int, int]:
    """Application → working days until it is due, negative past that day; without those that are closed."""
    open_ones = [row for row in rows if row.closed_on is None and row.case.due]
    today = timezone.localdate()
    first = min([today, *(row.case.due for row in open_ones if row.case.due)])
    days = working_calendar(first) if open_ones else None
    return {row.pk: days.between(today, row.case.due) for row in open_ones if days and row.case.due}


@dataclass(frozen=True)
class Satisfaction:
    """What those asked said: how many, the mean mark (1 to 5), and how many were satisfied (3 and more)."""

    asked: int
    mean: float | None
    satisfied: int


def satisfaction(since: dt.date) -> Satisfaction:
    """Of the applications rated since a day, within the scope."""
    found = Rating.objects.filter(on__gte=since).aggregate(
        asked=Count("pk"), mean=Avg("mark"), satisfied=Count("pk", filter=Q(mark__gte=SATISFIED))
    )
    return Satisfaction(found["asked"], found["mean"], found["satisfied"])


@dataclass(frozen=True)
class UnitRating:
    """What was said of a place: applications closed there, ratings by mark (5 to 1)."""

    code: int
    closed: int
    marks: Mapping[int, int]

    @property
    def asked(self) -> int:
        return sum(self.marks.values())

    @property
    def satisfied(self) -> int:
        return sum(n for mark, n in self.marks.items() if mark >= SATISFIED)

    @property
    def share(self) -> float | None:
        return self.satisfied / self.asked if self.asked else None

    @property
    def mean(self) -> float | None:
        return sum(mark * n for mark, n in self.marks.items()) / self.asked if self.asked else None

    @property
    def five(self) -> list[int]:
        return [self.marks.get(mark, 0) for mark in (5, 4, 3, 2, 1)]


def ratings(division: int, first: dt.date, last: dt.date) -> list[UnitRating]:
    """Satisfaction by the places directly below a division (of a village: itself), within the scope."""
    unit = UNITS[Level(min(level_of(division) + 1, Level.VILLAGE))]
    span = Span.of(division)
    here = {"division__gte": span.lo, "division__lte": span.hi}
    marks: dict[int, Counter[int]] = defaultdict(Counter)
    said = Rating.objects.filter(**here, on__gte=first, on__lte=last).order_by()
    for code, mark, number in said.values_list("division_id", "mark").annotate(n=Count("pk")):
        marks[code // unit * unit][mark] += number
    closed: Counter[int] = Counter()
    ended = Application.objects.filter(**here, closed_on__gte=first, closed_on__lte=last).order_by()
    for code, number in ended.exclude(result__in=UNASKED).values_list("division_id").annotate(n=Count("pk")):
        closed[code // unit * unit] += number
    return [UnitRating(code, closed[code], marks[code]) for code in sorted({*closed, *marks})]


def remarks(division: int, first: dt.date, last: dt.date) -> QuerySet[Rating]:
    """What people wrote, the least satisfied first, within the scope."""
    span = Span.of(division)
    rows = Rating.objects.filter(division__gte=span.lo, division__lte=span.hi, on__gte=first, on__lte=last)
    return rows.exclude(words="").select_related("application__item").order_by("mark", "-on", "-pk")


def to_rate() -> QuerySet[Application]:
    """Closed and not rated yet, latest first, within the scope."""
    ended = applications().filter(closed_on__isnull=False, rating=None)
    return ended.exclude(result__in=UNASKED).order_by("-closed_on", "-pk")


def rateable(number: str, code: str) -> Application | None:
    """The applicant's own application that has ended, by number and code (or the last four digits of his phone)."""
    case = case_for(number, code)
    found = by_case(case.pk) if case else None
    return found if found and found.closed_on else None
