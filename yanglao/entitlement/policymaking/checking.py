"""Whether the text of a draft can be used: its mistakes beside their lines, and its cases worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import duckdb
from django.utils.translation import get_language

from yanglao.entitlement.benefits.offered.queries import schema
from yanglao.entitlement.benefits.rules.book import check_texts
from yanglao.entitlement.benefits.rules.cases import CaseResult, run_cases
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.kernel.packs.problems import Problem


@dataclass(frozen=True)
class Checked:
    """What was found: `policy` is there when the text is right; `cases` are its worked examples."""

    problems: tuple[Problem, ...]
    policy: Policy | None = None
    cases: tuple[CaseResult, ...] = ()

    @property
    def wrong_cases(self) -> int:
        return sum(not c.right for c in self.cases)

    @property
    def right(self) -> bool:
        return not self.problems and not self.wrong_cases

    @property
    def number(self) -> int:
        return len(self.problems) + self.wrong_cases


def check(name: str, text: str, others: Mapping[str, str], *, cases: bool = True) -> Checked:
    """Check one file among the others of its city. `others`: file name → text, this one's old text may be there."""
    return _checked(name, text, tuple(sorted(others.items())), cases, get_language() or "")


@lru_cache(maxsize=64)
def _checked(
    name: str, text: str, others: tuple[tuple[str, str], ...], cases: bool, language: str
) -> Checked:
    """One answer for one text in one language: the pages that show a text ask again and again."""
    book, problems = check_texts({**dict(others), name: text}, schema(), words=True)
    mine = tuple(p for p in problems if p.file == name)
    policy = next((p for p in book.policies if p.path == name), None)
    if policy is None or mine or not cases:
        return Checked(mine, policy)
    with duckdb.connect(":memory:") as con:
        results = run_cases(policy, schema(), lambda sql: con.execute(sql).fetchall())
    return Checked(mine, policy, tuple(results))
