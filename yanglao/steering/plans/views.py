"""Pages of plans: the board, why a target stands as it does, the table of tasks, the report, the returns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from yanglao.kernel.divisions.models import Division
from yanglao.shell.pages import Crumb, PageView, page
from yanglao.steering.indicators import queries as indicators
from yanglao.steering.indicators.actions import compute_later
from yanglao.steering.indicators.rules import counting_date, month_start, previous_month
from yanglao.steering.plans import queries, show, show_returns
from yanglao.steering.plans.models import Plan
from yanglao.steering.plans.report.build import build
from yanglao.steering.plans.report.content import Report, compose, notes
from yanglao.steering.plans.report.pdf import table, write_pdf
from yanglao.steering.plans.report.word import write_word

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LATE = ("red", "amber")
FORMS: dict[str, tuple[Callable[[Report], bytes], str]] = {
    "docx": (write_word, WORD),
    "pdf": (write_pdf, "application/pdf"),
}


def month_asked(request: HttpRequest, plan: Plan) -> date:
    """The month of ``?month=2026-11`` if it is one of the plan's that has begun, else the latest."""
    months = queries.months_of(plan, timezone.localdate())
    try:
        asked = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return months[-1]
    return asked if asked in months else months[-1]


class PlanPage(PageView):
    """A page of one plan and one month."""

    right: ClassVar[str] = "plans.view"

    @cached_property
    def plan(self) -> Plan:
        return queries.visible_plan(self.actor, self.kwargs["slug"])

    @cached_property
    def month(self) -> date:
        return month_asked(self.request, self.plan)

    def crumbs(self) -> tuple[Crumb, ...]:
        home = Crumb(_("目标任务"), reverse("plans:board"))
        address = f"{reverse('plans:plan', args=[self.plan.slug])}?month={self.month:%Y-%m}"
        return (home, Crumb(self.plan.title, address))

    def show(self, context: dict[str, Any], status: int = 200) -> Any:
        frame = {
            "plan": self.plan,
            "month": self.month,
            "months": list(reversed(queries.months_of(self.plan, timezone.localdate()))),
        }
        return super().show({**frame, **context}, status)


class BoardPage(PlanPage):
    """The board: read in ten seconds, one click to why."""

    template = "plans/board.html"
    title = gettext_lazy("目标任务")

    @cached_property
    def plans(self) -> list[Plan]:
        return queries.visible(self.actor)

    @cached_property
    def plan(self) -> Plan:
        slug = self.kwargs.get("slug")
        if slug:
            found = next((plan for plan in self.plans if plan.slug == slug), None)
        else:
            found = queries.default_plan(self.plans, timezone.localdate())
        if found is None:
            raise Http404
        return found

    def crumbs(self) -> tuple[Crumb, ...]:
        return ()

    def page_title(self) -> Any:
        return self.plan.title if self.plans else self.title

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.kwargs.get("slug") and not self.plans:
            return PageView.show(self, {"plan": None})
        return self.show(self.context())

    def context(self) -> dict[str, Any]:
        state = queries.board(self.plan, self.month)
        units = queries.reporting(self.plan, self.month)
        light, last = self.request.GET.get("light", ""), previous_month(self.month)
        before = queries.board(self.plan, last) if last >= month_start(self.plan.start) else None
        return {
            "plans": self.plans,
            "board": state,
            "headline": show.headline(state, before, units),
            "lights": show.lights(state, light),
            "strip": show.strip(state),
            "worst": [show.card(view, self.month) for view in state.targets if view.standing.light in LATE][
                :8
            ],
            "chapters": show.chapters(state, light),
            "light": light,
            "nothing": not any(view.reading for view in state.targets),
            "units": [show_returns.unit(unit) for unit in units],
            "sent": sum(unit.submitted for unit in units),
            "own": queries.own_units(self.actor) & {unit.division.code for unit in units},
            "may_manage": self.actor.can("plans.manage", self.plan.division_id),
        }


