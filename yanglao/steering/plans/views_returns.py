"""Pages of the month's loop: who has reported, a unit's return, a part handed to a colleague."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import everything
from yanglao.shell.pages import Crumb
from yanglao.shell.pages.form import tell
from yanglao.steering.indicators import queries as indicators
from yanglao.steering.indicators.rules import counting_date
from yanglao.steering.plans import actions, queries, show_returns
from yanglao.steering.plans.forms import HandOverForm, ReturnForm
from yanglao.steering.plans.models import Plan, Return, ReturnPart, Target
from yanglao.steering.plans.views import PlanPage


class ReturnsPage(PlanPage):
    """Who has reported for the month, who is late, what waits for its review."""

    template = "plans/returns.html"

    def page_title(self) -> Any:
        return _("月报填报情况")

    def context(self) -> dict[str, Any]:
        units = queries.reporting(self.plan, self.month)
        rows = [
            {
                **show_returns.unit(unit),
                "may": queries.may_report(self.actor, self.plan, unit.division.code, unit.department),
                "query": query_of(self.month, unit.department),
                "own": unit.report is not None and unit.report.submitted_by_id == self.actor.user_id,
            }
            for unit in units
        ]
        return {
            "rows": rows,
            "sent": sum(unit.submitted for unit in units),
            "waiting": sum(unit.waits for unit in units),
            "late": sum(unit.late for unit in units),
            "may_manage": self.actor.can("plans.manage", self.plan.division_id),
        }


def query_of(month: Any, department: str = "") -> str:
    """The month and the department of a return, for its address."""
    return urlencode({"month": f"{month:%Y-%m}", **({"department": department} if department else {})})


class UnitPage(PlanPage):
    """A page of one unit's return: the division stands in the address, the department beside the month."""

    right = "plans.report"

    @cached_property
    def department(self) -> str:
        return self.request.GET.get("department", "")

    @cached_property
    def division(self) -> Division:
        code = self.kwargs["division"]
        found = Division.objects.filter(pk=code).first()
        if found is None or code not in self.plan.span or not self.allowed(code):
            raise Http404
        return found

    def allowed(self, code: int) -> bool:
        return queries.may_report(self.actor, self.plan, code, self.department)

    @cached_property
    def targets(self) -> list[Target]:
        found = queries.asked(self.plan, self.division.code, self.department)
        if not found:
            raise Http404
        return found

    @cached_property
    def report(self) -> Return | None:
        return queries.latest_return(self.plan, self.division.code, self.month, department=self.department)

    @property
    def unit_name(self) -> str:
        return self.department or self.division.name

    @property
    def which(self) -> dict[str, Any]:
        """The arguments that name the return, for actions."""
        return {
            "plan": self.plan,
            "division": self.division.code,
            "month": self.month,
            "department": self.department,
        }

    def here(self, name: str = "plans:fill") -> str:
        address = reverse(name, args=[self.plan.slug, self.division.code])
        return f"{address}?{query_of(self.month, self.department)}"

    @property
    def list_url(self) -> str:
        return f"{reverse('plans:returns', args=[self.plan.slug])}?month={self.month:%Y-%m}"

    def crumbs(self) -> tuple[Crumb, ...]:
        return (*super().crumbs(), Crumb(_("月报填报情况"), self.list_url))


