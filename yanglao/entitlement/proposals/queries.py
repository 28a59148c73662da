"""Every read of proposals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import DenseRank
from django.utils import timezone

from yanglao.entitlement.applications import queries as applications
from yanglao.entitlement.catalogue.queries import Entitlement, Item, form_of, missing
from yanglao.entitlement.catalogue.rules import State
from yanglao.entitlement.proposals import occasions
from yanglao.entitlement.proposals.models import Proposal
from yanglao.entitlement.proposals.rules import Earlier, Waiting, portions
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import Level, Span, everything, level_of
from yanglao.registers.people.models import Circumstance
from yanglao.registers.people.queries import files_of

ASSESSMENT = Proposal.Suggestion.ASSESSMENT
UNITS = {Level.CITY: 10**8, Level.COUNTY: 10**6, Level.STREET: 10**3, Level.VILLAGE: 1}


def proposals() -> QuerySet[Proposal]:
    """All proposals in the scope, the most urgent first."""
    return Proposal.objects.select_related("person", "item")


def waiting() -> QuerySet[Proposal]:
    """Those nobody has told of yet."""
    return proposals().filter(state=Proposal.State.OPEN)


def of_person(person_id: int) -> list[Proposal]:
    """A person's proposals, latest first. For whoever may see the person."""
    with everything("what was proposed to a person"):
        return list(proposals().filter(person_id__in=files_of(person_id)).order_by("-made_on", "-pk"))


def occasion_of(person_id: int) -> str:
    """What has just changed in a file: the latest fact recorded today that is an occasion, else "other"."""
    with everything("what changed in a file"):
        rows = Circumstance.objects.filter(person_id=person_id, replaced_at=None)
        today = rows.filter(recorded_at__gte=timezone.localtime().replace(hour=0, minute=0, second=0))
        found = list(today.order_by("-recorded_at", "-pk").values_list("kind", "value")[:20])
    return next((name for kind, value in found if (name := occasions.named(kind, value))), occasions.OTHER)


def earlier(person_id: int, suggestion: str) -> list[Earlier]:
    """Every such suggestion made to a person before, under whichever number his file had."""
    with everything("what was proposed to a person"):
        rows = Proposal.objects.filter(person_id__in=files_of(person_id), suggestion=suggestion)
        return [_earlier(row) for row in rows.order_by("pk")]


def _earlier(row: Proposal) -> Earlier:
    facts = {name: dt.date.fromisoformat(day) for name, day in row.facts.items()}
    refused = row.decided_on if row.state == Proposal.State.REFUSED else None
    return Earlier({row.occasion: row.made_on} | facts, refused)


def is_applied_for(person_id: int, item_id: int) -> bool:
    """Whether an application of his for an item is under way."""
    with everything("what a person applied for"):
        return applications.under_way().filter(person_id=person_id, item_id=item_id).exists()


def applied_for(person_ids: Iterable[int]) -> set[tuple[int, int]]:
    """(person, item) of the applications under way of these persons."""
    with everything("what persons applied for"):
        rows = applications.under_way().filter(person_id__in=list(person_ids))
        return {(person, item) for person, item in rows.values_list("person_id", "item_id") if person}


def assessing(items: Iterable[Item]) -> list[int]:
    """Of these items those that are the assessment itself: proposing one and suggesting the other would be double."""
    forms = {item.pk: form_of(item) for item in items}
    return [pk for pk, form in forms.items() if form and form.fulfilled_by.room == ASSESSMENT]


def is_told_otherwise(person_id: int, item_id: int | None, suggestion: str) -> Proposal | None:
    """The open proposal that says the same in other words: the item 能力评估 for the suggestion, and the other way."""
    with everything("what was proposed to a person"):
        rows = Proposal.objects.filter(person_id=person_id, state=Proposal.State.OPEN).select_related("item")
        if suggestion == ASSESSMENT:
            found = [row for row in rows.order_by("pk") if row.item and assessing([row.item])]
            return found[0] if found else None
        if item_id is None or not assessing(Item.objects.filter(pk=item_id)):
            return None
        return rows.filter(suggestion=ASSESSMENT).first()


