"""Pages of indicators: the catalogue, and one indicator with its definition, course and places."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.divisions.models import Division
from yanglao.shell import charts
from yanglao.shell.pages import Crumb, PageView
from yanglao.steering.indicators import courses, queries, showing, workbook
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

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.GET.get("form") != "xlsx" or self.place is None:
            return self.show(self.context())
        made = workbook.write(self.indicator, self.place, self.below, self.found, self._all_apart())
        answer = HttpResponse(made, content_type=workbook.XLSX)
        name = quote(f"{self.indicator.name}_{self.place.name}.xlsx")
        answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        return answer

    @cached_property
    def place(self) -> Division | None:
        code = self._place()
        return Division.objects.filter(pk=code).first() if code else None

    @cached_property
    def below(self) -> list[Division]:
        return queries.places_below(self.place.code) if self.place else []

    @cached_property
    def since(self) -> date:
        return month_start(timezone.localdate() - timedelta(days=COURSE_DAYS))

    @cached_property
    def found(self) -> dict[int, list[courses.Mark]]:
        """Two years of the place and of those below it; one query."""
        codes = [one.code for one in (self.place, *self.below) if one is not None]
        return courses.courses(self.indicator, codes, self.since, timezone.localdate())

    def context(self) -> dict[str, Any]:
        indicator, place, today = self.indicator, self.place, timezone.localdate()
        marks = self.found.get(place.code, []) if place else []
        last = courses.reading_of(indicator, marks[-1]) if marks else None
        inside = {code: found for code, found in self.found.items() if place and code != place.code}
        months = months_between(self.since, today)
        code = place.code if place else None
        return {
            "indicator": indicator,
            "way": queries.way(indicator),
            "place": place,
            "above": self._above(code),
            "reading": last,
            "age": (today - last.as_of).days if last else 0,
            "parts": _parts(indicator, last),
            "chart": _course(indicator, marks, months),
            "places": _places(indicator, self.below, inside),
            "map": showing.map_of(indicator, self.below, inside),
            "multiples": showing.multiples(indicator, self.below, inside, months),
            "records": queries.record_links(indicator, last.as_of if last else today, code),
            "versions": list(indicator.versions.order_by("-version")),
            **self._apart(),
        }

    def _apart(self) -> dict[str, Any]:
        """The table of parts by the dimension asked for (`?by=`), and the dimensions there are."""
        splits = showing.splits_of(self.indicator)
        by = self.request.GET.get("by", "")
        by = by if by in splits else next(iter(splits), "")
        marks = self.found.get(self.place.code) if self.place else None
        if not by or not marks or self.place is None:
            return {"by": "", "splits": [], "apart": None}
        table = showing.told_apart(self.indicator, by, self.place, self.below, marks[-1])
        return {"by": by, "splits": [(name, one.label) for name, one in splits.items()], "apart": table}

    def _all_apart(self) -> list[dict[str, Any]]:
        place, marks = self.place, self.found.get(self.place.code) if self.place else None
        if place is None or not marks:
            return []
        splits = showing.splits_of(self.indicator)
        return [showing.told_apart(self.indicator, name, place, self.below, marks[-1]) for name in splits]

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


def _course(indicator: Indicator, marks: list[courses.Mark], months: list[date]) -> charts.Chart:
    values = {mark.month: mark.number(indicator.of_kind) for mark in marks}
    months = [month for month in months if not marks or month >= marks[0].month]
    numbers = [None if (n := values.get(m)) is None else round(n, 4) for m in months]
    labels = [f"{month:%Y-%m}" for month in months]
    return charts.lines(_("近两年走势"), labels, {str(indicator): numbers}, unit=indicator.unit, bridged=True)


def _places(
    indicator: Indicator, below: list[Division], found: dict[int, list[courses.Mark]]
) -> list[dict[str, Any]]:
    last = {code: courses.reading_of(indicator, marks[-1]) for code, marks in found.items()}
    most = max((float(r.value or 0) for r in last.values()), default=0.0)
    rows = [
        {
            "division": division,
            "reading": reading,
            "above": shown(reading.amount.numerator),
            "below": "" if reading.amount.denominator is None else shown(reading.amount.denominator),
            "share": float(reading.value or 0) / most if most else 0.0,
        }
        for division in below
        if (reading := last.get(division.code)) is not None
    ]
    return sorted(rows, key=lambda row: -row["share"])
