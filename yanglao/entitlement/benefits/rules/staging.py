"""The facts table in steps: the subjects' own rows, facts that single few out, and only for those left all others."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from sqlglot import exp

from .facts_sql import Look, looks_of, more_facts, own_select
from .gathering import Gathering, facts_of, gathered, gatherings
from .narrowing import Stages, conditions, stages
from .policy import Policy

if TYPE_CHECKING:
    from .compile import Chain


class StagedFacts:
    """The facts of a chain's subjects, as common table expressions of which the last is `facts_<subject>`.

    `gathers`: whether some facts are looked up together, which calls MAX.
    """

    def __init__(self, chain: Chain) -> None:
        self.chain, self.columns, self.gathers = chain, chain.columns, False

    @cached_property
    def how(self) -> Stages:
        return stages(self.chain.policies, self.columns, self.chain.caps)

    def parts(self) -> list[str]:
        facts, how = self.chain.limited(own_select(self.columns)), self.how
        later = [look for look in looks_of(self.columns) if look not in how.first]
        found: list[str] = []
        if how.own:
            facts = self.narrowed(facts, ())
        if how.first:
            facts = self.narrowed(self.step("own", facts, how.first, found), how.first)
        if later:
            facts = self.step("near", facts, later, found, few=how.narrows)
        return [*found, f"facts_{self.chain.subject.name} AS ({self.chain.text(facts)})"]

    def step(
        self, step: str, facts: exp.Select, looks: Sequence[Look], found: list[str], *, few: bool = False
    ) -> exp.Select:
        """Adds the rows so far to `found`, and returns them with the facts of further looks.

        `few`: they are those left after asking, so that only their facts need be gathered.
        """
        chain, name = self.chain, f"{step}_{self.chain.subject.name}"
        together = self.together(looks, name)
        kept = "MATERIALIZED " if few and together else ""
        found.append(f"{name} AS {kept}({chain.text(facts)})")
        for each in together:
            query = gathered(each, self.columns, chain.constants, name if few else "")
            found.append(f"{each.name} AS ({chain.text(query)})")
        alone = [look for look in looks if not any(look in each.looks for each in together)]
        query = more_facts(name, self.columns, alone, chain.constants, chain.dialect)
        for each in together:
            same = exp.EQ(this=exp.column("subject_id", each.name), expression=exp.column("subject_id", "n"))
            query = query.join(exp.to_table(each.name), on=same, join_type="left")
            query = query.select(*(exp.column(fact, each.name) for fact in facts_of(each, self.columns)))
        return query

    def together(self, looks: Sequence[Look], name: str) -> list[Gathering]:
        if self.chain.dialect != "duckdb" or len(self.chain.constants.months) > 1:
            return []
        found = gatherings(self.columns, looks, name)
        self.gathers = self.gathers or bool(found)
        return found

    def narrowed(self, facts: exp.Select, known: Sequence[Look]) -> exp.Select:
        """Those rows for which some policy is possible, by the facts known so far."""
        asked = [self.asked(policy, known) for policy in self.chain.policies]
        common = set.intersection(*(set(self.asked(policy, ())) for policy in self.chain.policies))
        others = {
            tuple(each): exp.and_(exp.true(), *(sql for text, sql in each.items() if text not in common))
            for each in asked
        }
        # what all policies ask of the subject's own row was asked in the first step
        first = [sql for text, sql in asked[0].items() if text in common and not (known and self.how.own)]
        return exp.select("*").from_(facts.subquery("n")).where(*first, exp.or_(*others.values()))

    def asked(self, policy: Policy, known: Sequence[Look]) -> dict[str, exp.Expr]:
        """The conditions that known facts decide, by their text."""
        chain, emitter = self.chain, self.chain.emitter(policy)
        decided = [c for c in conditions(policy, self.columns) if c.looks <= {*known}]
        found = [chain.in_force(emitter), *(chain.condition(emitter, c.clause, c.weakened) for c in decided)]
        return {chain.text(sql): sql for sql in found}
