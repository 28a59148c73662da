"""Pages of the breakdown: the whole table of tasks by district, and one target being divided."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.shell.pages import Crumb
from yanglao.shell.pages.form import tell
from yanglao.shell.sheets import FileRefused
from yanglao.steering.indicators import queries as indicators
from yanglao.steering.indicators.rules import month_start, shown
from yanglao.steering.plans import actions, queries, show
from yanglao.steering.plans.models import Breakdown, Target
from yanglao.steering.plans.rules import parse_number
from yanglao.steering.plans.sheet_breakdown import write_breakdown
from yanglao.steering.plans.sheet_divided import Divided, read_divided
from yanglao.steering.plans.views import PlanPage

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BreakdownPage(PlanPage):
    """Targets down, districts across; `?form=xlsx` gives the workbook."""

    template = "plans/breakdown.html"

    def page_title(self) -> Any:
        return _("目标分解到区县")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.GET.get("form") != "xlsx":
            return self.show(self.context())
        made = write_breakdown(
            self.plan,
            queries.tasks_of(self.plan),
            queries.targets_of(self.plan),
            queries.units(self.plan),
            queries.breakdowns_in_force(self.plan),
        )
        return _workbook(made, f"{self.plan.title}任务分解表.xlsx")  # i18n: data

    def context(self) -> dict[str, Any]:
        districts, made = queries.units(self.plan), queries.breakdowns_in_force(self.plan)
        targets = [t for t in queries.targets_of(self.plan) if t.indicator.reported_by != "city"]
        return {
            "districts": districts,
            "rows": [_row(target, made.get(target.key), districts) for target in targets],
            "done": len(made),
            "may_manage": self.actor.can("plans.manage", self.plan.division_id),
        }


class DividedSheet(PlanPage):
    """The filled-in table of tasks comes back: wrong cells are marked in it, a right one makes new versions."""

    right: ClassVar[str] = "plans.manage"
    http_method_names = ("post",)  # type: ignore[assignment]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.actor.can("plans.manage", self.plan.division_id):
            raise Http404
        back = redirect(f"{reverse('plans:breakdown', args=[self.plan.slug])}?month={self.month:%Y-%m}")
        file = request.FILES.get("file")
        if file is None:
            messages.error(request, _("请先选择文件。"))
            return back
        try:
            read = self._read(file)
        except FileRefused as refused:
            messages.error(request, "。".join(text for text in refused.problem.texts(_) if text))
            return back
        if read.marked:
            return _workbook(read.marked, f"{self.plan.title}任务分解表-{_('标错')}.xlsx")  # i18n: data
        try:
            made = actions.divide_sheet(
                self.actor, plan=self.plan, numbers=read.numbers, reasons=read.reasons
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            words = {"n": len(made), "same": read.same}
            messages.success(request, _("已按表分解 %(n)s 项，原版本保留；%(same)s 项没有变化。") % words)
        return back

    def _read(self, file: Any) -> Divided:
        with tempfile.NamedTemporaryFile(suffix=Path(file.name or "x").suffix) as copy:
            for piece in file.chunks():
                copy.write(piece)
            copy.flush()
            return read_divided(
                Path(copy.name),
                file.name or "",
                self.plan,
                queries.targets_of(self.plan),
                queries.units(self.plan),
                queries.breakdowns_in_force(self.plan),
                self.actor,
            )


def _workbook(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def _row(target: Target, made: Breakdown | None, districts: list[Any]) -> dict[str, Any]:
    numbers = queries.numbers_in(made) if made else {}
    total = sum(numbers.values(), Fraction(0))
    adds = queries.divisible(target)
    return {
        "target": target,
        "goal": show.goal(target),
        "cells": [shown(numbers[d.code], 2) if d.code in numbers else "" for d in districts],
        "sum": shown(total, 2) if made and adds else "",
        "agrees": not made or not adds or total == parse_number(target.number),
        "made": made,
        "stale": made is not None and queries.stale(made),
    }


class DivideForm(forms.Form):
    """A number per district, how they came about, and a word why."""

    method = forms.ChoiceField(
        label=gettext_lazy("分解办法"), choices=Breakdown.METHODS, widget=forms.HiddenInput
    )
    remark = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=400)

    def __init__(self, districts: list[Any], numbers: dict[int, Fraction], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.districts = districts
        for one in districts:
            self.fields[f"d-{one.code}"] = forms.CharField(
                label=one.name, max_length=20, initial=_typed(numbers.get(one.code, Fraction(0)))
            )

    def rows(self) -> list[dict[str, Any]]:
        return [{"district": one, "field": self[f"d-{one.code}"]} for one in self.districts]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.numbers: dict[int, Fraction] = {}
        for one in self.districts:
            try:
                self.numbers[one.code] = parse_number(cleaned.get(f"d-{one.code}", ""))
            except ValueError:
                self.add_error(f"d-{one.code}", _("请填一个数，如 120 或 12.5。"))
        return cleaned


def _typed(number: Fraction) -> str:
    return str(number) if number.denominator == 1 else f"{float(number):.4f}".rstrip("0")


class DividePage(PlanPage):
    """One target divided by hand, by older population, by what there is, or evenly; the sum beside the whole."""

    right: ClassVar[str] = "plans.manage"
    template = "plans/divide.html"

    @cached_property
    def target(self) -> Target:
        found = Target.objects.filter(plan=self.plan, key=self.kwargs["key"], withdrawn=False)
        one = found.select_related("plan", "indicator", "task").first()
        if one is None or not self.actor.can("plans.manage", self.plan.division_id):
            raise Http404
        return one

    def page_title(self) -> Any:
        return _("分解：%(name)s") % {"name": self.target.name}

    def crumbs(self) -> tuple[Crumb, ...]:
        address = f"{reverse('plans:breakdown', args=[self.plan.slug])}?month={self.month:%Y-%m}"
        return (*super().crumbs(), Crumb(_("目标分解到区县"), address))

    def _form(self, data: Any = None) -> DivideForm:
        method = self.request.GET.get("method", "")
        known = queries.parts_in_force(self.target)
        if method in dict(Breakdown.METHODS) or not known:
            method = method if method in dict(Breakdown.METHODS) else "population"
            method = method if queries.divisible(self.target) else "same"
            numbers = queries.proposed(self.plan, self.target, method, self.month)
        else:
            method, numbers = "hand", known
        districts = queries.districts_of(self.plan, self.target)
        return DivideForm(districts, numbers, data, initial={"method": method})

    def context(self) -> dict[str, Any]:
        return self._context(self._form())

    def _context(self, form: DivideForm) -> dict[str, Any]:
        codes = [one.code for one in form.districts]
        since = month_start(self.plan.start)
        now = indicators.by_place(self.target.indicator.code, codes, since, self.month)
        older = indicators.by_place(queries.POPULATION, codes, since.replace(year=since.year - 1), self.month)
        rows = [
            {**row, "now": now.get(row["district"].code), "older": older.get(row["district"].code)}
            for row in form.rows()
        ]
        total = (
            sum((parse_number(row["field"].value() or 0) for row in rows), Fraction(0))
            if not form.errors
            else None
        )
        return {
            "form": form,
            "target": self.target,
            "goal": show.goal(self.target),
            "rows": rows,
            "sum": "" if total is None or not queries.divisible(self.target) else shown(total, 2),
            "divisible": queries.divisible(self.target),
            "methods": [(key, label) for key, label in Breakdown.METHODS if key != "same"],
            "method": form["method"].value(),
            "versions": queries.breakdown_history(self.target),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.target  # noqa: B018 - 404 before anything is read
        form = self._form(request.POST)
        if form.is_valid():
            try:
                actions.divide_target(
                    self.actor,
                    target=self.target,
                    method=form.cleaned_data["method"],
                    numbers=form.numbers,
                    remark=form.cleaned_data["remark"],
                )
            except ValidationError as error:
                tell(form, error)
            else:
                messages.success(request, _("已分解下达，原版本保留。"))
                return redirect(
                    f"{reverse('plans:breakdown', args=[self.plan.slug])}?month={self.month:%Y-%m}"
                )
        return self.show(self._context(form), status=422)
