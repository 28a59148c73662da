"""Every policy of the five cities, on and around every limit: each engine gives the oracle's rows, field by field."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ..oracle.days import code_of, month_named, paid_in
from ..oracle.reckoning import Row, reckon
from ..rules.cases import Spell
from ..rules.compile import months_paid
from ..rules.limits import boundary_months
from ..rules.months import Month, month_range
from ..rules.standing import boundary_subjects, smallest
from .engines import DatabaseEngine, DuckEngine
from .every_policy import FILES, IDS, by_engine, disagreement, of_file
from .small import book, guest, parameter, policy, rows

every_file = pytest.mark.parametrize("path", FILES, ids=IDS)


@every_file
def test_duckdb_agrees_with_the_oracle(path: Path) -> None:
    assert disagreement(path, DuckEngine()) == ""


@pytest.mark.django_db
@every_file
def test_the_database_agrees_with_the_oracle(path: Path) -> None:
    assert disagreement(path, DatabaseEngine()) == ""


@every_file
def test_it_is_paid_in_the_months_the_oracle_counts(path: Path) -> None:
    one, paper, place = of_file(path)
    pay = paper.payment
    for run in month_range(Month(2023, 1), Month(2025, 12)):
        counted = paid_in(month_named(int(run)), pay["rhythm"], pay["timing"], pay["first_month"])
        assert [int(m) for m in one.months_paid_in(run)] == [code_of(m) for m in counted]
    run = next(m for m in boundary_months(one) if months_paid([one], m))
    months = months_paid([one], run)
    subjects = boundary_subjects(one, boundary_months(one))[:40]
    engine = DuckEngine()
    engine.fill(one, subjects, months)
    got = by_engine(engine, [one], months, paid_in=run)
    assert got == sorted(reckon([paper], subjects, [int(m) for m in months], place=place, run=int(run)))


def levels(path: Path) -> tuple[list[Row], list[Row], list[Row]]:
    """By level as the engine splits it, as the oracle does, and unsplit."""
    one, paper, _place = of_file(path)
    months = boundary_months(one)
    subjects = boundary_subjects(one, months)
    engine = DuckEngine()
    engine.fill(one, subjects, months)
    codes = [int(m) for m in months]
    split = sorted(reckon([paper], subjects, codes, by_level=True))
    return by_engine(engine, [one], months, by_level=True), split, reckon([paper], subjects, codes)


SHARED = [path for path in FILES if "\nshares:" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", SHARED, ids=lambda p: p.stem)
def test_what_each_level_bears_agrees_too(path: Path) -> None:
    got, split, whole = levels(path)
    assert got == split
    assert len(split) > len(whole)
    assert sum(r.amount_fen for r in split) == sum(r.amount_fen for r in whole)


def test_some_policy_is_shared_by_levels() -> None:
    assert SHARED


def test_subjects_stand_on_the_limits_and_beside_them() -> None:
    path = next(p for p in FILES if p.parent.parent.name == "ganzhou" and "advanced" in p.stem)
    one, _paper, _place = of_file(path)
    months = boundary_months(one)
    assert {Month(2001, 12), Month(2002, 1), Month(2009, 10), Month(2017, 12), Month(2018, 1)} <= set(months)
    subjects = boundary_subjects(one, months)
    births = {s["birth_date"][0].value for s in subjects}
    assert sum((b.month, b.day) == (2, 29) for b in births) >= 5
    assert {
        date(1918, 1, 31),
        date(1918, 2, 1),
    } <= births  # a hundred at the end of January 2018, and not yet
    places = {s.value for facts in subjects for s in facts["hukou"]}
    assert {360_699_999_999, 360_700_000_000, 360_799_999_999, 360_800_000_000} <= places
    assert len({str(sorted(s.items())) for s in subjects}) == len(subjects) < 1000
    assert subjects == boundary_subjects(one, months)


def test_a_failing_subject_is_reduced_to_what_fails() -> None:
    base = {"a": (Spell(1),), "b": (Spell(1),), "c": (Spell(1),)}
    odd = {"a": (Spell(2),), "b": (Spell(2),), "c": (Spell(2),)}
    assert smallest(odd, base, lambda f: f["b"][0].value == 2) == {**base, "b": (Spell(2),)}


def test_the_bracket_is_that_of_the_months_own_table() -> None:
    """A step that only another month's table has names no line of this month."""
    values = [
        {"from": date(2000, 1, 1), "table": {80: 50, 100: 300}},
        {"from": date(2024, 3, 1), "table": {80: 60, 83: 70, 100: 300}},
    ]
    rates = {**parameter({80: 1}, by="age"), "values": values}
    found = book(policy("bracket(rates, age)", parameters={"rates": rates}))
    brackets = [r["bracket"] for r in rows(DuckEngine(), found, [guest()], "2024-02..2024-03")]
    assert brackets == ["rates:80", "rates:83"]
