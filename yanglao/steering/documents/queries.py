"""Reads of documents: rows by state, the page where sentence and row stand side by side, lists that do not add up."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.db.models import Count, F, Q, QuerySet
from django.shortcuts import get_object_or_404

from yanglao.steering.documents.matching import Known
from yanglao.steering.documents.models import Document, Proposal
from yanglao.steering.documents.words import REASONS, UNREAD
from yanglao.steering.indicators.queries import defined

PART = 9_000  # characters of a document on one page


def known_indicators() -> list[Known]:
    """Indicators a target may be counted by."""
    return [Known(one.code, one.name, one.unit, one.kind) for one in defined()]


def with_progress() -> QuerySet[Document]:
    """Documents with how many rows are to be decided, and how many are."""
    asked = ~Q(proposals__state=Proposal.State.ASIDE)
    return Document.objects.annotate(
        rows=Count("proposals", filter=asked),
        decided=Count("proposals", filter=asked & ~Q(proposals__state=Proposal.State.OPEN)),
    )


@dataclass(frozen=True)
class Progress:
    """How far a document is."""

    total: int
    confirmed: int
    dropped: int

    @property
    def done(self) -> int:
        return self.confirmed + self.dropped

    @property
    def open(self) -> int:
        return self.total - self.confirmed - self.dropped


def progress(document: Document) -> Progress:
    counted = dict(
        document.proposals.order_by().values_list("state").annotate(n=Count("pk")).values_list("state", "n")
    )
    states = Proposal.State
    total = sum(n for state, n in counted.items() if state != states.ASIDE)
    return Progress(total, counted.get(states.CONFIRMED, 0), counted.get(states.DROPPED, 0))


def row_of(document: Document, pk: int) -> Proposal:
    """Raises Http404."""
    return get_object_or_404(document.proposals.select_related("document", "task"), pk=pk)


@dataclass
class Piece:
    """A stretch of a paragraph with one look: plain, ``number``, ``unread``, ``mended``, and the rows it is of."""

    text: str
    look: str = ""
    told: str = ""
    row: int = 0


@dataclass
class Sentence:
    """A sentence (or what stands between two) and the rows that were read from it."""

    start: int
    pieces: list[Piece]
    rows: list[int] = field(default_factory=list)


@dataclass
class Paragraph:
    sentences: list[Sentence]
    depth: int = 0


def parts(document: Document) -> list[tuple[int, int]]:
    """The document cut into pages at line ends."""
    found, at, length = [], 0, len(document.text)
    while at < length:
        end = length if length - at <= PART * 1.2 else document.text.find("\n", at + PART)
        end = length if end < 0 else end + (end < length)
        found.append((at, end))
        at = end
    return found or [(0, 0)]


def part_of(document: Document, position: int) -> int:
    """On which page an offset lies, from 1."""
    starts = [a for a, _ in parts(document)]
    return max(1, bisect_right(starts, position))


def rows_between(document: Document, start: int, end: int) -> list[Proposal]:
    """The rows read from a stretch, tasks before what stands under them."""
    found = document.proposals.filter(start__gte=start, start__lt=max(end, start + 1)).select_related("task")
    return list(found.order_by("order", "id"))


SOFT = frozenset(("year_end",))  # told beside the row, but no reason to look twice
MOST_SHOWN = 200


def open_rows(document: Document) -> list[Proposal]:
    """Rows that wait to be decided, in the order of the document."""
    found = document.proposals.filter(state=Proposal.State.OPEN).select_related("task")
    return list(found.order_by("order", "id"))


def doubtful(rows: Sequence[Proposal]) -> list[Proposal]:
    """Those of the rows somebody should look at: something about them was not certain."""
    return [row for row in rows if set(row.doubts) - SOFT]


def excerpts(document: Document, rows: Sequence[Proposal]) -> list[Paragraph]:
    """Only the sentences the rows stand in, each a paragraph."""
    spans = sorted({(row.sentence_start, row.sentence_end) for row in rows})
    marks = sorted(mark for a, b in spans for mark in _marks(document, rows, a, b))
    found = []
    for a, b in spans:
        held = [row.pk for row in rows if (row.sentence_start, row.sentence_end) == (a, b)]
        found.append(Paragraph([Sentence(a, list(_pieces(document.text, marks, a, b)), held)]))
    return found


def paragraphs(document: Document, rows: Sequence[Proposal], start: int, end: int) -> list[Paragraph]:
    """``text[start:end]`` as paragraphs of sentences, numbers and mended words marked."""
    marks = sorted(_marks(document, rows, start, end))
    depths = {begin: depth for _label, _title, begin, depth in document.outline}
    found = []
    for a, b in _lines(document.text, sorted(depths), start, end):
        sentences = list(_sentences(document, rows, marks, a, b))
        found.append(Paragraph(sentences, depths.get(a, 0)))
    return found


def _lines(text: str, begins: Sequence[int], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Lines that are not blank, broken also where a numbered point begins within one."""
    at = start
    for line in text[start:end].split("\n"):
        cuts = [
            at,
            *begins[bisect_right(begins, at) : bisect_right(begins, at + len(line) - 1)],
            at + len(line),
        ]
        for a, b in pairwise(cuts):
            if text[a:b].strip():
                yield a, b
        at += len(line) + 1


