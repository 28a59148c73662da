# i18n: data (a workbook speaks Chinese in either language of the interface)
"""The table of tasks (任务分解表) as a workbook: targets down, districts across, the sums beside the whole."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from fractions import Fraction

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from yanglao.kernel.divisions.models import Division
from yanglao.steering.indicators.rules import shown
from yanglao.steering.plans.models import Breakdown, Plan, Target, Task
from yanglao.steering.plans.queries.breakdown import divisible, numbers_in
from yanglao.steering.plans.rules import parse_number

SUM, WHY, KEY = "各地合计", "多下达的原因", "代号"
FIXED = ("序号", "任务", "责任部门", "目标", "目标值", "单位", "完成时限")
WIDTHS = (6, 26, 22, 30, 10, 8, 12)


def write_breakdown(
    plan: Plan,
    tasks: Sequence[Task],
    targets: Sequence[Target],
    districts: Sequence[Division],
    breakdowns: Mapping[str, Breakdown],
) -> bytes:
    """The workbook: title, headings, a row per target; landscape, headings on every printed page."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_urls": False})
    sheet = book.add_worksheet("任务分解表")
    looks = _looks(book)
    last = len(FIXED) + len(districts) + 3
    sheet.merge_range(0, 0, 0, last, f"{plan.title}任务分解表", looks["title"])
    heads = [*FIXED, *(district.name for district in districts), SUM, "核对", WHY, KEY]
    for column, head in enumerate(heads):
        sheet.write_string(1, column, head, looks["head"])
        sheet.set_column(column, column, WIDTHS[column] if column < len(WIDTHS) else 10)
    row = 2
    for task in tasks:
        own: list[Target | None] = [target for target in targets if target.task_id == task.pk]
        for target in own or [None]:
            _row(sheet, row, looks, task, target, districts, breakdowns)
            row += 1
    sheet.write_string(
        row, 0, "填好各地的数后从“目标分解到区县”页上传；没有任务的填 0，不要改动“代号”列。", looks["note"]
    )
    sheet.freeze_panes(2, 4)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    book.close()
    return stream.getvalue()


def _looks(book: xlsxwriter.Workbook) -> dict[str, object]:
    edge = {"border": 1, "valign": "vcenter", "text_wrap": True}
    return {
        "title": book.add_format({"bold": True, "font_size": 16, "align": "center"}),
        "head": book.add_format({**edge, "bold": True, "align": "center", "bg_color": "#DCE6F1"}),
        "text": book.add_format(edge),
        "number": book.add_format({**edge, "align": "right"}),
        "wrong": book.add_format({**edge, "font_color": "#C92A2A"}),
        "dim": book.add_format({**edge, "font_color": "#6B7A7C"}),
        "note": book.add_format({"font_color": "#6B7A7C"}),
    }


def _row(
    sheet: object,
    row: int,
    looks: dict[str, object],
    task: Task,
    target: Target | None,
    districts: Sequence[Division],
    breakdowns: Mapping[str, Breakdown],
) -> None:
    cells: list[tuple[str | float, str]] = [
        (task.item, "number"),
        (task.title, "text"),
        ("、".join(task.departments), "text"),
    ]
    if target is None:
        cells += [("未定量化目标", "text"), ("", "text"), ("", "text"), (str(task.deadline), "text")]
    else:
        cells += [
            (target.name, "text"),
            (_cell(parse_number(target.number)), "number"),
            (target.unit, "text"),
            (str(target.deadline), "text"),
        ]
    cells += _parts(target, districts, breakdowns)
    for column, (value, look) in enumerate(cells):
        sheet.write(row, column, value, looks[look])  # type: ignore[attr-defined]
    if target is not None and divisible(target):
        _live(sheet, row, len(districts), cells, looks)


def _live(
    sheet: object, row: int, width: int, cells: list[tuple[str | float, str]], looks: dict[str, object]
) -> None:
    """The sum and its check as formulas, so that they follow what is typed."""
    first, last = (xl_rowcol_to_cell(row, len(FIXED) + n) for n in (0, width - 1))
    goal, total = xl_rowcol_to_cell(row, FIXED.index("目标值")), xl_rowcol_to_cell(row, len(FIXED) + width)
    (value, look), (check, shade) = cells[len(FIXED) + width], cells[len(FIXED) + width + 1]
    summed = f'=IF(COUNT({first}:{last})=0,"",SUM({first}:{last}))'
    words = f'=IF({total}="","",IF({total}={goal},"一致",IF({total}>{goal},"多"&({total}-{goal}),"少"&({goal}-{total}))))'
    sheet.write_formula(row, len(FIXED) + width, summed, looks[look], value)  # type: ignore[attr-defined]
    sheet.write_formula(row, len(FIXED) + width + 1, words, looks[shade], check)  # type: ignore[attr-defined]


def _parts(
    target: Target | None, districts: Sequence[Division], breakdowns: Mapping[str, Breakdown]
) -> list[tuple[str | float, str]]:
    if target is None:
        return [("", "text")] * (len(districts) + 4)
    made = breakdowns.get(target.key)
    numbers = numbers_in(made) if made else {}
    cells: list[tuple[str | float, str]] = [
        (_cell(numbers[one.code]) if one.code in numbers else "", "number") for one in districts
    ]
    rest: list[tuple[str | float, str]] = [(made.note if made else "", "text"), (target.key, "dim")]
    if not divisible(target):
        return [*cells, ("—", "text"), ("同一标准", "text"), *rest]
    if made is None:
        return [*cells, ("", "number"), ("", "text"), *rest]
    total = sum(numbers.values(), Fraction(0))
    more = total - parse_number(target.number)
    check = ("一致", "text") if not more else (f"{'多' if more > 0 else '少'}{shown(abs(more), 2)}", "wrong")
    return [*cells, (_cell(total), "number"), check, *rest]


def _cell(number: Fraction) -> float:
    return int(number) if number.denominator == 1 else round(float(number), 4)
