"""Policies × months → one SQL statement that gives every ledger row that is due.

Four stages: facts (one row per month and subject) → raw amounts (one column per policy) → stacking rules (layers
of CASE) → fan-out (one row per policy, month and subject with something due).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlglot import exp

from .caps import GRANTED, cap_layers, shared
from .emit import Constants, Dialect, Emitter, constant, paren
from .emit_tables import bracket_sql
from .facts_sql import (
    FactColumns,
    beside,
    months_sql,
    used_tables,
    used_views,
    views_sql,
)
from .latest import Spells
from .months import Month
from .parts import ASKED, Part, Written
from .payers import payer_sql
from .policy import Clause, Payer, Policy
from .schema import Schema, Subject, Type
from .sharing import split, with_columns
from .stacking import final_columns, layers
from .staging import StagedFacts
from .tree import Node

ROW = (
    ("month", "int"),  # YYYYMM
    ("policy", "text"),
    ("version", "text"),  # first 12 digits of the policy's hash
    ("subject", "text"),  # person, …
    ("subject_id", "int"),
    ("amount_fen", "int"),
    ("raw_fen", "int"),  # before the stacking rules
    ("payer", "int"),  # division whose budget pays
    ("bracket", "text"),  # table:key of the bracket, or ""
    ("place", "int"),  # the division the payer was found by, to the last digit (a village)
    ("payee_kind", "text"),  # who receives it: person, place, worker, operator …
    ("payee", "int"),  # … and which
    ("quantity", "int"),  # hours, times, meals or days instead of money
    ("unit", "text"),  # of the quantity, or ""
)


@dataclass(frozen=True)
class Compiled:
    """`sql` gives rows of the shape ROW. `tables`: the snapshot tables it reads; `months`: what it computes.

    `parts` give the same rows, kind after kind.
    """

    sql: str
    dialect: Dialect
    months: tuple[Month, ...]
    policies: tuple[Policy, ...]
    tables: tuple[str, ...]
    gathers: bool = False  # it calls MAX where several facts are looked up in one pass
    only: tuple[int, ...] | None = None
    parts: tuple[Part, ...] = ()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()

    @property
    def statements(self) -> tuple[str, ...]:
        """What is run."""
        return tuple(part.sql for part in self.parts) or (self.sql,)


def compile_policies(
    policies: Sequence[Policy],
    months: Sequence[Month],
    schema: Schema,
    dialect: Dialect = "duckdb",
    *,
    tables: Mapping[str, str] | None = None,
    withheld: bool = False,
    only: Sequence[int] | None = None,
    paid_in: Month | None = None,
    by_level: bool = False,
    few: Collection[str] = (),
    spells: Mapping[str, Spells] | None = None,
) -> Compiled:
    """The statement for these policies and months.

    `by_level`: of policies with cost shares one row for each level that bears something, `payer` being its division
    and `amount_fen` its share; the sums of both statements are the same.

    `paid_in`: rows only for those months that the run of this month pays, by each policy's rhythm; `months` must
    hold them all (`months_paid`).

    `tables`: SELECTs that stand for snapshot tables (to run inside the register's database); `withheld`: leave out
    the subjects listed in a table `withheld(subject, subject_id)`; `only`: just these subject ids, in DuckDB those of
    a table `asked(subject_id)` that whoever runs the statement fills (`Compiled.only`). `few`: those of `tables` with
    so few rows that they are read once and kept. `spells`: by kind of subject, the views that stand in the subject's own
    row (of a snapshot, in DuckDB).
    Raises ValueError when there is nothing to compute.
    """
    policies = tuple(p for p in sorted(policies, key=lambda p: p.id) if any(p.in_force(m) for m in months))
    if not policies:
        raise ValueError("no policy is in force in these months")
    constants = Constants(months)
    granted = GRANTED in schema.tables
    chains = [
        Chain(
            [p for p in policies if p.subject.name == name],
            constants,
            dialect,
            withheld,
            only,
            paid_in,
            granted=granted,
            by_level=by_level,
            listed=ASKED if only is not None and dialect == "duckdb" else "",
            spells=(spells or {}).get(name, {}),
        )
        for name in dict.fromkeys(p.subject.name for p in policies)
    ]
    written = [Written(chain, constants, schema) for chain in chains]
    bodies = [part for each in written for part in each.bodies]
    views = used_views([chain.columns for chain in chains])
    read = [
        *views_sql(views, tables or {}, dialect, few=few),
        *(row for each in written for row in each.sources()),
    ]
    with_ = [months_sql(constants, dialect), *read, *bodies]
    final = " UNION ALL ".join(select for each in written for select in each.rows)
    names = (*used_tables(views, schema), *beside(chain.columns for chain in chains))
    if any(layer.granted for chain in chains for layer in chain.caps):
        names = tuple(sorted({*names, GRANTED}))
    return Compiled(
        sql=f"WITH {', '.join(with_)} {final}",
        dialect=dialect,
        months=tuple(months),
        policies=policies,
        tables=names,
        gathers=any(chain.facts.sources for chain in chains),
        only=None if only is None else tuple(only),
        parts=tuple(each.part() for each in written) if dialect == "duckdb" and not tables else (),
    )


def months_paid(policies: Sequence[Policy], month: Month) -> tuple[Month, ...]:
    """All months of entitlement that the run of `month` pays for one of the policies, in order."""
    return tuple(sorted({m for p in policies for m in p.months_paid_in(month) if p.in_force(m)}))


class Chain:
    """The stages for the policies of one kind of subject."""

    def __init__(
        self,
        policies: Sequence[Policy],
        constants: Constants,
        dialect: Dialect,
        withheld: bool = False,
        only: Sequence[int] | None = None,
        paid_in: Month | None = None,
        *,
        granted: bool = False,
        by_level: bool = False,
        listed: str = "",
        spells: Spells | None = None,
    ) -> None:
        self.listed = listed  # a table of those in `only`
        self.paid_in, self.by_level = paid_in, by_level
        self.policies, self.constants, self.dialect = policies, constants, dialect
        self.withheld, self.only = withheld, only
        self.shared = shared(policies)
        self.subject: Subject = policies[0].subject
        self.columns = FactColumns(self.subject, spells or {}, decided=len(constants.months) == 1)
        self.stack = layers(policies, dialect)
        self.finals = final_columns(policies, self.stack)
        self.caps = cap_layers(self, self.finals, granted=granted)

    def emitter(self, policy: Policy) -> Emitter:
        return Emitter(self.dialect, self.constants, policy, lambda fact: self.columns.name(policy, fact))

    @cached_property
    def facts(self) -> StagedFacts:
        return StagedFacts(self)

    def parts(self) -> list[str]:
        """facts → raw → due → stacking layers, as common table expressions."""
        name, amounts, rows = self.subject.name, self.amounts(self.facts.sure), self.selects
        raw = exp.select("f.*", *amounts).from_(exp.to_table(f"facts_{name}", alias="f"))
        steps = [(f"raw_{name}", raw), (f"due_{name}", self.due())]
        for step, layer in enumerate(self.stack):
            query = exp.select("*", exp.alias_(layer.value, layer.column)).from_(steps[-1][0])
            steps.append((f"due_{name}_{step}", query))
        if self.dialect == "duckdb" and not self.caps:  # what is kept is kept with all its columns
            at, last = steps.pop()
            used = dict.fromkeys(column.name for row in rows for column in row.find_all(exp.Column))
            steps.append((at, exp.select(*used).from_(last.subquery("d"))))
        # each policy reads the last step: DuckDB keeps that one. PostgreSQL would repeat the expressions of every
        # layer, seven times slower, unless it keeps the first. Spark has no such word.
        kept = {"duckdb": steps[-1][0], "spark": ""}.get(self.dialect, f"due_{name}")
        parts = [
            f"{at} AS {'MATERIALIZED ' if at == kept else ''}({self.text(query)})" for at, query in steps
        ]
        return [*self.facts.parts(), *parts, *self.capped(steps[-1][0], f"due_{name}_cap")]

    def due(self) -> exp.Select:
        """The rows with something due, before one policy bears on another."""
        anything = (exp.GT(this=exp.column(f"a{i}"), expression=exp.Literal.number(0)) for i in self.numbers)
        due = exp.select("*").from_(f"raw_{self.subject.name}")
        # DuckDB would compute every amount twice, once to filter; few are left that get nothing
        return due if self.dialect == "duckdb" and self.facts.narrows else due.where(exp.or_(*anything))

    def capped(self, source: str, prefix: str) -> list[str]:
        """The caps as common table expressions after `source`, the last of them called `prefix` and its number."""
        parts = []
        for step, layer in enumerate(self.caps):
            if layer.granted:
                parts.append(f"{layer.granted_name} AS ({layer.granted})")
            parts.append(f"{prefix}_{step} AS ({self.text(layer.select(source))})")
            source = f"{prefix}_{step}"
        return parts

    def amounts(self, sure: Collection[str] = ()) -> list[exp.Expr]:
        """The raw amounts a0, a1 …; `sure`: conditions, as text, that hold for every row already."""
        return [exp.alias_(self.amount(p, sure), f"a{i}") for i, p in enumerate(self.policies)]

    @property
    def numbers(self) -> range:
        return range(len(self.policies))

    def text(self, query: exp.Expr) -> str:
        return query.sql(self.dialect)

    def limits(self) -> list[exp.Expr]:
        """Conditions on `subject_id` that say whom to look at."""
        key, found = exp.column("subject_id"), []
        if self.only is not None and not self.shared:
            found.append(self.asked(key))
        if self.withheld:
            kept = (
                exp.select("subject_id")
                .from_("withheld")
                .where(exp.EQ(this=exp.column("subject"), expression=exp.Literal.string(self.subject.name)))
            )
            found.append(exp.Not(this=exp.In(this=key.copy(), query=exp.Subquery(this=kept))))
        return found

    def asked(self, key: exp.Expr) -> exp.Expr:
        """That the subject is one of `only`."""
        if self.listed:
            return exp.In(this=key, query=exp.Subquery(this=exp.select("subject_id").from_(self.listed)))
        return exp.In(this=key, expressions=[exp.Literal.number(i) for i in self.only or ()])

    def amount(self, policy: Policy, sure: Collection[str] = ()) -> exp.Expr:
        emitter = self.emitter(policy)
        conditions = [self.in_force(emitter)] + [self.clause(emitter, c) for c in policy.clauses]
        asked = [c for c in conditions if not sure or self.text(c) not in sure]
        case = exp.Case().when(exp.and_(exp.true(), *asked), emitter.sql(policy.amount))
        return exp.cast(case.else_(constant(0, Type.MONEY, self.dialect)), "BIGINT")

    def in_force(self, emitter: Emitter) -> exp.Expr:
        return emitter.per_month(emitter.policy.in_force, Type.BOOL)

    def clause(self, emitter: Emitter, clause: Clause) -> exp.Expr:
        """The condition; where it applies only at times, also satisfied in the other months."""
        return self.condition(emitter, clause, clause.tree)

    def condition(self, emitter: Emitter, clause: Clause, part: Node) -> exp.Expr:
        """The same of a part of the clause."""
        tree = emitter.sql(part)
        policy = emitter.policy
        if clause.since is None and clause.until is None:
            return paren(tree)
        sleeps = emitter.per_month(lambda m: not clause.applies(policy.values_day(m)), Type.BOOL)
        return paren(exp.or_(sleeps, tree))

    def payer(self, policy: Policy) -> exp.Expr:
        return payer_sql(policy.payer, exp.column(self.columns.name(policy, policy.payer.fact)), self.dialect)

    def payee(self, policy: Policy) -> exp.Expr:
        """Who receives it: the subject itself, or whom a fact of it names."""
        fact = policy.payee.fact
        return exp.column(self.columns.name(policy, fact)) if fact else exp.column("subject_id")

    def bracket(self, policy: Policy) -> exp.Expr:
        return bracket_sql(policy.amount, self.emitter(policy))

    def rows(self) -> list[str]:
        return [self.text(select) for select in self.selects]

    @cached_property
    def selects(self) -> list[exp.Select]:
        """For each policy its rows; by level, those of each share."""
        source = f"due_{self.subject.name}" + (f"_{len(self.stack) - 1}" if self.stack else "")
        if self.caps:
            source = f"due_{self.subject.name}_cap_{len(self.caps) - 1}"
        found: list[exp.Select] = []
        for index, policy in enumerate(self.policies):
            row = self.row(index, policy, source, self.finals[policy.id])
            shared = list(self.shares(policy, row)) if self.by_level else []
            found += shared or [row]
        return found

    def shares(self, policy: Policy, row: exp.Select) -> Iterator[exp.Select]:
        """The row once for every level, with its share."""
        fact = exp.column(self.columns.name(policy, policy.payer.fact))
        for level, part in split(policy, row, self.finals[policy.id], self.emitter(policy)):
            payer = payer_sql(Payer(policy.payer.fact, level), fact.copy(), self.dialect)
            share = next(e.this for e in part.expressions if e.alias == "amount_fen")
            some = exp.GT(this=share.copy(), expression=exp.Literal.number(0))
            yield with_columns(part, {"payer": payer}).where(some)

    def row(self, index: int, policy: Policy, source: str, amount: str) -> exp.Select:
        money = policy.gives == "money"
        values = {
            "month": exp.column("month"),
            "policy": exp.Literal.string(policy.id),
            "version": exp.Literal.string(policy.version),
            "subject": exp.Literal.string(self.subject.name),
            "subject_id": exp.column("subject_id"),
            "amount_fen": exp.column(amount) if money else constant(0, Type.MONEY, self.dialect),
            "raw_fen": exp.column(f"a{index}"),
            "payer": self.payer(policy),
            "bracket": self.bracket(policy),
            "place": exp.column(self.columns.name(policy, policy.payer.fact)),
            "payee_kind": exp.Literal.string(policy.payee.kind),
            "payee": self.payee(policy),
            "quantity": constant(None, Type.INT, self.dialect) if money else exp.column(amount),
            "unit": exp.Literal.string("" if money else policy.gives),
        }
        chosen = [exp.alias_(values[name], name) for name, _ in ROW]
        due = exp.GT(this=exp.column(amount), expression=exp.Literal.number(0))
        # where nothing hangs on others they alone were looked at
        wanted = [] if self.only is None or not self.shared else [self.asked(exp.column("subject_id"))]
        return exp.select(*chosen).from_(source).where(due, *self.in_turn(policy), *wanted)

    def in_turn(self, policy: Policy, table: str = "") -> list[exp.Expr]:
        """The months that are paid in the run's month."""
        if self.paid_in is None:
            return []
        turn = [exp.Literal.number(int(m)) for m in policy.months_paid_in(self.paid_in)]
        month = exp.column("month", table) if table else exp.column("month")
        return [exp.In(this=month, expressions=turn) if turn else exp.false()]
