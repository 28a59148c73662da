"""What became known of persons after a month was granted: the facts a difference may come from."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Q

from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.scope import everything
from yanglao.registers.comparison.queries import confirmed_clues
from yanglao.registers.people.models import Circumstance

from . import rules


class News:
    """What became known of persons after a moment: new facts, and facts that were taken back.

    `known`: those of whom something was known before the earliest moment.
    """

    def __init__(self, person_ids: Iterable[int], earliest: dt.datetime | None) -> None:
        self.rows: dict[int, list[Circumstance]] = defaultdict(list)
        self.clues: dict[tuple[int, str, dt.datetime | None], int] = {}
        self.known: set[int] = set()
        moment = earliest or _LONG_AGO
        for chunk in in_chunks(sorted(set(person_ids))):
            with everything("why a month is due otherwise than it was granted"):
                rows = Circumstance.objects.filter(
                    Q(recorded_at__gt=moment) | Q(replaced_at__gt=moment), person_id__in=chunk
                )
                for row in rows.order_by("person_id", "kind", "valid_from", "pk"):
                    self.rows[row.person_id].append(row)
                before = Circumstance.objects.filter(person_id__in=chunk, recorded_at__lte=moment)
                self.known |= set(before.order_by().values_list("person_id", flat=True).distinct())
            self.clues |= {(c.person_id, c.kind, c.settled_at): c.pk for c in confirmed_clues(chunk)}

    def since(self, person_id: int, moment: dt.datetime | None) -> list[rules.Learned]:
        """What is known now of a person and was not at the moment, earliest first."""
        return _news(self.rows.get(person_id, []), moment or _LONG_AGO, self.clues)


_LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)
_SAME_MOMENT = dt.timedelta(seconds=60)  # a clue and the fact it led to are written in one transaction


def _news(
    rows: list[Circumstance],
    since: dt.datetime,
    clues: Mapping[tuple[int, str, dt.datetime | None], int],
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


def _remains(row: Circumstance, old: Circumstance) -> bool:
    inside = row.valid_from >= old.valid_from and (
        old.valid_to is None or (row.valid_to is not None and row.valid_to <= old.valid_to)
    )
    return row.pk != old.pk and row.kind == old.kind and row.value == old.value and inside


def _overlap(row: Circumstance, old: Circumstance) -> bool:
    return (old.valid_to is None or row.valid_from < old.valid_to) and (
        row.valid_to is None or old.valid_from < row.valid_to
    )


def _instead(row: Circumstance, old: Circumstance) -> bool:
    return (
        row.kind == old.kind
        and row.value != old.value
        and row.valid_from <= old.valid_from
        and _overlap(row, old)
    )


def _clue(
    row: Circumstance,
    clues: Mapping[tuple[int, str, dt.datetime | None], int],
    moment: dt.datetime | None = None,
) -> int | None:
    at = moment or row.recorded_at
    for (person, kind, settled), pk in clues.items():
        if person == row.person_id and kind == row.kind and settled and abs(settled - at) < _SAME_MOMENT:
            return pk
    return None