def _marks(
    document: Document, rows: Sequence[Proposal], start: int, end: int
) -> Iterator[tuple[int, int, str, str, int]]:
    for row in rows:
        if row.sort != Proposal.Sort.TASK and row.end > row.start and row.written:
            yield row.start, row.end, "number", "", row.pk
    for a, b, _written, why in document.unread:
        if start <= a < end:
            yield a, b, "unread", str(UNREAD.get(why, why)), 0
    for a, b, before, _after, reason in document.changes:
        if start <= a < b <= end:
            yield a, b, "mended", f"{REASONS.get(reason, reason)}：{before}", 0


def _sentences(
    document: Document,
    rows: Sequence[Proposal],
    marks: Sequence[tuple[int, int, str, str, int]],
    start: int,
    end: int,
) -> Iterator[Sentence]:
    spans = {(max(r.sentence_start, start), min(r.sentence_end, end)) for r in rows}
    inside = sorted(s for s in spans if start <= s[0] < s[1] <= end)
    at = start
    for a, b in inside:
        if a < at:
            continue
        if at < a:
            yield Sentence(at, list(_pieces(document.text, marks, at, a)))
        held = [r.pk for r in rows if a <= r.sentence_start < b]
        yield Sentence(a, list(_pieces(document.text, marks, a, b)), held)
        at = b
    if at < end:
        yield Sentence(at, list(_pieces(document.text, marks, at, end)))


def _pieces(
    text: str, marks: Sequence[tuple[int, int, str, str, int]], start: int, end: int
) -> Iterator[Piece]:
    at = start
    for a, b, look, told, row in marks:
        if a < at or b > end or a < start:
            continue
        if at < a:
            yield Piece(text[at:a])
        yield Piece(text[a:b], look, told, row)
        at = b
    if at < end:
        yield Piece(text[at:end])


def wrong_lists(document: Document) -> list[tuple[str, int, int | None]]:
    """(words, how many the document says, how many stand in it or None) of every list with a count."""
    return [(written, number, found) for _a, _b, written, number, found in document.lists]


def source_of(plan_id: int, key: str) -> Proposal | None:
    """The row a plan's target was taken from. The caller has made sure that the plan may be seen."""
    found = Proposal.objects.filter(document__plan_id=plan_id, target_key=key).select_related("document")
    # yearly parts share their whole's key; the whole is the one the others are part of
    return found.order_by(F("part_of").asc(nulls_first=True), "id").first()
