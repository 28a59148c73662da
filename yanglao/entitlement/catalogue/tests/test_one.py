"""One person's fact changes: what is asked then is about him, however many others the register holds."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.harness.house import House
from yanglao.entitlement.benefits.offered import queries as benefits
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.snapshot.reading import register_sql
from yanglao.entitlement.catalogue import computing, one
from yanglao.entitlement.catalogue.tests import sample
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Circumstance, Person

OTHERS = 2_000


def like(person: Person, kinds: Iterable[tuple[str, str]]) -> None:
    """Two thousand others who were born and live as he does, with these circumstances."""
    same = ("sex", "birth_date", "hukou_id", "residence_id", "source", "added_at", "updated_at")
    values = {name: getattr(person, name) for name in same}
    more = [Person(uid=uuid4(), name=f"张{number}", **values) for number in range(OTHERS)]
    Person.objects.bulk_create(more)
    own = Circumstance.objects.filter(person=person).order_by("pk").first()
    assert own is not None
    Circumstance.objects.bulk_create(
        Circumstance(
            person_id=copy.pk,
            kind=kind,
            value=value,
            valid_from=dt.date(2024, 1, 1),
            recorded_at=own.recorded_at,
            source=own.source,
        )
        for copy in more
        for kind, value in kinds
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def work(plan: computing.Plan, person: int) -> int:
    """What the question costs the database: steps of SQLite's machine, pages PostgreSQL looked at."""
    one.asked(plan, person, sample.today())  # the statement is made, and the pages are there
    if connection.vendor == "postgresql":
        with CaptureQueriesContext(
            connection,
        ) as caught:
            one.asked(plan, person, sample.today())
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {caught[-1]['sql']}")
            told = cursor.fetchone()[0]
        top = (told if isinstance(told, list) else json.loads(told))[0]["Plan"]
        return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return 0

    connection.connection.set_progress_handler(count, 10)
    one.asked(plan, person, sample.today())
    connection.connection.set_progress_handler(None, 0)
    return steps[0]


@pytest.mark.django_db
def test_what_one_person_costs_does_not_grow_with_the_register(house: House) -> None:
    city = sample.ningbo(house)
    person = sample.person(1, economic="dibao", living="alone", disability="limb:2")
    with everything("test"):
        plan = computing.plan_of(city, sample.today())
        assert plan is not None
        before = work(plan, person.pk)
        like(
            person,
            [("living", "alone"), ("economic", "dibao"), ("disability", "limb:1"), ("dead", "certificate")],
        )
        after = work(plan, person.pk)
    assert after < before * 2


@pytest.mark.django_db
def test_one_persons_row_is_that_of_the_whole_register(house: House) -> None:
    """Alive, dead, dead by mistake: as everybody's snapshot has it."""
    people = [sample.person(n) for n in (1, 2, 3)]
    sample.record(people[1], dead="certificate")
    sample.record(people[2], dead="certificate")
    with everything("test"):
        Circumstance.objects.filter(person=people[2], kind="dead").update(replaced_at=timezone.now())
        table = benefits.schema().tables["person"]
        now, vendor = timezone.now() + dt.timedelta(seconds=1), connection.vendor
        with connection.cursor() as cursor:
            cursor.execute(register_sql(table, now, vendor))
            everybody = {row[0]: row for row in cursor.fetchall()}
            for person in people:
                cursor.execute(register_sql(table, now, vendor, str(person.pk)))
                assert cursor.fetchall() == [everybody[person.pk]]
    deaths = [everybody[person.pk][3] for person in people]
    assert [bool(day) for day in deaths] == [False, True, False]


@pytest.mark.django_db
def test_it_asks_about_each_person_by_the_same_statement(house: House) -> None:
    city = sample.ningbo(house)
    people = [sample.person(1, economic="dibao"), sample.person(2, born=dt.date(1964, 1, 1))]
    with everything("test"):
        plan = computing.plan_of(city, sample.today())
        assert plan is not None
        month = Month.of(sample.today())
        found = [{row[0] for row in benefits.due_of([*plan.policies], month, p.pk)} for p in people]
    assert "item-ningbo-dibao-has" in found[0]
    assert "item-ningbo-dibao-has" not in found[1]
