"""Why each difference is there: the facts that came after the grant, the clue, the merge, the new rate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from yanglao.entitlement.benefits.offered.queries import Run, frozen_book
from yanglao.entitlement.benefits.rules.months import Month

from . import queries, rules
from .models import Correction, Recomputation
from .news import News
from .reckoning import Difference, Reckoned, by_person

_BEFORE = (
    2  # months: facts are looked at up to the end of the month before, and an application may count from then
)


class Grounds:
    """What the runs of a recomputation stood on: versions of policies, and when their facts were known."""

    def __init__(self, runs: Sequence[Run], now: Mapping[str, str]) -> None:
        self.now = now
        self.runs = {run.pk: run for run in runs}
        self.versions = {
            (run.pk, policy.id): policy.version
            for run in runs
            for policy in frozen_book(run).policies
            if policy.id in run.policies
        }
        self.by_month = {(policy, run.month): run for run in runs for policy in run.policies}

    def situation(self, difference: Difference, decided: dt.datetime | None) -> rules.Situation:
        """`decided`: when the facts of the last decision on this month were known: it has them in it already."""
        run = self.runs.get(difference.run_id) or self.by_month.get((difference.policy, difference.month))
        month = Month.of(difference.month)
        then = self.versions.get((run.pk, difference.policy), "") if run else ""
        return rules.Situation(
            first=_back(month).first,
            last=month.last,
            granting=decided or (run.known_at if run else None),
            versions=(then, self.now.get(difference.policy, "")),
            files=difference.files,
            run_covered=run is not None,
        )

    @property
    def earliest(self) -> dt.datetime | None:
        return min((run.known_at for run in self.runs.values() if run.known_at), default=None)


def _back(month: Month) -> Month:
    for _step in range(_BEFORE - 1):
        month = month.previous
    return month


def explained(recomputation: Recomputation, reckoned: Reckoned) -> Iterator[Correction]:
    """The differences as corrections to decide, each with its cause and the facts that speak for it."""
    grounds = Grounds(reckoned.runs, {p.id: p.version for p in reckoned.book.policies})
    people = by_person(reckoned.differences)
    news = News(people, grounds.earliest)
    before = queries.decided_before([d[:4] for d in reckoned.differences])
    for difference in reckoned.differences:
        earlier = before.get(difference[:4])
        situation = grounds.situation(difference, earlier.known_at if earlier else None)
        person = difference.subject == "person"
        situation = replace(situation, new_file=person and difference.subject_id not in news.known)
        facts = news.since(difference.subject_id, situation.granting) if person else []
        cause, told = rules.cause_of(situation, facts)
        yield Correction(
            recomputation=recomputation,
            division_id=difference.place,
            payer=difference.payer or None,
            subject_kind=difference.subject,
            subject_id=difference.subject_id,
            payee_kind=difference.payee_kind or difference.subject,
            payee_id=difference.payee or difference.subject_id,
            policy=difference.policy,
            month=difference.month,
            kind=Correction.Kind.ARREARS if difference.fen > 0 else Correction.Kind.CLAWBACK,
            due_fen=difference.due_fen,
            granted_fen=difference.granted_fen,
            corrected_fen=difference.corrected_fen,
            amount_fen=difference.fen,
            turn=earlier.count if earlier else 0,
            doubled=difference.files > 1 and difference.fen < 0,
            cause=cause,
            facts=[fact.as_data() for fact in told],
            clue_id=next((fact.clue for fact in told if fact.clue), None),
        )
