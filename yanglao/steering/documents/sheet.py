"""The rows as a workbook in the form of a breakdown of tasks (任务分解表)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from yanglao.steering.documents.models import Document, Proposal
from yanglao.steering.documents.words import DOUBTS

WIDTHS = (6, 18, 26, 40, 14, 12, 18, 22, 14, 12, 40, 24)


def headings() -> tuple[str, ...]:
    return (
        _("序号"), _("板块"), _("重点任务"), _("目标"), _("目标值"), _("计量单位"), _("牵头单位"), _("责任单位"), _("完成时限"),
        _("状态"), _("原文"), _("存疑"),
    )  # fmt: skip


def lines(document: Document, rows: Sequence[Proposal]) -> list[tuple[Any, ...]]:
    """One line per target, and one for a task that has none; dropped rows are left out."""
    kept = [row for row in rows if row.state in (Proposal.State.OPEN, Proposal.State.CONFIRMED)]
    tasks = [row for row in kept if row.sort == Proposal.Sort.TASK]
    numbers = {task.pk: number for number, task in enumerate(tasks, start=1)}
    found = []
    for row in kept:
        if row.sort == Proposal.Sort.TASK:
            if not any(other.task_id == row.pk for other in kept):
                found.append(_line(document, row, row, numbers))
        else:
            task = next((t for t in tasks if t.pk == row.task_id), None)
            found.append(_line(document, row, task, numbers))
    return found


def _line(
    document: Document, row: Proposal, task: Proposal | None, numbers: dict[int, int]
) -> tuple[Any, ...]:
    who = row.departments or (task.departments if task else [])
    is_task = row.sort == Proposal.Sort.TASK
    sentence = " ".join(document.text[row.sentence_start : row.sentence_end].split())
    return (
        numbers.get(task.pk, "") if task else "",
        row.measure or (task.measure if task else ""),
        task.name if task else "",
        "" if is_task else row.name,
        "" if is_task else row.figure,
        "" if is_task else row.unit,
        who[0] if who else "",
        "、".join(who[1:]),
        row.deadline.isoformat() if row.deadline else row.deadline_words,
        str(row.get_state_display()),
        sentence,
        "；".join(str(DOUBTS.get(doubt, doubt)) for doubt in row.doubts),
    )


def workbook(document: Document, rows: Sequence[Proposal]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    ) as book:
        sheet = book.add_worksheet(_("任务分解表"))
        title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        cell = {"border": 1, "text_wrap": True, "valign": "vcenter"}
        head = book.add_format({**cell, "bold": True, "align": "center", "bg_color": "#DCE6F1"})
        text = book.add_format(cell)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.merge_range(
            0, 0, 0, len(WIDTHS) - 1, _("%(title)s任务分解表") % {"title": document.title}, title
        )
        sheet.set_row(0, 30)
        for column, (name, width) in enumerate(zip(headings(), WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write(1, column, name, head)
        for number, line in enumerate(lines(document, rows), start=2):
            for column, value in enumerate(line):
                if isinstance(value, int):
                    sheet.write_number(number, column, value, text)
                else:
                    sheet.write_string(number, column, str(value), text)
        sheet.repeat_rows(1)
        sheet.freeze_panes(2, 0)
    return stream.getvalue()
