"""Would the tests of each policy of the five cities notice a mistake in its file? A sample of mistakes here, always the
same one; `./run manage policies mutate` tries them all.
"""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from yanglao.kernel.packs.reading import parse

from ..facts.schema import schema
from ..oracle.mistakes import Mistake, mistakes
from ..oracle.sameness import harmless, whole_life
from ..oracle.score import LEAST, Score, score, table
from ..oracle.trial import Right, verdicts
from .every_policy import FILES, IDS, book_of, of_file

SAMPLE = 10
LEISHAN = next(path for path in FILES if path.parent.parent.name == "leishan")
CARE = next(path for path in FILES if path.stem == "care-subsidy" and path.parent.parent.name == "changchun")
ADAPTATION = next(path for path in FILES if path.stem == "home-adaptation")


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_mistakes_in_its_file_are_noticed(path: Path) -> None:
    book, _papers = book_of(path.parent)
    found = score(book, of_file(path)[0], schema(), SAMPLE)
    assert found.made == SAMPLE
    assert found.counted >= SAMPLE / 2
    assert found.rate >= LEAST, found.alive


def right_of(path: Path) -> Right:
    policy, _paper, papers = of_file(path)
    document = parse(path.read_bytes(), path.name)
    standards = {s.id: s for s in book_of(path.parent)[0].standards}
    return Right(policy, document, schema(), standards, papers)


def written_as(path: Path, *where: str | int, to: Any) -> Mistake:
    """The file with one thing written otherwise."""
    document = parse(path.read_bytes(), path.name)
    all_of_them = mistakes(document.data, of_file(path)[0].subject)
    return next(
        m
        for m in all_of_them
        if m.where == where and (m.what.endswith(to) if isinstance(to, str) else _at(m.written, where) == to)
    )


def _at(data: Any, where: tuple[str | int, ...]) -> Any:
    for key in where:
        data = data[key]
    return data


def test_what_matters_is_noticed_and_never_proven_harmless() -> None:
    right = right_of(LEISHAN)
    bad = [
        written_as(LEISHAN, "eligibility", 0, "when", to=">= → > at 4"),
        written_as(LEISHAN, "stop", "death", to="→ month_after_death_paid"),
        written_as(LEISHAN, "facts_on", to="hukou month_start → month_middle"),
        written_as(LEISHAN, "stacking", "rule", to="→ add"),
    ]
    assert {v.outcome for v in verdicts(right, bad)} <= {"cases", "limits"}
    assert [harmless(right, m) for m in bad[:3]] == ["", "", ""]


def test_each_proof_of_harmlessness_proves_what_it_says() -> None:
    right = right_of(LEISHAN)
    start = ("parameters", "start_age", "values", 0)
    same = written_as(LEISHAN, *start, "from", to="a month earlier")  # before the policy begins
    covered = written_as(LEISHAN, *start, "value", to=79)  # the table of rates begins at 80
    paying = written_as(LEISHAN, *start, "value", to=81)
    assert [v.outcome for v in verdicts(right, [same, covered])] == ["alive", "alive"]
    assert [harmless(right, m) for m in (same, covered, paying)] == ["statement", "cases", ""]


def test_a_word_that_only_stands_for_nobody_is_harmless_and_one_that_shuts_out_is_not() -> None:
    right = right_of(CARE)
    clauses = right.read.data["eligibility"]
    where = ("eligibility", next(i for i, c in enumerate(clauses) if "coalesce(living" in c["when"]), "when")
    for_nobody = written_as(CARE, *where, to="'' → 'something_else' at 17")
    lets_in = written_as(CARE, *where, to="'institution' → 'something_else' at 24")
    assert [harmless(right, m) for m in (for_nobody, lets_in)] == ["conditions", ""]


def test_a_cap_for_ever_is_one_by_the_year_only_where_all_lies_in_one_year() -> None:
    policy = right_of(ADAPTATION).policy
    assert [c.period for c in whole_life(policy).caps] == ["year"]
    short = replace(policy, since=policy.since.replace(year=2025, month=1))
    assert [c.period for c in whole_life(short).caps] == ["ever"]


def test_a_cap_that_is_left_out_is_noticed() -> None:
    right = right_of(ADAPTATION)
    kinds = [m for m in mistakes(right.read.data, right.policy.subject) if m.where[0] == "caps"]
    found = verdicts(right, kinds)
    assert {v.outcome for v in found} <= {"cases", "limits", "refused"}
    assert len(found) > 5


def test_what_the_file_check_refuses_is_not_counted() -> None:
    found = Score("x", "p", made=10, refused=4, cases=2, limits=1, runs=1, harmless=1, alive=("a",))
    assert (found.noticed, found.counted, found.rate) == (4, 5, 0.8)
    assert list(table([found]))[-1] == ("", "all", "10", "4", "1", "5", "2", "1", "1", "1", "80.0")


def test_the_command_prints_and_keeps_the_table(tmp_path: Path) -> None:
    said, kept = io.StringIO(), tmp_path / "mutation.md"
    call_command("policies_mutate", "zhongxiang", sample=4, keep=kept, stdout=said)
    assert "zhongxiang-advanced-age-allowance" in said.getvalue()
    assert "A sample of 4 mistakes" in kept.read_text(encoding="utf-8")
