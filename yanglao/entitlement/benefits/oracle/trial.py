# i18n: data (labels inside the files that are tried)
"""Are a policy's tests good enough? Each mistake put into its file must be noticed by its examples or on its limits.

A wrong file is run by the engine, many at once as policies of one statement: first on the facts of its worked
examples, then on the subjects that stand on the limits of the right file, where the oracle says what is right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa
from pydantic import ValidationError

from yanglao.kernel.packs.reading import Document, parse

from ..rules.building import Builder
from ..rules.caps import GRANTED, shared
from ..rules.cases import (
    Facts,
    case_people,
    column_type,
    expected_months,
    on_made_up,
    view_columns,
    view_rows,
)
from ..rules.compile import compile_policies
from ..rules.emit import SQL_TYPES
from ..rules.form import PolicyForm
from ..rules.limits import boundary_months
from ..rules.limits import numbers as figures_in
from ..rules.months import Month, month_range
from ..rules.policy import Policy, Stacking, Standard
from ..rules.schema import AMOUNTS, Schema, View
from ..rules.standing import boundary_subjects
from .days import code_of, month_named, paid_in
from .mistakes import Data, Mistake
from .paper import Paper
from .reckoning import Row, reckon

BATCH = 40
RUNS = month_range(Month(2023, 1), Month(2025, 12))
ARROW = {"DATE": pa.date32(), "TEXT": pa.string(), "BIGINT": pa.int64(), "BOOLEAN": pa.bool_()}
FIELDS = {name: "VARCHAR" if name in {"subject", "bracket", "payee_kind", "unit"} else "BIGINT"
          for name in Row._fields if name != "policy"}  # fmt: skip
Print = tuple[int, int]  # how many rows, and the sum of their hashes
NOTHING: Print = (0, 0)


@dataclass(frozen=True)
class Verdict:
    """What became of a mistake: refused (by the file check) · cases · limits · runs (noticed there) · alive."""

    mistake: Mistake
    outcome: str


class Right:
    """A right policy, what it is compared on, and what the oracle says is right there."""

    def __init__(
        self,
        policy: Policy,
        read: Document,
        schema: Schema,
        standards: Mapping[str, Standard],
        place: Sequence[Paper],
    ) -> None:
        self.policy, self.read, self.standards, self.place = policy, read, standards, place
        tables = {name: table for name, table in schema.tables.items() if name != GRANTED}
        self.schema = Schema(schema.subjects, tables)  # whom we have made up was granted nothing before
        self.paper = next(p for p in place if p.id == policy.id)
        examples = {m for case in policy.cases for m in expected_months(case)[0]}
        self.months = tuple(sorted({*boundary_months(policy), *examples}))
        self.subjects = boundary_subjects(policy, boundary_months(policy), self.months_due)
        self.figures = {i: parse(s.text.encode(), s.path).data for i, s in standards.items()}
        self.con = duckdb.connect(":memory:")

    def months_due(self, facts: Facts, months: Sequence[Month]) -> list[Month]:
        """The months for which one alone gets something."""
        rows = reckon([self.paper], [facts], [int(m) for m in months], place=self.place)
        due = {row.month for row in rows}
        return [m for m in months if int(m) in due]

    @cache  # noqa: B019 - there are few, and each is thrown away with its statements
    def wanted(self, by_level: bool) -> Print:
        """What the oracle says of everybody on the limits."""
        codes = [int(m) for m in self.months]
        return self.print_of(reckon([self.paper], self.subjects, codes, place=self.place, by_level=by_level))

    def built(self, written: Data) -> Policy | None:
        """The policy of a file with a mistake, or None when the file check refuses it."""
        try:
            form = PolicyForm.model_validate(written)
        except ValidationError:
            return None
        builder = Builder(form, replace(self.read, data=written), self.schema, self.standards)
        policy = builder.policy()
        return policy if policy and not builder.problems else None

    def fill(self, sql: str, subjects: Sequence[Facts], months: Sequence[Month] = ()) -> None:
        """Gives a statement the facts it reads, those of `subjects`."""
        for view in (v for v in self.policy.subject.views if f"made_{v.name}" in sql):
            self.con.register(f"made_{view.name}", _table(view, subjects, months or self.months))

    def sql(self, policies: Sequence[Policy], months: Sequence[Month], **how: Any) -> str:
        return compile_policies([on_made_up(p) for p in policies], months, self.schema, **how).sql

    def prints(self, sql: str) -> dict[str, Print]:
        """For each policy of a statement how many rows it gives, and a sum that tells them from any others."""
        fields = ", ".join(f"CAST({name} AS {kind})" for name, kind in FIELDS.items())
        found = self.con.execute(
            f"SELECT policy, COUNT(*), SUM(hash({fields})) FROM ({sql}) AS every_row GROUP BY policy"
        ).fetchall()
        return {policy: (count, int(total)) for policy, count, total in found}

    def print_of(self, rows: Sequence[Row]) -> Print:
        columns = {name: pa.array([getattr(r, name) for r in rows], type=ARROW[
            "TEXT" if kind == "VARCHAR" else kind]) for name, kind in FIELDS.items()}  # fmt: skip
        self.con.register(
            "right_rows", pa.table({**columns, "policy": pa.array(["right"] * len(rows), pa.string())})
        )
        return self.prints("SELECT * FROM right_rows").get("right", NOTHING)


def _table(view: View, subjects: Sequence[Facts], months: Sequence[Month]) -> pa.Table:
    names = view_columns(view)
    columns = list(zip(*view_rows(view, subjects, months), strict=True)) or [()] * len(names)
    types = [ARROW[SQL_TYPES[column_type(view, n)]] for n in names]
    return pa.table({n: pa.array(c, type=t) for n, c, t in zip(names, columns, types, strict=True)})


def differences(right: Right) -> list[str]:
    """Where engine and oracle disagree about a right policy, in `limits` · `levels` (what each bears) · `company`
    (beside policies it names) · `runs` (the months a run pays); empty when they agree."""
    alone = [_apart(right.policy, 0)]
    found = {"limits": _on_limits(right, alone, right.sql(alone, right.months))[0]}
    if right.policy.shares:
        by_level = right.sql(alone, right.months, by_level=True)
        found["levels"] = _on_limits(right, alone, by_level, by_level=True)[0]
    if right.policy.stacking.group or right.policy.stacking.excluded_by or right.policy.stacking.reduced_by:
        found["company"] = _in_company(right, right.policy)
    found["runs"] = _same_turns(right.paper, right.policy)
    return [name for name, agrees in found.items() if not agrees]


def verdicts(right: Right, mistakes: Iterable[Mistake]) -> list[Verdict]:
    """What becomes of each mistake."""
    found: list[Verdict] = []
    left: list[tuple[Mistake, Policy]] = []
    for mistake in mistakes:
        policy = right.built(mistake.written)
        if policy is None:
            found.append(Verdict(mistake, "refused"))
        elif not _same_turns(right.paper, policy):
            found.append(Verdict(mistake, "runs"))
        else:
            left.append((mistake, policy))
    for start in range(0, len(left), BATCH):
        batch = left[start : start + BATCH]
        found += [Verdict(m, o) for (m, _p), o in zip(batch, _outcomes(right, batch), strict=True)]
    return found


def _outcomes(right: Right, batch: Sequence[tuple[Mistake, Policy]]) -> list[str]:
    """Where each mistake is noticed first."""
    policies = [_apart(policy, n) for n, (_mistake, policy) in enumerate(batch)]
    try:
        sql = right.sql(policies, right.months)
    except LookupError:  # a month without a figure: it cannot even be computed
        return ["limits"] if len(batch) == 1 else [o for one in batch for o in _outcomes(right, [one])]
    cases, limits, levels = (
        _by_cases(right, policies, sql),
        _on_limits(right, policies, sql),
        [True] * len(batch),
    )
    if right.policy.shares:
        levels = _on_limits(right, policies, right.sql(policies, right.months, by_level=True), by_level=True)
    company = [m.where[0] != "stacking" or _in_company(right, p) for m, p in batch]
    return [
        "cases" if not case else "limits" if not (limit and level and beside) else "alive"
        for case, limit, level, beside in zip(cases, limits, levels, company, strict=True)
    ]


def _same_turns(paper: Paper, policy: Policy) -> bool:
    """Whether each run pays the months that the oracle counts."""
    pay = paper.payment
    return all(
        [int(m) for m in policy.months_paid_in(run)]
        == [
            code_of(m)
            for m in paid_in(month_named(int(run)), pay["rhythm"], pay["timing"], pay["first_month"])
        ]
        for run in RUNS
    )


def _apart(policy: Policy, number: int) -> Policy:
    """Under a name of its own, beside nobody."""
    return replace(policy, id=f"m{number}", stacking=Stacking())


def _by_cases(right: Right, batch: Sequence[Policy], sql: str) -> list[bool]:
    """Whether all worked examples come out as they say."""
    cases = right.policy.cases
    together = [[n] for n in range(len(cases))] if shared([right.policy]) else [list(range(len(cases)))]
    good = [True] * len(batch)
    for numbers in together:
        groups = [(n, count, f) for n in numbers for count, f in case_people(cases[n], right.policy.subject)]
        if len(numbers) == 1:
            groups = [(n, 1, facts) for n, count, facts in groups for _ in range(count)]
        right.fill(sql, [facts for _n, _count, facts in groups])
        paid = _paid(right, sql, groups)
        for number, n in ((i, n) for i in range(len(batch)) for n in numbers):
            own, by_month, total = expected_months(cases[n])
            got = tuple(paid[f"m{number}", n, int(m)] for m in own)
            good[number] &= sum(got) == total and by_month in (None, got)
    return good


def _paid(
    right: Right, sql: str, groups: Sequence[tuple[int, int, Facts]]
) -> Mapping[tuple[str, int, int], int]:
    paid: dict[tuple[str, int, int], int] = defaultdict(int)
    sums = f"SELECT policy, subject_id, month, SUM(amount_fen + COALESCE(quantity, 0)) FROM ({sql}) AS r GROUP BY ALL"
    for policy, subject, month, amount in right.con.execute(sums).fetchall():
        case, count, _facts = groups[subject]
        paid[policy, case, month] += int(amount) * count
    return paid


def _on_limits(right: Right, batch: Sequence[Policy], sql: str, *, by_level: bool = False) -> list[bool]:
    """Whether everybody on the limits gets what the oracle says, field by field (and what each level bears of it)."""
    right.fill(sql, right.subjects)
    prints = right.prints(sql)
    return [prints.get(p.id, NOTHING) == right.wanted(by_level) for p in batch]


def _in_company(right: Right, policy: Policy) -> bool:
    """Beside another policy of the same group, or one that it names: a copy of itself that never pays very little."""
    written = list(_company(right))
    papers = [right.paper, *(Paper(data, right.schema, right.figures) for data in written)]
    rows = reckon(papers, right.subjects, [int(m) for m in right.months], place=right.place)
    rivals = [p for p in map(right.built, written) if p]
    sql = right.sql([replace(policy, id=right.policy.id), *rivals], right.months)
    right.fill(sql, right.subjects)
    found = right.prints(sql)
    return all(
        found.get(paper.id, NOTHING) == right.print_of([r for r in rows if r.policy == paper.id])
        for paper in papers
    )


def _company(right: Right) -> Iterator[Data]:
    rule = right.policy.stacking
    others = [*rule.excluded_by, *rule.reduced_by] or ([f"{right.policy.id}-rival"] if rule.group else [])
    for other in others:
        least = {
            "label": {"zh": "至少", "en": "At least"},
            "unit": "yuan" if right.policy.gives == "money" else "quantity",
            "values": [
                {"from": right.paper.written["effective"]["from"], "value": _more_than_least(right.policy)}
            ],
        }
        yield {
            **right.paper.written,
            "id": other,
            "parameters": {**right.paper.part("parameters"), "rival_rate": least},
            "amount": f"greatest({right.paper.written['amount']}, rival_rate)",
            "stacking": {"group": rule.group, "rule": rule.rule},
        }


def _more_than_least(policy: Policy) -> float:
    """A hundredth above the lowest figure of the policy: those on it get less than from the other, the others as much."""
    sums = [n for p in policy.parameters.values() if p.type in AMOUNTS for n in figures_in(p) if n > 0]
    return (min(sums, default=5_499) + 1) / 100
