"""A snapshot of what changed is the same, to the byte, as one of everything."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.db import connection

from yanglao.entitlement.benefits.snapshot import Snapshot, SnapshotChanged, take
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Circumstance, Person

from ..rules.cases import Spell
from .conftest import SCHEMA
from .registry import KNOWN_AT, add_person, add_spell

LATER = KNOWN_AT + timedelta(days=30)


@pytest.fixture
def people(db: None) -> list[Person]:
    people = [add_person(i, date(1930, 1, 1) + timedelta(days=i)) for i in range(5)]
    for person in people:
        add_spell(person, "hukou", "330203001001", Spell(None, date(2000, 1, 1)))
    touch(people, KNOWN_AT - timedelta(days=90))
    return people


def touch(people: list[Person], moment: object) -> None:
    with everything("test"):
        Person.objects.filter(pk__in=[p.pk for p in people]).update(updated_at=moment)


def whole_and_merged(tmp_path: Path, before: Snapshot) -> tuple[Snapshot, Snapshot]:
    whole = take(tmp_path / "whole", SCHEMA, known_at=LATER)
    return whole, take(tmp_path / "merged", SCHEMA, known_at=LATER, previous=before)


def test_new_changed_and_corrected_rows_come_in(people: list[Person], tmp_path: Path) -> None:
    before = take(tmp_path / "before", SCHEMA, known_at=KNOWN_AT)
    moment = KNOWN_AT + timedelta(days=2)
    with everything("test"):
        Person.objects.filter(pk=people[1].pk).update(sex=1, updated_at=moment)
        Circumstance.objects.filter(person=people[2]).update(replaced_at=moment)
    add_spell(people[2], "hukou", "330212001001", Spell(None, date(1999, 1, 1)), recorded_at=moment)
    add_spell(people[3], "dead", "reported", Spell(None, date(2026, 11, 2)), recorded_at=moment)
    touch([add_person(9, date(1931, 1, 1))], moment)
    whole, merged = whole_and_merged(tmp_path, before)
    assert merged.method.endswith("changes")
    assert whole.sha256 == merged.sha256 != before.sha256
    assert merged.tables["person"].rows == 6


def test_nothing_new_is_the_same_snapshot(people: list[Person], tmp_path: Path) -> None:
    before = take(tmp_path / "before", SCHEMA, known_at=KNOWN_AT)
    whole, merged = whole_and_merged(tmp_path, before)
    assert before.sha256 == whole.sha256 == merged.sha256


def test_a_deleted_row_makes_it_read_everything(people: list[Person], tmp_path: Path) -> None:
    before = take(tmp_path / "before", SCHEMA, known_at=KNOWN_AT)
    with everything("test"):
        people[0].delete()
    whole, merged = whole_and_merged(tmp_path, before)
    assert not merged.method.endswith("changes")
    assert whole.sha256 == merged.sha256
    assert merged.tables["person"].rows == 4


def test_it_does_not_build_on_a_snapshot_somebody_changed(people: list[Person], tmp_path: Path) -> None:
    before = take(tmp_path / "before", SCHEMA, known_at=KNOWN_AT)
    path = before.path("person")
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(SnapshotChanged):
        take(tmp_path / "merged", SCHEMA, known_at=LATER, previous=before)


@pytest.mark.django_db(transaction=True)
def test_both_ways_of_reading_give_the_same_bytes(tmp_path: Path) -> None:
    """By a connection of its own where the database can be reached so, by the cursor inside a transaction."""
    from django.db import transaction

    person = add_person(1, date(1930, 1, 1), death=date(2026, 1, 1))
    add_spell(person, "hukou", "330203001001", Spell(None, date(2000, 1, 1), date(2025, 1, 1)))
    add_spell(person, "hukou", "330212001001", Spell(None, date(2025, 1, 1)))
    add_person(2, date(1940, 1, 1))
    with transaction.atomic():
        by_cursor = take(tmp_path / "cursor", SCHEMA, known_at=KNOWN_AT)
    direct = take(tmp_path / "direct", SCHEMA, known_at=KNOWN_AT)
    assert by_cursor.method == "cursor"
    assert direct.method == ("adbc" if connection.vendor == "postgresql" else direct.method)
    assert by_cursor.sha256 == direct.sha256


def test_a_death_is_seen_as_it_was_known_then(people: list[Person], tmp_path: Path) -> None:
    """Reported on the 3rd, found wrong on the 5th: a snapshot of the 1st knows nothing, one of the 4th does."""
    first = KNOWN_AT + timedelta(days=2)
    row = add_spell(people[0], "dead", "reported", Spell(None, date(2026, 8, 2)), recorded_at=first)
    with everything("test"):
        Circumstance.objects.filter(pk=row.pk).update(replaced_at=KNOWN_AT + timedelta(days=4))

    def died(name: str, days: int) -> object:
        snapshot = take(tmp_path / name, SCHEMA, known_at=KNOWN_AT + timedelta(days=days))
        rows = pq.read_table(snapshot.path("person")).to_pylist()
        return {r["person_id"]: r["death_date"] for r in rows}[people[0].pk]

    assert [died("before", 0), died("then", 3), died("after", 5)] == [None, date(2026, 8, 2), None]
