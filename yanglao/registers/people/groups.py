"""Named groups over the whole register: the set-based twin of `rules.groups`, at any day as known at any moment."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from yanglao.registers.people.groups_file import Group, groups
from yanglao.registers.people.models import Circumstance, Person
from yanglao.registers.people.moments import known_at, today, true_on
from yanglao.registers.people.recording import PROJECTED
from yanglao.registers.people.rules.ages import Band, born_between, born_by
from yanglao.registers.people.rules.groups import Condition, Rule, belongs, reasons


def fact_on(
    kind: str,
    values: tuple[str, ...],
    on: dt.date,
    outer: str = "pk",
    moment: dt.datetime | None = None,
    *,
    each: bool = False,
) -> Q:
    """A condition on persons (`outer`: the column with their number): one of the values, or any, held on a day.

    `each` asks person by person: for a list that shows fifty; otherwise each table is read once as a set.
    """
    if outer == "pk" and on == today() and moment is None and kind in PROJECTED:
        return Q(**{f"{kind}__in": values}) if values else ~Q(**{kind: ""})
    rows = Circumstance.objects.filter(true_on(on) & known_at(moment), kind=kind).order_by()
    rows = rows.filter(value__in=values) if values else rows
    if each:
        return Q(Exists(rows.filter(person_id=OuterRef(outer))))
    return Q(**{f"{outer}__in": rows.values("person_id")})


def of_rule(
    rule: Rule, on: dt.date, outer: str = "pk", moment: dt.datetime | None = None, *, each: bool = False
) -> Q:
    """Persons of whom a rule holds, but for the question whether they live. `outer` as in `fact_on`."""
    born = "birth_date" if outer == "pk" else "person__birth_date"

    def one(condition: Condition) -> Q:
        if not condition.kind:
            return Q(**{f"{born}__lte": born_by(condition.age, on)})
        return fact_on(condition.kind, condition.values, on, outer, moment, each=each)

    earliest, latest = born_between(Band(rule.age_from, rule.age_to), on)
    aged = Q(**{f"{born}__lte": latest}) & (Q(**{f"{born}__gte": earliest}) if earliest else Q())
    found = reduce(and_, map(one, rule.every), aged)
    return found & reduce(or_, map(one, rule.either)) if rule.either else found


def members(group: Group, on: dt.date, moment: dt.datetime | None = None) -> QuerySet[Person]:
    """Who belonged to a group on a day, as known at a moment (now), by the rule given: `groups(on=day)` has the day's."""
    alive = Q(death_date=None) | Q(death_date__gt=on)
    if moment is not None:
        dead = Circumstance.objects.filter(known_at(moment), kind="dead", valid_from__lte=on).order_by()
        alive = ~Q(pk__in=dead.values("person_id"))
    return Person.objects.filter(alive & of_rule(group.rule, on, moment=moment)).order_by("pk")


@dataclass(frozen=True)
class Membership:
    """A group a person belongs to, and the facts that say so; none when his age alone does."""

    group: Group
    because: tuple[Circumstance, ...]


def memberships(person: Person, facts: Iterable[Circumstance], on: dt.date) -> list[Membership]:
    """Groups of a living person by the facts that hold on a day."""
    rows = list(facts)
    held: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        held[row.kind].append(row.value)
    if "dead" in held or (person.death_date and person.death_date <= on):
        return []
    age = person.age(on)
    return [
        Membership(group, _because(reasons(group.rule, held, age), rows))
        for group in groups(on=on).values()
        if belongs(group.rule, held, age)
    ]


def _because(met: Iterable[Condition], rows: list[Circumstance]) -> tuple[Circumstance, ...]:
    why = tuple(met)
    return tuple(
        row
        for row in rows
        if any(c.kind == row.kind and (not c.values or row.value in c.values) for c in why)
    )
