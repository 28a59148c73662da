"""A list as a file: what is shown and filtered, row by row, recorded before it is sent."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.contrib import messages
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.shell.pages.columns import Column
from yanglao.shell.pages.keyset import keys

if TYPE_CHECKING:
    from yanglao.shell.pages.listing import ListPage

KINDS = ("xlsx", "csv")
CHUNK = 2000


def recorder(model: str, right: str) -> Callable[..., None]:
    """The action that records an export of this model; it needs the right to export."""

    def record(actor: Actor, *, rows: int, columns: list[str], filters: list[str]) -> None:
        note(rows=rows, columns=columns, filters=filters)

    return action(f"{model}.export", right=right, at=lambda arguments: ())(record)


def respond(page: ListPage, kind: str) -> HttpResponseBase:
    """The file, after the export was recorded. A workbook has a limit of rows, a CSV has none."""
    if kind == "xlsx" and page.matching.order_by()[: page.export_limit + 1].count() > page.export_limit:
        text = _("超过 %(most)s 行，Excel 导出会很慢。请先筛选，或导出为 CSV。")
        messages.warning(page.request, text % {"most": f"{page.export_limit:,}"})
        return redirect(page.request.get_full_path())
    columns = [c for c in page.chosen if c.exported]
    assert page.record_export is not None
    page.record_export(
        page.actor,
        rows=page.matching.order_by().count(),
        columns=[c.name for c in columns],
        filters=sorted(n for n, v in page.asked.items() if v and n not in ("sort", "after", "before")),
    )
    name = f"{page.page_title()}-{timezone.localtime():%Y%m%d-%H%M}.{kind}"
    rows = _values(page, columns)
    return (
        _csv(name, columns, rows) if kind == "csv" else _workbook(name, str(page.page_title()), columns, rows)
    )


def _values(page: ListPage, columns: list[Column]) -> Iterator[list[Any]]:
    order = [key.order(False) for key in keys(page.model, page.sorting[1])]
    for row in page.matching.order_by(*order).iterator(chunk_size=CHUNK):
        yield [column.in_workbook(row) for column in columns]


def _csv(name: str, columns: list[Column], rows: Iterable[list[Any]]) -> StreamingHttpResponse:
    """Sent while it is read. Begins with a byte order mark, or Excel takes the Chinese for something else."""

    def lines() -> Iterator[str]:
        yield "\ufeff"
        yield _line(str(c.label) for c in columns)
        for row in rows:
            yield _line(row)

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _line(row: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([_inert(value) for value in row])
    return out.getvalue()


def _inert(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t")) else value


def _workbook(name: str, title: str, columns: list[Column], rows: Iterable[list[Any]]) -> FileResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:31])
    head = book.add_format({"bold": True, "bg_color": "#EEF3F2", "bottom": 1})
    formats = [book.add_format(_format(c)) for c in columns]
    for index, column in enumerate(columns):
        sheet.set_column(index, index, 20 if column.kind in ("division", "datetime") else 14, formats[index])
    sheet.freeze_panes(1, 0)
    for index, column in enumerate(columns):
        sheet.write_string(0, index, str(column.label), head)
    for number, row in enumerate(rows, start=1):
        for index, value in enumerate(row):
            if value is not None:
                sheet.write(number, index, value, formats[index])
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name)


def _format(column: Column) -> dict[str, str]:
    return {"date": {"num_format": "yyyy-mm-dd"}, "yuan": {"num_format": "#,##0.00"}}.get(column.kind, {})
