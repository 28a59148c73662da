"""A list as a file: what is shown and filtered, row by row, recorded before it is sent."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import entered
from yanglao.shell.pages.chips import chips
from yanglao.shell.pages.columns import Column
from yanglao.shell.pages.keyset import keys
from yanglao.shell.sheets.export import ExportColumn, Kind, csv_lines, write_xlsx

if TYPE_CHECKING:
    from yanglao.shell.pages.listing import ListPage

KINDS = ("xlsx", "csv")
CHUNK = 2000
_SHEET_KINDS: dict[str, Kind] = {
    "number": "number",
    "percent": "number",
    "age": "integer",
    "yuan": "money",
    "date": "date",
    "datetime": "datetime",
}


def recorder(model: str, right: str) -> Callable[..., None]:
    """The action that records an export of this model; it needs the right to export."""

    def record(actor: Actor, *, rows: int, columns: list[str], filters: list[str]) -> None:
        note(rows=rows, columns=columns, filters=filters)

    return action(f"{model}.export", right=right, at=lambda arguments: ())(record)


def respond(page: ListPage, kind: str) -> HttpResponseBase:
    """The file, after the export was recorded. A workbook has a limit of rows, a CSV has none."""
    rows = page.matching.order_by().count()
    if kind == "xlsx" and rows > page.export_limit:
        text = _("超过 %(most)s 行，Excel 导出会很慢。请先筛选，或导出为 CSV。")
        messages.warning(page.request, text % {"most": f"{page.export_limit:,}"})
        return redirect(page.request.get_full_path())
    columns = [c for c in page.chosen if c.exported]
    assert page.record_export is not None
    page.record_export(page.actor, rows=rows, columns=[c.name for c in columns], filters=_filtered_by(page))
    return _csv(page, columns) if kind == "csv" else _workbook(page, columns)


def _filtered_by(page: ListPage) -> list[str]:
    """Which filters were set; their values may be personal and are not recorded."""
    names = page.filters.form.fields if page.filters else {}
    return sorted(n for n, v in page.asked.items() if v and n in names)


def _name(page: ListPage, kind: str) -> str:
    return f"{page.page_title()}-{timezone.localtime():%Y%m%d-%H%M}.{kind}"


def _note(page: ListPage) -> str:
    parts = [f"{page.actor.name}　{timezone.localtime():%Y-%m-%d %H:%M}"]
    parts += [f"{chip.label}：{chip.text}" for chip in chips(page)]
    return "　".join(parts)


def _sheet_columns(columns: list[Column]) -> list[ExportColumn]:
    return [
        ExportColumn(str(c.label), _SHEET_KINDS.get(c.kind, "text"), 30 if c.kind == "division" else 0)
        for c in columns
    ]


def _values(page: ListPage, columns: list[Column]) -> Iterator[list[Any]]:
    """The cells of every row. A stream is read after the request's scope was left: each part enters it again."""
    order = [key.order(False) for key in keys(page.model, page.sorting[1])]
    rows = page.matching.order_by(*order).iterator(chunk_size=CHUNK)
    language = get_language()
    while True:
        with entered(page.actor), override(language):
            part = [[column.in_workbook(row) for column in columns] for row in islice(rows, CHUNK)]
        if not part:
            break
        yield from part
    with entered(page.actor), override(language):
        total = page.total_line(columns)
    if total is not None:
        yield total


def _csv(page: ListPage, columns: list[Column]) -> StreamingHttpResponse:
    """Sent while it is read."""
    lines = csv_lines(_sheet_columns(columns), _values(page, columns), note=_note(page))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, _name(page, "csv")) or ""
    return response


def _workbook(page: ListPage, columns: list[Column]) -> FileResponse:
    """Written to a file first: a workbook's end says where its parts begin."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    title = str(page.page_title())
    write_xlsx(file, _sheet_columns(columns), _values(page, columns), title=title, note=_note(page))
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=_name(page, "xlsx"))
