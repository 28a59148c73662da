"""Sources: how each stands in a division, as a page and as a workbook."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.divisions.queries import full_name, inside
from yanglao.kernel.scope import Level, contains, level_of
from yanglao.registers.comparison import queries
from yanglao.registers.comparison.filters import DeliveryFilter
from yanglao.registers.comparison.models import Delivery
from yanglao.registers.comparison.queries import Coverage
from yanglao.registers.comparison.reading import title_of
from yanglao.registers.comparison.sources import Source, known, sources_for
from yanglao.shell.pages import Column, Crumb, Empty, ListPage, PageView
from yanglao.shell.sheets.export import ExportColumn, write_xlsx

RHYTHMS = {
    "daily": gettext_lazy("每天"),
    "weekly": gettext_lazy("每周"),
    "monthly": gettext_lazy("每月"),
    "quarterly": gettext_lazy("每季度"),
    "yearly": gettext_lazy("每年"),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class OfDivision(PageView):
    """A page about a division: the one asked for, or the actor's own."""

    right = "comparison.view"

    @property
    def division(self) -> int:
        asked = self.request.GET.get("division", "")
        spans = self.actor.spans(self.right)
        if asked:
            code = int(asked) if asked.isdigit() and len(asked) == 12 else 0
            if not contains(spans, code):
                raise Http404
            return code
        return max((g.division for g in self.actor.grants if contains(spans, g.division)), key=_width)


def _width(code: int) -> int:
    return -int(level_of(code))


class Sources(OfDivision):
    """Every source: when its last file came, what came of it, what is late."""

    title = gettext_lazy("数据比对")
    template = "comparison/sources.html"

    def context(self) -> dict[str, Any]:
        rows = queries.coverage(self.division)
        return {
            "division": self.division,
            "rows": rows,
            "rhythms": RHYTHMS,
            "below": _below(self.division),
            "may_upload": self.actor.can("comparison.upload"),
            "open": sum(c.clues.open for c in rows),
            "late_clues": sum(c.clues.late for c in rows),
            "confirmed": sum(c.clues.confirmed for c in rows),
            "late": sum(bool(c.late) for c in rows),
            "waiting": list(queries.deliveries().filter(state=Delivery.State.UPLOADED)[:10]),
        }


def _below(code: int) -> list[Any]:
    """The divisions next below, to look into."""
    level = level_of(code)
    if level >= Level.STREET:
        return []
    return list(inside(code, Level(level + 1)).order_by("code"))


class CoverageFile(OfDivision):
    """The same as a workbook. It holds numbers only."""

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stream = io.BytesIO()
        name = full_name(self.division, below=Level.PROVINCE)
        title = _("数据比对覆盖情况")
        note = f"{name}　{timezone.localtime():%Y-%m-%d %H:%M}"
        write_xlsx(stream, _columns(), map(_row, queries.coverage(self.division)), title=title, note=note)
        stream.seek(0)
        return FileResponse(stream, as_attachment=True, filename=f"{title}-{name}.xlsx", content_type=XLSX)


def _columns() -> list[ExportColumn]:
    return [
        ExportColumn(_("来源")),
        ExportColumn(_("部门")),
        ExportColumn(_("频次")),
        ExportColumn(_("数据截至"), "date"),
        ExportColumn(_("下次应到"), "date"),
        ExportColumn(_("逾期天数"), "integer"),
        ExportColumn(_("文件数"), "integer"),
        ExportColumn(_("行数"), "integer"),
        ExportColumn(_("对上人数"), "integer"),
        ExportColumn(_("待核实"), "integer"),
        ExportColumn(_("逾期未核实"), "integer"),
        ExportColumn(_("属实"), "integer"),
        ExportColumn(_("不采纳"), "integer"),
        ExportColumn(_("准确率"), "decimal"),
        ExportColumn(_("覆盖率"), "decimal"),
    ]


def _row(c: Coverage) -> list[Any]:
    clues = c.clues
    return [
        str(c.source),
        c.source.sender,
        str(RHYTHMS[c.source.rhythm]),
        c.through,
        c.expected,
        c.late,
        c.files,
        c.rows,
        c.hits,
        clues.open,
        clues.late,
        clues.confirmed,
        clues.dismissed,
        clues.precision,
        c.covered,
    ]


class SourcePage(PageView):
    """One source: what its file should hold, and the files that came."""

    right = "comparison.view"
    template = "comparison/source.html"

    @property
    def source(self) -> Source:
        found = sources_for(self.actor.division).get(self.kwargs["key"])
        if found is None:
            raise Http404
        return found

    def page_title(self) -> Any:
        return str(self.source)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("数据比对"), reverse("comparison:sources")),)

    def context(self) -> dict[str, Any]:
        source = self.source
        return {
            "source": source,
            "rhythm": RHYTHMS[source.rhythm],
            "fields": [
                (title_of(source, f), _("、").join(source.headings.get(f, ()))) for f in source.fields
            ],
            "deliveries": list(queries.deliveries(source.key)[:30]),
            "may_upload": self.actor.can("comparison.upload"),
        }


class Deliveries(ListPage):
    """All files."""

    model = Delivery
    right = "comparison.view"
    title = gettext_lazy("比对文件")
    filterset = DeliveryFilter
    related = ("division",)
    order = "-pk"
    columns = (
        Column("file_name", gettext_lazy("文件"), link=True),
        Column("source", gettext_lazy("来源"), value=lambda d: str(known(d.source) or d.source)),
        Column(
            "state",
            gettext_lazy("状态"),
            tone=lambda d: {"done": "good", "failed": "bad", "cancelled": "dull"}.get(d.state, "warn"),
        ),
        Column("division_id", gettext_lazy("覆盖的区划"), kind="division"),
        Column("as_of", gettext_lazy("数据截止日"), kind="date"),
        Column("rows", gettext_lazy("行数"), kind="number"),
        Column("matched", gettext_lazy("对上人数"), kind="number"),
        Column("news", gettext_lazy("新线索"), kind="number"),
        Column("actor_name", gettext_lazy("上传人"), minor=True),
        Column("created_at", gettext_lazy("上传时间"), kind="datetime", minor=True),
    )
    empty = Empty(gettext_lazy("还没有比对文件"), gettext_lazy("从“数据比对”里选一个来源上传。"))

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("数据比对"), reverse("comparison:sources")),)
