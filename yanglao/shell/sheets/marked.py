# i18n: data (a workbook speaks Chinese in either language of the interface)
"""The user's own workbook with every problem of every row marked in it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from .check import shown
from .declare import ImportTemplate
from .header import ERROR_COLUMN, ERROR_SHEET, Table, loose
from .problems import Finding, Translate
from .report import Group, groups
from .write_template import sheet_name

OWN_WORKBOOK_CELLS = 300_000
"""Up to this many cells the user's own file is marked, formats and other sheets kept; beyond, the roster's
values are streamed into a new workbook (the library that keeps formats holds some 50 times the file)."""
COMMENTS = 5_000
AUTHOR = "养老"
FILLS = {"error": "FFFFC7CE", "warning": "FFFFEB9C"}
SUMMARY_HEADINGS = ("问题", "原因", "怎么改", "列", "行数", "行号（前 20 行）")


@dataclass
class Marks:
    """Findings by place. Columns count from 1; ``column`` is where 错误说明 goes."""

    table: Table
    template: ImportTemplate
    findings: list[Finding]
    column: int
    translate: Translate

    def __post_init__(self) -> None:
        self.by_row: dict[int, list[Finding]] = defaultdict(list)
        for finding in self.findings:
            self.by_row[finding.row].append(finding)
        self.index = {m.column.field: m.index for m in self.table.mapped}

    def cells(self, row: int) -> dict[int, list[Finding]]:
        """Column from 1 → its findings, of one row."""
        found: dict[int, list[Finding]] = defaultdict(list)
        for finding in self.by_row.get(row, ()):
            index = self.index.get(finding.field)
            found[self.column if index is None else index + 1].append(finding)
        return found

    def explain(self, finding: Finding) -> str:
        what, why, how = finding.problem.texts(self.translate, value=finding.value)
        return "\n".join(
            f"{head}{body}" for head, body in (("", what), ("原因：", why), ("改法：", how)) if body
        )

    def line(self, row: int) -> str:
        """All that is wrong with a row, for its 错误说明."""
        return "；".join(self._sentence(f) for f in self.by_row.get(row, ()))

    def _sentence(self, finding: Finding) -> str:
        what, why, how = finding.problem.texts(self.translate, value=finding.value)
        column = self.template.column(finding.field)
        head = f"【{column.title}】" if column else ""
        return head + "，".join(part for part in (what, why) if part) + (f"。{how}" if how else "")


def write_marked(
    stream: BinaryIO,
    table: Table,
    template: ImportTemplate,
    findings: Iterable[Finding],
    translate: Translate = str,
    *,
    own_cells: int = OWN_WORKBOOK_CELLS,
) -> None:
    """Write the marked .xlsx: cells filled and commented, a column 错误说明, a sheet 错误汇总."""
    column, cells = _error_column(table)
    marks = Marks(table, template, list(findings), column, translate)
    if table.book.kind == "xlsx" and cells <= own_cells:
        _mark_own(stream, marks)
    else:
        _mark_streamed(stream, marks)


def _error_column(table: Table) -> tuple[int, int]:
    """Where the explanations go (from 1): the column of an earlier round, or the first free one; and cells."""
    width = rows = 0
    old = 0
    for number, cells in enumerate(table.sheet.rows(), 1):
        rows, width = number, max(width, len(cells))
        if number == table.header_row:
            old = next((i for i, c in enumerate(cells, 1) if loose(c) == ERROR_COLUMN), 0)
    return old or width + 1, rows * width


def _mark_own(stream: BinaryIO, marks: Marks) -> None:
    book = openpyxl.load_workbook(marks.table.book.path, rich_text=True)
    sheet = book[marks.table.sheet.name]
    _clear_earlier(sheet, marks)
    head = sheet.cell(marks.table.header_row, marks.column, ERROR_COLUMN)
    head.font = Font(bold=True, color="FF9C0006")
    sheet.column_dimensions[get_column_letter(marks.column)].width = 60
    for count, row in enumerate(sorted(marks.by_row)):
        sheet.cell(row, marks.column, marks.line(row)).alignment = Alignment(wrap_text=True, vertical="top")
        for column, found in marks.cells(row).items():
            _mark_cell(sheet.cell(row, column), found, marks, comment=count < COMMENTS)
    _own_summary(book, marks)
    book.save(stream)


def _clear_earlier(sheet: Any, marks: Marks) -> None:
    """A workbook that was marked before comes back: take our marks off, leave the user's."""
    for cells in sheet.iter_rows(min_row=marks.table.header_row + 1):
        for cell in cells:
            if cell.comment is not None and cell.comment.author == AUTHOR:
                cell.comment = None
            if cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb in FILLS.values():
                cell.fill = PatternFill()
    for row in range(marks.table.header_row + 1, sheet.max_row + 1):
        if sheet.cell(row, marks.column).value is not None:
            sheet.cell(row, marks.column).value = None


def _mark_cell(cell: Any, found: list[Finding], marks: Marks, *, comment: bool) -> None:
    worst = min(f.problem.severity for f in found)  # "error" sorts before "warning"
    cell.fill = PatternFill("solid", fgColor=FILLS[worst])
    if comment and cell.column != marks.column:
        cell.comment = Comment("\n\n".join(map(marks.explain, found)), AUTHOR, width=360, height=140)


