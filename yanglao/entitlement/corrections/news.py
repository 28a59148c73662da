"""What became known of persons after a month was granted: the facts a difference may come from."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import Q

from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.scope import everything
from yanglao.registers.comparison.queries import confirmed_clues
from yanglao.registers.people.models import Circumstance

from . import rules


class Row(NamedTuple):
    """A circumstance as it is read for many persons."""

    pk: int
    person_id: int
    kind: str
    value: str
    valid_from: dt.date
    valid_to: dt.date | None
    recorded_at: dt.datetime
    replaced_at: dt.datetime | None
    source: str


Clues = Mapping[tuple[int, str], list[tuple[dt.datetime, int]]]  # (person, kind) → (settled, clue)


class News:
    """What became known of persons after a moment: new facts, and facts that were taken back.

    `known`: those of whom something was known before the earliest moment.
    """

    def __init__(self, person_ids: Iterable[int], earliest: dt.datetime | None) -> None:
        self.rows: dict[int, list[Row]] = defaultdict(list)
        self.clues: dict[tuple[int, str], list[tuple[dt.datetime, int]]] = defaultdict(list)
        self.known: set[int] = set()
        self._told: dict[tuple[int, dt.datetime], list[rules.Learned]] = {}
        moment = earliest or _LONG_AGO
        for chunk in in_chunks(sorted(set(person_ids))):
            with everything("why a month is due otherwise than it was granted"):
                rows = Circumstance.objects.filter(
                    Q(recorded_at__gt=moment) | Q(replaced_at__gt=moment), person_id__in=chunk
                )
                ordered = rows.order_by("person_id", "kind", "valid_from", "pk")
                for values in ordered.values_list(*Row._fields):
                    self.rows[values[1]].append(Row(*values))
                news = [pk for pk in chunk if pk in self.rows]
                before = Circumstance.objects.filter(person_id__in=news, recorded_at__lte=moment)
                self.known |= set(before.order_by().values_list("person_id", flat=True).distinct())
            for clue in confirmed_clues(chunk):
                if clue.settled_at:
                    self.clues[clue.person_id, clue.kind].append((clue.settled_at, clue.pk))

    def new_file(self, person_id: int) -> bool:
        """Whether nothing at all was known of him before the earliest moment."""
        return person_id in self.rows and person_id not in self.known

    def since(self, person_id: int, moment: dt.datetime | None) -> list[rules.Learned]:
        """What is known now of a person and was not at the moment, earliest first."""
        if person_id not in self.rows:
            return []
        key = person_id, moment or _LONG_AGO
        if key not in self._told:
            self._told[key] = _news(self.rows[person_id], key[1], self.clues)
        return self._told[key]


_LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)
_SAME_MOMENT = dt.timedelta(seconds=60)  # a clue and the fact it led to are written in one transaction


def _news(
    rows: list[Row],
    since: dt.datetime,
    clues: Clues,
) -> list[rules.Learned]:
    """Rows as news: what only repeats the remains of a replaced row says nothing new, and is left out."""
    gone = [r for r in rows if r.replaced_at is not None and r.replaced_at > since]
    came = [r for r in rows if r.recorded_at > since]
    fresh = [r for r in came if r.replaced_at is None and not any(_remains(r, old) for old in gone)]
    news = [
        rules.Learned(
            r.kind,
            r.value,
            r.valid_from,
            r.valid_to,
            r.recorded_at,
            r.source,
            instead=next((g.value for g in gone if _instead(r, g)), ""),
            clue=_clue(r, clues),
        )
        for r in fresh
    ]
    for old in gone:
        if old.recorded_at > since or any(f.kind == old.kind and _overlap(f, old) for f in fresh):
            continue
        pieces = [r for r in came if r.replaced_at is None and _remains(r, old)]
        first = max((p.valid_to for p in pieces if p.valid_to), default=old.valid_from)
        assert old.replaced_at is not None
        news.append(
            rules.Learned(
                old.kind,
                old.value,
                first,
                old.valid_to,
                old.replaced_at,
                old.source,
                ended=True,
                clue=_clue(old, clues, old.replaced_at),
            )
        )
    return sorted(news, key=lambda n: n.came)


def _remains(row: Row, old: Row) -> bool:
    inside = row.valid_from >= old.valid_from and (
        old.valid_to is None or (row.valid_to is not None and row.valid_to <= old.valid_to)
    )
    return row.pk != old.pk and row.kind == old.kind and row.value == old.value and inside


def _overlap(row: Row, old: Row) -> bool:
    return (old.valid_to is None or row.valid_from < old.valid_to) and (
        row.valid_to is None or old.valid_from < row.valid_to
    )


def _instead(row: Row, old: Row) -> bool:
    return (
        row.kind == old.kind
        and row.value != old.value
        and row.valid_from <= old.valid_from
        and _overlap(row, old)
    )


def _clue(
    row: Row,
    clues: Clues,
    moment: dt.datetime | None = None,
) -> int | None:
    at = moment or row.recorded_at
    found = clues.get((row.person_id, row.kind), ())
    return next((pk for settled, pk in found if abs(settled - at) < _SAME_MOMENT), None)
