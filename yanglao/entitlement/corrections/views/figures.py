"""错发/漏发/重发: a page with its workbook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

from django.db.models import Max, Min
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits.offered.queries import month_text, yuan
from yanglao.entitlement.corrections import figures
from yanglao.entitlement.corrections.models import Cause
from yanglao.entitlement.corrections.views.recomputing import home
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope import Level, level_of
from yanglao.kernel.scope.spans import ancestor
from yanglao.shell.pages import Crumb, PageView, page


def _bounds(request: HttpRequest) -> tuple[int, int]:
    """The months asked for, else all there are."""
    known = figures.errors().aggregate(first=Min("month"), last=Max("month"))
    today = date.today()
    least, most = known["first"] or today.year * 100 + 1, known["last"] or today.year * 100 + today.month
    given = [request.GET.get(name, "").replace("-", "") for name in ("first", "last")]
    first, last = (int(g) if len(g) == 6 and g.isdigit() else None for g in given)
    return first or least, last or most


def tables(
    request: HttpRequest, division: int
) -> list[tuple[str, str, str, list[tuple[str, figures.ErrorRow]]]]:
    """(name, heading, heading of the first column, rows with their labels) by cause, division and month."""
    first, last = _bounds(request)
    causes = [(str(Cause(r.cause).label), r) for r in figures.rows(first, last, "cause")]
    months = [(month_text(r.month), r) for r in figures.rows(first, last, "month")]
    return [
        ("causes", _("按原因"), _("原因"), causes),
        (
            "divisions",
            _("按区划"),
            _("区划"),
            _by_division(figures.rows(first, last, "division_id"), division),
        ),
        ("months", _("按月份"), _("月份"), months),
    ]


def _by_division(rows: list[figures.ErrorRow], division: int) -> list[tuple[str, figures.ErrorRow]]:
    below = Level(min(level_of(division) + 1, Level.STREET)) if division else Level.COUNTY
    parts: dict[int, list[figures.ErrorRow]] = {}
    for row in rows:
        parts.setdefault(ancestor(row.division, below), []).append(row)
    return [
        (full_name(code, below=Level.CITY), replace(summed(found), division=code))
        for code, found in sorted(parts.items())
    ]


class Errors(PageView):
    right = "corrections.view"
    title = gettext_lazy("错发、漏发、重发统计")
    template = "corrections/errors.html"

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(),)

    def context(self) -> dict[str, Any]:
        first, last = _bounds(self.request)
        found = tables(self.request, self.actor.division or 0)
        months = [row for _label, row in found[2][3]]
        return {
            "tables": found,
            "first": f"{first // 100}-{first % 100:02d}",
            "last": f"{last // 100}-{last % 100:02d}",
            "query": f"first={first}&last={last}",
            "sums": [
                (
                    name,
                    label,
                    sum(getattr(r, name)[0] for r in months),
                    sum(getattr(r, name)[1] for r in months),
                )
                for name, label in figures.ERRORS.items()
            ],
            "may_export": self.actor.can("corrections.export"),
        }


def summed(rows: Iterable[figures.ErrorRow]) -> figures.ErrorRow:
    """Rows of one table added up."""
    parts = [[0, 0], [0, 0], [0, 0]]
    for row in rows:
        for so_far, part in zip(parts, (row.wrong, row.missed, row.double), strict=True):
            so_far[0] += part[0]
            so_far[1] += part[1]
    return figures.ErrorRow(0, "", 0, *((n, fen) for n, fen in parts))  # type: ignore[arg-type]


def _laid_out(sheet: Any, columns: int) -> None:
    """As wide as its words, the headings in view and on every page of paper."""
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, columns, 14)
    sheet.freeze_panes(1, 0)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


@page(right="corrections.export")
def workbook(request: HttpRequest) -> HttpResponseBase:
    """The same three tables as a workbook."""
    from xlsxwriter import Workbook

    actor = request.actor  # type: ignore[attr-defined]
    stream = BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    money, bold = book.add_format({"num_format": "#,##0.00"}), book.add_format({"bold": True})
    heads = [f"{label}{unit}" for label in figures.ERRORS.values() for unit in (_("（笔）"), _("（元）"))]
    for _name, heading, column, rows in tables(request, actor.division or 0):
        sheet = book.add_worksheet(heading)
        sheet.write_row(0, 0, [column, *heads], bold)
        for n, (label, row) in enumerate([*rows, (_("合计"), summed(row for _label, row in rows))], 1):
            sheet.write_string(n, 0, label)
            for place, part in enumerate((row.wrong, row.missed, row.double)):
                sheet.write_number(n, 1 + 2 * place, part[0])
                sheet.write_number(n, 2 + 2 * place, yuan(part[1]), money)
        _laid_out(sheet, len(heads))
    book.close()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return HttpResponse(
        stream.getvalue(),
        content_type=kind,
        headers={"Content-Disposition": 'attachment; filename="errors.xlsx"'},
    )
