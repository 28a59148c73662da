"""Which months of which policies a recomputation looks at: those that were to be paid by now, where, and by which run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from yanglao.entitlement.benefits.offered.queries import Run, frozen_book
from yanglao.entitlement.benefits.rules.book import Book
from yanglao.entitlement.benefits.rules.months import Month, month_range
from yanglao.kernel.scope import Span

from . import queries
from .models import Recomputation

Turn = tuple[str, int]  # (policy, month of entitlement YYYYMM)


class Window(NamedTuple):
    """A month of a policy in a span of divisions, both ends included."""

    policy: str
    month: int
    lo: int
    hi: int


def turns_of(run: Run, book: Book) -> frozenset[Turn]:
    """The months of entitlement a run pays, by the rhythm each of its policies has in `book`.

    A policy the book does not know counts for the run's own month.
    """
    month, known = Month.of(run.month), {p.id: p for p in book.policies}
    found: set[Turn] = set()
    for name in run.policies:
        months = known[name].months_paid_in(month) if name in known else (month,)
        found |= {(name, int(m)) for m in months}
    return frozenset(found)


def looked_at(
    recomputation: Recomputation, book: Book
) -> tuple[tuple[Window, ...], tuple[Run, ...], Mapping[int, frozenset[Turn]]]:
    """(windows, the approved runs they are held against, the turns of each of these runs).

    From the first to the last month a policy was granted in a division: before, nothing is known of what was paid;
    afterwards its turn may not have come (a quarter, a half-year, paid in arrears), and a month whose run is on its
    way to approval is still to come. A policy no run could have chosen, because it stands in the book only since,
    counts from the months whose runs were approved without it.
    """
    asked = {int(m) for m in month_range(Month.of(recomputation.first), Month.of(recomputation.last))}
    runs, turns = _approved(recomputation.division_id, asked, book)
    waiting = _waiting(recomputation.division_id, book)
    known = {p.id for p in book.policies}
    found: set[Window] = set()
    for division, covered in _covered(runs, turns, book).items():
        span = Span.of(division)
        for policy, months in covered.items():
            for month in month_range(Month.of(min(months)), Month.of(max(months))):
                turn = (policy, int(month))
                if policy in known and int(month) in asked and (division, *turn) not in waiting:
                    found.add(Window(*turn, span.lo, span.hi))
    return _widest(found), tuple(runs), turns


def _approved(division: int, asked: set[int], book: Book) -> tuple[list[Run], dict[int, frozenset[Turn]]]:
    """The approved runs that granted one of the months, or stood for one; and what each was to pay."""
    runs, turns = [], {}
    for run in queries.approved_runs(division):
        own = turns_of(run, frozen_book(run) if run.book else book)
        if run.month in asked or any(month in asked for _policy, month in own):
            runs.append(run)
            turns[run.pk] = own
    return runs, turns


def _waiting(division: int, book: Book) -> set[tuple[int, str, int]]:
    """(division, policy, month) of runs that are still on their way to approval."""
    return {
        (run.division_id, *turn)
        for run in queries.waiting_runs(division)
        for turn in turns_of(run, frozen_book(run) if run.book else book)
    }


def _covered(
    runs: Sequence[Run], turns: Mapping[int, frozenset[Turn]], book: Book
) -> dict[int, dict[str, set[int]]]:
    """division → policy → the months that were to be paid by now."""
    found: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for run in runs:
        for policy, month in turns[run.pk]:
            found[run.division_id][policy].add(month)
        for policy, month in _published_since(run, book):
            found[run.division_id][policy].add(month)
    return found


def _published_since(run: Run, book: Book) -> Iterable[Turn]:
    """The turns in a run's month of policies that were in force and in no book then."""
    then = {p.id for p in frozen_book(run).policies} if run.book else {p.id for p in book.policies}
    for policy in book.policies:
        if policy.id not in then:
            months = policy.months_paid_in(Month.of(run.month))
            yield from ((policy.id, int(m)) for m in months if policy.in_force(m))


def _widest(found: set[Window]) -> tuple[Window, ...]:
    """Without those that lie in another one: a grant counts once."""
    by_turn: dict[Turn, list[Window]] = defaultdict(list)
    for window in found:
        by_turn[window.policy, window.month].append(window)
    kept = (
        window
        for windows in by_turn.values()
        for window in windows
        if not any(o != window and o.lo <= window.lo and window.hi <= o.hi for o in windows)
    )
    return tuple(sorted(kept))
