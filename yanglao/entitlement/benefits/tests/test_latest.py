"""Facts side by side in the subject's own row say what the spells they are made of say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanglao.entitlement.benefits.rules.book import Book
from yanglao.entitlement.benefits.rules.compile import ROW, compile_policies
from yanglao.entitlement.benefits.rules.months import Month, month_range
from yanglao.entitlement.benefits.rules.parts import FIRST, LAST
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.entitlement.benefits.snapshot import Snapshot, SnapshotChanged, latest, open_snapshot
from yanglao.entitlement.benefits.snapshot.manifest import Part, TableFiles
from yanglao.entitlement.benefits.snapshot.reading import arrow_schema
from yanglao.kernel.columnar import file_hash, write_parquet

from .conftest import SCHEMA

KNOWN_AT = datetime(2026, 11, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
FIRST_DAY = date(2025, 1, 1)
VALUES = {
    "hukou": ("330203001001", "330205001001", "330106001001"),
    "residence": ("330203001001", "330106001001"),
    "economic": ("dibao", "dibao_edge", "tekun_home"),
    "ability": ("gbt42195-2022:1", "gbt42195-2022:3"),
    "living": ("alone", "with_family"),
    "allowance_application": ("advanced_age_allowance", "home_care_subsidy"),
    "life_verified": ("here",),
}
spells = st.lists(
    st.tuples(
        st.sampled_from(sorted(VALUES)),
        st.integers(0, 2),
        st.lists(st.integers(-400, 700), min_size=1, max_size=4, unique=True),
        st.booleans(),
    ),
    max_size=6,
    unique_by=lambda spell: spell[0],
)
people = st.lists(
    st.tuples(st.integers(55, 101), st.one_of(st.none(), st.integers(0, 700)), spells),
    min_size=1,
    max_size=12,
)


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latest, "LEAST", 1)
    monkeypatch.setattr(latest, "SHARE", 0.0)


def day(number: int) -> date:
    return FIRST_DAY + timedelta(days=number)


def rows_of(number: int, kinds: Sequence[tuple[str, int, list[int], bool]]) -> Iterator[dict[str, Any]]:
    """One spell after the other, each with another value; the last may go on."""
    for kind, start, days, open_end in kinds:
        begun = sorted(days)
        for at, since in enumerate(begun):
            until = begun[at + 1] if at + 1 < len(begun) else None if open_end else since + 45
            values = VALUES[kind]
            yield {
                "person_id": number,
                "kind": kind,
                "value": values[(start + at) % len(values)],
                "valid_from": day(since),
                "valid_to": None if until is None else day(until),
                "source": "",
            }


def written(folder: Path, persons: Sequence[Any]) -> Snapshot:
    """The snapshot of these persons, with everything side by side."""
    facts = [row for n, (_age, _death, kinds) in enumerate(persons, 1) for row in rows_of(n, kinds)]
    tables = {
        "person": [
            {
                "person_id": n,
                "sex": 1 + n % 2,
                "birth_date": date(2025 - age, 1 + n % 12, 1 + n),
                "death_date": None if death is None else day(death),
            }
            for n, (age, death, _kinds) in enumerate(persons, 1)
        ],
        "circumstance": [{"circumstance_id": n, **row} for n, row in enumerate(facts, 1)],
    }
    files = {}
    for name, table in SCHEMA.tables.items():
        shape, path = arrow_schema(table.columns), folder / f"{name}.parquet"
        found = pa.Table.from_pylist(tables.get(name, []), schema=shape)
        rows = write_parquet(path, shape, found.to_batches(), table.grouped)
        files[name] = TableFiles(table.key, "", rows, (Part(path.name, rows, file_hash(path)),), "")
    snapshot = Snapshot(folder, KNOWN_AT, files, {}, "made up")
    return replace(snapshot, latest=latest.latest(snapshot, SCHEMA)).write()


def ledger(
    snapshot: Snapshot, policies: Sequence[Policy], months: Sequence[Month], only: Sequence[int] | None
) -> list[Any]:
    compiled = compile_policies(policies, months, SCHEMA, only=only, spells=snapshot.spells)
    names = ", ".join(name for name, _kind in ROW)
    with duckdb.connect(":memory:") as con:
        snapshot.views(con, *compiled.tables)
        con.execute("CREATE TABLE asked AS SELECT unnest(?::BIGINT[]) AS subject_id", [list(only or ())])
        con.execute(f"SET VARIABLE {FIRST} = -1::BIGINT; SET VARIABLE {LAST} = 1000::BIGINT")
        whole = sorted(con.execute(f"SELECT {names} FROM ({compiled.sql})").fetchall())
        parts = sorted(
            row
            for part in compiled.parts
            for row in con.execute(f"SELECT {names} FROM ({part.sql})").fetchall()
        )
    assert whole == parts
    return whole


def without(snapshot: Snapshot) -> Snapshot:
    return replace(snapshot, latest={})


@settings(max_examples=25, deadline=None)
@given(persons=people, month=st.integers(0, 22), only=st.booleans())
def test_the_ledger_is_the_same(books: dict[str, Book], persons: list[Any], month: int, only: bool) -> None:
    policies = [
        p for city in ("ningbo", "changchun") for p in books[city].policies if p.subject.name == "person"
    ]
    every = month_range(Month(2025, 1), Month(2026, 11))
    asked = [1, 3] if only else None
    with TemporaryDirectory() as folder:
        snapshot = written(Path(folder), persons)
        assert snapshot.latest["person"].spells
        for months in ([every[month]], every[month : month + 14]):
            chosen = [p for p in policies if any(p.in_force(m) for m in months)]
            assert ledger(snapshot, chosen, months, asked) == ledger(without(snapshot), chosen, months, asked)


APPLIED = ("allowance_application", 0, [-300], True)


def test_a_single_month_is_asked_of_the_own_row_alone(books: dict[str, Book], tmp_path: Path) -> None:
    """Facts nobody has an earlier spell of are joined from nowhere, the others from the earlier spells only."""
    moved, stayed = ("hukou", 0, [-300, 5], True), ("hukou", 0, [-300], True)
    snapshot = written(tmp_path, [(85, None, [moved, APPLIED]), (92, None, [stayed, APPLIED])])
    policies, month = [p for p in books["ningbo"].policies if p.subject.name == "person"], Month(2025, 6)
    compiled = compile_policies(policies, [month], SCHEMA, spells=snapshot.spells)
    (text,) = compiled.statements
    assert "latest_person" in text
    assert "earlier_hukou" in text
    assert "earlier_applied_on" not in text
    assert "kind = 'hukou'" not in text
    assert len(ledger(snapshot, policies, [month], None)) == 2


def test_what_is_beside_is_verified_and_read_back(tmp_path: Path) -> None:
    snapshot = written(tmp_path, [(85, None, [("hukou", 0, [-300, 5], True)])])
    again = open_snapshot(tmp_path)
    assert again == snapshot
    assert {name: files.rows for name, files in again.latest["person"].tables.items()} == {
        "latest_person": 1,
        "earlier_hukou": 1,
    }
    path = tmp_path / "latest_person.parquet"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(SnapshotChanged, match="latest_person"):
        again.verify()


def test_few_subjects_go_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latest, "LEAST", 2)
    assert written(tmp_path, [(85, None, [("hukou", 0, [-300], True)])]).latest == {}


def test_a_table_that_is_read_anew_every_time_is_left_out() -> None:
    """It does not tell whose rows changed since they were put side by side."""
    tables = {unit.of.table for unit in latest.units(SCHEMA.subjects["person"], SCHEMA)}
    assert "circumstance" in tables
    assert tables == {name for name in tables if SCHEMA.tables[name].changed}
    views = {view.name for unit in latest.units(SCHEMA.subjects["person"], SCHEMA) for view in unit.views}
    assert {"hukou", "hukou_since", "economic"} <= views
    assert "care_relief" not in views