class FillPage(UnitPage):
    """A unit's return of a month: filled in with the last one, only changes are typed."""

    template = "plans/fill.html"

    def page_title(self) -> Any:
        return _("%(place)s %(month)s 月报") % {"place": self.unit_name, "month": f"{self.month:%Y-%m}"}

    def form(self, data: Any = None) -> ReturnForm:
        known = queries.last_numbers(self.plan, self.division.code, self.month, self.department)
        denominators = known_denominators(self.targets, self.division.code, self.month)
        remarks = queries.remarks_of(self.report)
        return ReturnForm(self.targets, known, denominators, data, remarks=remarks)

    def context(self) -> dict[str, Any]:
        return self._context(self.form())

    def _context(self, form: ReturnForm) -> dict[str, Any]:
        report = self.report
        before = queries.earlier_return(self.plan, self.division.code, self.month, self.department)
        colleagues = queries.colleagues(self.actor, self.plan, self.division.code)
        return {
            "form": form,
            "rows": show_returns.return_rows(form.rows(), before, report),
            "division": self.division,
            "unit_name": self.unit_name,
            "query": query_of(self.month, self.department),
            "report": report,
            "locked": report is not None and report.locked,
            "accepted": report is not None and report.state == Return.ACCEPTED,
            "returned": report is not None and report.state == Return.RETURNED,
            "due": self.month.replace(day=self.plan.due_day),
            "before": before,
            "files": queries.files_of(report),
            "hand_over": HandOverForm(self.targets, colleagues),
            "colleagues": colleagues.exists(),
            "computed": show_returns.computed_rows(
                self.plan, self.division.code, self.month, self.department
            ),
            "list_url": self.list_url,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(self._context(form), status=422)
        submit = request.POST.get("do") == "submit"
        try:
            actions.fill(
                self.actor,
                **self.which,
                numbers=form.numbers(),
                remarks=form.remarks(),
                remark=form.cleaned_data["remark"],
                correction=form.cleaned_data["correction"],
                submit=submit,
            )
        except ValidationError as error:
            tell(form, error)
            return self.show(self._context(form), status=422)
        if submit:
            messages.success(request, _("已上报，数值已计入全市汇总，等待审核。"))
            return redirect(self.list_url)
        messages.success(request, _("草稿已保存，上报后才计入汇总。"))
        return redirect(self.here())


def known_denominators(targets: list[Target], division: int, month: Any) -> dict[str, Any]:
    """Denominators that registers know, by target key."""
    on = counting_date(month, timezone.localdate())
    return {
        target.key: indicators.computed_denominator(target.indicator, division, on)
        for target in targets
        if target.indicator.denominator
    }


class HandOver(UnitPage):
    """Hands the ticked targets to a colleague."""

    http_method_names = ("post",)  # type: ignore[assignment]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        colleagues = queries.colleagues(self.actor, self.plan, self.division.code)
        form = HandOverForm(self.targets, colleagues, request.POST)
        if not form.is_valid():
            for wrong in form.errors.values():
                messages.error(request, " ".join(map(str, wrong)))
            return redirect(self.here())
        try:
            actions.hand_over(
                self.actor, **self.which, keys=form.cleaned_data["keys"], to=form.cleaned_data["to"]
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("已交办，对方会在工作台看到。"))
        return redirect(self.here())


class PartPage(PlanPage):
    """What a colleague handed to me of a return: the same form, with my targets only."""

    right = "plans.report"
    template = "plans/part.html"

    @cached_property
    def report(self) -> Return:
        with everything("what was handed to me is mine to answer"):
            mine = ReturnPart.objects.filter(holder_id=self.actor.user_id, report_id=self.kwargs["report"])
            found = (
                mine.filter(report__plan=self.plan).select_related("report__plan", "report__division").first()
            )
        if found is None or not self.actor.can("plans.report", found.report.division_id):
            raise Http404
        return found.report

    @cached_property
    def plan(self) -> Plan:
        return queries.visible_plan(self.actor, self.kwargs["slug"])

    @cached_property
    def month(self) -> Any:
        return self.report.month

    def page_title(self) -> Any:
        return _("交办给我的填报")

    def form(self, data: Any = None) -> ReturnForm:
        mine = [p for p in queries.parts_of(self.report).values() if p.holder_id == self.actor.user_id]
        targets = [part.target for part in mine]
        known = known_denominators(targets, self.report.division_id, self.report.month)
        remarks = queries.remarks_of(self.report)
        return ReturnForm(targets, queries.numbers_of(self.report), known, data, remarks=remarks)

    def context(self) -> dict[str, Any]:
        return self._context(self.form())

    def _context(self, form: ReturnForm) -> dict[str, Any]:
        before = queries.earlier_return(
            self.plan, self.report.division_id, self.report.month, self.report.department
        )
        return {
            "form": form,
            "rows": show_returns.return_rows(form.rows(), before, self.report),
            "report": self.report,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(self._context(form), status=422)
        try:
            actions.answer_part(
                self.actor, report=self.report, numbers=form.numbers(), remarks=form.remarks()
            )
        except ValidationError as error:
            tell(form, error)
            return self.show(self._context(form), status=422)
        messages.success(request, _("已填好，由交办人汇总上报。"))
        return redirect("home")
