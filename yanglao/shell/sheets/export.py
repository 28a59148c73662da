"""Rows out: streamed to .xlsx or CSV, whatever their number."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

import xlsxwriter

from .write_template import sheet_name

SHEET_ROWS = 1_048_000
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins like this would run as a formula in a spreadsheet (CSV injection, OWASP)."""

Kind = Literal["text", "number", "integer", "decimal", "money", "date", "datetime"]
FORMATS: dict[Kind, str] = {
    "text": "@",
    "number": "General",
    "integer": "0",
    "decimal": "0.00",
    "money": "#,##0.00",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
}


@dataclass(frozen=True)
class ExportColumn:
    """A column of an export. ``money`` values are whole fen and are written in yuan."""

    title: str
    kind: Kind = "text"
    width: int = 0


def write_xlsx(
    stream: BinaryIO,
    columns: Sequence[ExportColumn],
    rows: Iterable[Sequence[Any]],
    *,
    title: str,
    note: str = "",
) -> int:
    """Write rows to ``stream`` as they come, memory bounded; gives their number.

    ``note`` (who, when, which filter) stands above the headings. A sheet that is full continues in the next.
    """
    book = xlsxwriter.Workbook(stream, {"constant_memory": True, "strings_to_urls": False})
    writer = _Writer(book, columns, title, note)
    try:
        for row in rows:
            writer.write(row)
    finally:
        book.close()
    return writer.total


class _Writer:
    def __init__(self, book: Any, columns: Sequence[ExportColumn], title: str, note: str) -> None:
        self.book, self.columns, self.title, self.note = book, columns, title, note
        self.formats = [book.add_format({"num_format": FORMATS[c.kind]}) for c in columns]
        self.inert = book.add_format({"num_format": "@", "quote_prefix": True})
        self.total = self.sheets = 0
        self._open()

    def _open(self) -> None:
        self.sheets += 1
        name = sheet_name(self.title)
        self.sheet = self.book.add_worksheet(name if self.sheets == 1 else f"{name[:26]} {self.sheets}")
        for index, column in enumerate(self.columns):
            self.sheet.set_column(index, index, column.width or max(10, 2 * len(column.title) + 4))
        self.row = 0
        if self.note:
            self.sheet.write_string(0, 0, self.note, self.book.add_format({"italic": True}))
            self.row = 1
        heading = self.book.add_format({"bold": True, "bg_color": "#DCE6F1", "bottom": 1})
        for index, column in enumerate(self.columns):
            self.sheet.write_string(self.row, index, str(column.title), heading)
        self.row += 1
        self.sheet.freeze_panes(self.row, 0)

    def write(self, values: Sequence[Any]) -> None:
        if self.row >= SHEET_ROWS:
            self._open()
        for index, value in enumerate(values):
            if value is not None and value != "":
                self._cell(index, value)
        self.row += 1
        self.total += 1

    def _cell(self, index: int, value: Any) -> None:
        look = self.formats[index]
        if isinstance(value, bool):
            self.sheet.write_string(self.row, index, "是" if value else "否", look)
        elif isinstance(value, dt.date):
            self.sheet.write_datetime(self.row, index, local(value), look)
        elif isinstance(value, str):
            look = self.inert if value.startswith(FORMULA_SIGNS) else look
            self.sheet.write_string(self.row, index, value[:32_767], look)
        elif self.columns[index].kind == "text":
            self.sheet.write_string(self.row, index, str(value), look)
        else:
            number = value / 100 if self.columns[index].kind == "money" else value
            self.sheet.write_number(self.row, index, number, look)


def local(value: dt.date) -> dt.date:
    """A moment as the wall clock shows it: a workbook knows no time zones."""
    if isinstance(value, dt.datetime) and value.tzinfo:
        return value.astimezone(CHINA).replace(tzinfo=None)
    return value


CHINA = dt.timezone(dt.timedelta(hours=8))


def csv_lines(
    columns: Sequence[ExportColumn], rows: Iterable[Sequence[Any]], *, note: str = ""
) -> Iterator[bytes]:
    """The rows as UTF-8 CSV with a byte order mark (Excel needs it), for a streaming response.

    The note comes last, so that the first line is the headings.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield b"\xef\xbb\xbf"
    writer.writerow([c.title for c in columns])
    for row in rows:
        writer.writerow([_csv_value(v, c) for v, c in zip(row, columns, strict=True)])
        if buffer.tell() > 1 << 16:
            yield _taken(buffer)
    if note:
        writer.writerow([inert(note)])
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _csv_value(value: Any, column: ExportColumn) -> Any:
    if isinstance(value, bool):
        return "是" if value else "否"
    if column.kind == "money" and isinstance(value, int):
        return f"{value / 100:.2f}"
    if isinstance(value, dt.datetime):
        return local(value).isoformat(" ", "minutes")  # type: ignore[call-arg]
    return inert(value) if isinstance(value, str) else value


def inert(text: str) -> str:
    """A text that cannot run as a formula when a spreadsheet opens it."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
