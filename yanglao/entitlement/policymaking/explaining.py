"""A person's month explained: what each policy gave or refused, why, by which facts, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from yanglao.entitlement.benefits.offered.queries import Told, explain_now, schema, told
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.entitlement.policymaking import prospects, queries
from yanglao.entitlement.policymaking.applying import by_applying, fact_asked
from yanglao.kernel.scope import Span
from yanglao.registers.people.models import Person


@dataclass(frozen=True)
class Answer:
    """One policy's answer with what would change it."""

    told: Told
    paid: bool
    fen: int
    will: tuple[str, ...]
    would: tuple[str, ...]


def concerns(policy: Policy, *places: int | None) -> bool:
    """Whether a policy is one of the divisions somebody belongs to, or of one above them."""
    span = Span.of(policy.division)
    return any(place is not None and span.lo <= place <= span.hi for place in places)


def answers(person: Person, division: int, month: Month) -> list[Answer]:
    """Every policy about people of the divisions the person belongs to and of those above them, for one person and month,
    by the facts as known now. What is paid stands first.

    Computed with all of the city's policies, since one may set another aside; a neighbour's are not told him.
    """
    policies = [p for p in queries.book_in_use(division).policies if p.subject.name == "person"]
    if not policies:
        return []
    months = prospects.months_ahead(person.birth_date, month)
    found = explain_now(policies, months, schema(), person.pk, known_at=timezone.now())
    here = [e for e in found if e.month == month]
    base = prospects.known_facts(prospects.facts_seen(here), policies)
    applying = by_applying(policies, here, base, min(max(timezone.localdate(), month.first), month.last))
    told_of = {p.policy for p in applying}
    others = prospects.by_facts(
        policies, here, month, but={e.policy.id: fact_asked(e) for e in here if e.policy.id in told_of}
    )
    said = [*prospects.by_time(found), *applying, *others]
    made = [
        Answer(
            told(e),
            e.outcome == "paid",
            e.amount_fen if e.policy.gives == "money" else 0,
            tuple(p.sentence for p in said if p.policy == e.policy.id and p.kind == "time"),
            tuple(p.sentence for p in said if p.policy == e.policy.id and p.kind == "fact"),
        )
        for e in here
        if (e.outcome == "paid" or concerns(e.policy, division, person.hukou_id, person.residence_id))
        and (e.outcome != "not_in_force" or any(p.policy == e.policy.id for p in said))
    ]
    return sorted(made, key=lambda a: (not a.paid, a.told.id))
