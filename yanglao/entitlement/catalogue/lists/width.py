"""Is what a place does by policy at least as wide as the wider list's item? Tried on everybody who stands on a limit.

Both sides are policies of the engine: the wider item's own conditions, and the place's policies as if everybody had
applied. Whoever the wider list has must be given something by one of the policies. The persons are made up: every value
on and next to a limit of any condition, of all facts the two sides look at; those of the wider item in all combinations.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yanglao.entitlement.benefits.rules.boundary import edge_values
from yanglao.entitlement.benefits.rules.limits import Limits
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.entitlement.benefits.rules.schema import Fact
from yanglao.entitlement.policymaking.offered.queries import facts_of, monthly
from yanglao.kernel.scope import Span

MOST = 20_000  # combinations of what the wider item looks at; beyond it nothing is proved
PASSING = frozenset(
    {"death_date", "in_custody"}
)  # the dead are owed nothing; who is in custody is owed it afterwards
Values = Mapping[str, Any]


class Unproved(ValueError):
    """There are too many combinations to try, or no policy that could be asked."""


@dataclass(frozen=True)
class Left:
    """Somebody whom the wider list has and the place's policies do not: the facts that are known of him."""

    facts: tuple[tuple[Fact, Any], ...]


def left_out(above: Policy, here: Sequence[Policy], division: int, month: Month) -> Left | None:
    """The first whom `above` has and none of `here` gives anything, in the division; None when there is nobody.

    Raises Unproved.
    """
    asked = [above, *here]
    when = max([month, *(Month.of(p.since) for p in asked)])
    after = when.next  # what begins with the month after a birthday is not narrower
    if not any(p.in_force(after) for p in here):
        raise Unproved
    people = list(_people(above, here, division, [when, after]))
    found = monthly(asked, [when, after], [facts_of(p, above.subject) for p in people])
    for number, values in enumerate(people):
        wanted = found.get((number, above.id, int(when))) and found.get((number, above.id, int(after)))
        if wanted and not any(found.get((number, p.id, int(after))) for p in here):
            known = ((above.subject.facts[name][1], value) for name, value in values.items())
            return Left(tuple((fact, value) for fact, value in known if value is not None))
    return None


def _people(
    above: Policy, here: Sequence[Policy], division: int, months: Sequence[Month]
) -> Iterator[dict[str, Any]]:
    """Made-up persons: all combinations of what `above` looks at, and in each one further fact away from the usual."""
    places = _places(here, division)
    own = _pool(above, [above], division, months, places)
    more = _pool(above, here, division, months, places)
    for name, values in own.items():
        own[name] = list(dict.fromkeys([*values, *more.pop(name, ())]))
    count = 1
    for values in own.values():
        count *= len(values)
    if count * (1 + sum(map(len, more.values()))) > MOST:
        raise Unproved
    for chosen in itertools.product(*own.values()):
        base = dict(zip(own, chosen, strict=True))
        yield {**base, **dict.fromkeys(more)}
        for name, values in more.items():
            for value in values:
                yield {**base, **dict.fromkeys(more), name: value}


def _pool(
    above: Policy, policies: Sequence[Policy], division: int, months: Sequence[Month], places: list[int]
) -> dict[str, list[Any]]:
    """Fact → its values on and next to the limits of these policies; None is one of them where it may be unknown."""
    found: dict[str, list[Any]] = {}
    for policy in policies:
        limits = Limits(policy, tuple(months))
        for name, values in edge_values(policy, months).items():
            fact = above.subject.facts[name][1]
            if name in PASSING:
                continue
            kept = places if name in ("hukou", "residence") else limits.fitting(name, values)
            unknown = [None] if fact.nullable and name not in ("hukou", "residence") else []
            found[name] = list(dict.fromkeys([*found.get(name, ()), *kept, *unknown]))
    return found


def _places(here: Sequence[Policy], division: int) -> list[int]:
    """Somewhere in the division, in the part each policy is made for, and outside."""
    span = Span.of(division)
    inside = [Span.of(p.division).lo + 1 for p in here if Span.of(p.division).lo in span]
    return list(dict.fromkeys([span.hi, *inside, span.hi + 1]))
