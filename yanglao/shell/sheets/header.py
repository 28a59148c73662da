"""Find the table in a book: which sheet, which row carries the headings, which column is which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from openpyxl.utils import get_column_letter

from .book import Book, Cells, Range, Sheet
from .declare import Column, ImportTemplate
from .parsers import narrow
from .problems import FileRefused, Problem
from .problems import mark as _
from .write_template import CHOICE_SHEET, GUIDE_SHEET

SEARCHED_ROWS = 40
ERROR_COLUMN = "错误说明"  # i18n: data
ERROR_SHEET = "错误汇总"  # i18n: data
"""What a marked workbook carries; read back, both are passed over."""

NO_ROWS = Problem(
    _("工作簿是空的"), _("没有一张工作表里有内容"), _("下载模板，从表头下面一行开始填写后再上传")
)
ONLY_HEADER = Problem(
    _("表头下面没有数据"),
    _("工作表“{sheet}”找到了表头（第 {row} 行），下面没有一行内容"),
    _("从表头下面一行开始填写"),
)
WRONG_WORKBOOK = Problem(
    _("不是这个模板的工作簿"),
    _("“{template}”要有列：{missing}；在工作表“{sheet}”里没有找到。找到的列：{found}"),
    _("确认选对了导入种类和文件；列名写法不同时，把表头改成模板里的名称"),
)
MISSING_COLUMNS = Problem(
    _("缺少必需的列"),
    _("工作表“{sheet}”第 {row} 行的表头里没有：{missing}。认出的列：{found}"),
    _("把缺少的列补上，或把意思相同的列名改成模板里的名称；不要删除模板的列"),
)
MERGED_HEADER = Problem(
    _("表头单元格合并了几列"),
    _("“{title}”占了 {range} 几列，看不出内容在哪一列"),
    _("选中表头，取消合并单元格，每一列写自己的列名"),
)
DOUBLE_COLUMN = Problem(
    _("有两列同名"),
    _("“{first}”和“{second}”（第 {columns} 列）都是“{title}”"),
    _("只留一列，或改掉其中一列的名称"),
)
SEVERAL_TABLES = Problem(
    _("有几张工作表都是名册"),
    _("这些工作表都有表头和内容：{sheets}；只导入一张会漏掉其余"),
    _("合并到一张工作表，或每张另存为一个文件分次导入"),
)
HIDDEN_TABLE = Problem(
    _("名册在隐藏的工作表里"),
    _("可见的工作表里没有名册，隐藏的“{sheet}”里有"),
    _("右键工作表标签→取消隐藏，核对内容后再上传"),
)


@dataclass(frozen=True)
class Mapped:
    """One heading and what it was taken for. ``index`` counts columns from 0."""

    index: int
    heading: str
    column: Column


@dataclass
class Table:
    """The table found. ``header_row`` counts from 1; ``unused`` are headings nothing was done with."""

    book: Book
    sheet: Sheet
    header_row: int
    mapped: list[Mapped]
    unused: list[str] = field(default_factory=list)

    @property
    def present(self) -> frozenset[str]:
        return frozenset(m.column.field for m in self.mapped)

    def index(self, name: str) -> int | None:
        return next((m.index for m in self.mapped if m.column.field == name), None)

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Row number as Excel shows it, and the cells from column A."""
        return islice(enumerate(self.sheet.rows(), 1), self.header_row, None)


def loose(heading: object) -> str:
    """A heading without what people decorate it with: blanks, asterisks, colons, quotes."""
    return re.sub(r"[\s*:、.。_\-—/\\“”\"'?]", "", narrow(str(heading))).casefold()


def bare(heading: object) -> str:
    """A loosened heading without remarks in brackets: 出生日期（必填） → 出生日期."""
    plain = loose(heading)
    return re.sub(r"\(.*?\)|\[.*?\]|【.*?】", "", plain) or plain


OUR_SHEETS = frozenset({ERROR_SHEET, GUIDE_SHEET, CHOICE_SHEET})
"""Sheets we wrote into the user's workbook ourselves: never the roster."""


def find_table(book: Book, template: ImportTemplate) -> Table:
    """Find the template's table; raises FileRefused saying what is missing where."""
    sheets = [sheet for sheet in book.sheets if sheet.name not in OUR_SHEETS]
    found = [table for sheet in sheets if (table := _best(book, sheet, template))]
    if not found:
        raise FileRefused(NO_ROWS)
    whole = [table for table in found if not _missing(table, template)]
    if not whole:
        _refuse(max(found, key=lambda t: len(t.mapped)), template)
    filled = [table for table in whole if _has_rows(table)]
    if not filled:
        table = whole[0]
        raise FileRefused(ONLY_HEADER.with_params(sheet=table.sheet.name, row=table.header_row))
    chosen = _only(filled)
    for table in found:
        if table is not chosen:
            table.sheet.release()
    return chosen


