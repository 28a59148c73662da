"""Pages of tables: the register of tables, one table in a place or side by side, filling in, the workbook."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from yanglao.kernel.divisions.models import Division
from yanglao.shell.pages import Crumb, FormPage, PageView, page
from yanglao.steering.indicators.queries import places_below
from yanglao.steering.indicators.rules import shown
from yanglao.steering.tables import actions, queries, workbook
from yanglao.steering.tables.forms import DayForm, FillForm, as_initial
from yanglao.steering.tables.models import Sheet
from yanglao.steering.tables.schema import TableFile, tables

PERIODS = {"month": gettext_lazy("月报"), "quarter": gettext_lazy("季报"), "year": gettext_lazy("年报")}
SOON = dt.timedelta(days=90)


class RegisterPage(PageView):
    """Which tables there are, who owns them, until when they are needed, and how far they are."""

    right: ClassVar[str] = "tables.view"
    title = gettext_lazy("统计报表")
    template = "tables/list.html"

    def context(self) -> dict[str, Any]:
        place = self.actor.division
        day = next(iter(queries.counted_days()), None)
        today = timezone.localdate()
        return {
            "rows": [_registered(table, place, day, today) for table in tables().values()],
            "day": day,
            "place": Division.objects.filter(pk=place).first() if place else None,
            "form": DayForm(initial={"on": today}),
            "may_count": self.actor.can("tables.manage"),
        }


def _registered(table: TableFile, place: int | None, day: dt.date | None, today: dt.date) -> dict[str, Any]:
    return {
        "table": table,
        "period": PERIODS[table.period],
        "sheet": queries.sheet_of(table, place, day) if place and day else None,
        "typed": sum(item.typed for item in table.items),
        "review": "late" if table.review_on < today else "soon" if table.review_on < today + SOON else "",
    }


class OneTable(PageView):
    """A table in a place on a day: `?place=` (the reader's own by default) and `?on=` (the last day counted)."""

    right = "tables.view"

    @cached_property
    def table(self) -> TableFile:
        found = tables().get(self.kwargs["id"])
        if found is None:
            raise Http404
        return found

    @cached_property
    def days(self) -> list[dt.date]:
        return queries.counted_days(self.table)

    @cached_property
    def on(self) -> dt.date | None:
        asked = self.request.GET.get("on", "")
        return next(
            (day for day in self.days if day.isoformat() == asked), self.days[0] if self.days else None
        )

    @cached_property
    def place(self) -> Division:
        asked = self.request.GET.get("place", "")
        code = int(asked) if asked.isdigit() and len(asked) == 12 else self.actor.division
        found = (
            Division.objects.filter(pk=code).first()
            if code and (not asked or queries.visible(code))
            else None
        )
        if found is None:
            raise Http404
        return found

    def page_title(self) -> Any:
        return str(self.table)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("统计报表"), reverse("tables:list")),)

    def address(self, name: str, **more: Any) -> str:
        """This table's page of that name, for the same place and day."""
        on = self.on.isoformat() if self.on else ""
        return (
            f"{reverse(name, args=[self.table.id])}?{urlencode({'place': self.place.code, 'on': on, **more})}"
        )

    @property
    def may_fill(self) -> bool:
        return self.actor.can("tables.fill", self.place.code)


class TablePage(OneTable):
    """The rows of a place with what changed; with `?by=place` the places below side by side."""

    template = "tables/table.html"

    def context(self) -> dict[str, Any]:
        below = places_below(self.place.code)
        by_place = self.request.GET.get("by") == "place" and bool(below)
        view = queries.view(self.table, self.place.code, self.on) if self.on else None
        return {
            "table": self.table,
            "period": PERIODS[self.table.period],
            "place": self.place,
            "above": self._above(),
            "below": below,
            "on": self.on,
            "days": self.days,
            "view": view,
            "by_place": by_place,
            "lines": [_line(line) for line in view.lines] if view else [],
            "broken": _broken(view),
            "columns": self._side_by_side(below) if by_place and self.on else [],
            "versions": queries.versions(self.table, self.place.code, self.on) if self.on else [],
            "may_fill": self.may_fill,
            "fill": self.address("tables:fill"),
            "file": self.address("tables:workbook"),
            "here": self.address("tables:table"),
            "aside": self.address("tables:table", by="place"),
        }

    def _above(self) -> Division | None:
        parent = self.place.parent_id
        return Division.objects.filter(pk=parent).first() if parent and queries.visible(parent) else None

    def _side_by_side(self, below: list[Division]) -> list[dict[str, Any]]:
        assert self.on is not None
        found = queries.by_place(self.table, [self.place, *below], self.on)
        return [
            {
                "place": place,
                "whole": place == self.place,
                "cells": [
                    shown(figure.number, item.digits)
                    for item, figure in zip(self.table.items, figures, strict=True)
                ],
            }
            for place, figures in found
        ]


