"""How satisfied people are with every unit, and the figures as workbooks."""

from __future__ import annotations

import io
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.applications import queries
from yanglao.entitlement.applications.forms import PeriodForm
from yanglao.entitlement.applications.models import Rating
from yanglao.entitlement.applications.views.staff import VIEW, YEAR, home
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope import Level, level_of
from yanglao.shell.pages import Crumb, PageView
from yanglao.shell.sheets.export import ExportColumn, write_xlsx

EXPORT = "applications.export"
REMARKS = 50


def workbook(name: str, body: bytes) -> HttpResponse:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(body, content_type=kind, headers=headers)


class RatingsPage(PageView):
    """Satisfaction by unit 满意度: how many were asked, what they said, and in what words."""

    right = VIEW
    title = gettext_lazy("满意度")
    template = "applications/ratings.html"

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(),)

    @cached_property
    def form(self) -> PeriodForm:
        spans = self.actor.spans(VIEW)
        today = timezone.localdate()
        usual = {
            "division": str(self.actor.division or (spans[0].lo if spans else "")),
            "first": today.replace(month=1, day=1).isoformat(),
            "last": today.isoformat(),
        }
        return PeriodForm(usual | {name: value for name, value in self.request.GET.items() if value})

    def rows(self) -> list[queries.UnitRating]:
        data = self.form.cleaned_data
        return queries.ratings(data["division"], data["first"], data["last"])

    def context(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"form": self.form}
        if not self.form.is_valid():
            return shown
        data, rows = self.form.cleaned_data, self.rows()
        return shown | {
            **data,
            "rows": rows,
            "total": total(rows),
            "marks": [Rating.Mark(mark).label for mark in (5, 4, 3, 2, 1)],
            "may_open": level_of(data["division"]) < Level.VILLAGE,
            "may_export": self.actor.can(EXPORT),
            "remarks": list(queries.remarks(data["division"], data["first"], data["last"])[:REMARKS]),
        }


def total(rows: list[queries.UnitRating]) -> queries.UnitRating:
    """All places together."""
    marks = {mark: sum(row.marks.get(mark, 0) for row in rows) for mark in (5, 4, 3, 2, 1)}
    return queries.UnitRating(0, sum(row.closed for row in rows), marks)


class RatingsFile(RatingsPage):
    """The same as a workbook."""

    right = EXPORT

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.form.is_valid():
            return self.show(self.context(), status=422)
        names = [Rating.Mark(mark).label for mark in (5, 4, 3, 2, 1)]
        columns = [ExportColumn(str(_("单位")))]
        columns += [ExportColumn(str(name), "integer") for name in (_("办结"), _("评价"), *names)]
        columns += [ExportColumn(str(_("满意率（%）")), "number"), ExportColumn(str(_("平均分")), "number")]
        rows = self.rows()
        lines = [[full_name(row.code), *_cells(row)] for row in rows]
        lines.append([str(_("合计")), *_cells(total(rows))])
        out = io.BytesIO()
        write_xlsx(out, columns, lines, title=_("满意度"))
        return workbook("satisfaction.xlsx", out.getvalue())


def _cells(row: queries.UnitRating) -> list[Any]:
    share = None if row.share is None else round(row.share * 100, 1)
    mean = None if row.mean is None else round(row.mean, 2)
    return [row.closed, row.asked, *row.five, share, mean]


class StandingFile(PageView):
    """How the applications of every item stand, as a workbook."""

    right = EXPORT

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        names = (_("办理中"), _("逾期"), _("已同意"), _("不同意"), _("其他结果"))
        columns = [ExportColumn(str(_("申请项目"))), *(ExportColumn(str(name), "integer") for name in names)]
        columns.append(ExportColumn(str(_("平均用时（工作日）")), "number"))
        lines = [
            [str(s.item), s.open, s.late, s.granted, s.refused, s.other, _rounded(s.days)]
            for s in queries.standings(timezone.localdate() - YEAR)
        ]
        out = io.BytesIO()
        write_xlsx(out, columns, lines, title=_("待遇和服务申请"))
        return workbook("applications.xlsx", out.getvalue())


def _rounded(days: float | None) -> float | None:
    return None if days is None else round(days, 1)
