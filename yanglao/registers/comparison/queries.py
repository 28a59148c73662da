"""Reads: files, clues, and how far and how fresh each source covers a division."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from yanglao.kernel.scope import Level, Span, everything, level_of
from yanglao.kernel.scope.spans import ancestor
from yanglao.registers.comparison.models import Clue, Confirmation, Delivery, Remembered
from yanglao.registers.comparison.rules import expected_by, late_by, share
from yanglao.registers.comparison.sources import Source, sources_for
from yanglao.registers.people.queries import tallied

DONE = Delivery.State.DONE


def remembered(delivery: Delivery, signature: str) -> Remembered | None:
    """How files of this source with these headings were laid out last, here or in the city above."""
    above = [ancestor(delivery.division_id, level) for level in Level]
    with everything("a layout holds no data of persons"):
        found = Remembered.objects.filter(source=delivery.source, signature=signature, division_id__in=above)
        return found.order_by("-used_at").first()


def last_layout(delivery: Delivery) -> Remembered | None:
    """The layout of the source's last file: for a text without headings nothing else tells the columns."""
    with everything("a layout holds no data of persons"):
        found = Remembered.objects.filter(source=delivery.source, division_id=delivery.division_id)
        return found.order_by("-used_at").first()


def same_file(delivery: Delivery) -> Delivery | None:
    """An earlier delivery of the very same file."""
    same = Delivery.objects.filter(source=delivery.source, sha256=delivery.sha256, state=DONE)
    return same.exclude(pk=delivery.pk).order_by("-pk").first()


def deliveries(source: str = "", division: int | None = None) -> QuerySet[Delivery]:
    """Files the scope may see, newest first."""
    found = Delivery.objects.select_related("division").order_by("-pk")
    found = found.filter(source=source) if source else found
    return found.within((Span.of(division),)) if division else found


def clues_in(division: int | None) -> QuerySet[Clue]:
    """Clues of a division the scope may see."""
    found = Clue.objects.all()
    return found.within((Span.of(division),)) if division else found


@dataclass(frozen=True)
class ClueCounts:
    """Clues of a source in a division. `precision`: confirmed among those that were decided."""

    open: int = 0
    late: int = 0
    confirmed: int = 0
    dismissed: int = 0
    agreed: int = 0

    @property
    def precision(self) -> float | None:
        return share(self.confirmed, self.confirmed + self.dismissed)


@dataclass(frozen=True)
class Coverage:
    """How a source stands in a division. `last`: its latest compared file there; `late`: days, None: never came;
    `covered`: share of the older persons whose division has a file that is not overdue."""

    source: Source
    last: Delivery | None
    through: dt.date | None
    expected: dt.date | None
    late: int | None
    files: int
    rows: int
    hits: int
    clues: ClueCounts
    covered: float | None


def coverage(division: int) -> list[Coverage]:
    """Every source of a division's city (eight queries, whatever the number of files)."""
    today = timezone.localdate()
    files = _files(division)
    clues = _clue_counts(division, today)
    weights = tallied("older_60", Span.of(division))
    return [
        _stands(source, division, files.get(key, []), clues.get(key, ClueCounts()), weights, today)
        for key, source in sources_for(division).items()
    ]


def _files(division: int) -> dict[str, list[Delivery]]:
    """Compared files that speak of the division or a part of it, latest day first, by source."""
    span = Span.of(division)
    above = [ancestor(division, level) for level in Level if level < level_of(division)]
    here = Q(division_id__gte=span.lo, division_id__lte=span.hi) | Q(division_id__in=above)
    found: dict[str, list[Delivery]] = {}
    with everything("that a file came, for those whose division it covers"):
        rows = Delivery.objects.filter(here, state=DONE).order_by("-as_of", "-pk")
        for delivery in rows.defer("report", "layout"):
            found.setdefault(delivery.source, []).append(delivery)
    return found


def _clue_counts(division: int, today: dt.date) -> dict[str, ClueCounts]:
    span = Span.of(division)
    with everything("numbers of clues; bounded to the division asked for"):
        found = Clue.objects.filter(division_id__gte=span.lo, division_id__lte=span.hi)
        rows = (
            found.order_by()
            .values("source")
            .annotate(
                open=Count("pk", filter=Q(state="open")),
                late=Count("pk", filter=Q(state="open", due_on__lt=today)),
                confirmed=Count("pk", filter=Q(state="confirmed")),
                dismissed=Count("pk", filter=Q(state="dismissed")),
                agreed=Count("pk", filter=Q(state="agreed")),
            )
        )
        return {row.pop("source"): ClueCounts(**row) for row in rows}


def _stands(
    source: Source,
    division: int,
    files: list[Delivery],
    clues: ClueCounts,
    weights: Mapping[int, int],
    today: dt.date,
) -> Coverage:
    last = files[0] if files else None
    through = last.as_of if last else None
    return Coverage(
        source,
        last,
        through,
        expected_by(through, source.rhythm, source.grace) if through else None,
        late_by(through, source.rhythm, source.grace, today),
        len(files),
        sum(f.rows for f in files),
        sum(f.matched for f in files),
        clues,
        _covered(source, division, files, weights, today),
    )


def _covered(
    source: Source, division: int, files: list[Delivery], weights: Mapping[int, int], today: dt.date
) -> float | None:
    fresh = [f for f in files if not late_by(f.as_of, source.rhythm, source.grace, today)]
    spans = [Span.of(f.division_id) for f in fresh]
    if any(division in span for span in spans):
        return 1.0
    whole = sum(weights.values())
    part = sum(n for code, n in weights.items() if any(code in span for span in spans))
    return share(part, whole) if whole else (0.0 if not spans else None)


@dataclass(frozen=True)
class Fresh:
    """How fresh a fact of a person is: a source said the same on a day."""

    source: str
    kind: str
    value: str
    on: dt.date


def confirmations(person_id: int) -> list[Fresh]:
    """What sources said the same as the register about a person, latest first."""
    with everything("a panel of a person's page, whose right the page has checked"):
        rows = Confirmation.objects.filter(person_id=person_id).order_by("-on", "kind")
        return [Fresh(c.source, c.kind, c.value, c.on) for c in rows]


def clues_of(person_id: int) -> QuerySet[Clue]:
    """Clues of a person the scope may see, open ones first."""
    return Clue.objects.filter(person_id=person_id).order_by("-state", "-pk")


def confirmed_on(person_id: int, kind: str) -> dt.date | None:
    """The latest day on which some source said the same as the register about a kind."""
    with everything("freshness of a fact"):
        found = Confirmation.objects.filter(person_id=person_id, kind=kind).aggregate(on=Max("on"))
    day: dt.date | None = found["on"]
    return day


def overdue(division: int) -> list[Coverage]:
    """Sources whose next file should be here by now; those that never came are not late."""
    return [c for c in coverage(division) if c.late]


def confirmed_clues(person_ids: Iterable[int]) -> list[Clue]:
    """Clues about these persons that were found true; at most some hundred persons at once."""
    with everything("why a fact came late"):
        rows = Clue.objects.filter(person_id__in=list(person_ids), state=Clue.State.CONFIRMED)
        return list(rows.order_by("pk"))
