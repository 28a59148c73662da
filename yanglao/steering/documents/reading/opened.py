"""What came out of a file, whichever its form: one text, lines by newline, cells of a table row by tab."""

from __future__ import annotations

from dataclasses import dataclass, field


class Unreadable(ValueError):
    """A document that cannot be read. ``code`` says why, ``facts`` what the message names.

    Codes: ``empty`` ``garbled`` ``not_chinese`` ``image_only`` ``password`` ``old_word`` ``broken`` ``unknown``
    ``bomb``.
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True)
class Furniture:
    """A stretch of the opened text that is no part of the document (a menu, a running head)."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True)
class Opened:
    """``pages`` of the file and how many were ``read`` (0 where a form has none); ``empty_pages`` had no text."""

    text: str
    form: str  # docx pdf txt html pasted
    pages: int = 0
    read: int = 0
    empty_pages: int = 0
    title: str = ""
    wrapped: bool = False  # lines end where the paper ends, not where the paragraph does
    page_starts: tuple[int, ...] = ()
    furniture: tuple[Furniture, ...] = field(default_factory=tuple)
    cut_at: int = 0  # characters of the whole when only the first part was read
