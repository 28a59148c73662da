"""Which column is which, proposed and then mended by the user: for files whose headings nobody agreed upon.

``header.find_table`` refuses what is not our template; here the same search for headings gives a proposal, and
what the user settles becomes a ``Table`` that ``check.Reader`` reads.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from yanglao.kernel import identifiers

from .book import Book, Sheet
from .check import shown
from .dates import read_date
from .declare import ImportTemplate
from .header import OUR_SHEETS, SEARCHED_ROWS, Mapped, Table, bare, loose
from .problems import FileRefused, Noted, Problem
from .problems import mark as _

SAMPLE = 8
ENOUGH = 0.6
"""Share of sample cells that must look alike for a column without a heading to be recognised by its content."""

NO_SHEET = Problem(
    _("工作表不见了"), _("文件里没有名为“{sheet}”的工作表"), _("重新上传，在“文件格式”里选择工作表")
)
NOTHING = Problem(_("文件里没有内容"), _("没有一张工作表里有内容"), _("确认选对了文件，打开看一看再上传"))


@dataclass
class Draft:
    """A table as it was found. ``headings`` has one text per column; ``columns`` maps field → column from 0;
    ``sample`` holds the first rows below the headings."""

    sheet: str
    header_row: int
    headings: list[str]
    columns: dict[str, int] = field(default_factory=dict)
    sample: list[list[str]] = field(default_factory=list)

    @property
    def signature(self) -> str:
        """The same for files with the same headings in the same order."""
        words = [loose(h) for h in self.headings] if self.header_row else [str(len(self.headings))]
        return hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:32]


def propose(book: Book, template: ImportTemplate, sheet: str = "", header_row: int | None = None) -> Draft:
    """The table that reads most like the template, on a sheet or row the user named, if he did.

    Raises FileRefused for a file without content.
    """
    sheets = [s for s in book.sheets if s.name not in OUR_SHEETS and (not sheet or s.name == sheet)]
    drafts = [draft for one in sheets if (draft := _draft(one, template, header_row))]
    if not drafts:
        raise FileRefused(NO_SHEET.with_params(sheet=sheet) if sheet else NOTHING)
    return max(drafts, key=lambda d: len(d.columns))


def _draft(sheet: Sheet, template: ImportTemplate, header_row: int | None) -> Draft | None:
    head = [[shown(c) for c in cells] for cells in islice(sheet.rows(), SEARCHED_ROWS + SAMPLE)]
    if not any(any(row) for row in head):
        return None
    rows = range(len(head)) if header_row is None else [header_row - 1]
    found = {row: _named(head[row], template) if 0 <= row < len(head) else {} for row in rows}
    best = max(found, key=lambda row: len(found[row]))
    if header_row is None and len(found[best]) < 2:
        best = 0 if _like_headings(head) else -1
    return _described(sheet.name, best, head, found.get(best, {}), template)


def _like_headings(head: list[list[str]]) -> bool:
    """Whether the first row names columns in words we do not know: no digit in it, but numbers below."""
    first = [cell for cell in head[0] if cell] if head else []
    below = [cell for row in head[1 : 1 + SAMPLE] for cell in row]
    digits = any(c.isdigit() for cell in first for c in cell)
    return len(first) > 1 and not digits and any(_is_id(cell) or _is_day(cell) for cell in below)


def _described(
    name: str, at: int, head: list[list[str]], columns: dict[str, int], template: ImportTemplate
) -> Draft:
    below = [row for row in head[at + 1 :] if any(row)][:SAMPLE]
    width = max(map(len, [*below, head[at] if at >= 0 else []]), default=0)
    headings = [head[at][i] if at >= 0 and i < len(head[at]) else "" for i in range(width)]
    draft = Draft(name, at + 1, headings, columns, [row + [""] * (width - len(row)) for row in below])
    _by_content(draft, template)
    return draft


def _named(row: Sequence[str], template: ImportTemplate) -> dict[str, int]:
    """Field → column, by the words of the headings; the first of two columns of one name."""
    names: dict[str, str] = {}
    for column in template.columns:
        for word in (column.title, *column.synonyms):
            names.setdefault(loose(word), column.field)
            names.setdefault(bare(word), column.field)
    found: dict[str, int] = {}
    for index, heading in enumerate(row):
        name = heading and (names.get(loose(heading)) or names.get(bare(heading)))
        if name:
            found.setdefault(name, index)
    return found


def _by_content(draft: Draft, template: ImportTemplate) -> None:
    """Columns that no heading told, recognised by what stands in them."""
    fields = {c.field for c in template.columns}
    for name, looks in _LOOKS.items():
        if name not in fields or name in draft.columns:
            continue
        taken = set(draft.columns.values())
        free = [
            i
            for i in range(len(draft.headings))
            if i not in taken and not (draft.header_row and draft.headings[i])
        ]
        likely = next((i for i in free if _share(draft, i, looks) >= ENOUGH), None)
        if likely is not None:
            draft.columns[name] = likely


def _share(draft: Draft, index: int, looks: Callable[[str], bool]) -> float:
    cells = [row[index] for row in draft.sample if row[index]]
    return sum(map(looks, cells)) / len(draft.sample) if cells else 0


def _is_id(cell: str) -> bool:
    plain = identifiers.clean(cell)
    return len(plain) in (15, 18) and plain[:-1].isdigit()


def _is_name(cell: str) -> bool:
    plain = cell.replace(" ", "").replace("\u3000", "").replace("·", "")
    return 2 <= len(plain) <= 10 and all("\u3400" <= c <= "\u9fff" for c in plain)


def _is_day(cell: str) -> bool:
    read = read_date(cell)
    day = read.value if isinstance(read, Noted) else read
    return isinstance(day, dt.date)


_LOOKS: dict[str, Callable[[str], bool]] = {
    "id_number": _is_id,
    "name": _is_name,
    "sex": lambda cell: cell in ("男", "女"),  # i18n: data
    "event_date": _is_day,
}


def settled(
    book: Book, template: ImportTemplate, *, sheet: str, header_row: int, columns: Mapping[str, int]
) -> Table:
    """The table as the user settled it; raises FileRefused when the sheet is not there."""
    found = next((s for s in book.sheets if s.name == sheet), None)
    if found is None:
        raise FileRefused(NO_SHEET.with_params(sheet=sheet))
    headings: list[Any] = next(islice(found.rows(), header_row - 1, None), []) if header_row else []
    mapped = [
        Mapped(index, shown(headings[index]) if index < len(headings) else "", column)
        for column in template.columns
        if (index := columns.get(column.field)) is not None
    ]
    for other in book.sheets:
        if other is not found:
            other.release()
    return Table(book, found, header_row, mapped)
