"""How an amount came about, step by step: the part that falls due, the stacking rules, the caps, who bears it.

Each step is read from the same expressions as the run's; nothing is reckoned a second time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from sqlglot import exp

from .months import Month
from .policy import Cap, Level, Payer, Policy
from .sharing import parts
from .stacking import final_columns
from .tree import Node

if TYPE_CHECKING:
    from .compile import Chain

StackRule = Literal["highest", "excluded_by", "reduced_by"]
WHOLE = 10_000  # of a share or percentage


@dataclass(frozen=True)
class Instalment:
    """Part `number` of `of`, counted from 1; `share` in ten-thousandths; `month`: whose figures count."""

    number: int
    of: int
    share: int
    month: Month
    whole: int


@dataclass(frozen=True)
class Stacked:
    """A rule between policies that changed the amount, and what the other one gives in the same month."""

    rule: StackRule
    policy: Policy
    amount: int


@dataclass(frozen=True)
class Cut:
    """A cap that cut the amount; what was taken of its total before, by whom ever, is `limit - after`."""

    cap: Cap
    before: int
    after: int
    limit: int | None


@dataclass(frozen=True)
class Borne:
    """What the division of a level bears of the amount, in fen; `percent` in ten-thousandths."""

    level: Level
    division: int
    fen: int
    percent: int


@dataclass(frozen=True)
class Steps:
    """What happened to one amount on its way; empty where nothing did."""

    instalment: Instalment | None = None
    stacked: tuple[Stacked, ...] = ()
    cuts: tuple[Cut, ...] = ()
    borne: tuple[Borne, ...] = ()

    @property
    def capped(self) -> int:
        """How much the caps took off."""
        return sum(cut.before - cut.after for cut in self.cuts)


def part_nodes(policy: Policy) -> list[tuple[Node, Node]]:
    """(when it falls due, what it is) of each instalment; [] of a policy that pays at once."""
    if not policy.instalments:
        return []
    args = policy.amount.args
    return list(zip(args[:-1:2], args[1:-1:2], strict=True))


def _whole(value: Node) -> Node:
    """The whole sum inside the expression of one part."""
    return next(n for n in value.walk() if n.op == "at_month")


def columns(chain: Chain, index: int, policy: Policy) -> Iterator[tuple[str, exp.Expr]]:
    """What has to be asked beside the amounts themselves."""
    emitter = chain.emitter(policy)
    yield f"stacked{index}", exp.column(final_columns(chain.policies, chain.stack)[policy.id])
    for number, (due, value) in enumerate(part_nodes(policy)):
        yield f"due{index}_{number}", emitter.sql(due)
        yield f"whole{index}_{number}", emitter.sql(_whole(value))
    for number, layer in enumerate(_caps(chain, policy)):
        yield f"cut{index}_{number}", exp.column(layer.column)
        yield f"limit{index}_{number}", emitter.sql(layer.cap.limit)
    # the compiler looks up what it needs here: it is the compiler that imports sharing and stacking
    from .payers import payer_sql

    fact = exp.column(chain.columns.name(policy, policy.payer.fact))
    for number, (level, part) in enumerate(parts(policy, chain.finals[policy.id], emitter)):
        share = policy.shares[number].percent
        yield f"borne{index}_{number}", part
        yield (
            f"bearer{index}_{number}",
            payer_sql(Payer(policy.payer.fact, level), fact.copy(), chain.dialect),
        )
        if share is not None:
            yield f"percent{index}_{number}", emitter.sql(share)


def _caps(chain: Chain, policy: Policy) -> list[Any]:
    return [layer for layer in chain.caps if layer.policy == policy.id]


def steps(chain: Chain, index: int, policy: Policy, month: Month, row: Mapping[str, Any]) -> Steps:
    """The steps of one policy's amount in one row of the answer."""
    return Steps(
        _instalment(index, policy, month, row),
        tuple(_stacked(chain.policies, index, policy, row)),
        tuple(_cuts(chain, index, policy, row)),
        tuple(_borne(index, policy, row)),
    )


def due_part(index: int, policy: Policy, row: Mapping[str, Any]) -> int | None:
    """Which part falls due, from 0; None when none does."""
    return next((n for n in range(len(policy.instalments)) if row[f"due{index}_{n}"]), None)


def _instalment(index: int, policy: Policy, month: Month, row: Mapping[str, Any]) -> Instalment | None:
    number = due_part(index, policy, row)
    if number is None:
        return None
    given = [_share(value) for _due, value in part_nodes(policy)[:-1]]
    share = (*given, WHOLE - sum(given))[number]
    earned = month.plus(-policy.instalments[number])
    return Instalment(
        number + 1, len(policy.instalments), share, earned, int(row[f"whole{index}_{number}"] or 0)
    )


def _share(value: Node) -> int:
    """The share that a part's expression multiplies the whole by: round_half_up(whole × share ÷ 10,000)."""
    share = value.args[0].args[1].value
    assert isinstance(share, int)
    return share


def _stacked(
    policies: Sequence[Policy], index: int, policy: Policy, row: Mapping[str, Any]
) -> Iterator[Stacked]:
    raw = int(row[f"raw{index}"])
    if not raw:
        return
    rules = policy.stacking
    for i, other in enumerate(policies):
        amount = int(row[f"stacked{i}"])
        if other is not policy and other.id in rules.excluded_by and amount:
            yield Stacked("excluded_by", other, amount)
        elif other is not policy and other.id in rules.reduced_by and amount:
            yield Stacked("reduced_by", other, amount)
    if rules.rule != "highest" or not rules.group or row[f"stacked{index}"]:
        return
    for i, other in enumerate(policies):
        rival = int(row[f"raw{i}"])
        if (
            i != index
            and other.stacking.group == rules.group
            and (rival > raw or (rival == raw and i < index))
        ):
            yield Stacked("highest", other, rival)


def _cuts(chain: Chain, index: int, policy: Policy, row: Mapping[str, Any]) -> Iterator[Cut]:
    before = int(row[f"stacked{index}"])
    for number, layer in enumerate(_caps(chain, policy)):
        after, limit = int(row[f"cut{index}_{number}"]), row[f"limit{index}_{number}"]
        if after < before:
            yield Cut(layer.cap, before, after, None if limit is None else int(limit))
        before = after


def _borne(index: int, policy: Policy, row: Mapping[str, Any]) -> Iterator[Borne]:
    left = WHOLE
    for number, share in enumerate(policy.shares):
        percent = left if share.percent is None else int(row[f"percent{index}_{number}"] or 0)
        left -= percent
        fen, bearer = (int(row[f"{name}{index}_{number}"] or 0) for name in ("borne", "bearer"))
        if fen > 0:
            yield Borne(share.level, bearer, fen, percent)


def figures_of(node: Node, policy: Policy, month: Month) -> Iterator[tuple[str, date]]:
    """Each figure a tree looks up, with the day by which it counts there: of an instalment that of its own month."""
    if node.op == "at_month":
        assert isinstance(node.value, int)
        then = replace(policy, shift=node.value)
        for arg in node.args if then.in_force(month) else ():
            yield from figures_of(arg, then, month)
        return
    if node.op in {"parameter", "bracket", "lookup"}:
        yield str(node.value), policy.parameter_day(str(node.value), month)
    for arg in node.args:
        yield from figures_of(arg, policy, month)
