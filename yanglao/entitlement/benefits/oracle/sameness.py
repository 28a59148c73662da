"""Mistakes that change nobody's money: proven, never taken on trust. Three proofs count, and no others.

*Same statement*: the wrong file makes the very same SQL as the right one for every month of the policy's life, letter
for letter, and is paid in the same months; so nobody whatever is paid otherwise. (A cap by the year is one for ever where
the whole life of the policy lies in one year.)

*Same conditions*: where only conditions differ, those that do are weighed alone, with every combination of the values on,
below and above every limit of both files, in every month in which something changes: they hold for the same.

*Same in every case*: where only conditions, figures or dates differ, what is due depends on each fact through the
limits it is held against. Of every fact that the difference, the amount, and any condition about the same facts
name, all values on, below and above every limit of both files are taken, and *all their combinations* tried in every
month in which something changes: no combination gives another row. Facts of other conditions are as in examples that
pay; where those conditions do not hold, neither file pays. When a fact is looked at, caps, and what policies do to
one another are beyond this proof, and so is whatever has too many combinations.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from itertools import islice, product
from typing import Any

from ..rules.cases import Facts, Spell
from ..rules.limits import Limits, changes
from ..rules.months import Month, month_range
from ..rules.policy import Policy, Stacking
from ..rules.schema import Type
from ..rules.tree import Node, literal
from .mistakes import Mistake
from .trial import NOTHING, RUNS, Right

MOST = 40_000  # combinations in one month
BEYOND = {
    "facts_on",
    "caps",
    "stacking",
    "payment",
    "shares",
    "payee",
    "payer",
    "instalments",
    "verification",
}


def harmless(right: Right, mistake: Mistake) -> str:
    """Why a mistake changes nobody's money: "statement" or "cases"; "" when neither is proven."""
    true, wrong = right.built(dict(right.paper.written)), right.built(mistake.written)
    assert true is not None
    assert wrong is not None
    if same_statement(right, true, wrong) or same_statement(right, whole_life(true), whole_life(wrong)):
        return "statement"
    if mistake.where[0] == "eligibility" and same_conditions(right, true, wrong):
        return "conditions"
    if mistake.where[0] not in BEYOND and same_in_every_case(right, true, wrong):
        return "cases"
    return ""


def same_statement(right: Right, true: Policy, wrong: Policy) -> bool:
    life = month_range(Month.of(true.since).plus(-2), Month.of(max(changes(true) | changes(wrong))).plus(26))
    life = tuple(m for m in life if true.in_force(m) or wrong.in_force(m))
    return (
        (true.stacking, true.payee, true.gives) == (wrong.stacking, wrong.payee, wrong.gives)
        and all(true.months_paid_in(run) == wrong.months_paid_in(run) for run in RUNS)
        and all(
            right.sql([true], life, by_level=x) == right.sql([wrong], life, by_level=x) for x in (False, True)
        )
    )


def whole_life(policy: Policy) -> Policy:
    """The same with a cap's period written as ever, where all its months lie in one such period."""
    if policy.until is None:
        return policy
    life = [m for m in month_range(Month.of(policy.since), Month.of(policy.until)) if policy.in_force(m)]
    whole = {
        "year": len({m.year for m in life}) == 1,
        "quarter": len({(m.year, (m.number - 1) // 3) for m in life}) == 1,
        "month": len(life) == 1,
    }
    caps = tuple(replace(c, period="ever") if whole.get(c.period) else c for c in policy.caps)
    return replace(policy, caps=caps)


def same_conditions(right: Right, true: Policy, wrong: Policy) -> bool:
    """Whether the conditions in which two files differ hold for the same subjects, all else being equal."""
    if replace(wrong, clauses=true.clauses) != true:
        return False
    pair = []
    for one, other in ((true, wrong), (wrong, true)):
        known = {(c.tree, c.since, c.until) for c in other.clauses}
        apart = tuple(c for c in one.clauses if (c.tree, c.since, c.until) not in known)
        pair.append(
            replace(one, clauses=apart, amount=literal(100, Type.MONEY), caps=(), shares=(), instalments=())
        )
    return same_in_every_case(right, *pair)


def same_in_every_case(right: Right, true: Policy, wrong: Policy) -> bool:
    """Whether all combinations of the facts that matter give the same rows in all months of change."""
    names = _facts_that_matter(true, wrong)
    for month in right.months:
        if not any(policy.in_force(month) for policy in (true, wrong)):
            continue
        pools = [_values(true, wrong, name, month) for name in names]
        if reduce(lambda count, pool: count * len(pool), pools, 1) > MOST:
            return False
        for base in _backgrounds(true, names):
            subjects: list[Facts] = [
                {**base, **dict(zip(names, values, strict=True))} for values in product(*pools)
            ]
            if not _same_rows(right, true, wrong, subjects, month):
                return False
    return True


def _same_rows(right: Right, true: Policy, wrong: Policy, subjects: list[Facts], month: Month) -> bool:
    pair = [
        replace(policy, id=name, stacking=Stacking()) for policy, name in ((true, "right"), (wrong, "wrong"))
    ]
    sql = right.sql([p for p in pair if p.in_force(month)], [month])
    right.fill(sql, subjects, [month])
    found = right.prints(sql)
    return found.get("right", NOTHING) == found.get("wrong", NOTHING)


def _facts_that_matter(true: Policy, wrong: Policy) -> list[str]:
    different = {f for tree in _different(true, wrong) for f in tree.facts} | {
        *true.amount.facts,
        *wrong.amount.facts,
    }
    touched = [c.tree.facts for p in (true, wrong) for c in p.clauses if different & set(c.tree.facts)]
    return sorted(different.union(*touched))


def _different(true: Policy, wrong: Policy) -> Iterator[Node]:
    """The expressions that are not the same in both, or whose figures are not."""
    everything = any(
        getattr(true, name) != getattr(wrong, name)
        for name in ("age_on", "values_on", "since", "until", "division")
    )
    for one, other in ((true, wrong), (wrong, true)):
        known = {(c.id, c.tree, c.since, c.until) for c in other.clauses}
        for clause in one.clauses:
            figures = (one.parameters[n] != other.parameters.get(n) for n in clause.tree.parameters)
            if (
                everything
                or (clause.id, clause.tree, clause.since, clause.until) not in known
                or any(figures)
            ):
                yield clause.tree


def _values(true: Policy, wrong: Policy, name: str, month: Month) -> list[tuple[Spell, ...]]:
    """All values of a fact on and around the limits of both files in a month; unknown, where it may be."""
    view, declared = true.subject.facts[name]
    found: dict[Any, None] = {}
    for policy in (true, wrong):
        if policy.in_force(month) and name in Limits(policy, (month,)).used:
            found.update(dict.fromkeys(Limits(policy, (month,)).pools[name]))
    nothing: list[tuple[Spell, ...]] = (
        [(Spell(None),) if view.shape == "fixed" else ()] if declared.nullable else []
    )
    return [*((Spell(value),) for value in found), *nothing]


def _backgrounds(policy: Policy, names: list[str]) -> list[Facts]:
    """The examples that pay, different in the facts that are not varied."""
    found: dict[str, Facts] = {}
    for base in islice(Limits(policy, ()).bases, 3):
        rest = {k: v for k, v in base.facts.items() if k not in names}
        found.setdefault(str(sorted(rest.items())), base.facts)
    return list(found.values())
