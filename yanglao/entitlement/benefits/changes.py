"""Why a month differs from the one before: who came, who went, whose amount changed, and for what cause."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yanglao.entitlement.benefits.ledger import street_of
from yanglao.entitlement.benefits.models import Run, RunChange
from yanglao.entitlement.benefits.queries import previous
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.written import AMOUNTS, amounts_in_file, amounts_of
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Person

_CHUNK = 5000
_SUBJECT = ["subject_kind", "subject_id"]
Numbers = np.ndarray[Any, np.dtype[Any]]


class Changes:
    """What a run's lines change against the month before. `compare` may run beside the writing of the lines."""

    def __init__(self, run: Run) -> None:
        self.run = run
        with everything("a whole run is compared with the month before"):
            self.before = previous(run)
        self._both: pa.Table | None = None

    def compare(self, lines: pa.Table) -> None:
        """Lay the lines beside those of the month before. The database is not asked: it is busy."""
        told = None if self.before is None else amounts_in_file(self.before)
        if told is not None:
            self._both = _beside(lines, told)

    def write(self, lines: pa.Table) -> None:
        """Keep the sums by street and cause; `lines` as they were written."""
        if self.before is None:
            return
        with everything("a whole run is compared with the month before"):
            both = _beside(lines, amounts_of(self.before)) if self._both is None else self._both
            sums = _causes(self.run, both).group_by(["street", "cause"])
            rows = sums.aggregate([("fen", "count"), ("fen", "sum")])
            rows = rows.select(["street", "cause", "fen_count", "fen_sum"]).to_pylist()
            RunChange.objects.bulk_create(
                [
                    RunChange(run=self.run, division_id=street, cause=cause, people=people, amount_fen=fen)
                    for street, cause, people, fen in sorted(tuple(row.values()) for row in rows)
                ],
                batch_size=500,
            )


def _beside(lines: pa.Table, before: pa.Table) -> pa.Table:
    """By subject: street and fen now, `street_before` and `fen_before`; of those alone with whom one differs.

    The street is that of the first of his lines, the fen are those of all. By numpy: it takes a tenth of Arrow's join,
    and the database wants the other processor meanwhile.
    """
    both = pa.concat_tables([lines.select(AMOUNTS), before.select(AMOUNTS)])
    order, first = _by_subject(both)
    is_now, fen = order < lines.num_rows, both["amount_fen"].to_numpy()[order]
    street = street_of(both["division"]).to_numpy()[order]
    now = np.add.reduceat(
        is_now, first, dtype=np.intp
    )  # how many of his lines, which stand before the others
    gone, new = now == 0, now == np.diff(first, append=len(order))
    then = np.minimum(first + now, len(order) - 1)  # of whom is new, anything
    sums = [np.add.reduceat(np.where(these, fen, 0), first) for these in (is_now, ~is_now)]
    differing = gone | new | (sums[0] != sums[1])
    columns = {
        "street": (street[first], gone),
        "fen": (sums[0], gone),
        "street_before": (street[then], new),
        "fen_before": (sums[1], new),
    }
    told = {n: pa.array(values[differing], mask=none[differing]) for n, (values, none) in columns.items()}
    return pa.table({**{n: both[n].take(order[first[differing]]) for n in _SUBJECT}, **told})


def _by_subject(lines: pa.Table) -> tuple[Numbers, Numbers]:
    """The places of the lines in the order of their subjects, else as they stand; where in it each subject begins."""
    kinds = lines["subject_kind"].combine_chunks().dictionary_encode()
    keys = lines["subject_id"].to_numpy() * len(kinds.dictionary) + kinds.indices.to_numpy()
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    return order, np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))


def _causes(run: Run, both: pa.Table) -> pa.Table:
    """Everybody with a difference: street, cause, fen."""
    is_new, has_gone = pc.is_null(both["street_before"]), pc.is_null(both["street"])
    fen = pc.subtract(pc.fill_null(both["fen"], 0), pc.fill_null(both["fen_before"], 0))
    cause = pc.case_when(
        pc.make_struct(is_new, has_gone, pc.greater(fen, 0)),
        *(pa.scalar(name) for name in ("new_other", "gone", "raised", "lowered")),
    )
    # of others than people neither birthday nor death is a cause
    person = pc.equal(both["subject_kind"], "person")
    ids = both["subject_id"]
    cause = _known(cause, "new_age", ids, pc.and_(is_new, person), lambda found: _turned_in(run, found))
    cause = _known(cause, "died", ids, pc.and_(has_gone, person), _dead)
    street = pc.coalesce(both["street"], both["street_before"])
    return pa.table({"street": street, "cause": cause, "fen": fen})


def _known(
    cause: pa.ChunkedArray,
    name: str,
    ids: pa.ChunkedArray,
    among: pa.ChunkedArray,
    who: Callable[[Collection[int]], set[int]],
) -> pa.ChunkedArray:
    """The causes, with `name` for those `among` the rows of whom `who` says so."""
    known = pa.array(sorted(who(ids.filter(among).to_pylist())), pa.int64())
    return pc.if_else(pc.and_(among, pc.is_in(ids, known)), name, cause)


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
