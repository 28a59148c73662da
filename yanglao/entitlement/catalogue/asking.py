"""What am I due: the whole list for somebody of whom six things are known. Nothing is kept.

The money comes from policymaking's answer; here every item of the list is asked of the same invented person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from yanglao.entitlement.benefits.offered.queries import schema
from yanglao.entitlement.benefits.rules.explain import ClauseResult, Explanation
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.entitlement.catalogue.lists import compiling, reading
from yanglao.entitlement.catalogue.lists.form import Item
from yanglao.entitlement.policymaking.offered import queries as made_up
from yanglao.entitlement.policymaking.offered.queries import ASKED, Due, Reply, Six, reply
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.packs.models import City
from yanglao.kernel.packs.queries import city_of
from yanglao.kernel.scope import Level, level_of
from yanglao.kernel.scope.spans import ancestor


@dataclass(frozen=True)
class Said:
    """One item: what has to be seen yet, and the money of the policies that pay for it."""

    item: Item
    open: tuple[str, ...] = ()
    money: tuple[Due, ...] = ()
    later: tuple[str, ...] = ()
    has: bool = False  # by his own answers he has it already
    office: str = ""


@dataclass(frozen=True)
class Answer:
    """The list sorted out for one person, and money of policies that stand in no list."""

    city: City
    listing: reading.Listing
    place: int
    due: tuple[Said, ...]
    has: tuple[Said, ...]
    perhaps: tuple[Said, ...]
    later: tuple[Said, ...]
    elsewhere: tuple[Said, ...]
    refused: tuple[Said, ...]
    other: tuple[Due, ...]


def answer(six: Six) -> Answer | None:
    """Every item of the list of where he lives (or is registered); None where no list is loaded."""
    city = city_of(six.residence) or city_of(six.hukou)
    today = timezone.localdate()
    listing = reading.standing(city.pk, "services", today) if city else None
    if city is None or listing is None:
        return None
    month = Month.of(today)
    money = reply(six, month)
    found = _asked(city, listing, six, month)
    sorted_out: dict[str, list[Said]] = {
        name: [] for name in ("due", "has", "perhaps", "later", "elsewhere", "refused")
    }
    told: set[str] = set()
    for item in listing.on(today):
        where, said = _said(item, found.get(item.id), money)
        if where == "due" and _has(found.get(item.id + compiling.RECEIVED)):
            where, said = "has", replace(said, has=True)
        sorted_out[where].append(replace(said, office=office(item, six)))
        told |= set(item.fulfilled_by.policies)
    sorted_out["due"].sort(key=lambda s: not s.money)  # what brings money first
    other = tuple(d for d in (*money.due, *money.perhaps) if d.told.id not in told)
    return Answer(
        city,
        listing,
        six.residence or six.hukou,
        **{name: tuple(rows) for name, rows in sorted_out.items()},
        other=other,
    )


def _has(found: Explanation | None) -> bool:
    return found is not None and all(c.holds for c in found.clauses)


def office(item: Item, six: Six) -> str:
    """Where to go: the town or street office of the place the item looks at, or as much of it as is known."""
    code = (six.hukou or six.residence) if item.who.place == "hukou" else (six.residence or six.hukou)
    return full_name(ancestor(code, Level.STREET) if level_of(code) >= Level.STREET else code)


def _asked(city: City, listing: reading.Listing, six: Six, month: Month) -> dict[str, Explanation]:
    """Item → what the engine says of the invented person, by conditions of its own; with `-has`: that he has it."""
    items = [i for i in listing.on(month.last) if not i.who.elsewhere]
    policies: Sequence[Policy] = compiling.policies_of(compiling.texts_of(city.pk, city.root_id, items))
    values = {
        "birth_date": six.born,
        "hukou": six.hukou,
        "residence": six.residence,
        "economic": six.economic or None,
        "ability": six.ability or None,
        "living": six.living or None,
    }
    told = made_up.explained(policies, [month], made_up.facts_of(values, schema().subjects["person"]))
    start = len(compiling.PREFIX + city.pk) + 1
    return {e.policy.id[start:]: e for e in told}


def _said(item: Item, found: Explanation | None, money: Reply) -> tuple[str, Said]:
    """Where an item belongs in the answer."""
    if item.who.elsewhere:
        return "elsewhere", Said(item)
    due = _of(item, money.due)
    if item.who.policies:
        perhaps, later = _of(item, money.perhaps), _of(item, money.later)
        if due:
            return "due", Said(item, money=due)
        if perhaps:
            return "perhaps", Said(item, tuple(o for d in perhaps for o in d.open))
        return (
            ("later", Said(item, later=tuple(w for d in later for w in d.will)))
            if later
            else ("refused", Said(item))
        )
    assert found is not None
    failing = [c for c in found.clauses if not c.holds]
    if not failing:
        return "due", Said(item, money=due)
    if all(c.holds is None and _unasked(c) for c in failing):
        open_ = dict.fromkeys(str(f.fact.label) for c in failing for f in c.facts if f.fact.name not in ASKED)
        return "perhaps", Said(item, tuple(open_))
    return "refused", Said(item)


def _unasked(clause: ClauseResult) -> bool:
    return any(f.fact.name not in ASKED and f.value is None for f in clause.facts)


def _of(item: Item, dues: Sequence[Due]) -> tuple[Due, ...]:
    return tuple(d for d in dues if d.told.id in item.fulfilled_by.policies)
