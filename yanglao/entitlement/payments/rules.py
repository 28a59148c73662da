"""Payment files as bytes, and the balance that always holds. Pure: no database, no clock."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook

PARTS = ("ready", "sent", "paid", "failed", "corrected", "withheld")
NEXT: Mapping[str, frozenset[str]] = {
    # from which state a payment may come to which; everything else is refused
    "ready": frozenset({"sent", "withheld"}),
    "withheld": frozenset({"ready"}),
    "sent": frozenset({"paid", "failed"}),
    "paid": frozenset({"failed"}),  # a transfer that the bank gives back later 退汇
    "failed": frozenset({"corrected", "withheld"}),
    "corrected": frozenset({"sent", "withheld"}),
}


@dataclass(frozen=True)
class Row:
    """One row of a payment file, **in clear**: made, written, and forgotten."""

    serial: int
    account: str
    holder: str
    name: str
    id_number: str
    bank: str
    fen: int
    division: int
    place: str


@dataclass(frozen=True)
class Head:
    """What is the same for the whole file. `month` YYYYMM, `date` YYYYMMDD."""

    title: str
    project: str
    month: str
    date: str
    number: int
    count: int
    fen: int


@dataclass(frozen=True)
class Balance:
    """The payments of an order by state, beside what was planned: (rows, fen)."""

    planned: tuple[int, int]
    parts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    offset: int = 0

    def part(self, name: str) -> tuple[int, int]:
        return self.parts.get(name, (0, 0))

    @property
    def holds(self) -> bool:
        """planned = ready + sent + paid + failed + corrected + withheld (+ what was offset), in rows and in fen."""
        rows = sum(rows for rows, _fen in self.parts.values())
        fen = sum(fen for _rows, fen in self.parts.values())
        return (rows, fen + self.offset) == self.planned

    @property
    def open(self) -> int:
        """How many still wait for the bank or for a file: with none the order can be closed."""
        return sum(self.part(name)[0] for name in ("ready", "sent", "corrected"))


def yuan(fen: int) -> str:
    """12345 → "123.45"."""
    return str((Decimal(fen) / 100).quantize(Decimal("0.01")))


def digest(rows: Iterable[Row]) -> str:
    """SHA-256 over serial, account and amount of every row, in order: the same file in whatever format."""
    found = hashlib.sha256()
    for row in rows:
        found.update(f"{row.serial}\t{row.account}\t{row.fen}\n".encode())
    return found.hexdigest()


def head_values(head: Head) -> dict[str, Any]:
    return {
        "count": head.count,
        "yuan_total": yuan(head.fen),
        "fen_total": head.fen,
        "date": head.date,
        "number": head.number,
        "month": head.month,
        "project": head.project,
        "note": head.title,
    }


def cells(columns: Sequence[Any], row: Row, head: Mapping[str, Any]) -> Iterator[Any]:
    """The values of a row in the order of the columns (`formats.Column`)."""
    own: dict[str, Any] = {
        "serial": row.serial,
        "account": row.account,
        "holder": row.holder,
        "name": row.name,
        "id_number": row.id_number,
        "bank": row.bank,
        "yuan": yuan(row.fen),
        "fen": row.fen,
        "division": row.division,
        "place": row.place,
    }
    for column in columns:
        if column.value is None:
            yield column.text
        else:
            yield own[column.value] if column.value in own else head[column.value]


def fixed(value: Any, column: Any, encoding: str) -> bytes:
    """A cell of fixed width in bytes. Raises ValueError when it does not fit: a cut account would pay a stranger."""
    text = str(value).encode(encoding)
    if len(text) > column.width:
        raise ValueError(column.title or column.value)
    fill = column.pad.encode(encoding) * (column.width - len(text))
    return fill + text if column.align == "right" else text + fill


def as_text(form: Any, rows: Iterable[Row], head: Head) -> bytes:
    """A text file of a format (`formats.PaymentFormat`), delimited or of fixed width. Raises ValueError, see `fixed`."""
    layout, values = form.file, head_values(head)
    end = "\r\n" if layout.line_end == "crlf" else "\n"
    around = [[str(values.get(cell, cell)) for cell in line] for line in layout.first]
    after = [[str(values.get(cell, cell)) for cell in line] for line in layout.last]
    if layout.kind == "fixed":
        lines = ["".join(line).encode(layout.encoding) for line in around]
        lines += [_fixed_line(form, row, values) for row in rows]
        lines += ["".join(line).encode(layout.encoding) for line in after]
        return b"".join(line + end.encode() for line in lines)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=layout.delimiter[0], lineterminator=end, quoting=csv.QUOTE_MINIMAL)
    writer.writerows(around)
    if layout.headings:
        writer.writerow([column.title or column.value or "" for column in form.columns])
    writer.writerows([_clean(cell) for cell in cells(form.columns, row, values)] for row in rows)
    writer.writerows(after)
    return stream.getvalue().encode(layout.encoding)


def _fixed_line(form: Any, row: Row, values: Mapping[str, Any]) -> bytes:
    pairs = zip(cells(form.columns, row, values), form.columns, strict=True)
    return b"".join(fixed(cell, column, form.file.encoding) for cell, column in pairs)


def _clean(cell: Any) -> str:
    """Without line ends: a name with one would be two rows."""
    return " ".join(str(cell).split())


@dataclass(frozen=True)
class Withheld:
    """A row of the second sheet: not paid, and why."""

    place: str
    name: str
    fen: int
    why: str


def as_workbook(
    form: Any, rows: Iterable[Row], head: Head, withheld: Iterable[Withheld], words: Words
) -> bytes:
    """An Excel file of two sheets: the payments, and those withheld with the reason."""
    stream = io.BytesIO()
    book = Workbook(
        stream, {"constant_memory": True, "strings_to_formulas": False, "strings_to_numbers": False}
    )
    titles = [column.title or column.value or "" for column in form.columns]
    values = head_values(head)
    total = f"{head.title}　{words.total} {yuan(head.fen)} {words.yuan}"
    lines = (list(cells(form.columns, row, values)) for row in rows)
    money = {index for index, column in enumerate(form.columns) if column.value == "yuan"}
    _sheet(book, words.payments, total, titles, lines, money)
    rest = ([n, w.place, w.name, w.why, yuan(w.fen)] for n, w in enumerate(withheld, 1))
    _sheet(book, words.withheld, words.withheld_lead, list(words.withheld_heads), rest, {4})
    book.close()
    return stream.getvalue()


@dataclass(frozen=True)
class Words:
    """The words of the workbook, in the user's language."""

    payments: str
    withheld: str
    withheld_lead: str
    withheld_heads: tuple[str, ...]
    total: str
    yuan: str


def _sheet(
    book: Workbook, name: str, title: str, heads: list[str], lines: Iterable[Sequence[Any]], money: set[int]
) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bg_color": "#E7EEF5", "border": 1, "align": "center"})
    text = book.add_format({"num_format": "@", "border": 1})
    amount = book.add_format({"num_format": "#,##0.00", "border": 1})
    for column, label in enumerate(heads):
        sheet.set_column(column, column, max(8, 2 * len(label) + 6))
    sheet.freeze_panes(2, 0)
    sheet.repeat_rows(0, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, title, bold)
    for column, label in enumerate(heads):
        sheet.write_string(1, column, label, head)
    for number, line in enumerate(lines, 2):
        for column, value in enumerate(line):
            if column in money:
                sheet.write_number(number, column, float(value), amount)
            elif isinstance(value, int):
                sheet.write_number(number, column, value, text)
            else:
                sheet.write_string(number, column, str(value), text)
