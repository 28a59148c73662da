"""Registers → snapshot → DuckDB, and the same statement in the database: one ledger, to the fen."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from yanglao.entitlement.benefits.engine import statement
from yanglao.entitlement.benefits.engine.duck import compute, run
from yanglao.entitlement.benefits.engine.inplace import compute_in_place, difference, explain_now
from yanglao.entitlement.benefits.rules.book import Book
from yanglao.entitlement.benefits.rules.cases import Spell, case_facts
from yanglao.entitlement.benefits.rules.compile import Compiled, compile_policies
from yanglao.entitlement.benefits.rules.guard import Unsafe, verify
from yanglao.entitlement.benefits.rules.months import Month, month_range
from yanglao.entitlement.benefits.rules.policy import Cap
from yanglao.entitlement.benefits.snapshot import Snapshot, SnapshotChanged, open_snapshot, take

from .conftest import CITIES, SCHEMA
from .registry import EARLY, KNOWN_AT, add_person, add_spell, register

pytestmark = pytest.mark.django_db
MONTHS = month_range(Month(2024, 1), Month(2024, 12))


def snapshot_at(folder: Path, known_at: datetime = KNOWN_AT) -> Snapshot:
    return take(folder, SCHEMA, known_at=known_at)


@pytest.mark.parametrize("city", CITIES)
def test_both_engines_give_the_same_ledger(city: str, books: dict[str, Book], tmp_path: Path) -> None:
    policies = books[city].policies
    register([case_facts(case, p.subject) for p in policies for case in p.cases])
    snapshot = snapshot_at(tmp_path / "s")
    months = sorted({m for p in policies for c in p.cases for m in month_range(*c.months)})
    result = compute(snapshot, policies, months, SCHEMA, tmp_path / "ledger.parquet")
    assert result.rows > 0
    found = difference(result.table(), compute_in_place(policies, months, SCHEMA, known_at=KNOWN_AT))
    assert not found, found


@pytest.mark.parametrize("city", CITIES)
def test_a_single_month_looks_facts_up_together_and_gives_the_same(
    city: str, books: dict[str, Book], tmp_path: Path
) -> None:
    policies = books[city].policies
    register([case_facts(case, p.subject) for p in policies for case in p.cases])
    snapshot = snapshot_at(tmp_path / "s")
    months = sorted({m for p in policies for c in p.cases for m in month_range(*c.months)})
    chosen = [months[0], months[len(months) // 2], months[-1]]
    gathered = False
    for month in chosen:
        if any(p.in_force(month) for p in policies):
            compiled = compile_policies(policies, [month], SCHEMA, withheld=bool(snapshot.withheld))
            gathered = gathered or compiled.gathers
            result = run(snapshot, compiled, tmp_path / f"{month}.parquet")
            in_place = compute_in_place(policies, [month], SCHEMA, known_at=KNOWN_AT)
            assert not (found := difference(result.table(), in_place)), found
    assert gathered == (
        city in {"changchun", "ganzhou", "ningbo"}
    )  # the others look at one late fact of a person


def test_slice_after_slice_gives_the_same_as_all_at_once(
    books: dict[str, Book], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policies = books["ningbo"].policies
    register([case_facts(case, p.subject) for p in policies for case in p.cases])
    snapshot = snapshot_at(tmp_path / "s")
    subjects = snapshot.tables["person"].rows
    for number, months in enumerate((MONTHS[-3:], MONTHS[-1:])):
        whole = compute(snapshot, policies, months, SCHEMA, tmp_path / f"{number}-whole.parquet")
        with monkeypatch.context() as patched:
            patched.setattr(statement, "AT_ONCE", (subjects // 2 + 1) * len(months))
            cut = compute(snapshot, policies, months, SCHEMA, tmp_path / f"{number}-cut.parquet")
        assert not (found := difference(whole.table(), cut.table())), found
        assert whole.rows == cut.rows == len({row[:5] for row in cut.tuples()}) > 0


def test_whose_amounts_hang_on_others_is_never_cut(books: dict[str, Book]) -> None:
    """Of a budget that many share, or of those named, everything is computed at once."""
    policies = books["ningbo"].policies
    apart = {part.base != "" for part in compile_policies(policies, MONTHS, SCHEMA).parts}
    assert apart == {True}
    capped = [replace(p, caps=(Cap(("policy",), "month", p.amount, "", p.title),)) for p in policies]
    assert {part.base for part in compile_policies(capped, MONTHS, SCHEMA).parts} == {""}
    assert {part.base for part in compile_policies(policies, MONTHS, SCHEMA, only=[1]).parts} == {""}


def test_a_repeated_run_gives_the_same_bytes(books: dict[str, Book], tmp_path: Path) -> None:
    for number in range(50):
        person = add_person(number, date(1930, 1, 1) + timedelta(days=200 * number))
        add_spell(person, "hukou", "330203001001", Spell(None, date(2000, 1, 1)))
    first, second = snapshot_at(tmp_path / "a"), snapshot_at(tmp_path / "b")
    policies = books["ningbo"].policies
    ledgers = [
        compute(s, policies, MONTHS, SCHEMA, tmp_path / f"{i}.parquet") for i, s in enumerate((first, second))
    ]
    assert first.sha256 == second.sha256 == open_snapshot(tmp_path / "a").sha256
    assert ledgers[0].sha256 == ledgers[1].sha256
    assert ledgers[0].sum_fen == sum(row[5] for row in ledgers[0].tuples()) > 0


def test_it_computes_what_was_known_at_the_cut_off(books: dict[str, Book], tmp_path: Path) -> None:
    person = add_person(1, date(1930, 1, 1))
    late = KNOWN_AT + timedelta(days=3)
    add_spell(person, "hukou", "330203001001", Spell(None, date(2000, 1, 1)), recorded_at=late)
    before, after = snapshot_at(tmp_path / "a"), snapshot_at(tmp_path / "b", late + timedelta(days=1))
    policies = books["ningbo"].policies
    assert compute(before, policies, MONTHS, SCHEMA, tmp_path / "1.parquet").rows == 0
    assert compute(after, policies, MONTHS, SCHEMA, tmp_path / "2.parquet").rows == 12
    assert compute_in_place(policies, MONTHS, SCHEMA, known_at=KNOWN_AT).num_rows == 0


def test_it_withholds_whoever_has_two_hukou_on_one_day(books: dict[str, Book], tmp_path: Path) -> None:
    clear, doubtful = add_person(1, date(1930, 1, 1)), add_person(2, date(1930, 1, 1))
    for person in (clear, doubtful):
        add_spell(person, "hukou", "330203001001", Spell(None, date(2000, 1, 1)))
    add_spell(doubtful, "hukou", "330212001001", Spell(None, date(2024, 3, 5)))
    snapshot = snapshot_at(tmp_path / "s")
    assert snapshot.withheld == {"person": (doubtful.pk,)}
    result = compute(snapshot, books["ningbo"].policies, MONTHS, SCHEMA, tmp_path / "l.parquet")
    assert {row[4] for row in result.tuples()} == {clear.pk}
    in_place = compute_in_place(books["ningbo"].policies, MONTHS, SCHEMA, known_at=KNOWN_AT)
    assert not difference(result.table(), in_place)


def test_a_snapshot_holds_no_names_or_numbers(tmp_path: Path) -> None:
    add_person(77, date(1930, 1, 1))
    snapshot = snapshot_at(tmp_path / "s")
    held = b"".join(path.read_bytes() for path in snapshot.folder.iterdir())
    assert "甲77".encode() not in held
    assert b"jia77" not in held


def test_a_snapshot_is_read_only_and_notices_a_change(books: dict[str, Book], tmp_path: Path) -> None:
    add_person(1, date(1930, 1, 1))
    snapshot = snapshot_at(tmp_path / "s")
    path = next(snapshot.files())[0]
    assert path.stat().st_mode & 0o222 == 0
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(SnapshotChanged):
        snapshot.verify()


def test_it_refuses_a_folder_that_is_not_empty(tmp_path: Path) -> None:
    (tmp_path / "something").write_text("x")
    with pytest.raises(FileExistsError):
        snapshot_at(tmp_path)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT content FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_blob('/etc/hostname')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT getenv('HOME')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT 1; SELECT 2",
        "COPY person TO '/tmp/x.csv'",
        "ATTACH '/tmp/x.db'",
        "INSTALL httpfs",
        "DROP TABLE withheld",
        "SET memory_limit = '1GB'",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM other_table",
        "SELECT * FROM query('SELECT 1')",
        "SELECT random() FROM person",
    ],
)
def test_the_guard_refuses_what_the_compiler_never_writes(sql: str, books: dict[str, Book]) -> None:
    good = compile_policies(books["ningbo"].policies, MONTHS, SCHEMA)
    verify(good)
    with pytest.raises(Unsafe):
        verify(Compiled(sql, "duckdb", good.months, good.policies, good.tables))


def test_a_run_knows_nothing_of_the_site(books: dict[str, Book], tmp_path: Path) -> None:
    """The process has its own short environment and writes nothing but the ledger."""
    os.environ["YANGLAO_TEST_SECRET"] = "x"
    try:
        compute(snapshot_at(tmp_path / "s"), books["ningbo"].policies, MONTHS, SCHEMA, tmp_path / "l.parquet")
    finally:
        del os.environ["YANGLAO_TEST_SECRET"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["l.parquet", "s"]


def test_it_explains_a_person_from_the_registers(books: dict[str, Book]) -> None:
    person = add_person(1, date(1943, 3, 15))
    add_spell(person, "hukou", "330203001001", Spell(None, date(2000, 1, 1), date(2024, 5, 9)))
    add_spell(person, "hukou", "330106001001", Spell(None, date(2024, 5, 9)))
    months = [Month(2023, 2), Month(2023, 3), Month(2024, 5), Month(2024, 6)]
    allowance = books["ningbo"].only("ningbo-advanced-age-allowance").policies
    found = explain_now(allowance, months, SCHEMA, person.pk, known_at=KNOWN_AT)
    assert [(e.outcome, e.amount_fen) for e in found] == [
        ("refused", 0),
        ("paid", 6000),
        ("paid", 6000),
        ("refused", 0),
    ]
    assert [e.first_failing and e.first_failing.clause.id for e in found] == ["age", None, None, "hukou"]
    moved = found[3].first_failing
    assert moved is not None
    assert moved.facts[0].value == 330106001001
    assert moved.facts[0].since == date(2024, 5, 9)
    assert moved.facts[0].source == "测试名册"
    assert found[1].bracket == "rates:80"
    assert found[1].payer == 330203000000
    assert found[1].amount_parameters[0].value.start == date(2023, 1, 1)


def test_it_has_no_explanation_for_an_unknown_person(books: dict[str, Book]) -> None:
    assert explain_now(books["ningbo"].policies, MONTHS, SCHEMA, 12345, known_at=EARLY) == []