def _own_summary(book: Any, marks: Marks) -> None:
    if ERROR_SHEET in book.sheetnames:
        del book[ERROR_SHEET]
    sheet = book.create_sheet(ERROR_SHEET, 0)
    for line in _summary_head(marks):
        sheet.append([line])
    sheet.append(SUMMARY_HEADINGS)
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    for group in groups(marks.findings, marks.template):
        sheet.append(_summary_cells(group, marks))
        first = sheet.cell(sheet.max_row, 6)
        first.hyperlink = f"#'{marks.table.sheet.name}'!{_first_cell(group, marks)}"
        first.font = Font(color="FF0563C1", underline="single")
    for index, width in enumerate((24, 44, 60, 16, 8, 40)):
        sheet.column_dimensions["ABCDEF"[index]].width = width
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False


def _summary_head(marks: Marks) -> list[str]:
    errors = sum(f.problem.severity == "error" for f in marks.findings)
    rows = len({f.row for f in marks.findings if f.problem.severity == "error"})
    return [
        f"{marks.template.label}：检查结果",
        f"{rows} 行有错误，共 {errors} 处；提醒 {len(marks.findings) - errors} 处。红色是错误，黄色是提醒。",
        f"在工作表“{marks.table.sheet.name}”里改好后直接重新上传本文件，“{ERROR_COLUMN}”列和本表不用删。",
    ]


def _summary_cells(group: Group, marks: Marks) -> list[Any]:
    what, why, how = group.problem.texts(marks.translate, value="…")
    rows = "、".join(map(str, group.rows[:20])) + ("……" if group.count > 20 else "")
    return [what, why, how, group.title or "整行", group.count, rows]


def _first_cell(group: Group, marks: Marks) -> str:
    index = marks.index.get(group.field)
    return f"{get_column_letter(marks.column if index is None else index + 1)}{group.rows[0]}"


def _mark_streamed(stream: BinaryIO, marks: Marks) -> None:
    book = xlsxwriter.Workbook(stream, {"constant_memory": True, "strings_to_urls": False})
    formats = _Formats(book)
    summary = book.add_worksheet(ERROR_SHEET)
    _streamed_summary(summary, marks, formats)
    name = marks.table.sheet.name
    sheet = book.add_worksheet("名册" if name == ERROR_SHEET else sheet_name(name))
    sheet.set_column(marks.column - 1, marks.column - 1, 60)
    for number, cells in enumerate(marks.table.sheet.rows(), 1):
        _stream_row(sheet, number, cells, marks, formats)
    book.close()


class _Formats:
    """The few formats a streamed workbook needs: value kind × colour."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.bold = book.add_format({"num_format": "@", "bold": True})
        self._made: dict[tuple[str, str], Any] = {}

    def get(self, number_format: str, colour: str = "") -> Any:
        found = self._made.get((number_format, colour))
        if found is None:
            look = {"num_format": number_format} | ({"bg_color": "#" + colour[2:]} if colour else {})
            found = self._made[number_format, colour] = self.book.add_format(look)
        return found


def _stream_row(sheet: Any, number: int, cells: list[Any], marks: Marks, formats: _Formats) -> None:
    found = marks.cells(number) if number in marks.by_row else {}
    for index, cell in enumerate(cells):
        if index + 1 == marks.column:
            continue
        worst = min((f.problem.severity for f in found[index + 1]), default="") if index + 1 in found else ""
        write_cell(sheet, number - 1, index, cell, formats, FILLS.get(worst, ""))
    if number == marks.table.header_row:
        sheet.write_string(number - 1, marks.column - 1, ERROR_COLUMN, formats.bold)
    elif found:
        sheet.write_string(number - 1, marks.column - 1, marks.line(number), formats.get("@", FILLS["error"]))


def write_cell(sheet: Any, row: int, index: int, cell: Any, formats: _Formats, colour: str = "") -> None:
    """One value as what it is; a text never becomes a formula or a number."""
    if isinstance(cell, str):
        if cell or colour:
            sheet.write_string(row, index, cell, formats.get("@", colour))
    elif isinstance(cell, bool):
        sheet.write_boolean(row, index, cell, formats.get("General", colour))
    elif isinstance(cell, (int, float)):
        sheet.write_number(row, index, cell, formats.get("General", colour))
    elif isinstance(cell, dt.datetime):
        sheet.write_datetime(row, index, cell, formats.get("yyyy-mm-dd hh:mm", colour))
    elif isinstance(cell, dt.date):
        sheet.write_datetime(row, index, cell, formats.get("yyyy-mm-dd", colour))
    elif cell is not None:
        sheet.write_string(row, index, shown(cell), formats.get("@", colour))


def _streamed_summary(sheet: Any, marks: Marks, formats: _Formats) -> None:
    for index, width in enumerate((24, 44, 60, 16, 8, 40)):
        sheet.set_column(index, index, width)
    head = _summary_head(marks)
    for row, line in enumerate(head):
        sheet.write_string(row, 0, line)
    sheet.write_row(len(head), 0, SUMMARY_HEADINGS, formats.bold)
    for row, group in enumerate(groups(marks.findings, marks.template), len(head) + 1):
        for index, value in enumerate(_summary_cells(group, marks)):
            write_cell(sheet, row, index, value, formats)
