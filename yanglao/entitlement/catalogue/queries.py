"""Every read: how a person stands with the whole list, who is missing, how a division is covered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.db.models import QuerySet
from django.utils import timezone

from yanglao.entitlement.benefits.offered import queries as benefits
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.catalogue import computing, one
from yanglao.entitlement.catalogue.lists import compiling, reading
from yanglao.entitlement.catalogue.lists.form import Item as Form
from yanglao.entitlement.catalogue.models import Decision, Entitlement, Item
from yanglao.entitlement.catalogue.rules import MISSING, State
from yanglao.kernel.packs.models import City
from yanglao.kernel.packs.queries import city_of
from yanglao.kernel.scope import Span, everything
from yanglao.registers.people.models import Person

__all__ = [
    "Entitlement",
    "Item",
    "ItemState",
    "city_for",
    "form_of",
    "fulfilled_in",
    "history",
    "items_of",
    "missing",
    "newly_entitled",
    "rule_texts",
    "rules_mark",
    "state_of",
    "told",
    "urgency",
]

ROOMS = ("assessment", "visits", "meals", "adaptation", "stays", "training")


@dataclass(frozen=True)
class ItemState:
    """How one person stands with one item of the list of his city.

    `state` None: not entitled, or not said here (`form.who.elsewhere`). `decision`: the last entry by hand.
    """

    item: Item
    form: Form
    state: State | None
    label: str
    since: dt.date | None = None
    entitled_since: dt.date | None = None
    via: str = ""
    amount_fen: int = 0
    decision: Decision | None = None

    @property
    def missing(self) -> bool:
        return self.state in MISSING

    @property
    def elsewhere(self) -> bool:
        return self.form.who.elsewhere


def city_for(person: Person) -> City | None:
    """The city whose list is a person's: where he lives, else where he is registered."""
    for code in (person.residence_id, person.hukou_id):
        if code and (city := city_of(code)):
            return city
    return None


def items_of(person: Person, on: dt.date | None = None) -> list[ItemState]:
    """The whole list of a person's city with his state for every item, in the order of the list.

    States are those of now; `on` chooses the edition of the list. The caller has found the person in his scope.
    """
    city = city_for(person)
    listing = reading.standing(city.pk, "services", on or timezone.localdate()) if city else None
    if city is None or listing is None:
        return []
    with everything("a person's entitlements"):
        rows = {e.item_id: e for e in Entitlement.objects.filter(person=person, item__city=city)}
        last = {d.item_id: d for d in Decision.objects.filter(person=person, item__city=city).order_by("pk")}
    items = {item.key: item for item in Item.objects.filter(city=city, standing=True)}
    return [
        _state(items[form.id], form, rows.get(items[form.id].pk), last.get(items[form.id].pk))
        for form in listing.on(on or timezone.localdate())
        if form.id in items
    ]


def _state(item: Item, form: Form, row: Entitlement | None, decision: Decision | None) -> ItemState:
    if row is None:
        return ItemState(item, form, None, "", decision=decision)
    return ItemState(
        item,
        form,
        State(row.state),
        str(row.get_state_display()),
        row.since,
        row.entitled_since,
        row.via,
        row.amount_fen,
        decision,
    )


def state_of(person: Person, item: Item) -> ItemState | None:
    """How a person stands with one item."""
    return next((s for s in items_of(person) if s.item.pk == item.pk), None)


def missing(division: int, item: Item | None = None) -> QuerySet[Entitlement]:
    """Who is entitled and does not receive 漏 in a division, most urgent first; within the scope that is entered."""
    span = Span.of(division)
    rows = Entitlement.objects.filter(division__gte=span.lo, division__lte=span.hi, state__in=MISSING)
    rows = rows.filter(item=item) if item else rows.filter(item__standing=True)
    return rows.select_related("person", "item").order_by("-need", "id")


def told(person: Person, item_keys: Sequence[str] | None = None) -> dict[str, list[benefits.Told]]:
    """Item → what the engine says of one person, clause by clause, by the registers as they are now."""
    city = city_for(person)
    with everything("a person's entitlements"):
        plan = computing.plan_of(city, timezone.localdate()) if city else None
    if plan is None:
        return {}
    keys = {number: key for key, number in plan.numbers.items()}
    of_policy = _of_policy(plan, keys, item_keys)
    asked = [p for p in plan.policies if p.id in of_policy]
    found: dict[str, list[benefits.Told]] = {}
    if not asked:
        return found
    for said in benefits.told_now(asked, Month.of(timezone.localdate()), person.pk):
        for key in of_policy[said.id]:
            found.setdefault(key, []).append(said)
    return found


def _of_policy(
    plan: computing.Plan, keys: dict[int, str], wanted: Iterable[str] | None
) -> dict[str, list[str]]:
    """Policy → items whose entitlement it decides."""
    ruled = {item for policy, item, has in plan.speaks if policy.startswith(compiling.PREFIX) and not has}
    found: dict[str, list[str]] = {}
    for policy, item, has in plan.speaks:
        decides = not has and (policy.startswith(compiling.PREFIX) or item not in ruled)
        if decides and (wanted is None or keys[item] in wanted):
            found.setdefault(policy, []).append(keys[item])
    return found


def newly_entitled(city: str, on: dt.date) -> QuerySet[Entitlement]:
    """Who became entitled on a day and has not been told; none on the day a city is reckoned for the first time."""
    rows = Entitlement.objects.filter(item__city=city, item__standing=True)
    if not rows.filter(entitled_since__lt=on).exists():
        return rows.none()
    return rows.filter(entitled_since=on, state=State.ENTITLED).order_by("pk")


def rules_mark(city: City, on: dt.date) -> str:
    """A digest of everything that decides on a city's lists on a day: another digest, other rules. "" without a list."""
    with everything("the rules of a list"):
        plan = computing.plan_of(city, on)
    if plan is None:
        return ""
    said = "\n".join(sorted(f"{policy.id}\n{policy.text}" for policy in plan.policies))
    return sha256(said.encode()).hexdigest()


def urgency(person: Person, on: dt.date) -> int:
    """How urgent help is for a person, by the weights of standards/need.yaml."""
    return one.points(person, on)


def form_of(item: Item, on: dt.date | None = None) -> Form | None:
    """What the list in force says of an item; None when it is in it no more."""
    listing = reading.standing(item.city_id, "services", on or timezone.localdate())
    return listing.item(item.key) if listing else None


def fulfilled_in(item_id: int) -> str:
    """The room of the house in which an item goes on (`assessment`, `visits` …), by the list in force; "" for none."""
    with everything("which service an item of a list is"):
        form = form_of(Item.objects.select_related("city").get(pk=item_id))
    return form.fulfilled_by.room if form else ""


def rule_texts(item: Item) -> list[str]:
    """The texts of the policies that decide on an item: whichever fact occurs in them has to be known."""
    with everything("the rules of a list"):
        plan = computing.plan_of(item.city, timezone.localdate())
    if plan is None:
        return []
    keys = {number: key for key, number in plan.numbers.items()}
    deciding = _of_policy(plan, keys, (item.key,))
    return [policy.text for policy in plan.policies if policy.id in deciding]


def history(person: Person) -> list[Decision]:
    """What was entered by hand for a person, latest first."""
    with everything("a person's entitlements"):
        return list(Decision.objects.filter(person=person).select_related("item").order_by("-on", "-pk"))
