"""Who lives where, who waits, and what will need somebody soon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.scope import everything
from yanglao.registers.stays import persons
from yanglao.registers.stays.models import CareLevel, Contract, Fee, Leave, Occupancy, Offer, Stay
from yanglao.registers.stays.queries.map import on_day
from yanglao.registers.stays.vocabulary import vocabulary

ADMITTED = Stay.State.ADMITTED


def living_in(day: dt.date, place_id: int | None = None) -> QuerySet[Stay]:
    """Stays that held a bed on a day."""
    had = Occupancy.objects.filter(on_day("since", "until", day), stay_id=OuterRef("pk"))
    found = Stay.objects.filter(Exists(had.order_by()))
    return found if place_id is None else found.filter(place_id=place_id)


def residents_by_level(place_ids: Iterable[int], on: dt.date) -> dict[int, dict[str, int]]:
    """How many live at each place on a day by ability level; day guests are not counted.

    The level is that of the assessment (`gbt42195-2022:3`, persons.facts), else the home's own level of care as
    `care:full`, else "". The caller answers for the places; nobody is shown.
    """
    found: dict[int, dict[str, int]] = {}
    with everything("numbers of residents by level; nobody is shown"):
        for chunk in in_chunks(place_ids):
            taken = Occupancy.objects.filter(on_day("since", "until", on), place_id__in=chunk)
            taken = taken.exclude(stay__kind="day").order_by("pk")
            assessed = persons.abilities(taken.order_by().values("person"), on)
            levels = CareLevel.objects.filter(
                on_day("valid_from", "valid_to", on), stay__in=taken.order_by().values("stay")
            )
            cared = dict(levels.order_by("pk").values_list("stay_id", "level"))
            for place, stay, person in taken.values_list("place_id", "stay_id", "person_id"):
                level = assessed.get(person) or (f"care:{cared[stay]}" if stay in cared else "")
                at = found.setdefault(place, {})
                at[level] = at.get(level, 0) + 1
    return found


def waiting_list(place_id: int | None = None) -> QuerySet[Stay]:
    """Those who wait, who goes first first."""
    found = Stay.objects.filter(state__in=Stay.BEFORE).select_related("person", "place")
    if place_id is not None:
        found = found.filter(place_id=place_id)
    return found.order_by("rank", "applied_on", "pk")


def of_person(person_id: int) -> list[Stay]:
    """All stays of a person, latest first, wherever: for those who may see the person's file."""
    with everything("the whole history of a person whose file is seen"):
        rows = Stay.objects.filter(person_id=person_id).exclude(state=Stay.State.WITHDRAWN)
        return list(
            rows.select_related("place", "bed__room").order_by(F("admitted_on").desc(nulls_first=True), "-pk")
        )


def ending_contracts(day: dt.date) -> QuerySet[Contract]:
    """The last contracts of residents that end within the warning time, or have ended."""
    later = Contract.objects.filter(stay_id=OuterRef("stay_id"), ends_on__gt=OuterRef("ends_on"))
    until = day + dt.timedelta(days=vocabulary().contract_warns_days)
    rows = Contract.objects.filter(~Exists(later.order_by()), stay__state=ADMITTED, ends_on__lte=until)
    return rows.select_related("stay__person", "stay__place").order_by("ends_on", "pk")


def ending_offers(day: dt.date) -> QuerySet[Offer]:
    """Beds kept for somebody up to three days from now."""
    rows = Offer.objects.filter(answer__in=Offer.HOLDS, until__lte=day + dt.timedelta(days=3))
    return rows.select_related("stay__person", "stay__place", "bed__room").order_by("until", "pk")


def long_leaves(day: dt.date) -> QuerySet[Leave]:
    """Residents away for long, or longer than they said."""
    since = day - dt.timedelta(days=vocabulary().long_leave_days)
    rows = Leave.objects.filter(Q(since__lte=since) | Q(expected__lt=day), until=None)
    return rows.select_related("stay__person", "stay__place").order_by("since", "pk")


def deaths_to_settle() -> QuerySet[Stay]:
    """Residents whose death stands in the register of people: their stay is to be ended on that day."""
    rows = Stay.objects.filter(state=ADMITTED, person__death_date__isnull=False)
    return rows.select_related("person", "place").order_by("person__death_date", "pk")


def awaiting_death_entry() -> QuerySet[Stay]:
    """Stays ended by a death that the register of people does not know yet."""
    rows = Stay.objects.filter(state=Stay.State.DISCHARGED, end="death", person__death_date=None)
    return rows.select_related("person", "place").order_by("discharged_on", "pk")


def fees_now(stay_ids: Iterable[int], day: dt.date) -> dict[int, dict[str, int]]:
    """item → fen a month on a day, by stay."""
    rows = Fee.objects.filter(on_day("valid_from", "valid_to", day), stay_id__in=list(stay_ids))
    found: dict[int, dict[str, int]] = {}
    for stay_id, item, amount in rows.order_by("item").values_list("stay_id", "item", "amount"):
        found.setdefault(stay_id, {})[item] = amount
    return found


def unpaid_bounds(contract: Contract, bed_fee: int) -> int | None:
    """The most a deposit may be for this resident, in fen, if the contract takes more; None if it does not."""
    most = vocabulary().prepaid.deposit_bed_months * bed_fee
    return most if bed_fee and contract.deposit > most else None
