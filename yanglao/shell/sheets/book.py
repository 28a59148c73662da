"""Open a file as a book of sheets, whatever it is: .xlsx, .xls, or text in any of the usual encodings."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import python_calamine as calamine

from .limits import LIMITS, Limits
from .problems import FileRefused, Problem
from .problems import mark as _
from .scan import Scan, scan
from .sniff import CORRUPT, PASSWORD, Kind, recognise

NOT_TEXT = Problem(
    _("文件的文字编码认不出"),
    _("CSV 应是 UTF-8 或 GB18030（GBK）编码"),
    _("在 Excel 或 WPS 里打开，“另存为”Excel 工作簿（.xlsx）后上传"),
)
BROKEN_LINE = Problem(
    _("CSV 文件的某一行读不了"),
    _("第 {line} 行附近：{detail}"),
    _("多为引号没有成对；在表格软件里打开检查，或另存为 .xlsx 再上传"),
)

Cells = list[Any]
Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged range as (row, column) from 0."""


class Sheet(Protocol):
    """A sheet: rows from row 1 and cells from column A, as often as asked."""

    @property
    def name(self) -> str: ...
    @property
    def hidden(self) -> bool: ...
    @property
    def height(self) -> int:
        """Rows, about."""

    @property
    def merged(self) -> list[Range]: ...
    @property
    def bad(self) -> dict[tuple[int, int], Problem]:
        """Cells, (row, column) from 1, whose stored value cannot be believed."""

    def rows(self) -> Iterator[Cells]: ...
    def release(self) -> None:
        """Let the cells go: a sheet that is not the roster need not stay in memory."""


@dataclass
class Book:
    """An opened file. ``kind`` is what it turned out to be, ``date1904`` how it counts days."""

    path: Path
    name: str
    kind: Kind
    sheets: list[Sheet]
    date1904: bool = False


def open_book(path: Path, name: str = "", limits: Limits = LIMITS) -> Book:
    """Open ``path`` (known to the user as ``name``); raises FileRefused with what, why and how."""
    kind = recognise(path, limits)
    name = name or path.name
    if kind == "text":
        return Book(path, name, kind, [TextSheet(path, *_text_form(path))])
    found = scan(path, limits) if kind == "xlsx" else Scan()
    return Book(path, name, kind, _workbook_sheets(path, found), found.date1904)


@dataclass
class WorkbookSheet:
    book: Any
    name: str
    hidden: bool
    bad: dict[tuple[int, int], Problem] = field(default_factory=dict)
    _sheet: Any = None

    @property
    def sheet(self) -> Any:
        if self._sheet is None:
            try:
                self._sheet = self.book.get_sheet_by_name(self.name)
            except (calamine.CalamineError, calamine.XmlError) as error:
                raise FileRefused(CORRUPT.with_params(detail=str(error)[:120])) from error
        return self._sheet

    def release(self) -> None:
        self._sheet = None

    @property
    def height(self) -> int:
        return int(self.sheet.total_height)

    @property
    def merged(self) -> list[Range]:
        return list(self.sheet.merged_cell_ranges or ())

    def rows(self) -> Iterator[Cells]:
        start = self.sheet.start
        if start is None:
            return
        left: Cells = [""] * start[1]
        for cells in self.sheet.iter_rows():
            yield left + cells if left else cells


def _workbook_sheets(path: Path, found: Scan) -> list[Sheet]:
    try:
        book = calamine.load_workbook(str(path))
    except calamine.PasswordError as error:
        raise FileRefused(PASSWORD) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise FileRefused(CORRUPT.with_params(detail=str(error)[:120])) from error
    return [
        WorkbookSheet(
            book, meta.name, str(meta.visible) != "SheetVisibleEnum.Visible", found.bad.get(meta.name, {})
        )
        for meta in book.sheets_metadata
        if meta.typ == calamine.SheetTypeEnum.WorkSheet
    ]


@dataclass
class TextSheet:
    """A CSV as a sheet."""

    path: Path
    encoding: str
    delimiter: str
    name: str = "CSV"
    hidden: bool = False
    merged: list[Range] = field(default_factory=list)
    bad: dict[tuple[int, int], Problem] = field(default_factory=dict)

    @property
    def height(self) -> int:
        with self.path.open("rb") as stream:
            return sum(piece.count(b"\n") for piece in iter(lambda: stream.read(1 << 20), b"")) + 1

    def release(self) -> None:
        """Nothing is kept between readings."""

    def rows(self) -> Iterator[Cells]:
        with self.path.open(encoding=self.encoding, newline="") as stream:
            reader = csv.reader(stream, delimiter=self.delimiter)
            try:
                for cells in reader:
                    yield [_unquoted(cell) for cell in cells]
            except csv.Error as error:
                raise FileRefused(BROKEN_LINE.with_params(line=reader.line_num, detail=str(error))) from error


def _unquoted(cell: str) -> str:
    """The dresses a number wears in a CSV so that Excel leaves it alone: ="110…", a leading tab, '110…."""
    if cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1]
    return cell[1:] if cell.startswith("'") else cell


def _text_form(path: Path) -> tuple[str, str]:
    """Encoding and delimiter."""
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as stream:
        head = stream.read(1 << 16)
    return encoding, best_delimiter(head.splitlines()[:40])


def _encoding(path: Path) -> str:
    with path.open("rb") as stream:
        head = stream.read(4)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        if _decodes(path, encoding):
            return encoding
    raise FileRefused(NOT_TEXT)


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with open(path, encoding=encoding, newline="") as stream:
            while stream.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return False
    return True


def best_delimiter(head: Iterable[str], signs: Sequence[str] = (",", "\t", ";", "|")) -> str:
    """The sign that splits most lines into the same number of cells (csv.Sniffer guesses from prose, too)."""
    lines = [line for line in head if line.strip()]

    def weight(sign: str) -> tuple[int, int]:
        counts = sorted(n for n in (len(next(csv.reader([line], delimiter=sign))) for line in lines) if n > 1)
        typical = counts[len(counts) // 2] if counts else 0
        return (sum(n == typical for n in counts) if typical else 0, typical)

    return max(signs, key=weight)
