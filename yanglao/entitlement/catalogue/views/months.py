"""How a division was covered month by month, and counting the months that were not counted in their own time."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.catalogue import coverage, forms, past, tasks
from yanglao.entitlement.catalogue.lists import reading
from yanglao.entitlement.catalogue.models import Item
from yanglao.entitlement.catalogue.views.base import asked_division, city_at, home_crumb
from yanglao.kernel.jobs import enqueue
from yanglao.kernel.scope import Span
from yanglao.shell import charts
from yanglao.shell.pages import Crumb, FormPage, PageView


class Months(PageView):
    """Month by month: all items together, or one; each month says how it was counted."""

    right = "catalogue.view"
    title = gettext_lazy("以往各月")
    template = "catalogue/months.html"

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(),)

    def context(self) -> dict[str, Any]:
        division = asked_division(self.request, self.actor)
        city = city_at(division)
        items = list(Item.objects.filter(city=city).order_by("position", "key")) if city else []
        asked = self.request.GET.get("item", "")
        item = next((i for i in items if str(i.pk) == asked), None)
        span = Span.of(division or (city.root_id if city else 0))
        rows = coverage.by_month(self.actor.spans("catalogue.view"), span, item.pk if item else None)
        begins = (
            [e.file.since for e in reading.editions(city.pk) if e.file.kind == "services"] if city else []
        )
        return {
            "division": division,
            "items": items,
            "item": item,
            "rows": [(f"{r.month // 100}-{r.month % 100:02d}", r) for r in rows],
            "recovered": any(r.recovered for r in rows),
            "begins": min(begins) if begins else None,
            "chart": _chart(rows),
            "may_recover": bool(
                city
                and self.actor.can("catalogue.recompute")
                and past.open_months(city, timezone.localdate())
            ),
        }


def _chart(rows: list[coverage.Counted]) -> Any:
    if len(rows) < 2:
        return None
    inward = rows[::-1]
    series = {
        _("已享受"): [r.figures.received for r in inward],
        _("应享未享"): [r.figures.missing for r in inward],
        _("本人不要"): [r.figures.refused for r in inward],
    }
    names = [f"{r.month // 100}-{r.month % 100:02d}" for r in inward]
    return charts.bars(_("各月享受情况"), names, series, unit=_("人次"))


class Recover(FormPage):
    """Ask for months before the first night."""

    right = "catalogue.recompute"
    title = gettext_lazy("补算以往月份")
    lead = gettext_lazy(
        "没有在当月认定过的月份，按今天档案里当月末有效的情况补算：当时的清单版本、居住地、已发的钱、当月消费券和当月以前"
        "登记的办理都算在内。补不回来的：当时不再符合条件的人数，以及档案后来改正前的数。"
    )
    form_class = forms.RecoverForm
    submit = gettext_lazy("开始补算")
    done = gettext_lazy("已开始补算，完成后这里会更新。")

    @cached_property
    def city(self) -> Any:
        return city_at(self.actor.division or 0)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(), Crumb(_("以往各月"), reverse("catalogue:months")))

    def form_arguments(self) -> dict[str, Any]:
        found = past.open_months(self.city, timezone.localdate()) if self.city else ()
        return {"months": [int(m) for m in found]}

    def perform(self, data: dict[str, Any]) -> Any:
        key, division = "catalogue recover", self.actor.division or 0
        return enqueue(self.actor, tasks.recover, key=key, division=division, first=int(data["first"]))

    def done_url(self, result: Any) -> str:
        return reverse("catalogue:months")
