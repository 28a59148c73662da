"""Every change of documents: brought in, read, confirmed row by row, taken over into a plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.files.actions import store as keep_file
from yanglao.kernel.jobs.actions import enqueue
from yanglao.steering.documents import queries
from yanglao.steering.documents.models import Document, Proposal, Step
from yanglao.steering.documents.planning import Asked, indicators_to_declare, plan_file
from yanglao.steering.documents.reading.document import read
from yanglao.steering.documents.reading.numerals import numbers, plain
from yanglao.steering.documents.reading.opened import Unreadable
from yanglao.steering.documents.reading.opening import open_file
from yanglao.steering.documents.storing import FIELDS, as_read, document_columns, store
from yanglao.steering.indicators import actions as indicators
from yanglao.steering.plans import actions as plans
from yanglao.steering.plans.rules import parse_number

RIGHT = "documents.edit"


@action("documents.bring", right=RIGHT, at=lambda a: (a["division"],))
def bring(actor: Actor, *, name: str, stream: IO[bytes], division: int) -> Document:
    """Take a file in and have it read in the background. Raises ValidationError when the file is not taken."""
    from yanglao.steering.documents.tasks import read_document

    stored = keep_file(actor, name, stream, kind="policy", division=division)
    document = Document.objects.create(
        title=name.rpartition(".")[0][:160] or name[:160],
        division_id=division,
        file=stored,
        brought_by_id=actor.user_id,
    )
    document.run = enqueue(actor, read_document, key=f"document {document.pk}", document_id=document.pk)
    document.save(update_fields=["run"])
    return document


@action("documents.store", right=RIGHT)
def store_reading(actor: Actor, document: Document) -> Document:
    """Read the file and keep what was found; a file that cannot be read says why. Reading twice is the same."""
    if document.state not in (Document.State.READING, Document.State.REFUSED):
        return document
    with document.file.open() as stream:
        data = stream.read()
    try:
        reading = read(open_file(document.file.name, data), name=document.file.name)
    except Unreadable as refused:
        document.state = Document.State.REFUSED
        document.refusal = {"code": refused.code, **{k: str(v) for k, v in refused.facts.items()}}
        document.save(update_fields=["state", "refusal"])
        note(refused=refused.code)
        return document
    for column, value in document_columns(reading).items():
        if value or column != "title":
            setattr(document, column, value)
    document.state = Document.State.OPEN
    document.proposals.all().delete()
    rows = store(document, reading, queries.known_indicators())
    document.save()
    note(rows=rows)
    return document


def _open(document: Document) -> None:
    if document.state != Document.State.OPEN:
        raise ValidationError(_("“%(title)s”现在不能修改条目。") % {"title": document.title})


def _rows(document: Document, ids: Iterable[int]) -> list[Proposal]:
    return list(document.proposals.filter(pk__in=list(ids)).order_by("order", "id"))


def _remember(actor: Actor, document: Document, verb: str, rows: Sequence[Proposal]) -> Step:
    before = [{"id": row.pk, **as_read(row), "task": row.task_id, "part_of": row.part_of_id} for row in rows]
    return Step.objects.create(document=document, verb=verb, before=before, by_id=actor.user_id)


@action("documents.decide", right=RIGHT)
def decide(actor: Actor, document: Document, *, ids: Sequence[int], state: str) -> int:
    """Confirm, drop or reopen rows; gives how many changed.

    A confirmed target confirms its task; a dropped task drops what stands under it. Raises ValidationError for a
    target that has no number though its kind needs one, or no unit.
    """
    _open(document)
    rows = _rows(document, ids)
    if state == Proposal.State.CONFIRMED:
        for row in rows:
            _complete(row)
        rows += list(document.proposals.filter(pk__in=[r.task_id for r in rows]).exclude(state=state))
    if state in (Proposal.State.DROPPED, Proposal.State.ASIDE):
        rows += list(document.proposals.filter(task__in=rows).exclude(state=Proposal.State.ASIDE))
    rows = [row for row in {row.pk: row for row in rows}.values() if row.state != state]
    if rows:
        _remember(actor, document, state, rows)
        Proposal.objects.filter(pk__in=[row.pk for row in rows]).update(state=state)
    note(state=state, rows=len(rows))
    return len(rows)


def _complete(row: Proposal) -> None:
    if row.sort == Proposal.Sort.TASK:
        return
    whole = row.comparison == "all" or row.kind == "milestone"
    if not row.quantity and not whole:
        raise ValidationError(_("“%(name)s”没有读出数字，请先修改，再确认。") % {"name": row.name})
    if row.quantity and not row.unit:
        raise ValidationError(_("“%(name)s”没有计量单位，请先修改，再确认。") % {"name": row.name})


@action("documents.mend", right=RIGHT)
def mend(actor: Actor, document: Document, *, row: Proposal, values: Mapping[str, Any]) -> Proposal:
    """Change a row. A number that does not stand in its sentence is marked as typed by a person."""
    _open(document)
    _remember(actor, document, "mend", [row])
    for name, value in values.items():
        setattr(row, name, value)
    row.doubts = [d for d in row.doubts if d not in ("typed", *_settled(values))]
    if row.quantity and not _stands_in(row, document):
        row.doubts = [*row.doubts, "typed"]
    row.save()
    note(row=row.pk, fields=sorted(values))
    return row


def _settled(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The doubts a person's entries answer."""
    answers = {
        "deadline": ("no_deadline", "deadline_no_year", "deadline_masked", "deadline_period", "year_end"),
        "unit": ("unit_left_out",),
        "name": ("no_name",),
        "kind": ("assumed",),
    }
    return tuple(doubt for field, doubts in answers.items() if values.get(field) for doubt in doubts)


