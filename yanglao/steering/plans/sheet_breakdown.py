# i18n: data (a workbook speaks Chinese in either language of the interface)
"""The table of tasks (任务分解表) as a workbook: targets down, districts across, the sums beside the whole."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from fractions import Fraction

import xlsxwriter

from yanglao.kernel.divisions.models import Division
from yanglao.steering.indicators.rules import shown
from yanglao.steering.plans.models import Breakdown, Plan, Target, Task
from yanglao.steering.plans.queries.breakdown import divisible, numbers_in
from yanglao.steering.plans.rules import parse_number

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
    last = len(FIXED) + len(districts) + 1
    sheet.merge_range(0, 0, 0, last, f"{plan.title}任务分解表", looks["title"])
    heads = [*FIXED, *(district.name for district in districts), "各地合计", "核对"]
    for column, head in enumerate(heads):
        sheet.write_string(1, column, head, looks["head"])
        sheet.set_column(column, column, WIDTHS[column] if column < len(WIDTHS) else 10)
    row = 2
    for task in tasks:
        own: list[Target | None] = [target for target in targets if target.task_id == task.pk]
        for target in own or [None]:
            _row(sheet, row, looks, task, target, districts, breakdowns)
            row += 1
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
            (shown(parse_number(target.number), 2), "number"),
            (target.unit, "text"),
            (str(target.deadline), "text"),
        ]
    cells += _parts(target, districts, breakdowns)
    for column, (value, look) in enumerate(cells):
        sheet.write(row, column, value, looks[look])  # type: ignore[attr-defined]


def _parts(
    target: Target | None, districts: Sequence[Division], breakdowns: Mapping[str, Breakdown]
) -> list[tuple[str | float, str]]:
    made = breakdowns.get(target.key) if target else None
    if made is None or target is None:
        return [("", "text")] * (len(districts) + 2)
    numbers = numbers_in(made)
    cells: list[tuple[str | float, str]] = [
        (_cell(numbers[one.code]) if one.code in numbers else "", "number") for one in districts
    ]
    if not divisible(target):
        return [*cells, ("—", "text"), ("同一标准", "text")]
    total = sum(numbers.values(), Fraction(0))
    more = total - parse_number(target.number)
    check = ("一致", "text") if not more else (f"{'多' if more > 0 else '少'}{shown(abs(more), 2)}", "wrong")
    return [*cells, (_cell(total), "number"), check]


def _cell(number: Fraction) -> float:
    return int(number) if number.denominator == 1 else round(float(number), 4)
