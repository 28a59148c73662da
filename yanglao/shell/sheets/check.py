"""Read a table row by row: cells to values, and everything that is wrong on the way."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .book import Cells
from .dates import DateParser
from .declare import CheckContext, Column, ImportTemplate, Row
from .header import Table, blank
from .limits import TOO_MANY_ROWS
from .parsers import EXACT_DIGITS, Parser
from .problems import FileRefused, Finding, Noted, Problem
from .problems import mark as _

BATCH = 2_000
CACHED = 20_000
"""Distinct cells of a column remembered at a time: most columns of a roster repeat themselves."""

REQUIRED = Problem(_("必填项是空的"), _("“{title}”每一行都要填写"), _("补填；没有这项内容的行请删除"))
REPEATED = Problem(
    _("文件内重复"),
    _("与第 {other} 行的“{title}”相同"),
    _("同一个人（或同一件事）只留一行，核对后删去另一行"),
)
MERGED_CELL = Problem(
    _("单元格合并了几行"),
    _("合并后只有第一行有内容，这一行读出来是空的"),
    _("取消合并单元格，每一行都填写完整"),
)
FOOTER = re.compile(
    r"(合计|总计|小计)|(填表|制表|填报|审核|负责|经办|联系)(人|单位|日期)?[:：]|(注|备注|说明)[:：]"
)
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def normalise(cell: Any) -> Any:
    """A cell as parsers get it: trimmed text, whole numbers as ``int``, nothing as ``None``."""
    if isinstance(cell, str):
        plain = cell.strip(" \t\r\n\u3000\xa0")
        return (plain.translate(INVISIBLE).strip() if not plain.isascii() else plain) or None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT_DIGITS:
        return int(cell)
    return cell


def shown(cell: Any) -> str:
    """A cell as a message quotes it."""
    plain = normalise(cell)
    if isinstance(plain, dt.datetime) and plain.time() == dt.time():
        plain = plain.date()
    return "" if plain is None else str(plain)[:80]


@dataclass
class Reader:
    """Reads the rows of one table once. After the last batch the counts and findings are complete.

    ``skipped`` are rows passed over because they are no data (合计, 填表人 …): row number and first text.
    """

    table: Table
    template: ImportTemplate
    context: CheckContext
    findings: list[Finding] = field(default_factory=list)
    rows: int = 0
    skipped: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        date1904 = self.table.book.date1904
        self._columns = [ColumnReader(c, self.table.index(c.field), date1904) for c in self.template.columns]
        self._required = [m for m in self.table.mapped if m.column.required]
        self._distrusted = {**_merged_cells(self.table), **self.table.sheet.bad}
        self._seen: dict[tuple[str, ...], dict[Any, int]] = {key: {} for key in self.template.unique_keys()}

    def batches(self, size: int = BATCH) -> Iterator[list[Row]]:
        """Parsed rows, ``size`` at a time, rows with problems included (their bad cells are None)."""
        batch: list[Row] = []
        for number, cells in self.table.rows():
            row = self._row(number, cells)
            if row is None:
                continue
            batch.append(row)
            if len(batch) == size:
                yield batch
                batch = []
        if batch:
            yield batch

    def check(self, batch: Sequence[Row]) -> None:
        """The template's own look at a batch, against the database."""
        if self.template.check_rows:
            self.findings.extend(self.template.check_rows(batch, self.context))

    def bad_rows(self) -> set[int]:
        return {f.row for f in self.findings if f.problem.severity == "error"}

    def warned_rows(self) -> set[int]:
        return {f.row for f in self.findings if f.problem.severity == "warning"} - self.bad_rows()

    def _row(self, number: int, cells: Cells) -> Row | None:
        if all(blank(cells, m.index) for m in self.table.mapped):
            return None
        if footer := self._footer(cells):
            self.skipped.append((number, footer))
            return None
        self.rows += 1
        if self.rows > self.template.max_rows:
            raise FileRefused(TOO_MANY_ROWS.with_params(limit=self.template.max_rows))
        row = self.template.row_type(self._values(number, cells))
        for check in self.template.row_checks:
            self.findings.extend(check(row))
        self._check_repeats(row)
        return row

    def _footer(self, cells: Cells) -> str:
        """The text of a line below the table that is no data; a row with its required cells is data."""
        first = next((text for c in cells if (text := str(c).strip())), "")
        found = FOOTER.match("".join(first.split()))
        if found and found[1] and not any(blank(cells, m.index) for m in self._required):
            return ""
        return first if found else ""

    def _values(self, number: int, cells: Cells) -> list[Any]:
        """Row number and values; this runs for every cell of the file, so it calls as little as it can."""
        values: list[Any] = [number]
        width = len(cells)
        for column in self._columns:
            index = column.index
            if index is None:
                values.append(None)
                continue
            cell = cells[index] if index < width else None
            value, problem = column.read(cell)
            if self._distrusted and (bad := self._distrusted.get((number, index + 1))):
                value, problem = None, bad
            if problem is not None:
                self.findings.append(Finding(number, column.column.field, problem, shown(cell)))
            values.append(value)
        return values

    def _check_repeats(self, row: Row) -> None:
        for key, seen in self._seen.items():
            values = tuple(getattr(row, name) for name in key)
            if None in values:
                continue
            other = seen.setdefault(values, row.row_number)
            if other != row.row_number:
                title = "、".join(c.title for c in self.template.columns if c.field in key)
                self.findings.append(
                    Finding(row.row_number, key[0], REPEATED.with_params(other=other, title=title))
                )


Read = tuple[Any, Problem | None]


class ColumnReader:
    """Parses the cells of one column and remembers what it has parsed."""

    def __init__(self, column: Column, index: int | None, date1904: bool) -> None:
        self.column = column
        self.index = index
        parser = column.parser()
        self.parse: Parser = parser.for_book(date1904=date1904) if isinstance(parser, DateParser) else parser
        self._known: dict[Any, Read] = {}
        self._empty: Read = (None, REQUIRED.with_params(title=column.title) if column.required else None)

    def read(self, cell: Any) -> Read:
        if cell.__class__ is bool:  # True and 1.0 are one key of a dictionary
            return self._read(cell)
        known = self._known.get(cell)
        if known is None:
            known = self._read(cell)
            if len(self._known) >= CACHED:
                self._known.clear()
            self._known[cell] = known
        return known

    def _read(self, cell: Any) -> Read:
        value = normalise(cell)
        if value is None:
            return self._empty
        result = self.parse(value)
        if isinstance(result, Problem):
            return (None, result)
        return (result.value, result.problem) if isinstance(result, Noted) else (result, None)


def _merged_cells(table: Table) -> dict[tuple[int, int], Problem]:
    """The empty rest of merged cells below the header, (row, column) from 1."""
    columns = {m.index for m in table.mapped}
    return {
        (row + 1, column + 1): MERGED_CELL
        for first, last in table.sheet.merged
        if first[0] >= table.header_row and last[0] > first[0]
        for row in range(first[0] + 1, last[0] + 1)
        for column in range(first[1], last[1] + 1)
        if column in columns
    }


def read_all(
    table: Table,
    template: ImportTemplate,
    context: CheckContext,
    progress: Callable[[int], None] = lambda done: None,
) -> Reader:
    """The dry run: read and check every row, keep none."""
    reader = Reader(table, template, context)
    for batch in reader.batches():
        reader.check(batch)
        progress(reader.rows)
    return reader


def only_good(batches: Iterable[Sequence[Row]], bad: set[int]) -> Iterator[list[Row]]:
    """The rows without errors."""
    for batch in batches:
        if good := [row for row in batch if row.row_number not in bad]:
            yield good
