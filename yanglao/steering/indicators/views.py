"""Pages of indicators: the catalogue, and one indicator with its definition, course and places."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.divisions.models import Division
from yanglao.shell import charts
from yanglao.shell.pages import Crumb, PageView
from yanglao.steering.indicators import queries
from yanglao.steering.indicators.models import Indicator
from yanglao.steering.indicators.rules import month_start, months_between, shown

COURSE_DAYS = 730


class CataloguePage(PageView):
    """All indicators: what each means and who knows it."""

    right: ClassVar[str] = "indicators.view"
    title = gettext_lazy("指标目录")
    template = "indicators/list.html"

    def context(self) -> dict[str, Any]:
        place = self.actor.division
        found = queries.latest(place) if place is not None else {}
        rows = [
            {"indicator": one, "way": queries.way(one), "reading": found.get(one.code)}
            for one in Indicator.objects.all()
        ]
        return {"rows": rows, "place": Division.objects.filter(pk=place).first() if place else None}


class IndicatorPage(PageView):
    """One indicator: its words, its number in a place, month by month and place by place."""

    right = "indicators.view"
    template = "indicators/detail.html"

    @cached_property
    def indicator(self) -> Indicator:
        found = Indicator.objects.filter(code=self.kwargs["code"]).first()
        if found is None:
            raise Http404
        return found

    def page_title(self) -> Any:
        return str(self.indicator)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("指标目录"), reverse("indicators:list")),)

    def context(self) -> dict[str, Any]:
        indicator, place = self.indicator, self._place()
        today = timezone.localdate()
        since = month_start(today - timedelta(days=COURSE_DAYS))
        readings = queries.series(indicator.code, place, since, today) if place else []
        below = queries.places_below(place) if place else []
        found = queries.by_place(indicator.code, [d.code for d in below], since, today)
        last = readings[-1] if readings else None
        return {
            "indicator": indicator,
            "way": queries.way(indicator),
            "place": Division.objects.filter(pk=place).first() if place else None,
            "above": self._above(place),
            "reading": last,
            "age": (today - last.as_of).days if last else 0,
            "parts": _parts(indicator, last),
            "chart": _course(indicator, readings, since, today),
            "places": _places(below, found),
            "records": queries.record_links(indicator, last.as_of if last else today, place),
            "versions": list(indicator.versions.order_by("-version")),
        }

    def _place(self) -> int | None:
        """``?place=`` if the reader may see it, else the widest division of his grants."""
        asked = self.request.GET.get("place", "")
        if not asked:
            return self.actor.division
        code = int(asked) if asked.isdigit() and len(asked) == 12 else 0
        if not queries.visible([code]):
            raise Http404
        return code

    def _above(self, place: int | None) -> int | None:
        """The division above the place shown, if the reader may see it."""
        if place is None:
            return None
        parent = Division.objects.filter(pk=place).values_list("parent_id", flat=True).first()
        return parent if parent is not None and queries.visible([parent]) else None


def _parts(indicator: Indicator, reading: queries.Reading | None) -> list[tuple[str, str]]:
    if reading is None or reading.amount.denominator is None:
        return []
    return [
        (indicator.numerator_name, shown(reading.amount.numerator)),
        (indicator.denominator_name, shown(reading.amount.denominator)),
    ]


def _course(indicator: Indicator, readings: list[queries.Reading], since: date, today: date) -> charts.Chart:
    values = {reading.month: reading.value for reading in readings}
    months = months_between(since, today)
    numbers = [None if values.get(m) is None else round(float(values[m] or 0), 4) for m in months]
    labels = [f"{month:%Y-%m}" for month in months]
    return charts.lines(_("近两年走势"), labels, {str(indicator): numbers}, unit=indicator.unit)


def _places(below: list[Division], found: dict[int, queries.Reading]) -> list[dict[str, Any]]:
    most = max((float(r.value or 0) for r in found.values()), default=0.0)
    rows = [
        {
            "division": division,
            "reading": reading,
            "above": shown(reading.amount.numerator),
            "below": "" if reading.amount.denominator is None else shown(reading.amount.denominator),
            "share": float(reading.value or 0) / most if most else 0.0,
        }
        for division in below
        if (reading := found.get(division.code)) is not None
    ]
    return sorted(rows, key=lambda row: -row["share"])
