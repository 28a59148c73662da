"""The page of the coverage table: what each document names, and what answers it here."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.shell.pages import Crumb, PageView
from yanglao.steering.indicators import queries as indicators
from yanglao.steering.plans import coverage, queries
from yanglao.steering.plans.models import Plan, Target

DOCUMENTS = {
    "ganzhou": gettext_lazy("赣州（省培训班部署）"),
    "leishan": gettext_lazy("雷山三年行动方案"),
    "zhongxiang": gettext_lazy("钟祥汇报材料"),
    "ningbo": gettext_lazy("宁波工作要点"),
    "changchun": gettext_lazy("长春提案答复"),
}
WAYS = {
    "computed": gettext_lazy("登记簿计算"),
    "reported": gettext_lazy("自报"),
    "waiting": gettext_lazy("待登记簿建成"),
    "plan": gettext_lazy("任务分解表"),
    "rule": gettext_lazy("登记规则"),
    "none": gettext_lazy("不作答"),
}


@cache
def rows() -> list[coverage.Row]:
    """The table; a file of the house, read once."""
    return coverage.read(settings.STANDARDS / "coverage.csv")


class CoveragePage(PageView):
    """Every number, indicator and list of the documents: by what it is answered, and the figure now."""

    right: ClassVar[str] = "plans.view"
    title = gettext_lazy("文件对照表")
    template = "plans/coverage.html"

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("目标任务"), reverse("plans:board")),)

    def context(self) -> dict[str, Any]:
        plans = {plan.slug: plan for plan in queries.visible(self.actor)}
        chosen = self._document(plans)
        show = _Shown(plans, self.actor.division)
        found = [show(row) for row in rows() if row.document == chosen]
        counts = {way: sum(one["way"] == way for one in found) for way in WAYS}
        return {
            "documents": [(key, label, key == chosen) for key, label in DOCUMENTS.items()],
            "rows": found,
            "counts": [(WAYS[way], count) for way, count in counts.items() if count],
        }

    def _document(self, plans: dict[str, Plan]) -> str:
        asked = self.request.GET.get("document", "")
        own = {plan.place for plan in plans.values()} & DOCUMENTS.keys()
        return asked if asked in DOCUMENTS else min(own, default="ningbo")


class _Shown:
    """A row as the page shows it; everything is read once for all rows."""

    def __init__(self, plans: dict[str, Plan], place: int | None) -> None:
        self.plans = plans
        self.indicators = indicators.by_code(indicators.known_codes())
        self.readings = indicators.latest(place) if place is not None else {}
        found = Target.objects.filter(plan__in=list(plans.values()), withdrawn=False)
        self.targets = {(t.plan.slug, t.key): t for t in found.select_related("plan", "indicator")}

    def __call__(self, row: coverage.Row) -> dict[str, Any]:
        parts = self._parts(row)
        ways = {part["way"] for part in parts}
        return {
            "row": row,
            "parts": parts,
            "way": ways.pop() if len(ways) == 1 else "reported" if ways else row.way,
            "way_label": WAYS.get(parts[0]["way"] if parts else row.way, ""),
        }

    def _parts(self, row: coverage.Row) -> list[dict[str, Any]]:
        if row.way == "indicator":
            return [self._indicator(code) for code in row.names]
        if row.way == "target":
            return [self._target(row)]
        words = {**coverage.RULES, **coverage.REASONS}
        return [
            {"way": row.way, "name": words.get(name, row.subject), "url": "", "value": ""}
            for name in row.names
        ]

    def _indicator(self, code: str) -> dict[str, Any]:
        one = self.indicators.get(code)
        if one is None:
            return {"way": "waiting", "name": code, "url": "", "value": ""}
        reading = self.readings.get(code)
        return {
            "way": indicators.way(one),
            "name": str(one),
            "url": reverse("indicators:detail", args=[code]),
            "value": reading.with_unit if reading else "",
        }

    def _target(self, row: coverage.Row) -> dict[str, Any]:
        """A target of a plan the reader works by; of another city's plan its name is all there is to show."""
        target = self.targets.get((row.names[0], row.names[1]))
        if target is None:
            return {"way": "plan", "name": row.subject, "url": "", "value": ""}
        part = self._indicator(target.indicator.code)
        return {
            **part,
            "name": target.name,
            "url": reverse("plans:target", args=[target.plan.slug, target.key]),
        }
