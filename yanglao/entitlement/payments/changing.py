"""Why a run differs from the one of the month before, policy by policy: who came, who left, whose amount changed.

Two ledgers are joined as columns; whoever differs is asked about once per policy, by the clauses of the policy itself
on the facts that were frozen with the run in which something failed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
from sqlglot import exp

from yanglao.entitlement.benefits.offered.queries import (
    Run,
    Snapshot,
    SnapshotChanged,
    frozen_book,
    frozen_facts,
)
from yanglao.entitlement.benefits.queries import previous
from yanglao.entitlement.benefits.rules.compile import Chain
from yanglao.entitlement.benefits.rules.emit import Constants
from yanglao.entitlement.benefits.rules.facts_sql import facts_select, months_sql, used_views, views_sql
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.rules.policy import Clause, Policy
from yanglao.entitlement.payments.models import MonthChange
from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.columnar import reader
from yanglao.kernel.scope import Span, everything
from yanglao.registers.people.models import Circumstance, Person

Cause = MonthChange.Cause
_LINES = pa.schema(
    [
        (name, pa.string() if name in ("policy", "kind", "bracket") else pa.int64())
        for name in ("policy", "kind", "subject_id", "division", "bracket", "fen", "quantity")
    ]
)
_JOIN = """
WITH a AS ({a}), b AS ({b})
SELECT policy, kind, subject_id, COALESCE(a.division, b.division) AS division,
       COALESCE(b.bracket, '') AS bracket_before, COALESCE(a.bracket, '') AS bracket,
       COALESCE(b.fen, 0) AS before_fen, COALESCE(a.fen, 0) AS after_fen,
       COALESCE(b.quantity, 0) AS before_quantity, COALESCE(a.quantity, 0) AS after_quantity,
       CASE WHEN b.division IS NULL THEN 'came' WHEN a.division IS NULL THEN 'left' ELSE 'other' END AS how
FROM a FULL OUTER JOIN b USING (policy, kind, subject_id)
WHERE COALESCE(a.fen, 0) <> COALESCE(b.fen, 0) OR COALESCE(a.quantity, 0) <> COALESCE(b.quantity, 0)
ORDER BY policy, kind, subject_id
"""
_SUMS = (
    "SELECT policy, kind, subject_id, MIN(division) AS division, MAX(bracket) AS bracket, "
    "CAST(SUM(fen) AS BIGINT) AS fen, CAST(SUM(quantity) AS BIGINT) AS quantity FROM {name} GROUP BY ALL"
)
COLUMNS = (
    "run_id", "division_id", "policy", "subject_kind", "subject_id", "cause", "clause", "bracket_before", "bracket",
    "before_fen", "after_fen", "before_quantity", "after_quantity",
)  # fmt: skip


def changes(run: Run) -> list[tuple[Any, ...]]:
    """The rows of MonthChange of a run, in the order of COLUMNS; none when there is no run of the month before."""
    before = previous(run)
    if before is None:
        return []
    differing = _differing(run, before)
    causes = _Causes(run, before, differing)
    return [
        (
            run.pk, row["division"], row["policy"], row["kind"], row["subject_id"], *causes.of(row),
            row["bracket_before"], row["bracket"], row["before_fen"], row["after_fen"], row["before_quantity"],
            row["after_quantity"],
        )
        for row in differing
    ]  # fmt: skip


def _differing(run: Run, before: Run) -> list[dict[str, Any]]:
    with duckdb.connect(":memory:") as con:
        con.register("lines_now", _lines(run))
        con.register("lines_then", _lines(before))
        sql = _JOIN.format(a=_SUMS.format(name="lines_now"), b=_SUMS.format(name="lines_then"))
        found: list[dict[str, Any]] = con.sql(sql).to_arrow_table().to_pylist()
    return found


def _lines(run: Run) -> pa.Table:
    """The run's own lines; `kind` here is the kind of subject, which the table calls otherwise."""
    sql = (
        "SELECT policy, subject_kind AS kind, subject_id, division_id AS division, reason AS bracket, "
        "amount_fen AS fen, COALESCE(quantity, 0) AS quantity FROM benefits_ledgerline AS l "
        f"WHERE l.run_id = {int(run.pk)} AND l.kind = 'due'"
    )
    with reader() as source:
        return pa.Table.from_batches(list(source.batches(sql, _LINES)), _LINES)


@dataclass(frozen=True)
class _Frozen:
    """A run's facts and policies, as they were frozen; `snapshot` None: they are in the archive."""

    run: Run
    policies: Mapping[str, Policy]
    snapshot: Snapshot | None

    @classmethod
    def of(cls, run: Run) -> _Frozen:
        try:
            snapshot = frozen_facts(run) if run.snapshot else None
        except (OSError, SnapshotChanged):
            snapshot = None
        return cls(run, {p.id: p for p in frozen_book(run).policies if p.id in run.policies}, snapshot)


