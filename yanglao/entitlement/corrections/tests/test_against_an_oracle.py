"""Random late facts: what a recomputation finds is, month by month, due by a plain-Python oracle minus what was paid."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yanglao.entitlement.benefits.books import book_of
from yanglao.entitlement.benefits.models import LedgerLine, Run
from yanglao.entitlement.benefits.rules.cases import Spell
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.tests.month import POLICY, load_policies
from yanglao.entitlement.benefits.tests.oracle import ningbo
from yanglao.entitlement.benefits.tests.registry import EARLY, add_person, add_spell
from yanglao.entitlement.corrections.tests import past
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Circumstance

SHANGHAI = ZoneInfo("Asia/Shanghai")
GRANTED = dt.datetime(2026, 10, 15, tzinfo=SHANGHAI)
LATE = dt.datetime(2026, 11, 10, tzinfo=SHANGHAI)
HERE, ELSEWHERE = 330203001001, 220100000000
PAID = [202607, 202608, 202609, 202610]
BORN = st.dates(dt.date(1920, 1, 1), dt.date(1950, 12, 31))
DAY = st.dates(dt.date(2026, 5, 1), dt.date(2026, 10, 31))
PERSON = st.tuples(BORN, st.sampled_from(["nothing", "died", "left", "came"]), DAY)


def facts_of(born: dt.date, what: str, day: dt.date, *, then: bool) -> dict[str, tuple[Spell, ...]]:
    """What was known when the months were granted (`then`), or is known now."""
    hukou: tuple[Spell, ...] = (Spell(HERE, dt.date(2000, 1, 1)),)
    if what == "came":
        hukou = (Spell(ELSEWHERE, dt.date(2000, 1, 1)),)
    if not then and what == "left":
        hukou = (Spell(HERE, dt.date(2000, 1, 1), day), Spell(ELSEWHERE, day))
    if not then and what == "came":
        hukou = (Spell(ELSEWHERE, dt.date(2000, 1, 1), day), Spell(HERE, day))
    dead = what == "died" and not then
    return {"birth_date": (Spell(born),), "death_date": (Spell(day if dead else None),), "hukou": hukou}


def register(number: int, born: dt.date, what: str, day: dt.date) -> int:
    """A person whose late fact became known after the months were granted."""
    person = add_person(number, born)
    first = facts_of(born, what, day, then=True)["hukou"][0]
    add_spell(person, "hukou", str(first.value), first, EARLY)
    if what == "died":
        add_spell(person, "dead", "reported", Spell(None, day), LATE)
    elif what != "nothing":
        with everything("test"):
            Circumstance.objects.filter(person=person, kind="hukou").update(replaced_at=LATE)
        for n, spell in enumerate(facts_of(born, what, day, then=False)["hukou"]):
            made = add_spell(person, "hukou", str(spell.value), spell, LATE)
            with everything("test"):
                Circumstance.objects.filter(pk=made.pk).update(slot=f"late{n}")
    return person.pk


def grant(house: Any, due: dict[tuple[int, int], int]) -> None:
    """Approved runs that granted what the oracle says was due by what was known then."""
    for month in PAID:
        run = Run.objects.create(
            title="已发", division_id=house.city, month=month, policies=[POLICY], policy_key=POLICY,
            state="approved", known_at=GRANTED, book=dict(book_of(house.city).texts()),
        )  # fmt: skip
        with everything("test"):
            LedgerLine.objects.bulk_create(
                LedgerLine(
                    run=run, policy=POLICY, month=month, subject_id=person, division_id=HERE, amount_fen=fen,
                    payee_kind="person", payee_id=person,
                )
                for (person, m), fen in due.items()
                if m == month and fen
            )  # fmt: skip


@pytest.mark.django_db
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(PERSON, min_size=15, max_size=40))
def test_found_is_due_minus_paid_and_after_booking_nothing_is_left(house, settings, tmp_path_factory, people):
    settings.SNAPSHOTS = tmp_path_factory.mktemp("snapshots")
    house.actor(past.OFFICER, house.city)  # made outside what each example rolls back
    if not book_of(house.city).policies:
        load_policies(house)
    with transaction.atomic():
        ids = [register(n, *person) for n, person in enumerate(people)]
        then, now = (
            {
                (pk, m): ningbo(facts_of(*person, then=known), Month.of(m))
                for pk, person in zip(ids, people, strict=True)
                for m in PAID
            }
            for known in (True, False)
        )
        grant(house, then)
        expected = {key: now[key] - then[key] for key in now if now[key] != then[key]}
        past.recompute(house)
        assert past.found() == expected
        if expected:
            assert past.book_all(house) == len(expected)
        past.recompute(house, whole=True)
        assert past.found() == {}
        transaction.set_rollback(True)
