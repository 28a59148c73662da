"""Why somebody is paid or not, clause by clause: the same trees as the run's, as one column each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlglot import exp

from . import explain_amount
from .compile import Chain
from .emit import Constants, Dialect
from .explain_amount import Steps
from .facts_sql import alias, column_name, facts_select, months_sql, used_views, views_sql
from .months import Month
from .policy import Clause, ParameterValue, Policy, Text
from .schema import Fact, Type
from .tree import Node

Execute = Callable[[str], Iterable[tuple[Any, ...]]]
Outcome = Literal["paid", "refused", "set_aside", "used_up", "nothing", "not_in_force"]


@dataclass(frozen=True)
class FactUsed:
    """A fact as it was seen: its value, since and until when it holds, and where it comes from."""

    fact: Fact
    value: Any
    since: date | None = None
    until: date | None = None
    source: str = ""


@dataclass(frozen=True)
class ParameterUsed:
    """A parameter's value in force (`value.start`: since when)."""

    name: str
    label: Text
    unit: str
    value: ParameterValue


@dataclass(frozen=True)
class ClauseResult:
    """`holds` is None when a fact is missing, which refuses like False."""

    clause: Clause
    holds: bool | None
    facts: tuple[FactUsed, ...]
    parameters: tuple[ParameterUsed, ...]


@dataclass(frozen=True)
class Explanation:
    """One policy, one subject, one month. Fen. `raw_fen`: before the stacking rules; `bracket`: table:key or "".

    `steps`: what part falls due, which rules and caps changed the amount, who bears it.
    """

    policy: Policy
    month: Month
    subject_id: int
    outcome: Outcome
    amount_fen: int
    raw_fen: int
    bracket: str
    payer: int | None
    clauses: tuple[ClauseResult, ...]
    amount_facts: tuple[FactUsed, ...]
    amount_parameters: tuple[ParameterUsed, ...]
    steps: Steps

    @property
    def first_failing(self) -> ClauseResult | None:
        """The first clause that does not hold."""
        return next((c for c in self.clauses if not c.holds), None)

    @property
    def set_aside_by(self) -> tuple[Policy, ...]:
        """The policies that pay instead, or whose payment is taken off."""
        return tuple(s.policy for s in self.steps.stacked)


def explain(
    policies: Sequence[Policy],
    months: Sequence[Month],
    subject_id: int,
    execute: Execute,
    dialect: Dialect = "duckdb",
    *,
    tables: Mapping[str, str] | None = None,
    few: Collection[str] = (),
    granted: bool = False,
) -> list[Explanation]:
    """For every policy of one kind of subject and every month, in that order. [] when the subject is unknown.

    `execute` runs SQL where the snapshot tables are (or `tables` stands for them, `few` rows in some) and gives the
    rows; `granted`: among them the table of what earlier runs granted.
    """
    policies = sorted(policies, key=lambda p: p.id)
    constants = Constants(months)
    chain = Chain(policies, constants, dialect, only=[subject_id], granted=granted)
    asked = Asked(chain)
    sql = asked.sql(tables or {}, few)
    names = asked.names
    found = {row[0]: dict(zip(names, row, strict=True)) for row in execute(sql)}
    return [
        _one(p, i, m, found[int(m)], chain) for i, p in enumerate(policies) for m in months if int(m) in found
    ]


