# i18n: data (a workbook speaks Chinese in either language of the interface)
"""Write the workbook a user fills in: headings with notes, drop-downs, an instruction sheet."""

from __future__ import annotations

import re
from typing import Any, BinaryIO

import xlsxwriter

from .dates import DateParser
from .declare import Column, ImportTemplate
from .parsers import NumberParser

PREPARED_ROWS = 5_000
INLINE_CHOICES = 200
"""Longer lists stand in a hidden sheet: Excel takes 255 characters in the cell's own rule."""
CHOICE_SHEET = "选项"
GUIDE_SHEET = "填写说明"
INK, REQUIRED_FILL, OPTIONAL_FILL = "#FFFFFF", "#1F5FA8", "#5B6B7F"


def sheet_name(label: str) -> str:
    """A label as Excel allows it to be a sheet's name."""
    return re.sub(r"[\[\]:*?/\\']", " ", label)[:31].strip() or "Sheet"


def write_template(stream: BinaryIO, template: ImportTemplate) -> None:
    """Write the empty .xlsx of a template to ``stream``."""
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"title": str(template.label), "comments": template.name})
    sheet = book.add_worksheet(sheet_name(str(template.label)))
    lists = _ChoiceLists(book)
    for index, column in enumerate(template.columns):
        _write_column(book, sheet, index, column)
        lists.add(sheet, index, column)
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 26)
    _write_guide(book, template)
    lists.write()
    book.close()


def _write_column(book: Any, sheet: Any, index: int, column: Column) -> None:
    width = column.width or max(12, min(40, 2 * len(column.title) + 6, 60))
    sheet.set_column(index, index, width, book.add_format({"num_format": _number_format(column)}))
    sheet.write_string(0, index, column.title, book.add_format(_heading(column)))
    sheet.write_comment(0, index, note(column), {"x_scale": 2, "y_scale": 1.4, "author": ""})


def _heading(column: Column) -> dict[str, Any]:
    fill = REQUIRED_FILL if column.required else OPTIONAL_FILL
    return {
        "bold": True,
        "font_color": INK,
        "bg_color": fill,
        "align": "center",
        "valign": "vcenter",
        "border": 1,
        "num_format": "@",
    }


def _number_format(column: Column) -> str:
    """Text unless the column is a date or a number: an id in a number cell loses its last digits."""
    if isinstance(column.parse, DateParser):
        return "yyyy-mm-dd"
    return column.parse.number_format if isinstance(column.parse, NumberParser) else "@"


def note(column: Column) -> str:
    """What the note on the heading says."""
    parts = ["必填" if column.required else "选填", str(column.note)]
    if labels := column.labels():
        parts.append("从下拉列表中选择" if len(labels) > 12 else "可填：" + "、".join(labels))
    if column.example:
        parts.append(f"例：{column.example}")
    return "\n".join(part for part in parts if part)


class _ChoiceLists:
    """Drop-downs; long lists are collected for the hidden sheet, which is written last."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.long: list[tuple[str, list[str]]] = []

    def add(self, sheet: Any, index: int, column: Column) -> None:
        labels = column.labels()
        if not labels:
            return
        rule = {
            "validate": "list",
            "source": self._source(column, labels),
            "error_title": column.title,
            "error_message": "请从下拉列表中选择",
            "error_type": "warning",  # a pasted or almost right text is the importer's business
        }
        sheet.data_validation(1, index, PREPARED_ROWS, index, rule)

    def _source(self, column: Column, labels: list[str]) -> str | list[str]:
        if sum(len(label) + 1 for label in labels) <= INLINE_CHOICES and not any("," in x for x in labels):
            return labels
        self.long.append((column.title, labels))
        letter = xlsxwriter.utility.xl_col_to_name(len(self.long) - 1)
        return f"={CHOICE_SHEET}!${letter}$2:${letter}${len(labels) + 1}"

    def write(self) -> None:
        if not self.long:
            return
        sheet = self.book.add_worksheet(CHOICE_SHEET)
        for index, (title, labels) in enumerate(self.long):
            sheet.write_column(0, index, [title, *labels])
        sheet.hide()


def _write_guide(book: Any, template: ImportTemplate) -> None:
    sheet = book.add_worksheet(GUIDE_SHEET)
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 22, wrap)
    sheet.set_column(1, 1, 8, wrap)
    sheet.set_column(2, 4, 44, wrap)
    sheet.write(0, 0, f"{template.label}：填写说明", book.add_format({"bold": True, "font_size": 14}))
    lines = [*map(str, template.instructions), *GENERAL]
    for row, line in enumerate(lines, 1):
        sheet.write_string(row, 0, f"{row}. {line}", book.add_format({"valign": "top"}))
    top = len(lines) + 2
    sheet.write_row(top, 0, ["列", "必填", "要求", "可填", "例"], bold)
    for row, column in enumerate(template.columns, top + 1):
        labels = column.labels()
        choices = "、".join(labels[:20]) + ("……（见下拉列表）" if len(labels) > 20 else "")
        cells = [column.title, "是" if column.required else "", str(column.note), choices, column.example]
        for index, text in enumerate(cells):
            sheet.write_string(row, index, text, wrap)


GENERAL = (
    "从第 2 行开始填写，一行一条；深蓝色表头的列必填，灰色表头的列选填。",
    "表头的名称不要改；列的先后可以换，选填的列可以删，不需要的行留空即可。",
    "号码类的列已设为文本格式，粘贴时用“选择性粘贴→数值”，以免号码的末几位丢失。",
    "上传后先检查、不入库；有错误时会得到一份标好错误的工作簿，改好后重新上传。",
)
