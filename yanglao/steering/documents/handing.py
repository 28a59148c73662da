"""What a document handed over to those who follow it up, and what it still may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.steering.documents.forms_hand import Asked
from yanglao.steering.documents.models import Document
from yanglao.steering.matters import actions as matters
from yanglao.steering.matters.queries import Matter, taken_over


def origin_of(document: Document, key: str) -> str:
    """How a matter names the place it was taken over from: "12-item-340"."""
    return f"{document.pk}-{key}"


def handed(document: Document) -> dict[str, Matter]:
    """Key of a row → the matter it became."""
    found = taken_over(origin_of(document, row["key"]) for row in document.handed)
    return {origin.partition("-")[2]: matter for origin, matter in found.items()}


def left(document: Document) -> list[dict[str, Any]]:
    """Rows that were not handed over yet, with the words they stand in."""
    gone = handed(document)
    text = document.text
    return [
        {**row, "words": _around(text, row["start"], row["end"])}
        for row in document.handed
        if row["key"] not in gone
    ]


def _around(text: str, start: int, end: int) -> str:
    """The line a place stands in, from at most 60 characters before it, 200 characters at most."""
    a = max(text.rfind("\n", 0, start), start - 60) + 1
    stop = text.find("\n", end)
    return " ".join(text[a : stop if stop >= 0 else len(text)].split())[:200]


@action("documents.hand", right="matters.edit", at=lambda a: (a["document"].division_id,))
def hand(actor: Actor, document: Document, *, rows: Sequence[Asked]) -> list[Matter]:
    """Register the rows a person chose as matters, all or none; each place of a document once.

    Raises ValidationError, told with the row's title, when one cannot be registered.
    """
    if document.state not in (Document.State.OPEN, Document.State.TAKEN):
        raise ValidationError(_("“%(title)s”还没有读完，不能交办。") % {"title": document.title})
    known = {row["key"]: row for row in document.handed}
    made = []
    for row in rows:
        place = known.get(row.key)
        if place is None:
            raise ValidationError(_("“%(title)s”不在这份文件里。") % {"title": row.title})
        try:
            made.append(_register(actor, document, row, place))
        except ValidationError as error:
            told = " ".join(error.messages)
            raise ValidationError(_("“%(title)s”：%(told)s") % {"title": row.title, "told": told}) from None
    note(kinds=sorted({row.kind for row in rows}), matters=len(made))
    return made


def _register(actor: Actor, document: Document, row: Asked, place: dict[str, Any]) -> Matter:
    return matters.register(
        actor,
        kind=row.kind,
        category=row.category,
        title=row.title,
        division=document.division_id,
        lead=row.lead,
        due_on=row.due_on,
        number=row.number,
        words=_around(document.text, place["start"], place["end"]),
        source=f"《{document.title}》{document.number}"[:200],
        partners=row.partners,
        planned_fen=row.planned_fen,
        origin=origin_of(document, row.key),
    )
