"""A snapshot of what changed holds the same rows as one of everything."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from django.db import connection

from yanglao.entitlement.benefits.snapshot import (
    Snapshot,
    SnapshotChanged,
    latest,
    open_snapshot,
    take,
    taking,
)
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


@pytest.fixture(autouse=True)
def side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every fact of a person stands in his row too, and changes with it."""
    monkeypatch.setattr(latest, "LEAST", 1)
    monkeypatch.setattr(latest, "SHARE", 0.0)


def touch(people: list[Person], moment: object) -> None:
    with everything("test"):
        Person.objects.filter(pk__in=[p.pk for p in people]).update(updated_at=moment)


def rows(snapshot: Snapshot) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(":memory:") as con:
        found = {
            n: con.execute(f"SELECT * FROM ({snapshot.select(n)}) ORDER BY ALL").fetchall()
            for n in snapshot.all_tables
        }
    assert {n: len(r) for n, r in found.items()} == {n: t.rows for n, t in snapshot.all_tables.items()}
    assert len(found["latest_person"]) == len(found["person"])
    return {n: r for n, r in found.items() if r}


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
    assert rows(whole) == rows(merged) != rows(before)
    assert whole.sha256 != before.sha256 != merged.sha256
    assert merged.tables["person"].rows == 6


def test_nothing_new_is_the_same_snapshot(people: list[Person], tmp_path: Path) -> None:
    before = take(tmp_path / "before", SCHEMA, known_at=KNOWN_AT)
    whole, merged = whole_and_merged(tmp_path, before)
    assert before.sha256 == whole.sha256 == merged.sha256


def test_changes_of_changes_are_taken_against_the_whole_reading(people: list[Person], tmp_path: Path) -> None:
    snapshot = take(tmp_path / "0", SCHEMA, known_at=KNOWN_AT)
    for number in range(1, 4):
        moment = KNOWN_AT + timedelta(days=5 * number)
        touch([add_person(10 + number, date(1931, 1, number))], moment)
        add_spell(people[number], "economic", "dibao", Spell(None, date(2020, 1, 1)), recorded_at=moment)
        known_at = moment + timedelta(days=1)
        snapshot = take(tmp_path / str(number), SCHEMA, known_at=known_at, previous=snapshot)
        whole = take(tmp_path / f"whole{number}", SCHEMA, known_at=known_at)
        assert snapshot.method.endswith("changes")
        assert rows(snapshot) == rows(whole)
        snapshot = open_snapshot(snapshot.folder)
    assert [part.file for part in snapshot.tables["person"].parts()] == [
        "person.parquet",
        "person-gone.parquet",
        "person-fresh.parquet",
    ]


def test_it_stands_alone_when_the_earlier_one_is_gone(people: list[Person], tmp_path: Path) -> None:
    before = take(tmp_path / "before", SCHEMA, known_at=KNOWN_AT)
    touch(people[:1], KNOWN_AT + timedelta(days=2))
    whole, merged = whole_and_merged(tmp_path, before)
    shutil.rmtree(before.folder)
    open_snapshot(merged.folder).verify()
    assert rows(whole) == rows(merged)


def test_when_much_has_changed_everything_is_read(
    people: list[Person], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = take(tmp_path / "before", SCHEMA, known_at=KNOWN_AT)
    touch(people, KNOWN_AT + timedelta(days=2))
    monkeypatch.setattr(taking, "LEAST", 0)
    whole, merged = whole_and_merged(tmp_path, before)
    assert not merged.method.endswith("changes")
    assert whole.sha256 == merged.sha256


def test_contradictions_come_and_go_with_the_changes(people: list[Person], tmp_path: Path) -> None:
    """A second hukou on the same day is withheld from the next snapshot on, and no more when it is put right."""
    first = take(tmp_path / "1", SCHEMA, known_at=KNOWN_AT)
    moment = KNOWN_AT + timedelta(days=2)
    extra = add_spell(people[1], "hukou", "330212001001", Spell(None, date(2024, 3, 5)), recorded_at=moment)
    second = take(tmp_path / "2", SCHEMA, known_at=moment + timedelta(days=1), previous=first)
    touch(people[2:3], moment + timedelta(days=1))
    third = take(tmp_path / "3", SCHEMA, known_at=moment + timedelta(days=2), previous=second)
    with everything("test"):
        Circumstance.objects.filter(pk=extra.pk).update(replaced_at=moment + timedelta(days=3))
    fourth = take(tmp_path / "4", SCHEMA, known_at=moment + timedelta(days=4), previous=third)
    assert [s.withheld for s in (first, second, third, fourth)] == [
        {},
        {"person": (people[1].pk,)},
        {"person": (people[1].pk,)},
        {},
    ]
    assert second.method.endswith("changes")


def test_the_halves_of_a_large_table_are_all_of_it(
    people: list[Person], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = take(tmp_path / "one", SCHEMA, known_at=KNOWN_AT)
    monkeypatch.setattr(taking, "SPLIT", 1)
    two = take(tmp_path / "two", SCHEMA, known_at=KNOWN_AT)
    assert len(two.tables["person"].whole) == 2
    assert rows(one) == rows(two)
    assert two.sha256 == take(tmp_path / "three", SCHEMA, known_at=KNOWN_AT).sha256


def test_a_deleted_row_makes_it_read_everything(people: list[Person], tmp_path: Path) -> None:
    before = take(tmp_path / "before", SCHEMA, known_at=KNOWN_AT)
    with everything("test"):
        people[0].delete()
    whole, merged = whole_and_merged(tmp_path, before)
    assert not merged.method.endswith("changes")
    assert rows(whole) == rows(merged)
    assert merged.tables["person"].rows == 4


def test_it_does_not_build_on_a_snapshot_somebody_changed(people: list[Person], tmp_path: Path) -> None:
    before = take(tmp_path / "before", SCHEMA, known_at=KNOWN_AT)
    path = next(before.files())[0]
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
        return {row[0]: row[3] for row in rows(snapshot)["person"]}[people[0].pk]

    assert [died("before", 0), died("then", 3), died("after", 5)] == [None, date(2026, 8, 2), None]


def test_several_facts_of_different_kinds_are_no_contradiction(people: list[Person], tmp_path: Path) -> None:
    """Who has many facts is looked at; who has two of one kind on one day is withheld, and nobody else."""
    for person in people[:3]:
        add_spell(person, "residence", "330203001001", Spell(None, date(2000, 1, 1)))
        add_spell(person, "economic", "dibao", Spell(None, date(2020, 1, 1), date(2022, 1, 1)))
        add_spell(person, "economic", "tekun_home", Spell(None, date(2022, 1, 1)))
    add_spell(people[1], "economic", "dibao_edge", Spell(None, date(2022, 6, 1)))
    snapshot = take(tmp_path / "s", SCHEMA, known_at=KNOWN_AT)
    assert snapshot.withheld == {"person": (people[1].pk,)}