def _only(filled: list[Table]) -> Table:
    visible = [table for table in filled if not table.sheet.hidden]
    if not visible:
        raise FileRefused(HIDDEN_TABLE.with_params(sheet=filled[0].sheet.name))
    if len(visible) > 1:
        raise FileRefused(SEVERAL_TABLES.with_params(sheets="、".join(t.sheet.name for t in visible)))
    return visible[0]


def _refuse(table: Table, template: ImportTemplate) -> None:
    problem = MISSING_COLUMNS if len(table.mapped) * 2 >= len(_missing(table, template)) else WRONG_WORKBOOK
    found = [m.heading for m in table.mapped] if problem is MISSING_COLUMNS else table.unused
    raise FileRefused(
        problem.with_params(
            template=template.label,
            sheet=table.sheet.name,
            row=table.header_row,
            missing="、".join(_missing(table, template)),
            found="、".join(found[:20]) or "—",
        )
    )


def _missing(table: Table, template: ImportTemplate) -> list[str]:
    return [c.title for c in template.columns if c.required and c.field not in table.present]


def _has_rows(table: Table) -> bool:
    return any(any(not blank(cells, m.index) for m in table.mapped) for _number, cells in table.rows())


def blank(cells: Cells, index: int) -> bool:
    return index >= len(cells) or cells[index] is None or not str(cells[index]).strip()


def _best(book: Book, sheet: Sheet, template: ImportTemplate) -> Table | None:
    """The row of the sheet that reads most like the template's headings; None when the sheet is empty."""
    names = _names(template)
    head = list(islice(sheet.rows(), SEARCHED_ROWS))
    if not any(str(cell).strip() for cells in head for cell in cells):
        return None
    covers = _vertical(sheet.merged)
    tables = [_read_header(book, sheet, row, head, names, covers) for row in range(len(head))]
    best = max(tables, key=lambda t: (len(t.mapped), len(t.unused), -t.header_row))
    _check_header(best, head)
    if not best.mapped:
        sheet.release()
    return best


def _names(template: ImportTemplate) -> dict[str, Column]:
    """Every spelling of a heading that is known. Titles win over synonyms, whole spellings over bare ones."""
    spelled = [(name, c) for c in template.columns for name in c.synonyms]
    spelled += [(c.title, c) for c in template.columns]
    names = {bare(name): c for name, c in spelled}
    # 电话（本人） and 电话（家属） are both bare 电话: then only the whole spelling tells them apart
    shared = {bare(n) for n, c in spelled for m, d in spelled if d is not c and bare(n) == bare(m)}
    return {n: c for n, c in names.items() if n not in shared} | {loose(name): c for name, c in spelled}


def _vertical(merged: list[Range]) -> dict[tuple[int, int], int]:
    """Cells of the lower rows of a merged heading → the row where its text stands."""
    return {
        (row, first[1]): first[0]
        for first, last in merged
        if last[0] > first[0] and first[1] == last[1] and first[0] < SEARCHED_ROWS
        for row in range(first[0] + 1, min(last[0], SEARCHED_ROWS) + 1)
    }


def _read_header(
    book: Book,
    sheet: Sheet,
    row: int,
    head: list[Cells],
    names: dict[str, Column],
    covers: dict[tuple[int, int], int],
) -> Table:
    table = Table(book, sheet, row + 1, [])
    for index, cell in enumerate(head[row]):
        above = covers.get((row, index))
        heading = " ".join(str(cell if above is None else head[above][index]).split())
        if not heading or loose(heading) == ERROR_COLUMN:
            continue
        if column := names.get(loose(heading)) or names.get(bare(heading)):
            table.mapped.append(Mapped(index, heading, column))
        else:
            table.unused.append(heading)
    return table


def _check_header(table: Table, head: list[Cells]) -> None:
    """A heading over several columns, or two columns of one name, would be a guess about people's data."""
    row = table.header_row - 1
    by_index = {m.index: m for m in table.mapped}
    for start, end in table.sheet.merged:
        if start[0] <= row <= end[0] and end[1] > start[1] and start[1] in by_index:
            title = by_index[start[1]].heading
            raise FileRefused(MERGED_HEADER.with_params(title=title, range=_a1(start, end)))
    seen: dict[str, Mapped] = {}
    for mapped in table.mapped:
        first = seen.setdefault(mapped.column.field, mapped)
        if first is not mapped:
            raise FileRefused(_double(first, mapped))


def _double(first: Mapped, second: Mapped) -> Problem:
    return DOUBLE_COLUMN.with_params(
        first=first.heading,
        second=second.heading,
        title=first.column.title,
        columns=f"{_letter(first.index)}、{_letter(second.index)}",
    )


def _letter(index: int) -> str:
    return str(get_column_letter(index + 1))


def _a1(first: tuple[int, int], last: tuple[int, int]) -> str:
    return f"{_letter(first[1])}{first[0] + 1}:{_letter(last[1])}{last[0] + 1}"
