"""Why each difference is there: the facts that came after the grant, the clue, the merge, the new rate."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import pyarrow.compute as pc
from django.utils import timezone

from yanglao.entitlement.benefits.offered.queries import Run, frozen_book
from yanglao.entitlement.benefits.rules.months import Month

from . import queries, rules
from .comparing import rows_of
from .models import Recomputation
from .news import News
from .reckoning import Reckoned
from .windows import Turn

_BEFORE = (
    2  # months: facts are looked at up to the end of the month before, and an application may count from then
)


class Grounds:
    """What the runs of a recomputation stood on: versions of policies, and when their facts were known."""

    def __init__(
        self, runs: Sequence[Run], turns: Mapping[int, Collection[Turn]], now: Mapping[str, str]
    ) -> None:
        self.now = now
        self.runs = {run.pk: run for run in runs}
        self.versions = {
            (run.pk, policy.id): policy.version
            for run in runs
            for policy in frozen_book(run).policies
            if policy.id in run.policies
        }
        self.by_turn = {(p, m): run for run in runs for p, m in turns[run.pk]}
        for run in runs:  # a policy that stood in no book then: the month's run went without it
            for policy in self.now.keys() - {p.id for p in frozen_book(run).policies}:
                self.by_turn.setdefault((policy, run.month), run)

    def situation(
        self, difference: Mapping[str, Any], decided: dt.datetime | None, new_file: bool
    ) -> rules.Situation:
        """`decided`: when the facts of the last decision on this month were known: it has them in it already."""
        policy, month = difference["policy"], difference["month"]
        run = self.runs.get(difference["run_id"]) or self.by_turn.get((policy, month))
        then = self.versions.get((run.pk, policy), "") if run else ""
        return rules.Situation(
            first=_days(month)[0],
            last=_days(month)[1],
            granting=decided or (run.known_at if run else None),
            versions=(then, self.now.get(policy, "")),
            files=difference["files"],
            run_covered=run is not None,
            new_file=new_file,
        )

    @property
    def earliest(self) -> dt.datetime | None:
        return min((run.known_at for run in self.runs.values() if run.known_at), default=None)


@cache
def _days(month: int) -> tuple[dt.date, dt.date]:
    """The days whose facts may bear on a month."""
    last = Month.of(month)
    return last.plus(1 - _BEFORE).first, last.last


COLUMNS = (
    "recomputation_id", "division_id", "payer", "account", "subject_kind", "subject_id", "payee_kind", "payee_id",
    "policy", "month", "kind", "due_fen", "granted_fen", "corrected_fen", "amount_fen", "due_quantity",
    "granted_quantity", "corrected_quantity", "quantity", "unit", "turn", "doubled", "cause", "facts", "clue_id",
    "state", "reason", "asked_by", "decided_by", "created_at",
)  # fmt: skip


class Found(NamedTuple):
    """A difference with its cause, ready to be written: `values` in the order of COLUMNS."""

    key: queries.Key
    sums: tuple[int, int, int, int]  # granted and corrected fen, granted and corrected quantity
    same: tuple[Any, ...]  # found again with these, it is the same
    values: tuple[Any, ...]


def explained(recomputation: Recomputation, reckoned: Reckoned) -> Iterator[Found]:
    """The differences as corrections to decide, each with its cause and the facts that speak for it."""
    grounds = Grounds(reckoned.runs, reckoned.turns, {p.id: p.version for p in reckoned.book.policies})
    differences = reckoned.differences
    people = differences.filter(pc.equal(differences["subject"], "person"))["subject_id"].unique().to_pylist()
    news = News(people, grounds.earliest)
    keys = zip(
        *(differences[n].to_pylist() for n in ("policy", "subject", "subject_id", "month", "account")),
        strict=True,
    )
    before, now = queries.decided_before(keys), timezone.now()
    for each in rows_of(differences):
        key = (each["policy"], each["subject"], each["subject_id"], each["month"], each["account"])
        earlier = before.get(key)
        yield _found(recomputation, each, key, grounds, news, earlier, now)


def _found(
    recomputation: Recomputation,
    each: dict[str, Any],
    key: queries.Key,
    grounds: Grounds,
    news: News,
    earlier: queries.Before | None,
    now: dt.datetime,
) -> Found:
    person = each["subject"] == "person"
    situation = grounds.situation(
        each, earlier.known_at if earlier else None, person and news.new_file(key[2])
    )
    facts = news.since(key[2], situation.granting) if person else []
    cause, told = rules.cause_of(situation, facts)
    granted, corrected = each["granted_fen"], each["corrected_fen"]
    fen = each["due_fen"] - granted - corrected
    quantities = each["granted_quantity"], each["corrected_quantity"]
    quantity = each["due_quantity"] - sum(quantities)
    owes = fen < 0 or (fen == 0 and quantity < 0)
    values = (
        recomputation.pk, each["place"], each["payer"] or None, each["account"], each["subject"], each["subject_id"],
        each["payee_kind"] or each["subject"], each["payee"] or each["subject_id"], each["policy"], each["month"],
        "clawback" if owes else "arrears", each["due_fen"], granted, corrected, fen, each["due_quantity"],
        *quantities, quantity, each["unit"], earlier.count if earlier else 0, each["files"] > 1 and owes, cause,
        json.dumps([fact.as_data() for fact in told], ensure_ascii=False), next((f.clue for f in told if f.clue), None),
        "proposed", "", "", "", now,
    )  # fmt: skip
    same = (each["due_fen"], granted, corrected, each["due_quantity"], *quantities, cause, each["place"])
    return Found(key, (granted, corrected, *quantities), same, values)
