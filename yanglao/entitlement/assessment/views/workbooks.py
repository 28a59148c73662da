"""The tables that are no lists, as workbooks: the calendar of re-assessments, the assessors' figures."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.assessment import queries, scales
from yanglao.entitlement.assessment.views.base import SAMPLE, VIEW
from yanglao.entitlement.assessment.views.quality import StatisticsPage
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope import Level
from yanglao.shell.pages import PageView
from yanglao.shell.pages.exporting import recorder
from yanglao.shell.sheets.export import ExportColumn, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _file(
    actor: Actor, title: str, columns: Sequence[ExportColumn], rows: Iterable[Sequence[Any]], about: str = ""
) -> HttpResponseBase:
    stream = io.BytesIO()
    note = f"{actor.name}　{timezone.localtime():%Y-%m-%d %H:%M}　{about}".strip()
    write_xlsx(stream, columns, rows, title=title, note=note)
    stream.seek(0)
    name = f"{title}-{timezone.localtime():%Y%m%d-%H%M}.xlsx"
    return FileResponse(stream, as_attachment=True, filename=name, content_type=XLSX)


class CalendarFile(PageView):
    """How many results end when, by street; numbers only."""

    right: ClassVar[str] = VIEW

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        names = (_("已到期"), _("30 天内"), _("31—60 天"), _("61—90 天"), _("合计"), _("其中已申请复评"))
        columns = [
            ExportColumn(_("街道（乡镇）")),
            *(ExportColumn(name, "integer") for name in names),
        ]
        rows = (
            (
                full_name(row.division, below=Level.CITY),
                *(row.late, row.in_30, row.in_60, row.in_90, row.total, row.asked),
            )
            for row in queries.calendar()
        )
        return _file(self.actor, _("复评日历"), columns, rows)


class StatisticsFile(StatisticsPage):
    """The assessors' figures; who took them along is recorded."""

    right: ClassVar[str] = SAMPLE
    http_method_names: ClassVar[list[str]] = ["post"]
    record_export: ClassVar[Callable[..., None]] = staticmethod(recorder("assessment.assessor", SAMPLE))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        scale, first, last = self.asked()
        rows = queries.statistics(scale, first, last)
        names = [_("评估员"), _("评估机构"), _("评估次数"), _("平均等级"), _("参与比较"), _("偏差")]
        kinds = ("text", "text", "integer", "number", "integer", "number", "number", "number")
        names += [_("95% 区间下限"), _("95% 区间上限")]
        self.record_export(self.actor, rows=len(rows), columns=names, filters=["scale", "first", "last"])
        columns = [ExportColumn(name, kind) for name, kind in zip(names, kinds, strict=True)]  # type: ignore[arg-type]
        about = f"{scales.number_of(scale)}　{first}～{last}"
        return _file(self.actor, _("评估员统计"), columns, map(_line, rows), about)


def _line(row: queries.Standing) -> tuple[Any, ...]:
    gap = row.drift
    three = (gap.difference, gap.low, gap.high) if gap else (None, None, None)
    return (row.assessor.name, str(row.assessor.body), row.number, row.mean, row.compared, *three)
