"""From a reading to rows of the database."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from yanglao.steering.documents.matching import Known, suggest
from yanglao.steering.documents.models import Document, Proposal
from yanglao.steering.documents.reading.document import Reading
from yanglao.steering.documents.reading.found import Found, FoundTask
from yanglao.steering.documents.reading.handing import Handed

FIELDS = (
    "sort", "state", "measure", "name", "quantity", "high", "unit", "comparison", "kind", "scope", "departments",
    "lead_marked", "deadline_words", "every", "indicator", "written", "doubts",
)  # fmt: skip


def document_columns(reading: Reading) -> dict[str, Any]:
    """The columns of a document that was read."""
    about, opened = reading.meta, reading.opened
    return {
        "title": (about.title or "")[:160],
        "form": opened.form,
        "kind": about.kind,
        "number": about.number[:60],
        "issuer": about.issuer[:80],
        "issued": about.issued,
        "start": about.start,
        "end": about.end,
        "pages": opened.pages,
        "original": opened.text,
        "text": reading.text.text,
        "changes": [
            [*reading.text.now(c.start, c.end), c.before, c.after, c.reason]
            for c in reading.text.changes
            if c.reason not in ("wrapped", "table")
        ],
        "outline": [[n.label, n.title[:80], n.start, n.depth] for n in reading.nodes[1:]],
        "unread": [[u.start, u.end, u.written, u.why] for u in reading.unread],
        "lists": [[one.start, one.end, one.written, one.number, one.found] for one in reading.lists],
        "handed": [_handed(one) for one in reading.handed],
        "notes": list(_notes(reading)),
    }


def _handed(one: Handed) -> dict[str, Any]:
    """As JSON; ``key`` names it within its document."""
    return {
        "key": f"{one.kind}-{one.start}",
        "kind": one.kind,
        "category": one.category,
        "title": one.title,
        "number": one.number,
        "departments": list(one.departments),
        "due_on": one.deadline.isoformat() if one.deadline else None,
        "planned_fen": one.planned,
        "start": one.start,
        "end": one.end,
        "list": one.list_start,
    }


def _notes(reading: Reading) -> Iterator[dict[str, Any]]:
    opened = reading.opened
    if opened.cut_at:
        yield {"code": "cut", "read": len(opened.text), "whole": opened.cut_at}
    if opened.pages > opened.read > 0:
        yield {"code": "pages", "pages": opened.pages, "read": opened.read}
    if opened.empty_pages:
        yield {"code": "pictures", "pages": opened.empty_pages}


def exact(number: Fraction | None) -> str:
    """A fraction as text that reads back exactly: 57, 1.3, 200/3."""
    if number is None:
        return ""
    if number.denominator == 1:
        return str(number.numerator)
    below = number.denominator
    while below % 2 == 0:
        below //= 2
    while below % 5 == 0:
        below //= 5
    if below == 1:
        places = 1
        while (number * 10**places).denominator != 1:
            places += 1
        return f"{float(number):.{places}f}" if places <= 8 else str(number)
    return str(number)


def store(document: Document, reading: Reading, known: list[Known]) -> int:
    """Make the rows of a document; gives how many. Tasks first, so that their rows can name them."""
    tasks = [_task(document, reading, task) for task in reading.tasks]
    Proposal.objects.bulk_create(tasks)
    rows = [_row(document, reading, found, tasks, known) for found in reading.found]
    Proposal.objects.bulk_create(rows)
    for found, row in zip(reading.found, rows, strict=True):
        if found.part_of is not None:
            row.part_of = rows[found.part_of]
    Proposal.objects.bulk_update([row for row in rows if row.part_of_id], ["part_of"])
    return len(tasks) + len(rows)


def _task(document: Document, reading: Reading, task: FoundTask) -> Proposal:
    rules = ["column" if task.node < 0 else "heading"]
    rules += [task.department_rule] if task.department_rule else []
    rules += ["marked"] if task.lead_marked else []
    a, b = task.title_span
    row = Proposal(
        document=document,
        order=task.start * 2,
        sort=Proposal.Sort.TASK,
        state=Proposal.State.OPEN if task.sort == "do" else Proposal.State.ASIDE,
        measure=task.measure[:80],
        name=task.title[:120] or reading.text.text[a:b][:120],
        departments=list(task.departments),
        lead_marked=task.lead_marked,
        deadline=task.deadline,
        deadline_words=task.deadline_words[:40],
        start=a,
        end=b,
        sentence_start=a,
        sentence_end=b,
        original=_original(reading, a, b),
        rules=list(dict.fromkeys(rules)),
    )
    row.read = as_read(row)
    return row


def _row(
    document: Document, reading: Reading, found: Found, tasks: list[Proposal], known: list[Known]
) -> Proposal:
    place = reading.task_of(found)
    indicator = suggest(found.name, found.unit, found.kind, known) if found.nature == "target" else ""
    doubts = [*found.doubts, *(["year_end"] if found.deadline_from == "document" else [])]
    a, b = found.sentence
    row = Proposal(
        document=document,
        order=found.start * 2 + 1,
        sort=found.nature,
        state=Proposal.State.OPEN if found.nature == "target" else Proposal.State.ASIDE,
        task=tasks[place] if place is not None else None,
        measure=tasks[place].measure if place is not None else "",
        name=(found.name or found.written or reading.text.text[a:b])[:120],
        quantity=exact(found.number)[:20],
        high=exact(found.high)[:20],
        unit=found.unit[:12],
        comparison=found.comparison,
        kind=found.kind,
        scope=found.scope[:80],
        departments=list(found.departments),
        deadline=found.deadline,
        deadline_words=found.deadline_words[:40],
        every=found.every,
        indicator=indicator,
        written=found.written[:60],
        start=found.start,
        end=found.end,
        sentence_start=a,
        sentence_end=b,
        original=_original(reading, a, b),
        rules=[r for r in found.rules if not r.startswith("column_")] + (["indicator"] if indicator else []),
        doubts=doubts,
    )
    row.read = as_read(row)
    return row


def _original(reading: Reading, start: int, end: int) -> str:
    """The sentence as it stood in the file, where it reads otherwise now."""
    a, b = reading.text.origin(start, end)
    stood = reading.text.original[a:b]
    return "" if stood == reading.text.text[start:end] else stood


def as_read(row: Proposal) -> dict[str, Any]:
    """A row as JSON, to be put back."""
    kept = {name: getattr(row, name) for name in FIELDS}
    kept["deadline"] = row.deadline.isoformat() if row.deadline else None
    return kept
