"""The policies of the five cities and of the measurements, each as the engine holds it and as the oracle reads it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from django.conf import settings

from ..facts.schema import schema
from ..oracle.paper import Paper, read
from ..oracle.reckoning import Row, reckon
from ..rules.book import Book, load_book
from ..rules.caps import GRANTED
from ..rules.cases import Facts, on_made_up
from ..rules.compile import compile_policies
from ..rules.limits import boundary_months
from ..rules.months import Month
from ..rules.policy import Policy
from ..rules.schema import Schema
from ..rules.standing import boundary_subjects, smallest
from .conftest import CITIES
from .engines import DuckEngine, Engine

FILES = [path for city in CITIES for path in sorted((settings.CITIES / city / "policies").glob("*.yaml"))]
IDS = [f"{path.parent.parent.name}-{path.stem}" for path in FILES]


@cache
def book_of(folder: Path) -> tuple[Book, list[Paper]]:
    book = load_book(folder, schema())
    return book, read(book.texts(), schema())


def of_file(path: Path) -> tuple[Policy, Paper, list[Paper]]:
    """The policy of a file, the same as the oracle reads it, and all policies of its place."""
    book, papers = book_of(path.parent)
    policy = next(p for p in book.policies if p.path == path.name)
    return policy, next(p for p in papers if p.id == policy.id), papers


def nothing_granted() -> Schema:
    """Whom we have made up was granted nothing before."""
    known = schema()
    return Schema(known.subjects, {name: t for name, t in known.tables.items() if name != GRANTED})


def by_engine(
    engine: Engine, policies: Sequence[Policy], months: Sequence[Month], **how: object
) -> list[Row]:
    """What the engine, filled with subjects, says: rows without the version."""
    made = [on_made_up(p) for p in policies]
    sql = compile_policies(made, months, nothing_granted(), engine.dialect, **how).sql  # type: ignore[arg-type]
    return sorted(Row(*row[:2], *row[3:]) for row in engine.run(sql))


def disagreement(path: Path, engine: Engine) -> str:
    """The first subject about whom engine and oracle disagree, reduced to what makes them; "" when they agree."""
    policy, paper, place = of_file(path)
    months = boundary_months(policy)
    codes = [int(m) for m in months]
    subjects = boundary_subjects(policy, months)
    engine.fill(policy, subjects, months)
    got, want = by_engine(engine, [policy], months), sorted(reckon([paper], subjects, codes, place=place))
    assert len(want) > 50
    if got == want:
        return ""
    number = min({r.subject_id for r in set(got) ^ set(want)})

    def fails(facts: Facts) -> bool:
        again = DuckEngine()
        again.fill(policy, [facts], months)
        return by_engine(again, [policy], months) != sorted(reckon([paper], [facts], codes, place=place))

    facts = smallest(subjects[number], subjects[0], fails)
    wrong = sorted(r for r in set(got) ^ set(want) if r.subject_id == number)
    return f"{facts}\n" + "\n".join(f"{'engine' if r in got else 'oracle'} {r}" for r in wrong[:6])