def _stands_in(row: Proposal, document: Document) -> bool:
    flat = plain(document.text[row.sentence_start : row.sentence_end])
    value = parse_number(row.quantity)
    known = {n.low for n in numbers(flat)} | {n.high for n in numbers(flat)}
    scales = (1, 10**4, 10**8) if row.unit[:1] in "万亿" else (1,)
    return any(value * scale in known for scale in scales) or row.quantity == row.read.get("quantity")


@action("documents.split", right=RIGHT)
def split(actor: Actor, document: Document, *, row: Proposal) -> Proposal:
    """A second row of the same sentence, to be mended: where one sentence promises two things."""
    _open(document)
    step = _remember(actor, document, "split", [])
    second = Proposal.objects.get(pk=row.pk)
    second.pk = None
    second.state, second.quantity, second.high, second.read = Proposal.State.OPEN, "", "", {}
    second.doubts = ["no_name"]
    second.order = row.order
    second.save()
    step.made = [second.pk]
    step.save(update_fields=["made"])
    note(row=row.pk, made=second.pk)
    return second


@action("documents.undo", right=RIGHT)
def undo(actor: Actor, document: Document) -> str:
    """Take the last step back; gives its verb, "" when there is none."""
    _open(document)
    step = document.steps.order_by("-id").first()
    if step is None:
        return ""
    document.proposals.filter(pk__in=step.made).delete()
    for kept in step.before:
        row = document.proposals.filter(pk=kept["id"]).first()
        if row is not None:
            _put_back(row, kept)
    verb = step.verb
    step.delete()
    note(verb=verb)
    return verb


def _put_back(row: Proposal, kept: Mapping[str, Any]) -> None:
    for name in FIELDS:
        setattr(row, name, kept[name])
    row.deadline = dt.date.fromisoformat(kept["deadline"]) if kept["deadline"] else None
    row.task_id, row.part_of_id = kept["task"], kept["part_of"]
    row.save()


@action("documents.take", right="plans.manage")
def take(actor: Actor, document: Document, *, asked: Asked) -> Document:
    """Make a plan of the confirmed rows, in one transaction; rows without an indicator get a reported one.

    Raises ValidationError when nothing is confirmed, or the plan cannot be (days outside it, a name that is taken).
    """
    _open(document)
    rows = list(document.proposals.filter(state=Proposal.State.CONFIRMED).order_by("order", "id"))
    if not any(row.sort != Proposal.Sort.TASK for row in rows):
        raise ValidationError(_("还没有确认的目标。请先逐条确认，再转为计划。"))
    for row, definition in indicators_to_declare(document, rows):
        indicators.declare(actor, definition=definition, division=document.division_id)
        row.indicator = definition.code
    plan = plans.adopt(actor, plan=plan_file(document, rows, asked))
    Proposal.objects.bulk_update(rows, ["indicator", "target_key"])
    document.plan, document.state = plan, Document.State.TAKEN
    document.save(update_fields=["plan", "state"])
    note(plan=plan.slug, rows=len(rows))
    return document
