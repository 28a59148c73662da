"""The facts table in steps: the subjects' own rows, facts that single few out, and only for those left all others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from sqlglot import exp

from .facts_sql import Look, facts_select, looks_of, more_facts, own_row, own_select
from .gathering import Gathering, facts_of, gathered, gatherings
from .narrowing import Condition, Stages, conditions, may_narrow, stages
from .policy import Policy
from .sometime import possible

if TYPE_CHECKING:
    from .compile import Chain


class StagedFacts:
    """The facts of a chain's subjects, as common table expressions of which the last is `facts_<subject>`.

    `sources`: of facts that are looked up together, which calls MAX, where the rows come from: the name they go by,
    the table, its column that names the subject.
    """

    def __init__(self, chain: Chain) -> None:
        self.chain, self.columns = chain, chain.columns
        self.sources: list[tuple[str, str, str]] = []
        self.of_rows: dict[str, dict[str, exp.Expr]] = {}  # by policy, what its own rows decide

    @cached_property
    def how(self) -> Stages:
        return stages(self.chain.policies, self.columns, self.chain.caps)

    @cached_property
    def common(self) -> set[str]:
        """What all policies ask of the subject's own row."""
        return set.intersection(*(set(self.own(policy)) for policy in self.chain.policies))

    @property
    def sure(self) -> set[str]:
        """Conditions that hold for every row of the facts table, as text."""
        return self.common if self.how.own and not self.repeated else set()

    def parts(self) -> list[str]:
        return self.near() if self.repeated else self.staged()

    @property
    def repeated(self) -> bool:
        """Whether each subject stands for several months, in an engine that goes through whole columns."""
        return self.chain.dialect == "duckdb" and len(self.chain.constants.months) > 1

    def near(self) -> list[str]:
        """Whoever can be due in one of the months is found first, and the facts of others are passed by."""
        chain, name, near = self.chain, self.chain.subject.name, f"near_{self.chain.subject.name}"
        if not self.narrows:
            facts = facts_select(self.columns, chain.constants, chain.dialect, who=chain.limits())
            return [f"facts_{name} AS ({chain.text(facts)})"]
        subjects = own_row(self.columns, [*chain.limits(), *self.possible])
        facts = facts_select(self.columns, chain.constants, chain.dialect, near=near)
        return [
            f"{near} AS MATERIALIZED ({chain.text(subjects)})",
            f"facts_{name} AS ({chain.text(facts)})",
        ]

    @cached_property
    def possible(self) -> list[exp.Expr]:
        return possible(self.chain) if may_narrow(self.chain.caps) else []

    @property
    def narrows(self) -> bool:
        """Whether some are left out before all facts are looked up."""
        if not self.repeated:
            return self.how.narrows
        asked = self.chain.only is not None and not self.chain.shared
        return asked or bool(self.possible)

    def staged(self) -> list[str]:
        chain, how = self.chain, self.how
        facts = own_select(self.columns, chain.constants, chain.dialect, chain.limits())
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

        `few`: they are those left after asking. Only then facts are gathered: of everybody, joining a view of few
        rows is quicker than gathering them by subject.
        """
        chain, name, asked = (
            self.chain,
            f"{step}_{self.chain.subject.name}",
            "" if self.chain.shared else self.chain.listed,
        )
        together = self.together(looks, name) if few else []
        kept = "MATERIALIZED " if few and together else ""
        found.append(f"{name} AS {kept}({chain.text(facts)})")
        for each in together:
            query = gathered(each, self.columns, chain.constants, name)
            found.append(f"{each.name} AS ({chain.text(query)})")
        alone = [look for look in looks if not any(look in each.looks for each in together)]
        query = more_facts(name, self.columns, alone, chain.constants, chain.dialect, among=asked)
        for each in together:
            same = exp.EQ(this=exp.column("subject_id", each.name), expression=exp.column("subject_id", "n"))
            query = query.join(exp.to_table(each.name), on=same, join_type="left")
            query = query.select(*(exp.column(fact, each.name) for fact in facts_of(each, self.columns)))
        return query

    def together(self, looks: Sequence[Look], name: str) -> list[Gathering]:
        if self.chain.dialect != "duckdb" or self.repeated:
            return []
        found = gatherings(self.columns, [look for look in looks if look[0] not in self.columns.spells], name)
        self.sources = [(each.rows, each.table, each.subject) for each in found]
        return found

    def narrowed(self, facts: exp.Select, known: Sequence[Look]) -> exp.Select:
        """Those rows for which some policy is possible, by the facts known so far."""
        asked = [self.asked(policy, known) for policy in self.chain.policies]
        common = self.common
        others = {
            tuple(each): exp.and_(exp.true(), *(sql for text, sql in each.items() if text not in common))
            for each in asked
        }
        # what is common was asked in the first step
        first = [sql for text, sql in asked[0].items() if text in common and not (known and self.how.own)]
        return exp.select("*").from_(facts.subquery("n")).where(*first, exp.or_(*others.values()))

    def asked(self, policy: Policy, known: Sequence[Look]) -> dict[str, exp.Expr]:
        """The conditions that known facts decide, by their text."""
        decided = [c for c in conditions(policy, self.columns) if c.looks and c.looks <= {*known}]
        return self.own(policy) | self.written(policy, decided)

    def own(self, policy: Policy) -> dict[str, exp.Expr]:
        """Those that the month or the subject's own row decides."""
        if policy.id not in self.of_rows:
            in_force = self.chain.in_force(self.chain.emitter(policy))
            decided = [c for c in conditions(policy, self.columns) if not c.looks]
            found = {self.chain.text(in_force): in_force, **self.written(policy, decided)}
            self.of_rows[policy.id] = found
        return self.of_rows[policy.id]

    def written(self, policy: Policy, decided: Iterable[Condition]) -> dict[str, exp.Expr]:
        emitter = self.chain.emitter(policy)
        found = (self.chain.condition(emitter, c.clause, c.weakened) for c in decided)
        return {self.chain.text(sql): sql for sql in found}
