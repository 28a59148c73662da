"""A district's own rule in place of the city's (区县另有规定的，从其规定): a clause of the city's policy."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from yanglao.kernel.packs.problems import Problem

from .policy import Clause, Policy, Text
from .schema import Type
from .tables import inside
from .tree import Node, apply, literal


def settled(policies: Sequence[Policy]) -> list[Policy]:
    """The policies, those that another overrides with a clause that leaves its division out."""
    return [_without(p, [o for o in policies if p.id in o.stacking.overrides]) for p in policies]


def _without(policy: Policy, others: Sequence[Policy]) -> Policy:
    others = [
        o for o in others if policy.payer.fact in o.subject.facts and o.subject.name == policy.subject.name
    ]
    if not others:
        return policy
    said = "".join(f" {o.id} {o.division} {o.since} {o.until}" for o in others)
    return replace(
        policy,
        clauses=(*policy.clauses, *(_elsewhere(policy, o) for o in others)),
        sha256=hashlib.sha256(f"{policy.sha256}{said}".encode()).hexdigest(),
    )


def _elsewhere(policy: Policy, other: Policy) -> Clause:
    """Not in the other policy's division, as long as that one is in force; who lives nowhere is not in it."""
    name = other.payer.fact
    fact = Node("fact", Type.DIVISION, value=name, nullable=True, fixed=False)
    there = apply("within", Type.BOOL, fact, literal(other.division, Type.DIVISION))
    unknown = Node("is_null", Type.BOOL, (fact,), fixed=False)
    tree = apply("or", Type.BOOL, unknown, apply("not", Type.BOOL, there))
    label = Text(
        f"不在另行规定的地区（{other.title.zh}）",  # i18n: data
        f"Not where another policy holds in its place ({other.title.en})",
    )
    text = f"not within({name}, {other.division})"
    return Clause(f"not_{other.id}"[:60], label, text, tree, "stop", other.since, other.until)


def problems(policies: Sequence[Policy]) -> Iterator[Problem]:
    """A policy may take the place of another only in a part of that one's area, for the same kind of subject."""
    by_id = {p.id: p for p in policies}
    for policy in policies:
        for other in (by_id[i] for i in policy.stacking.overrides if i in by_id):
            within = policy.division != other.division and inside(policy.division, other.division)
            if not within or policy.subject.name != other.subject.name:
                what = _("“%(a)s”不在“%(b)s”的地区之内，或对象不同，不能代替它") % {
                    "a": policy.id,
                    "b": other.id,
                }
                how = _("overrides 写上级政策的编号，本政策的 division 要在它的区划之内")
                yield Problem(policy.path, 1, what, how)
