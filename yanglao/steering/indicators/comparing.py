"""The page that holds two places and two years side by side."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from yanglao.kernel.divisions.models import Division
from yanglao.shell import charts
from yanglao.shell.pages import Crumb, PageView
from yanglao.steering.indicators import queries
from yanglao.steering.indicators.models import Indicator
from yanglao.steering.indicators.queries import Reading
from yanglao.steering.indicators.rules import shown

MONTHS = range(1, 13)


class ComparePage(PageView):
    """One indicator: two places (`?a=&b=`) in a year and the one before (`?year=`), month by month."""

    right: ClassVar[str] = "indicators.view"
    template = "indicators/compare.html"

    @cached_property
    def indicator(self) -> Indicator:
        found = Indicator.objects.filter(code=self.kwargs["code"]).first()
        if found is None:
            raise Http404
        return found

    def page_title(self) -> Any:
        return _("对比：%(name)s") % {"name": self.indicator}

    def crumbs(self) -> tuple[Crumb, ...]:
        address = reverse("indicators:detail", args=[self.indicator.code])
        return (Crumb(_("指标目录"), reverse("indicators:list")), Crumb(str(self.indicator), address))

    @cached_property
    def places(self) -> list[Division]:
        """The reader's own place and those below it: what may be compared."""
        own = self.actor.division
        if own is None:
            return []
        return [*Division.objects.filter(pk=own), *queries.places_below(own)]

    @cached_property
    def year(self) -> int:
        asked, today = self.request.GET.get("year", ""), timezone.localdate()
        return int(asked) if asked.isdigit() and 2000 <= int(asked) <= today.year else today.year

    def _chosen(self) -> list[Division]:
        """The two places asked for, else the first two below the reader's own."""
        known = {str(place.code): place for place in self.places}
        asked = [self.request.GET.get(name, "") for name in ("a", "b")]
        if any(code and code not in known for code in asked):
            raise Http404
        first, second = (
            [*self.places[1:3], *self.places][:2] if len(self.places) > 1 else [*self.places, *self.places]
        )
        return [known.get(asked[0], first), known.get(asked[1], second)]

    def context(self) -> dict[str, Any]:
        if not self.places:
            return {"indicator": self.indicator, "series": [], "places": [], "chosen": []}
        chosen, years = self._chosen(), (self.year, self.year - 1)
        codes = list(dict.fromkeys(place.code for place in chosen))
        found = queries.months(self.indicator.code, codes, date(years[1], 1, 1), date(years[0], 12, 31))
        series = [
            (place, year, {m: found.get((place.code, date(year, m, 1))) for m in MONTHS})
            for place in dict.fromkeys(chosen)
            for year in years
        ]
        today = timezone.localdate()
        return {
            "indicator": self.indicator,
            "places": self.places,
            "chosen": chosen,
            "year": self.year,
            "years": range(today.year, today.year - 5, -1),
            "heads": [f"{place.name} {year}" for place, year, _values in series],
            "rows": [_row(month, series, self.indicator) for month in MONTHS],
            "chart": _chart(self.indicator, series),
            "series": series,
        }


Series = list[tuple[Division, int, dict[int, Reading | None]]]


def _row(month: int, series: Series, indicator: Indicator) -> dict[str, Any]:
    """A month's numbers, and what each year's is more than the one before (percentage points for shares)."""
    cells = []
    for index, (_place, _year, values) in enumerate(series):
        one = values[month]
        before = series[index + 1][2][month] if index % 2 == 0 else None
        change = ""
        if one is not None and before is not None and one.value is not None and before.value is not None:
            more = one.value - before.value
            change = f"{'+' if more > 0 else ''}{shown(more, max(indicator.digits, 1) if indicator.unit == '%' else indicator.digits)}"
        cells.append({"words": one.words if one else "—", "change": change, "coverage": _coverage(one)})
    return {"month": month, "cells": cells}


def _coverage(one: Reading | None) -> str:
    return "" if one is None or one.complete else f"{shown(one.coverage * 100)}%"


def _chart(indicator: Indicator, series: Series) -> charts.Chart:
    lines = {
        f"{place.name} {year}": [
            None if one is None or one.value is None else round(float(one.value), 4)
            for one in values.values()
        ]
        for place, year, values in series
    }
    labels = [_("%(n)s月") % {"n": month} for month in MONTHS]
    return charts.lines(_("两地两年对比"), labels, lines, unit=indicator.unit, bridged=True)
