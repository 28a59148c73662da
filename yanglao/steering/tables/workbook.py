"""A table as a workbook, in the form such tables are handed in: head, rows, checks, signatures; places beside."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from yanglao.kernel.divisions.models import Division
from yanglao.shell.sheets.write_template import sheet_name
from yanglao.steering.indicators.rules import shown
from yanglao.steering.tables.queries import View
from yanglao.steering.tables.rules import Figure
from yanglao.steering.tables.schema import Item

Aside = Sequence[tuple[Division, Sequence[Figure]]]


def written(view: View, place: Division, aside: Aside) -> bytes:
    """The workbook: the place's own table, and the places below side by side when there are any."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_urls": False}) as book:
        looks = _Looks(book)
        _own(book, looks, view, place)
        if len(aside) > 1:
            _beside(book, looks, view, aside)
    return stream.getvalue()


class _Looks:
    """The formats of the workbook."""

    def __init__(self, book: Any) -> None:
        line = {"border": 1, "valign": "vcenter"}
        self.title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        self.plain = book.add_format({})
        self.head = book.add_format(
            {**line, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#DCE6F1"}
        )
        self.text = book.add_format({**line, "text_wrap": True})
        self.middle = book.add_format({**line, "align": "center"})
        self.open = book.add_format({**line, "bg_color": "#FFF2CC"})
        self._book, self._line, self._numbers = book, line, dict[tuple[int, bool], Any]()

    def number(self, digits: int, *, signed: bool = False) -> Any:
        if (digits, signed) not in self._numbers:
            form = "#,##0" + ("." + "0" * digits if digits else "")
            shown = f"+{form};-{form};0" if signed else form
            self._numbers[digits, signed] = self._book.add_format({**self._line, "num_format": shown})
        return self._numbers[digits, signed]


def _paper(sheet: Any, rows: int, columns: int, *, landscape: bool) -> None:
    sheet.set_paper(9)  # A4
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)
    sheet.print_area(0, 0, rows, columns)
    sheet.set_footer("&C&P / &N")


def _headed(sheet: Any, looks: _Looks, view: View, place: str, heads: Sequence[str]) -> None:
    sheet.merge_range(0, 0, 0, len(heads) - 1, str(view.table), looks.title)
    sheet.set_row(0, 30)
    sheet.write_string(1, 0, _("填报单位：%(place)s") % {"place": place}, looks.plain)
    sheet.write_string(2, 0, _("统计日：%(day)s") % {"day": f"{view.on:%Y-%m-%d}"}, looks.plain)
    if not view.closed:
        sheet.write_string(2, min(3, len(heads) - 1), _("草表，尚未定稿"), looks.plain)
    for column, head in enumerate(heads):
        sheet.write_string(3, column, head, looks.head)
    sheet.freeze_panes(4, 2)


def _own(book: Any, looks: _Looks, view: View, place: Division) -> None:
    sheet = book.add_worksheet(sheet_name(place.name))
    heads = [_("行次"), _("项目"), _("计量单位"), _("本期"), _("上期"), _("增减"), _("来源"), _("备注")]
    _headed(sheet, looks, view, place.name, heads)
    for column, width in enumerate((7, 38, 10, 14, 14, 12, 12, 30)):
        sheet.set_column(column, column, width)
    row = 4
    for line in view.lines:
        sheet.write_string(row, 0, line.item.code, looks.middle)
        sheet.write_string(row, 1, _indented(line.item), looks.text)
        sheet.write_string(row, 2, line.item.unit, looks.middle)
        _figure(sheet, looks, row, 3, line.item, line.figure)
        _amount(sheet, looks.number(line.item.digits), row, 4, line.before)
        _amount(sheet, looks.number(line.item.digits, signed=True), row, 5, line.change)
        sheet.write_string(row, 6, source(line.figure.how), looks.middle)
        sheet.write_string(row, 7, line.item.note, looks.text)
        row += 1
    row = _remarks(sheet, looks, view, row)
    words = _("单位负责人：　　　　　　统计负责人：　　　　　　填表人：%(name)s　　　　　　报出日期：%(day)s")
    closed = view.sheet.closed_at if view.sheet and view.sheet.closed_at else None
    said = {"name": view.sheet.filled_by if view.sheet else "", "day": f"{closed:%Y-%m-%d}" if closed else ""}
    sheet.write_string(row + 1, 0, words % said, looks.plain)
    _paper(sheet, row + 1, len(heads) - 1, landscape=True)


def _remarks(sheet: Any, looks: _Looks, view: View, row: int) -> int:
    notes = [view.table.words] if view.table.words else []
    notes += [
        _("审核关系不成立：%(check)s（%(left)s 对 %(right)s）")
        % {"check": each.check, "left": shown(each.left, 2), "right": shown(each.right, 2)}
        for each in view.broken
    ]
    if view.sheet and view.sheet.remark:
        notes.append(_("说明：%(text)s") % {"text": view.sheet.remark})
    for text in notes:
        row += 1
        sheet.write_string(row, 0, text, looks.plain)
    return row + 1


def _beside(book: Any, looks: _Looks, view: View, aside: Aside) -> None:
    sheet = book.add_worksheet(sheet_name(_("分地区")))
    heads = [_("行次"), _("项目"), _("计量单位"), *(division.name for division, _figures in aside)]
    _headed(sheet, looks, view, aside[0][0].name, heads)
    sheet.set_column(0, 0, 7)
    sheet.set_column(1, 1, 34)
    sheet.set_column(2, 2, 10)
    sheet.set_column(3, len(heads) - 1, 12)
    sheet.freeze_panes(4, 3)
    for number, item in enumerate(view.table.items):
        row = number + 4
        sheet.write_string(row, 0, item.code, looks.middle)
        sheet.write_string(row, 1, _indented(item), looks.text)
        sheet.write_string(row, 2, item.unit, looks.middle)
        for column, (_division, figures) in enumerate(aside, start=3):
            _figure(sheet, looks, row, column, item, figures[number])
    _paper(sheet, len(view.table.items) + 4, len(heads) - 1, landscape=True)


def _figure(sheet: Any, looks: _Looks, row: int, column: int, item: Item, figure: Figure) -> None:
    if figure.number is None:
        sheet.write_blank(row, column, None, looks.open)
    else:
        _amount(sheet, looks.number(item.digits), row, column, figure.number)


def _amount(sheet: Any, look: Any, row: int, column: int, number: Any) -> None:
    if number is None:
        sheet.write_blank(row, column, None, look)
    else:
        sheet.write_number(row, column, float(number), look)


def _indented(item: Item) -> str:
    return f"{'　' * item.depth}{_('其中：') if item.depth and item.code.endswith('.1') else ''}{item}"


def source(how: str) -> str:
    """How a figure came about, in words."""
    words = {"counted": _("登记簿"), "typed": _("填报"), "share": _("行间计算"), "open": _("待填")}
    return words[how]
