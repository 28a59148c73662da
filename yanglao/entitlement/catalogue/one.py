"""One person's states anew, in the second in which one of his facts changes: the same statement, asked about him alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from yanglao.entitlement.benefits.offered import queries as benefits
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.catalogue import rules, seen
from yanglao.entitlement.catalogue.computing import Plan, plan_of
from yanglao.entitlement.catalogue.events import EntitlementChanged
from yanglao.entitlement.catalogue.lists import compiling
from yanglao.entitlement.catalogue.models import Decision, Entitlement
from yanglao.entitlement.catalogue.need import need
from yanglao.kernel.packs.models import City
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import Span, everything
from yanglao.registers.people.models import Person


@dataclass(frozen=True)
class Found:
    """What the engine says of one person and item."""

    entitled: bool
    has: bool
    fen: int


def refresh(person_id: int, on: dt.date | None = None) -> int:
    """Bring one person's states up to now; returns how many changed. Cheap: a few statements about him alone."""
    day = on or timezone.localdate()
    with everything("a person's entitlements"):
        person = Person.objects.filter(pk=person_id).first()
        if person is None:
            return 0
        rows = Entitlement.objects.filter(person=person).select_related("item").order_by("pk")
        known: dict[str, dict[int, Entitlement]] = {}
        for row in rows:
            known.setdefault(row.item.city_id, {})[row.item_id] = row
        here = [code for code in (person.hukou_id, person.residence_id) if code]
        return sum(
            _refreshed(person, city, day, known.get(city.pk, {}))
            for city in City.objects.order_by("root_id")
            if city.pk in known or any(code in Span.of(city.root_id) for code in here)
        )


def _refreshed(person: Person, city: City, day: dt.date, known: dict[int, Entitlement]) -> int:
    plan = plan_of(city, day)
    if plan is None:
        return 0
    found, shown, entered = asked(plan, person.pk, day), _shown(plan, person.pk, day), _entered(person.pk)
    return sum(
        _settle(person, plan, n, day, known.get(n), found.get(n), shown.get(n), entered.get(n))
        for n in plan.numbers.values()
    )


def _settle(
    person: Person,
    plan: Plan,
    number: int,
    day: dt.date,
    before: Entitlement | None,
    found: Found | None,
    shown: tuple[int, str] | None,
    decided: Decision | None,
) -> int:
    """One item: what it is now, written if it differs."""
    told, level, by = found or Found(False, False, 0), *(shown or (0, ""))
    entered = _counts(before, decided)
    state = rules.state_of(
        entitled=told.entitled,
        known=before is not None,
        seen=max(rules.State.RECEIVED if told.has else 0, level),
        entered=entered,
    )
    if state is None:
        return 0
    values = {
        "division_id": person.residence_id or person.hukou_id,
        "state": int(state),
        "via": rules.via_of(state, has=told.has, shown=level, shown_by=by, entered=entered),
        "amount_fen": told.fen,
        "need": points(person, day),
    }
    return _kept(person, plan, number, day, before, values)


def _counts(before: Entitlement | None, decided: Decision | None) -> int:
    """The entry that counts: none from before the person was entitled, or after that has ended."""
    if decided is None:
        return 0
    if before is not None and (before.state == rules.State.ENDED or decided.on < before.entitled_since):
        return 0
    return int(rules.KINDS.get(decided.kind, 0))


def _kept(
    person: Person,
    plan: Plan,
    number: int,
    day: dt.date,
    before: Entitlement | None,
    values: dict[str, Any],
) -> int:
    edition = plan.listing.file.edition
    if before is None or before.state != values["state"]:
        key = next(key for key, pk in plan.numbers.items() if pk == number)
        after = rules.State(values["state"]).name.lower()
        old = rules.State(before.state).name.lower() if before else ""
        publish(EntitlementChanged(person.pk, number, key, old, after, day))
    if before is None:
        Entitlement.objects.create(
            person=person, item_id=number, since=day, entitled_since=day, edition=edition, **values
        )
        return 1
    if all(getattr(before, name) == value for name, value in values.items() if name != "via"):
        return 0
    if before.state != values["state"]:
        values["since"] = day
        if before.state == rules.State.ENDED:
            values["entitled_since"] = day
    Entitlement.objects.filter(pk=before.pk).update(**values, edition=edition)
    return 1


def points(person: Person, day: dt.date) -> int:
    """How urgent help is for one person."""
    return need().points(
        ability=person.ability, living=person.living, economic=person.economic, age=person.age(day)
    )


def asked(plan: Plan, person_id: int, day: dt.date) -> dict[int, Found]:
    """Item → what the engine says of one person, from the registers as they are."""
    rows = benefits.due_of([*plan.policies], Month.of(day), person_id)
    speaks: dict[str, list[tuple[int, bool]]] = {}
    for policy, item, has in plan.speaks:
        speaks.setdefault(policy, []).append((item, has))
    ruled = {item for policy, item, has in plan.speaks if policy.startswith(compiling.PREFIX) and not has}
    found: dict[int, Found] = {}
    for policy, place, fen in rows:
        if place is None or place not in plan.span:
            continue
        for item, has in speaks.get(policy, ()):
            old = found.get(item, Found(False, False, 0))
            decides = not has and (policy.startswith(compiling.PREFIX) or item not in ruled)
            found[item] = Found(old.entitled or decides, old.has or has, old.fen + fen)
    return found


def _shown(plan: Plan, person_id: int, day: dt.date) -> dict[int, tuple[int, str]]:
    found: dict[int, tuple[int, str]] = {}
    with connection.cursor() as cursor:
        for sql in seen.selects(plan.listing, plan.numbers, day, person_id):
            cursor.execute(sql)
            for _person, item, level, via in cursor.fetchall():
                found[item] = max(found.get(item, (0, "")), (level, via))
    return found


def _entered(person_id: int) -> dict[int, Decision]:
    """The last entry by hand of each item."""
    rows = Decision.objects.filter(person_id=person_id).order_by("pk")
    return {row.item_id: row for row in rows}
