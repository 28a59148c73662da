"""Why a month differs from the one before: who came, who went, whose amount changed, and for what cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

from yanglao.entitlement.benefits.models import LedgerLine, Run, RunChange
from yanglao.entitlement.benefits.queries import previous
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.kernel.scope import Level, everything
from yanglao.kernel.scope.spans import ancestor
from yanglao.registers.people.models import Person

_CHUNK = 5000
Amounts = dict[int, tuple[int, int]]  # subject: (street, fen)


def write_changes(run: Run) -> None:
    """Compare a run's lines with those of the month before, and keep the sums by street and cause."""
    with everything("a whole run is compared with the month before"):
        before = previous(run)
        if before is None:
            return
        sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
        kinds = LedgerLine.objects.filter(run__in=[run, before], kind="due").order_by("subject_kind")
        for kind in list(kinds.values_list("subject_kind", flat=True).distinct()):
            for street, cause, fen in _differences(run, _amounts(run, kind), _amounts(before, kind), kind):
                entry = sums[street, cause]
                entry[0] += 1
                entry[1] += fen
        RunChange.objects.bulk_create(
            [
                RunChange(run=run, division_id=street, cause=cause, people=people, amount_fen=fen)
                for (street, cause), (people, fen) in sorted(sums.items())
            ],
            batch_size=500,
        )


def _amounts(run: Run, kind: str) -> Amounts:
    lines = LedgerLine.objects.filter(run=run, subject_kind=kind, kind="due").order_by("id")
    found: Amounts = {}
    for person, division, fen in lines.values_list("subject_id", "division_id", "amount_fen").iterator():
        street, so_far = found.get(person, (ancestor(division, Level.STREET), 0))
        found[person] = street, so_far + fen
    return found


def _differences(
    run: Run, now: Amounts, before: Amounts, kind: str = "person"
) -> Iterator[tuple[int, str, int]]:
    came, gone = now.keys() - before.keys(), before.keys() - now.keys()
    people = kind == "person"  # of others neither birthday nor death is a cause
    turned, dead = (_turned_in(run, came), _dead(gone)) if people else (set(), set())
    for person in sorted(came):
        yield now[person][0], "new_age" if person in turned else "new_other", now[person][1]
    for person in sorted(gone):
        yield before[person][0], "died" if person in dead else "gone", -before[person][1]
    for person in sorted(now.keys() & before.keys()):
        difference = now[person][1] - before[person][1]
        if difference:
            yield now[person][0], "raised" if difference > 0 else "lowered", difference


def _turned_in(run: Run, people: Iterable[int]) -> set[int]:
    """Those with a round birthday (80, 85 … by fives) in the run's month or the one before: a policy may start
    or step up either way."""
    month = Month.of(run.month)
    months = {(m.year, m.number) for m in (month, month.previous)}
    return {
        pk
        for chunk in _chunks(people)
        for pk, born in Person.objects.filter(pk__in=chunk).order_by("pk").values_list("pk", "birth_date")
        if any((born.year + age, born.month) in months for age in range(60, 121, 5))
    }


def _dead(people: Iterable[int]) -> set[int]:
    return {
        pk
        for chunk in _chunks(people)
        for pk in Person.objects.filter(pk__in=chunk, death_date__isnull=False)
        .order_by("pk")
        .values_list("pk", flat=True)
    }


def _chunks(people: Iterable[int]) -> Iterator[list[int]]:
    """Short enough for the parameters one statement may have."""
    waiting = iter(sorted(people))
    while chunk := list(islice(waiting, _CHUNK)):
        yield chunk