def _broken(view: queries.View | None) -> list[tuple[str, str, str]]:
    """Relations that do not hold, with both sums."""
    found = view.broken if view else ()
    return [(str(each.check), shown(each.left, 2), shown(each.right, 2)) for each in found]


def _line(line: queries.Line) -> dict[str, Any]:
    change = line.change
    sign = "+" if change and change > 0 else ""
    return {
        "item": line.item,
        "depth": line.item.depth,
        "how": line.figure.how,
        "number": shown(line.figure.number, line.item.digits),
        "before": shown(line.before, line.item.digits),
        "change": f"{sign}{shown(change, line.item.digits)}" if change else "",
        "url": line.url,
    }


class FillPage(OneTable, FormPage):
    """What no register knows; saved as a draft, or closed."""

    right = "tables.fill"
    form_class: ClassVar[type[forms.BaseForm]] = FillForm
    template = "tables/fill.html"

    def page_title(self) -> Any:
        return _("填写：%(table)s") % {"table": self.table}

    def crumbs(self) -> tuple[Crumb, ...]:
        return (*super().crumbs(), Crumb(str(self.table), self.address("tables:table")))

    def form_arguments(self) -> dict[str, Any]:
        return {"table": self.table}

    def initial(self) -> dict[str, Any]:
        self._refuse_elsewhere()
        assert self.on is not None
        sheet = queries.sheet_of(self.table, self.place.code, self.on)
        before = sheet or queries.last_before(self.table, self.place.code, self.on)
        return {**as_initial(queries.typed_numbers(before)), "remark": sheet.remark if sheet else ""}

    def _refuse_elsewhere(self) -> None:
        if self.on is None or not self.may_fill:
            raise Http404

    def form_context(self, form: forms.BaseForm) -> dict[str, Any]:
        assert self.on is not None
        view = queries.view(self.table, self.place.code, self.on)
        return {
            **super().form_context(form),
            "view": view,
            "broken": _broken(view),
            "place": self.place,
            "on": self.on,
        }

    def perform(self, data: dict[str, Any]) -> Sheet:
        self._refuse_elsewhere()
        assert self.on is not None
        return actions.fill(
            self.actor,
            table=self.table.id,
            division=self.place.code,
            on=self.on,
            typed={item.code: data[item.code] for item in self.table.items if item.typed},
            remark=data["remark"],
            close=self.request.POST.get("do") == "close",
        )

    def done_url(self, result: Sheet) -> str:
        return self.address("tables:table")


class WorkbookFile(OneTable):
    """The table as a workbook: the place's own sheet, and the places below side by side."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.on is None:
            raise Http404
        view = queries.view(self.table, self.place.code, self.on)
        aside = queries.by_place(self.table, [self.place, *places_below(self.place.code)], self.on)
        content = workbook.written(view, self.place, aside)
        answer = HttpResponse(
            content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        )
        name = f"{self.table}-{self.place.name}-{self.on:%Y%m%d}.xlsx"
        answer.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
        return answer


@require_POST
@page(right="tables.manage")
def count(request: HttpRequest) -> HttpResponse:
    """Have a day counted in the background."""
    form = DayForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError(_("请写明统计日。"))
        actions.count_later(request.actor, on=form.cleaned_data["on"])  # type: ignore[attr-defined]
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已开始计算，完成后可在报表里选择这一天。"))
    return redirect("tables:list")
