"""The oracle itself: it says what every worked example of every policy says, and refuses what it does not know."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.oracle.amounts import Unsupported
from yanglao.entitlement.benefits.oracle.paper import Paper, read
from yanglao.entitlement.benefits.oracle.reckoning import reckon
from yanglao.entitlement.benefits.rules.book import Book, load_book
from yanglao.entitlement.benefits.rules.cases import case_people, expected_months
from yanglao.entitlement.benefits.rules.form import CaseForm

from .conftest import CITIES
from .small import SCHEMA as GUESTS
from .small import guest, parameter, policy

FOLDERS = [*(settings.CITIES / city / "policies" for city in CITIES), settings.ROOT / "library" / "policies"]


def right(book: Book, paper: Paper, case: CaseForm) -> bool:
    months, by_month, total = expected_months(case)
    groups = case_people(case, book[paper.id].subject)
    if paper.written.get("caps"):  # what one gets depends on the others: each for himself
        groups = [(1, facts) for count, facts in groups for _ in range(count)]
    found: Counter[int] = Counter()
    for row in reckon([paper], [facts for _count, facts in groups], [int(m) for m in months]):
        found[row.month] += groups[row.subject_id][0] * (row.amount_fen + (row.quantity or 0))
    got = tuple(found[int(m)] for m in months)
    return sum(got) == total and by_month in (None, got)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.parent.name)
def test_it_says_what_the_examples_say(folder: Path) -> None:
    book = load_book(folder, schema())
    papers = {paper.id: paper for paper in read(book.texts(), schema())}
    wrong = [
        f"{p.id}: {case.name}"
        for p in book.policies
        for case in p.cases
        if not right(book, papers[p.id], case)
    ]
    assert wrong == []
    assert papers.keys() == {p.id for p in book.policies}


def written(**other: object) -> Paper:
    figures = {"rate": parameter(100)}
    return Paper(yaml.safe_load(yaml.safe_dump(policy("rate", parameters=figures, **other))), GUESTS)


@pytest.mark.parametrize(
    "strange",
    [
        {"lottery": {"every": 3}},
        {"payment": {"rhythm": "monthly", "bonus": 1}},
        {"stacking": {"lowest": "a"}},
    ],
)
def test_it_refuses_what_it_does_not_know(strange: dict[str, object]) -> None:
    with pytest.raises(Unsupported):
        written(**strange)


def test_it_refuses_a_cap_it_cannot_count() -> None:
    cap = {"per": "subject", "period": "year", "amount": "rate", "drawn_by": "lot"}
    with pytest.raises(Unsupported):
        reckon([written(caps=[cap])], [guest()], [202402])
