"""Every read: what may be applied for, what has to be asked, who stands where, how satisfied people are."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Avg, Count, Q, QuerySet
from django.utils import timezone

from yanglao.entitlement.applications.models import Application, Rating
from yanglao.entitlement.catalogue import queries as catalogue
from yanglao.entitlement.catalogue.queries import Item
from yanglao.entitlement.catalogue.rules import State
from yanglao.kernel.cases.queries import case_for
from yanglao.kernel.packs.queries import city_of
from yanglao.kernel.scope import everything
from yanglao.registers.people import completeness, groups_file
from yanglao.registers.people.completeness_file import Item as Question
from yanglao.registers.people.completeness_file import items as questions
from yanglao.registers.people.models import Person

PROCESS = "entitlement-application"


def applications() -> QuerySet[Application]:
    """All applications in the scope, with what a list shows."""
    return Application.objects.select_related("item", "person", "case__version")


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
    """How the applications of one item stand: `days` from application to decision on average, of those closed."""

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
    """Item → days from application to the end, on average. Dates are subtracted here: databases differ in it."""
    ended = Application.objects.filter(applied_on__gte=since, closed_on__isnull=False).order_by()
    taken: dict[int, list[int]] = {}
    for item, begun, closed in ended.values_list("item_id", "applied_on", "closed_on").iterator():
        taken.setdefault(item, []).append((closed - begun).days)
    return {item: sum(days) / len(days) for item, days in taken.items()}


@dataclass(frozen=True)
class Satisfaction:
    """What those asked said: how many, the mean mark (1 to 5), and how many were satisfied (3 and more)."""

    asked: int
    mean: float | None
    satisfied: int


def satisfaction(since: dt.date) -> Satisfaction:
    """Of the applications rated since a day, within the scope."""
    found = Rating.objects.filter(on__gte=since).aggregate(
        asked=Count("pk"), mean=Avg("mark"), satisfied=Count("pk", filter=Q(mark__gte=3))
    )
    return Satisfaction(found["asked"], found["mean"], found["satisfied"])


def to_rate() -> QuerySet[Application]:
    """Closed and not rated yet, latest first, within the scope."""
    ended = applications().filter(closed_on__isnull=False, rating=None)
    return ended.exclude(result__in=("withdrawn", "void")).order_by("-closed_on", "-pk")


def rateable(number: str, code: str) -> Application | None:
    """The applicant's own application that has ended, by number and code (or the last four digits of his phone)."""
    case = case_for(number, code)
    found = by_case(case.pk) if case else None
    return found if found and found.closed_on else None
