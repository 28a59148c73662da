"""How a room declares what it imports: a template, its columns, and what to do with the rows."""

from __future__ import annotations

import datetime as dt
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from .parsers import Parser, choice, text
from .problems import Finding, Problem

Choices = Mapping[str, Any] | Sequence[str]
Row = Any
"""A parsed row: a named tuple with ``row_number`` (as Excel shows it) and one attribute per ``Column.field``;
a cell that is empty, unreadable or whose column is missing is ``None``."""


@dataclass(frozen=True)
class Column:
    """One column of a template.

    ``title`` is the heading as printed; ``field`` the attribute of the parsed row. ``parse`` gets the cell
    (text already trimmed, ``int`` for whole numbers, ``float``, ``bool``, ``date``, ``datetime``; never an
    empty cell) and returns the value, a ``Problem``, or ``Noted(value, warning)``. ``choices`` is a mapping
    label → value, a list of labels, or a function giving either when the template is written or read; it
    becomes the drop-down and, without ``parse``, the parser.
    """

    title: str
    field: str
    parse: Parser | None = None
    required: bool = False
    choices: Choices | Callable[[], Choices] | None = None
    note: str = ""
    synonyms: tuple[str, ...] = ()
    sensitive: bool = False
    example: str = ""
    width: int = 0

    def labels(self) -> list[str]:
        """The labels of the drop-down, in their order."""
        return list(self._choices() or ())

    def parser(self) -> Parser:
        if self.parse is not None:
            return self.parse
        choices = self._choices()
        return choice(choices) if choices else text()

    def _choices(self) -> Choices | None:
        return self.choices() if callable(self.choices) else self.choices


@dataclass(frozen=True)
class CheckContext:
    """What a check may know: who imports, which columns the file has, the day, and whose own records the rows are to
    be (an organisation's id, None for an import of a division)."""

    actor: Any
    present: frozenset[str]
    today: dt.date
    organisation: int | None = None


@dataclass(frozen=True)
class CommitContext:
    """What a commit gets: ``progress(rows)`` reports rows done so far; ``source`` names the import."""

    actor: Any
    batch_id: int
    present: frozenset[str]
    today: dt.date
    source: str
    progress: Callable[[int], None]
    organisation: int | None = None


@dataclass(frozen=True)
class UndoContext:
    actor: Any
    batch_id: int
    source: str


@dataclass(frozen=True)
class ImportTemplate:
    """A kind of workbook the house can take in.

    - ``row_checks``: ``f(row) -> findings`` over several cells of one row, without the database.
    - ``unique``: fields (or tuples of fields) that may appear once in a file.
    - ``check_rows(rows, context) -> findings``: some 2,000 parsed rows at a time, against the database;
      also called in the committing transaction. It sees rows with errors too (their bad cells are None).
    - ``commit(batches, context) -> counts``: writes all rows inside one transaction the importer opened;
      returns labelled counts to show, e.g. ``{"新增": 120, "更新": 8}``.
    - ``undo(context)``: takes everything of ``batch_id`` back or raises ``UndoRefused``; in one transaction.
    - ``own``: who keeps the records of his own organisation only may use it too; its checks then refuse rows of
      others (``context.organisation``).
    - ``keep_good_rows``: the user may choose to commit the good rows and take the bad ones home marked.
    """

    name: str
    label: str
    right: str
    columns: Sequence[Column]
    commit: Callable[[Iterable[Sequence[Row]], CommitContext], Mapping[str, int] | None]
    undo: Callable[[UndoContext], None] | None = None
    check_rows: Callable[[Sequence[Row], CheckContext], Iterable[Finding]] | None = None
    row_checks: tuple[Callable[[Row], Iterable[Finding]], ...] = ()
    unique: tuple[str | tuple[str, ...], ...] = ()
    instructions: tuple[str, ...] = ()
    keep_good_rows: bool = False
    own: bool = False
    max_rows: int = 200_000
    description: str = field(default="")

    def __post_init__(self) -> None:
        fields = [c.field for c in self.columns]
        if len(set(fields)) != len(fields):
            raise ValueError(f"{self.name}: a field is declared twice")
        if unknown := {f for key in self.unique_keys() for f in key} - set(fields):
            raise ValueError(f"{self.name}: unique names unknown fields {sorted(unknown)}")

    def unique_keys(self) -> list[tuple[str, ...]]:
        return [(k,) if isinstance(k, str) else tuple(k) for k in self.unique]

    @cached_property
    def row_type(self) -> Callable[[Iterable[Any]], Row]:
        """Builds a parsed row from ``[row_number, *values]``."""
        made = namedtuple("Row", ["row_number", *(c.field for c in self.columns)])  # type: ignore[misc]
        return cast(Callable[[Iterable[Any]], Row], made._make)

    def column(self, field: str) -> Column | None:
        return next((c for c in self.columns if c.field == field), None)


def at(row: Row, field: str, problem: Problem) -> Finding:
    """A problem at a cell of a parsed row, as checks return it."""
    return Finding(row.row_number, field, problem)