def unproposed(division: int, item: Item | None = None) -> QuerySet[Entitlement]:
    """Who in a division is entitled, was not told, and has neither a proposal nor an application for it 存量.

    One who was proposed it since he is entitled, and answered, is not asked again.
    """
    mine = {"person": OuterRef("person"), "item": OuterRef("item")}
    asked = Proposal.objects.filter(**mine, made_on__gte=OuterRef("entitled_since"))
    asked = asked.exclude(state=Proposal.State.LAPSED)
    still = Proposal.objects.filter(**mine, state=Proposal.State.OPEN)
    under_way = applications.under_way().filter(**mine)
    rows = missing(division, item).filter(state=State.ENTITLED).order_by()
    suggested = Proposal.objects.filter(
        person=OuterRef("person"), suggestion=ASSESSMENT, state=Proposal.State.OPEN
    )
    twice = assessing(Item.objects.filter(standing=True))
    rows = rows.exclude(Q(item__in=twice) & Exists(suggested))
    return rows.exclude(Exists(still)).exclude(Exists(asked)).exclude(Exists(under_way))


def busy(division: int) -> dict[int, int]:
    """Village → persons there with an open proposal."""
    span = Span.of(division)
    rows = waiting().filter(division__gte=span.lo, division__lte=span.hi).order_by()
    return dict(rows.values_list("division_id").annotate(n=Count("person_id", distinct=True)))


@dataclass(frozen=True)
class Pile:
    """An item's stock in a division: entitled and not proposed to, and proposals that wait to be told."""

    item: Item
    left: int
    told: int


def piles(division: int) -> list[Pile]:
    """Every item of the lists in a division with its stock, in the order of the list."""
    left = dict(unproposed(division).values_list("item_id").annotate(n=Count("pk")))
    span = Span.of(division)
    rows = waiting().filter(division__gte=span.lo, division__lte=span.hi, item__isnull=False).order_by()
    told = dict(rows.values_list("item_id").annotate(n=Count("pk")))
    items = Item.objects.in_bulk({*left, *told}).values()
    ordered = sorted(items, key=lambda one: (one.city_id, one.position))
    return [Pile(one, left.get(one.pk, 0), told.get(one.pk, 0)) for one in ordered]


@dataclass(frozen=True)
class Heap:
    """A place's stock: persons not proposed to yet, persons with an open proposal, and the places below it."""

    code: int
    left: int
    busy: int


def heaps(division: int, item: Item | None = None) -> list[Heap]:
    """The places directly below a division with their stock, the fullest first; of a village itself."""
    unit = UNITS[Level(min(level_of(division) + 1, Level.VILLAGE))]
    left: dict[int, int] = {}
    counted = (
        unproposed(division, item).values_list("division_id").annotate(n=Count("person_id", distinct=True))
    )
    for code, number in counted:
        left[code // unit * unit] = left.get(code // unit * unit, 0) + number
    told: dict[int, int] = {}
    for code, number in busy(division).items():
        told[code // unit * unit] = told.get(code // unit * unit, 0) + number
    found = [Heap(code, left.get(code, 0), told.get(code, 0)) for code in {*left, *told}]
    return sorted(found, key=lambda one: (-one.left, one.code))


def below(division: int) -> list[Division]:
    """The places directly below a division: where a portion of a wide area is to be chosen."""
    return list(Division.objects.filter(parent=division, valid_to=None).order_by("code"))


def portion(division: int, item: Item | None, each: int) -> list[Waiting]:
    """Whom a portion would go to: the neediest of every village, `each` persons at most in a worker's hands there.

    A person's rank in his village is the database's; what a village has in hand already is taken off here.
    """
    rank = Window(DenseRank(), partition_by="division_id", order_by=[F("need").desc(), F("person_id")])
    rows = unproposed(division, item).annotate(rank=rank).filter(rank__lte=each)
    found = [Waiting(*row) for row in rows.values_list("division_id", "person_id", "need", "pk")]
    return list(portions(found, busy(division), each))
