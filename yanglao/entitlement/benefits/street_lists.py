"""The streets' lists of a spot-check 抽查清单: whom each street looks at, what to look for, until when, how far it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q

from yanglao.entitlement.benefits.books import frozen_book
from yanglao.entitlement.benefits.brackets import reason_text
from yanglao.entitlement.benefits.models import LedgerLine, Run, SpotCheck, SpotReason
from yanglao.entitlement.benefits.naming import given, in_language, title_of
from yanglao.entitlement.benefits.queries import spots_of
from yanglao.kernel.cases.models import Task
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope import Level, Span, everything
from yanglao.kernel.scope.spans import ancestor


@dataclass(frozen=True)
class StreetList:
    """How far a street is with its list. `reason`: why it was handed in with some not looked at."""

    street: int
    drawn: int
    looked: int
    objected: int
    missing: int
    reason: str = ""
    given_by: str = ""
    given_at: datetime | None = None

    @property
    def waiting(self) -> int:
        return self.drawn - self.looked

    @property
    def done(self) -> bool:
        """All looked at, or said why not."""
        return not self.waiting or bool(self.reason)

    @property
    def name(self) -> str:
        return full_name(self.street, below=Level.CITY)


def street_lists(run: Run) -> list[StreetList]:
    """The lists of the streets in the entered scope, in the order of their codes."""
    found: dict[int, Counter[str]] = {}
    rows = SpotCheck.objects.filter(run=run).order_by("division").values_list("division", "verdict")
    for division, verdict in rows:
        found.setdefault(ancestor(division, Level.STREET), Counter())[verdict] += 1
    reasons = {r.division_id: r for r in SpotReason.objects.filter(run=run).order_by("pk")}
    return [_list(street, count, reasons.get(street)) for street, count in sorted(found.items())]


def _list(street: int, count: Counter[str], said: SpotReason | None) -> StreetList:
    drawn = count.total()
    told = (said.reason, said.given_by, said.given_at) if said else ("", "", None)
    return StreetList(street, drawn, drawn - count[""], count["objected"], count["missing"], *told)


@dataclass(frozen=True)
class Waiting:
    """A street's list nobody has finished, for the desk."""

    run: Run
    street: int
    count: int
    due: date | None


def waiting_lists() -> list[Waiting]:
    """Lists that wait in the entered scope: those not looked at, of streets that have not said why."""
    spots = SpotCheck.objects.filter(verdict="", run__case__step="spot_check", run__case__state="open")
    rows = spots.order_by("run", "division").values_list("run", "division").annotate(n=Count("pk"))
    counts: dict[tuple[int, int], int] = {}
    for run, division, n in rows:
        key = (run, ancestor(division, Level.STREET))
        counts[key] = counts.get(key, 0) + n
    excused = set(SpotReason.objects.order_by("pk").values_list("run", "division"))
    runs = Run.objects.in_bulk({run for run, _street in counts})
    due = {pk: due_of(run) for pk, run in runs.items()}
    return [
        Waiting(runs[run], street, n, due[run])
        for (run, street), n in counts.items()
        if (run, street) not in excused
    ]


def due_of(run: Run) -> date | None:
    """The day by which the streets answer: that of the run's step, longer when the case was suspended."""
    with everything("the deadline of a run's spot-check"):
        task = Task.objects.filter(case__benefit_run=run.pk, step="spot_check").order_by("pk").last()
    return task.due if task else None


@dataclass(frozen=True)
class ToCheck:
    """A policy on a street's list: what it gives to whom on it, and the conditions to look at."""

    title: str
    conditions: Sequence[str]


@dataclass(frozen=True)
class Row:
    """One on the list: the check, and what the run gives: title, bracket, amount."""

    spot: Any  # SpotCheck with `name` and `born`
    gives: Sequence[tuple[str, str, str]]


def rows_of(run: Run, street: int) -> list[Row]:
    """Whom a street looks at, by village, with what the run gives each."""
    span = Span.of(street)
    spots = list(spots_of(run).filter(division__gte=span.lo, division__lte=span.hi))
    wanted = Q()
    for kind in {s.subject_kind for s in spots}:
        wanted |= Q(subject_kind=kind, subject_id__in=[s.subject_id for s in spots if s.subject_kind == kind])
    gives: dict[tuple[str, int], list[tuple[str, str, str]]] = {}
    policies = {p.id: p for p in frozen_book(run).policies}
    # also a line of the street he left, where something is paid in arrears: it is one person who is looked at
    with everything("what a run gives those on a street's list"):
        lines = list(LedgerLine.objects.filter(wanted, run=run, live=True).order_by("pk")) if spots else []
    for line in lines:
        policy = policies[line.policy]
        amount = given(policy, line.quantity or line.amount_fen)
        told = (title_of(policy), reason_text(policy, line.reason), amount)
        gives.setdefault((line.subject_kind, line.subject_id), []).append(told)
    return [Row(spot, gives.get((spot.subject_kind, spot.subject_id), ())) for spot in spots]


def to_check(run: Run, rows: Sequence[Row]) -> list[ToCheck]:
    """The policies on a list with their conditions in plain words: what the visitor looks at."""
    titles = {title for row in rows for title, _bracket, _amount in row.gives}
    return [
        ToCheck(title_of(policy), [in_language(clause.label) for clause in policy.clauses])
        for policy in frozen_book(run).policies
        if title_of(policy) in titles
    ]