class TargetPage(PlanPage):
    """Why: the number, its parts, the way it went, the places below, the records, the definition."""

    template = "plans/target.html"

    @cached_property
    def view(self) -> queries.TargetView:
        view = queries.one(self.plan, self.kwargs["key"], self.month)
        if view is None:
            raise Http404
        return view

    def page_title(self) -> Any:
        return self.view.target.name

    def context(self) -> dict[str, Any]:
        view = self.view
        indicator = view.target.indicator
        place = self._place()
        below = indicators.places_below(place)
        since = month_start(self.plan.start)
        found = indicators.by_place(indicator.code, [d.code for d in below], since, self.month)
        on = view.reading.as_of if view.reading else counting_date(self.month, timezone.localdate())
        goals = queries.parts_in_force(view.target) if place == self.plan.division_id else {}
        return {
            "view": show.card(view, self.month),
            "target": view.target,
            "indicator": indicator,
            "facts": show.facts(view),
            "arithmetic": show.arithmetic(view, counting_date(self.month, timezone.localdate())),
            "chart": show.course_chart(self.plan, view),
            "years": show.years(view),
            "place": Division.objects.filter(pk=place).first(),
            "places": show.places(below, found, self.plan, self.month, view.target.key, goals),
            "divided": bool(goals),
            "narrow": show.sees_only_own(self.actor, self.plan),
            "records": indicators.record_links(indicator, on, self._records_place(place)),
            "parts": queries.parts(self.plan, view.target),
        }

    def _place(self) -> int:
        """``?place=`` if it lies in the plan and the reader may see it, else the plan's own division."""
        asked = self.request.GET.get("place", "")
        code = int(asked) if asked.isdigit() and len(asked) == 12 else self.plan.division_id
        if code not in self.plan.span:
            raise Http404
        if code != self.plan.division_id and not indicators.visible([code]):
            raise Http404
        return code

    def _records_place(self, place: int) -> int | None:
        """Records are opened for the place shown, or for the reader's own when the plan's lies above him."""
        if indicators.visible([place]):
            return place
        own = self.actor.division
        return own if own is not None and own in self.plan.span else None


class TasksPage(PlanPage):
    """The breakdown of tasks (任务分解表), as it is printed and sent round."""

    template = "plans/tasks.html"

    def page_title(self) -> Any:
        return _("任务分解表")

    def context(self) -> dict[str, Any]:
        state = queries.board(self.plan, self.month)
        return {"chapters": show.task_table(queries.tasks_of(self.plan), state)}


def report_asked(request: HttpRequest, plan: Plan, month: date) -> Report:
    """The report, or with `?public=1` that for the public; ranked for who sees all districts."""
    actor = request.actor  # type: ignore[attr-defined]
    public = request.GET.get("public") == "1"
    return build(plan, month, public=public, ranked=not show.sees_only_own(actor, plan))


class ReportPage(PlanPage):
    """The monthly report as it will be written, with the files to take away."""

    template = "plans/report.html"

    def page_title(self) -> Any:
        return _("月度进展报告")

    def context(self) -> dict[str, Any]:
        report = report_asked(self.request, self.plan, self.month)
        return {
            "report": report,
            "sections": compose(report),
            "lines": table(report),
            "notes": list(enumerate(notes(report), start=1)),
        }


@page(right="plans.view")
def report_file(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The report as a file: docx or pdf."""
    if form not in FORMS:
        raise Http404
    plan = queries.visible_plan(request.actor, slug)  # type: ignore[attr-defined]
    report = report_asked(request, plan, month_asked(request, plan))
    write, content_type = FORMS[form]
    answer = HttpResponse(write(report), content_type=content_type)
    mark = _("【演示】") if plan.demonstration else ""
    name = f"{mark}{report.title}.{form}"
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{_quoted(name)}"
    return answer


def _quoted(name: str) -> str:
    from urllib.parse import quote

    return quote(name)


@require_POST
@page(right="plans.manage")
def recompute(request: HttpRequest, slug: str) -> HttpResponse:
    """Have the plan's registers' numbers computed anew, month by month, in the background."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = queries.visible_plan(actor, slug)
    actor.require("plans.manage", plan.division_id)
    first = previous_month(month_start(plan.start))
    months = [first, *queries.months_of(plan, timezone.localdate())]
    compute_later(actor, months=months)
    messages.success(request, _("已开始重新计算，完成后看板自动更新。"))
    return redirect("plans:plan", slug)
