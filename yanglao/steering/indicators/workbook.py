# i18n: data (a workbook speaks Chinese in either language of the interface)
"""One indicator as a workbook: what it means, its places, their months, and a sheet for each way to tell it apart."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import xlsxwriter

from yanglao.kernel.divisions.models import Division
from yanglao.steering.indicators.courses import Mark
from yanglao.steering.indicators.models import Indicator

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def write(
    indicator: Indicator,
    place: Division,
    below: Sequence[Division],
    found: Mapping[int, list[Mark]],
    apart: Sequence[dict[str, Any]],
) -> bytes:
    """The workbook; numbers are numbers, headings repeat on every printed page."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_urls": False})
    looks = {
        "head": book.add_format(
            {"bold": True, "border": 1, "bg_color": "#DCE6F1", "align": "center", "text_wrap": True}
        ),
        "text": book.add_format({"border": 1, "text_wrap": True, "valign": "top"}),
        "number": book.add_format(
            {"border": 1, "num_format": "#,##0" + ("." + "0" * indicator.digits if indicator.digits else "")}
        ),
    }
    places = [place, *below]
    _table(book, "口径", ["项目", "内容"], _meaning(indicator, place), looks, (18, 70))
    _table(book, "各地", _heads(indicator), [_place(indicator, one, found) for one in places], looks)
    months = sorted({mark.month for marks in found.values() for mark in marks})
    course = [[one.name, *_months(indicator, found.get(one.code, []), months)] for one in places]
    _table(book, "逐月", ["区划", *(f"{month:%Y-%m}" for month in months)], course, looks)
    for table in apart:
        rows = [
            [row["division"].name, *(_number(c["number"]) for c in row["cells"])] for row in table["rows"]
        ]
        _table(book, f"按{table['label']}"[:31], ["区划", *table["heads"]], rows, looks)
    book.close()
    return stream.getvalue()


def _meaning(indicator: Indicator, place: Division) -> list[list[Any]]:
    return [
        ["指标", indicator.name],
        ["口径", indicator.words],
        ["计量单位", indicator.unit],
        ["来源", "自报" if indicator.reported else "登记簿计算"],
        ["出处", indicator.source],
        ["版本", indicator.version],
        ["区划", place.name],
    ]


def _heads(indicator: Indicator) -> list[str]:
    parts = (
        [indicator.numerator_name, indicator.denominator_name] if indicator.of_kind.has_denominator else []
    )
    return ["区划代码", "区划", f"{indicator.name}（{indicator.unit}）", *parts, "统计日"]


def _place(indicator: Indicator, one: Division, found: Mapping[int, list[Mark]]) -> list[Any]:
    marks = found.get(one.code)
    width = len(_heads(indicator))
    if not marks:
        return [str(one.code), one.name, *[""] * (width - 2)]
    last = marks[-1]
    parts = [float(last.numerator), float(last.denominator or 0)] if indicator.of_kind.has_denominator else []
    return [str(one.code), one.name, last.number(indicator.of_kind), *parts, f"{last.as_of:%Y-%m-%d}"]


def _months(indicator: Indicator, marks: Sequence[Mark], months: Sequence[date]) -> list[Any]:
    known = {mark.month: mark.number(indicator.of_kind) for mark in marks}
    return [known.get(month) for month in months]


def _number(value: Fraction | None) -> Any:
    return None if value is None else float(value)


def _table(
    book: Any,
    name: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[Any]],
    looks: Mapping[str, Any],
    widths: Sequence[int] = (),
) -> None:
    sheet = book.add_worksheet(name)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, looks["head"])
        sheet.set_column(column, column, widths[column] if column < len(widths) else max(12, 2 * len(head)))
    for index, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if value is None or value == "":
                sheet.write_blank(index, column, None, looks["text"])
            else:
                sheet.write(
                    index, column, value, looks["number" if isinstance(value, (int, float)) else "text"]
                )
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
