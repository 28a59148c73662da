"""How a division is covered: item by item, place by place."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.catalogue import coverage, forms, tasks
from yanglao.entitlement.catalogue.lists import reading
from yanglao.entitlement.catalogue.lists.form import Item as Form
from yanglao.entitlement.catalogue.models import Item
from yanglao.entitlement.catalogue.views.base import asked_division, city_at, file_response, home_crumb
from yanglao.entitlement.catalogue.words import KINDS, TYPES
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.jobs import enqueue
from yanglao.kernel.scope import Level, Span, level_of
from yanglao.shell import charts
from yanglao.shell.pages import Crumb, FormPage, PageView
from yanglao.shell.sheets.export import ExportColumn, write_xlsx

UNITS = {
    Level.PROVINCE: 10**10,
    Level.CITY: 10**8,
    Level.COUNTY: 10**6,
    Level.STREET: 10**3,
    Level.VILLAGE: 1,
}
NOBODY = coverage.Figures({})


@dataclass(frozen=True)
class Row:
    """An item, or a place, with its figures; `key` for addresses."""

    key: int
    name: str
    figures: coverage.Figures
    kind: Any = ""
    form: Form | None = None


class Overview(PageView):
    """Every item of the list in force with its figures, for one division."""

    right = "catalogue.view"
    title = gettext_lazy("服务清单")
    template = "catalogue/overview.html"

    @cached_property
    def division(self) -> int:
        return asked_division(self.request, self.actor)

    @cached_property
    def city(self) -> Any:
        return city_at(self.division)

    @cached_property
    def listing(self) -> reading.Listing | None:
        return reading.standing(self.city.pk, "services", timezone.localdate()) if self.city else None

    @cached_property
    def span(self) -> Span:
        return Span.of(self.division or (self.city.root_id if self.city else 0))

    def rows(self) -> list[Row]:
        """One row per item, those another office decides last."""
        if self.listing is None:
            return []
        items = {i.key: i for i in Item.objects.filter(city=self.city, standing=True)}
        found = coverage.live(self.span)
        made = [
            Row(items[f.id].pk, str(f.title), found.get(items[f.id].pk, NOBODY), TYPES[f.type], f)
            for f in self.listing.on(timezone.localdate())
            if f.id in items
        ]
        return sorted(made, key=lambda r: bool(r.form and r.form.who.elsewhere))

    def context(self) -> dict[str, Any]:
        rows = self.rows()
        counted = [r for r in rows if r.form and not r.form.who.elsewhere]
        editions = reading.editions(self.city.pk) if self.city else ()
        return {
            "division": self.division,
            "city": self.city,
            "listing": self.listing,
            "rows": rows,
            "due": sum(r.figures.due for r in counted),
            "missing": sum(r.figures.missing for r in counted),
            "received": sum(r.figures.received for r in counted),
            "refused": sum(r.figures.refused for r in counted),
            "chart": self._chart(counted),
            "published": [(e, KINDS[e.file.kind]) for e in reversed(editions)],
            "may": {name: self.actor.can(f"catalogue.{name}") for name in ("recompute", "export")},
        }

    def _chart(self, rows: list[Row]) -> Any:
        """The items most persons miss, at most ten."""
        worst = sorted((r for r in rows if r.figures.missing), key=lambda r: -r.figures.missing)[:10]
        if not worst:
            return None
        series = {
            _("已享受"): [r.figures.received for r in worst],
            _("应享未享"): [r.figures.missing for r in worst],
        }
        urls = [f"{reverse('catalogue:item', args=[r.key])}?division={self.division}" for r in worst]
        return charts.bars(_("应享未享最多的项目"), [r.name for r in worst], series, unit=_("人"), urls=urls)


class CoverageFile(Overview):
    """The table of the overview as a workbook."""

    right = "catalogue.export"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        out = io.BytesIO()
        columns = [ExportColumn(str(_("项目"))), ExportColumn(str(_("类别")))]
        columns += [ExportColumn(str(label), "integer") for label in _HEADINGS]
        rows = [[r.name, str(r.kind), *_figures(r.figures)] for r in self.rows()]
        write_xlsx(out, columns, rows, title=_("清单享受情况"))
        return file_response("coverage.xlsx", out.getvalue())


_HEADINGS = (
    gettext_lazy("符合条件"),
    gettext_lazy("应享未办"),
    gettext_lazy("已告知"),
    gettext_lazy("办理中"),
    gettext_lazy("已享受"),
    gettext_lazy("本人不要"),
    gettext_lazy("应享未享（漏）"),
)


def _figures(f: coverage.Figures) -> list[int]:
    return [f.due, f.entitled, f.offered, f.accepted, f.received, f.refused, f.missing]


class ItemPage(PageView):
    """One item, place by place below a division."""

    right = "catalogue.view"
    template = "catalogue/item.html"

    @cached_property
    def item(self) -> Item:
        return get_object_or_404(Item.objects.select_related("city"), pk=self.kwargs["pk"])

    def page_title(self) -> str:
        return str(self.item)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(),)

    def context(self) -> dict[str, Any]:
        division = asked_division(self.request, self.actor) or self.item.city.root_id
        level = Level(min(level_of(division) + 1, Level.VILLAGE))
        found = coverage.by_place(self.item.pk, Span.of(division), UNITS[level])
        names = dict(Division.objects.filter(pk__in=found).values_list("code", "name"))
        rows = [Row(code, names.get(code, str(code)), f) for code, f in found.items()]
        listing = reading.standing(self.item.city_id, "services", timezone.localdate())
        return {
            "item": self.item,
            "form": listing.item(self.item.key) if listing else None,
            "division": division,
            "rows": rows,
            "may_open": level < Level.VILLAGE,
            "chart": self._chart(rows),
        }

    def _chart(self, rows: list[Row]) -> Any:
        if len(rows) < 2:
            return None
        series = {
            _("已享受"): [r.figures.received for r in rows],
            _("应享未享"): [r.figures.missing for r in rows],
            _("本人不要"): [r.figures.refused for r in rows],
        }
        return charts.bars(_("各地享受情况"), [r.name for r in rows], series, unit=_("人"))


class Recompute(FormPage):
    """Ask for everybody's states now; the nightly job does the same."""

    right = "catalogue.recompute"
    title = gettext_lazy("重新认定资格")
    lead = gettext_lazy(
        "每天夜里自动认定一次，个人的情况一有变动也会立即更新；清单或政策刚改过的，可以现在就重新认定。"
    )
    form_class = forms.NothingForm
    submit = gettext_lazy("现在认定")
    done = gettext_lazy("已开始认定，完成后这里会更新。")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(),)

    def perform(self, data: dict[str, Any]) -> Any:
        return enqueue(self.actor, tasks.asked, key="catalogue asked", division=self.actor.division or 0)

    def done_url(self, result: Any) -> str:
        return reverse("catalogue:overview")