class _Causes:
    """The cause of each difference, found for all of them together."""

    def __init__(self, run: Run, before: Run, rows: Sequence[Mapping[str, Any]]) -> None:
        self.now, self.then = _Frozen.of(run), _Frozen.of(before)
        self.month, self.since = Month.of(run.month), before.known_at
        self.failing: dict[tuple[str, str, int], Clause | None] = {}
        asked: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row in rows:
            if row["how"] != "other":
                asked[row["how"], row["policy"]].append(row["subject_id"])
        for (how, policy), ids in asked.items():
            frozen = self.now if how == "left" else self.then
            for pk, clause in _first_failing(frozen, policy, ids):
                self.failing[how, policy, pk] = clause
        people = {row["subject_id"] for row in rows if row["kind"] == "person" and row["how"] != "other"}
        self._about(sorted(people))

    def _about(self, people: Sequence[int]) -> None:
        """Who died, was registered, or moved since the run before."""
        self.dead: set[int] = set()
        self.fresh: set[int] = set()
        self.moves: dict[int, list[str]] = defaultdict(list)
        since = self.since or dt.datetime.min.replace(tzinfo=dt.UTC)
        with everything("why a month differs from the one before"):
            for chunk in in_chunks(people):
                files = Person.files.filter(pk__in=chunk).order_by("pk")
                for pk, died, added in files.values_list("pk", "death_date", "added_at"):
                    if died is not None:
                        self.dead.add(pk)
                    if added > since:
                        self.fresh.add(pk)
                spells = Circumstance.objects.filter(
                    person_id__in=chunk, kind="hukou", replaced_at=None, valid_from__gt=_back(self.month)
                )
                for pk, value in spells.order_by("person_id", "valid_from").values_list("person_id", "value"):
                    self.moves[pk].append(value)

    def of(self, row: Mapping[str, Any]) -> tuple[str, str]:
        """(cause, id of the clause that failed)."""
        how, policy, pk = row["how"], row["policy"], row["subject_id"]
        if how == "other":
            return self._amount(row), ""
        clause = self.failing.get((how, policy, pk))
        name = clause.id if clause else ""
        cause = self._left(row, clause) if how == "left" else self._came(row, clause)
        return cause, name

    def _left(self, row: Mapping[str, Any], clause: Clause | None) -> str:
        policy = self.now.policies.get(row["policy"])
        snapshot = self.now.snapshot
        if row["kind"] == "person" and row["subject_id"] in self.dead:
            return Cause.DIED
        if policy is None or not policy.in_force(self.month):
            return Cause.ENDED
        if snapshot is not None and row["subject_id"] in snapshot.withheld.get(row["kind"], ()):
            return Cause.CONFLICT
        facts = _facts(clause)
        if facts & {"hukou", "residence"} or (clause is None and self._went(row)):
            return Cause.MOVED_OUT
        if any("verif" in fact for fact in facts):
            return Cause.SUSPENDED
        return Cause.CLAUSE if clause is not None else Cause.OTHER_POLICY

    def _went(self, row: Mapping[str, Any]) -> bool:
        last = self.moves.get(row["subject_id"], [])
        return bool(last) and last[-1].isdigit() and int(last[-1]) not in Span.of(self.now.run.division_id)

    def _came(self, row: Mapping[str, Any], clause: Clause | None) -> str:
        policy = self.then.policies.get(row["policy"])
        if policy is None or not policy.in_force(self.month.previous):
            return Cause.STARTED
        if row["subject_id"] in self.fresh:
            return Cause.REGISTERED
        facts = _facts(clause)
        if "birth_date" in facts:
            return Cause.AGE
        if facts & {"hukou", "residence"}:
            return Cause.MOVED_IN
        return Cause.QUALIFIED

    def _amount(self, row: Mapping[str, Any]) -> str:
        if row["bracket"] != row["bracket_before"]:
            return Cause.BRACKET
        now, then = (f.policies.get(row["policy"]) for f in (self.now, self.then))
        if now is None or then is None:
            return Cause.FACTS
        return Cause.RATE if _figures(now, self.month) != _figures(then, self.month.previous) else Cause.FACTS


def _back(month: Month) -> dt.date:
    return month.plus(-2).last


def _facts(clause: Clause | None) -> set[str]:
    return set(clause.tree.facts) if clause else set()


def _figures(policy: Policy, month: Month) -> list[tuple[str, Any, Any]]:
    """The values of a policy's parameters that count for a month."""
    found = []
    for name, parameter in sorted(policy.parameters.items()):
        try:
            value = parameter.at(policy.values_day(month))
        except LookupError:
            continue
        found.append((name, value.value, value.table))
    return found


def _first_failing(frozen: _Frozen, name: str, ids: Sequence[int]) -> Iterator[tuple[int, Clause | None]]:
    """(subject, the first clause that did not hold in that run's month; None when all did)."""
    policy = frozen.policies.get(name)
    month = Month.of(frozen.run.month)
    if policy is None or frozen.snapshot is None or not policy.clauses or not policy.in_force(month):
        return
    chain = Chain([policy], Constants([month]), "duckdb", only=ids)
    emitter = chain.emitter(policy)
    chain.parts()  # so that the facts table has every column
    counted = [c for c in policy.clauses if c.applies(policy.values_day(month))]
    case = exp.Case()
    for place, clause in enumerate(counted):
        fails = exp.Not(
            this=exp.Coalesce(this=exp.paren(emitter.sql(clause.tree)), expressions=[exp.false()])
        )
        case = case.when(fails, exp.Literal.number(place))
    facts = facts_select(chain.columns, chain.constants, chain.dialect, who=chain.limits())
    views = views_sql(used_views([chain.columns]), {}, chain.dialect)
    source = f"facts_{chain.subject.name}"
    body = ", ".join(
        [months_sql(chain.constants, chain.dialect), *views, f"{source} AS ({chain.text(facts)})"]
    )
    chosen = exp.select("subject_id", exp.alias_(case, "place")).from_(source)
    with duckdb.connect(":memory:") as con:
        frozen.snapshot.views(con)
        for pk, place in con.execute(f"WITH {body} {chain.text(chosen)}").fetchall():
            yield pk, None if place is None else counted[place]