class Asked:
    """The query behind an explanation, and the names of its columns."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.names: list[str] = []

    def sql(self, tables: Mapping[str, str], few: Collection[str] = ()) -> str:
        chain = self.chain
        parts = chain.parts()
        shown = self.columns()
        dated = facts_select(chain.columns, chain.constants, chain.dialect, dates=True, who=chain.limits())
        views = views_sql(used_views([chain.columns]), tables, chain.dialect, few=few)
        source = f"facts_{chain.subject.name}"
        raw = exp.select("f.*", *chain.amounts()).from_(exp.to_table(source, alias="f"))
        body = [f"{source} AS ({chain.text(dated)})", f"explained AS ({chain.text(raw)})"]
        source = "explained"
        for step, layer in enumerate(chain.stack):
            query = exp.select("*", exp.alias_(layer.value, layer.column)).from_(source)
            source = f"explained_{step}"
            body.append(f"{source} AS ({chain.text(query)})")
        body += chain.capped(source, "explained_cap")
        source = f"explained_cap_{len(chain.caps) - 1}" if chain.caps else source
        assert parts
        self.names = [name for name, _ in shown]
        select = exp.select(*(exp.alias_(e, n) for n, e in shown)).from_(source)
        select = select.where(chain.asked(exp.column("subject_id")))
        with_ = [months_sql(chain.constants, chain.dialect), *views, *body]
        return f"WITH {', '.join(with_)} {chain.text(select)}"

    def columns(self) -> list[tuple[str, exp.Expr]]:
        """month, facts with their dates, and for each policy its clauses, amounts, payer and bracket."""
        chain = self.chain
        finals = chain.finals
        shown: list[tuple[str, exp.Expr]] = [("month", exp.column("month"))]
        for i, policy in enumerate(chain.policies):
            emitter = chain.emitter(policy)
            shown += [(f"c{i}_{j}", emitter.sql(c.tree)) for j, c in enumerate(policy.clauses)]
            shown += [(f"raw{i}", exp.column(f"a{i}")), (f"paid{i}", exp.column(finals[policy.id]))]
            shown += [(f"payer{i}", chain.payer(policy)), (f"bracket{i}", chain.bracket(policy))]
            shown += explain_amount.columns(chain, i, policy)
        shown += [(n, exp.column(n)) for n in (column_name(f, m) for f, m in chain.columns.facts)]
        for key, moment in chain.columns.wanted:
            view = next(v for v in chain.subject.views if v.name == key)
            if view.shape == "dated":
                names = (f"{alias(view, moment)}__{n}" for n in ("valid_from", "valid_to", "source"))
                shown += [(n, exp.column(n)) for n in names]
        return shown


def _one(policy: Policy, index: int, month: Month, row: Mapping[str, Any], chain: Chain) -> Explanation:
    clauses = tuple(
        ClauseResult(
            c,
            _truth(row[f"c{index}_{j}"]),
            _facts(c.tree, policy, row, chain),
            _parameters(c.tree, policy, month),
        )
        for j, c in enumerate(policy.clauses)
        if c.applies(policy.values_day(month))
    )
    raw, paid = int(row[f"raw{index}"]), int(row[f"paid{index}"])
    steps = explain_amount.steps(chain, index, policy, month, row)
    amount = _amount(policy, steps)
    return Explanation(
        policy=policy,
        month=month,
        subject_id=chain.only[0] if chain.only else 0,
        outcome=_outcome(policy, month, clauses, raw, int(row[f"stacked{index}"]), paid),
        amount_fen=paid,
        raw_fen=raw,
        bracket=row[f"bracket{index}"] if raw else "",
        payer=row[f"payer{index}"],
        clauses=clauses,
        amount_facts=_facts(amount, policy, row, chain),
        amount_parameters=_parameters(amount, policy, month),
        steps=steps,
    )


def _amount(policy: Policy, steps: Steps) -> Node:
    """The expression the amount came from: of a sum in parts that of the part that falls due."""
    if steps.instalment is None:
        return policy.amount
    return explain_amount.part_nodes(policy)[steps.instalment.number - 1][1]


def _truth(value: Any) -> bool | None:
    return None if value is None else bool(value)


def _outcome(
    policy: Policy, month: Month, clauses: Sequence[ClauseResult], raw: int, stacked: int, paid: int
) -> Outcome:
    if not policy.in_force(month):
        return "not_in_force"
    if not all(c.holds for c in clauses):
        return "refused"
    if paid:
        return "paid"
    return "used_up" if stacked else "set_aside" if raw else "nothing"


def _facts(node: Node, policy: Policy, row: Mapping[str, Any], chain: Chain) -> tuple[FactUsed, ...]:
    found = (_fact(name, policy, row, chain) for name in node.facts)
    return tuple(f for f in found if f.value is not None or f.fact.name not in node.ends)


def _fact(name: str, policy: Policy, row: Mapping[str, Any], chain: Chain) -> FactUsed:
    view, fact = chain.subject.facts[name]
    moment = policy.fact_day(name) if view.shape == "dated" else ""
    value = _value(row[column_name(name, moment)], fact.type)
    if view.shape != "dated":
        return FactUsed(fact, value, source=fact.source)
    at = alias(view, moment)
    since, until = (_value(row[f"{at}__{n}"], Type.DATE) for n in ("valid_from", "valid_to"))
    return FactUsed(fact, value, since, until, row[f"{at}__source"] or fact.source)


def _value(value: Any, type_: Type) -> Any:
    """SQLite gives days as text and truths as numbers."""
    if type_ is Type.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    return bool(value) if type_ is Type.BOOL and value is not None else value


def _parameters(node: Node, policy: Policy, month: Month) -> tuple[ParameterUsed, ...]:
    """The figures a tree looks up, each as it stands on the day by which it counts."""
    if not policy.in_force(month):
        return ()
    found = dict.fromkeys(explain_amount.figures_of(node, policy, month))
    named = ((policy.parameters[name], day) for name, day in found)
    return tuple(ParameterUsed(p.name, p.label, p.unit, p.at(day)) for p, day in named)
