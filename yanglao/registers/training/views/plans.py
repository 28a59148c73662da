"""Training plans: where they stand, by year and by division."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from yanglao.kernel.divisions.models import Division
from yanglao.kernel.divisions.queries import inside
from yanglao.kernel.scope import Level
from yanglao.registers.training import actions
from yanglao.registers.training.counting import Standing, standings
from yanglao.registers.training.forms_plans import AllotForm, NewPlanForm, PlanForm
from yanglao.registers.training.models import Plan
from yanglao.registers.training.rules.goals import Light
from yanglao.shell.pages import Crumb, FormPage, PageView, page

WORDS = {
    Light.MET: gettext_lazy("已达成"),
    Light.ON_TRACK: gettext_lazy("正常"),
    Light.SLOW: gettext_lazy("偏慢"),
    Light.LATE: gettext_lazy("滞后"),
    Light.OVERDUE: gettext_lazy("逾期"),
}


def current() -> QuerySet[Plan]:
    """Plans that count, in the scope."""
    return Plan.objects.filter(withdrawn=False).prefetch_related("years").order_by("division", "id")


def lines(plans: QuerySet[Plan], day: dt.date) -> list[dict[str, Any]]:
    """Plans as rows of a table."""
    return [_line(standing) for standing in standings(plans, day)]


def _line(standing: Standing) -> dict[str, Any]:
    light = standing.light
    years = [
        {
            "goal": goal,
            "done": standing.by_year[goal.year],
            "reached": standing.by_year[goal.year] >= goal.added,
        }
        for goal in standing.goals
    ]
    return {
        "standing": standing,
        "plan": standing.plan,
        "words": WORDS[light] if light else _("未开始"),
        "tone": light.tone if light else "dull",
        "years": years,
        "left": max(0, standing.due - standing.done),
    }


class Plans(PageView):
    right = "training.view"
    title = gettext_lazy("培训计划")
    template = "training/plans.html"

    def context(self) -> dict[str, Any]:
        day = parse_date(self.request.GET.get("day", "") or "") or timezone.localdate()
        return {
            "day": day,
            "lines": lines(current().filter(parent=None), day),
            "parts": lines(current().exclude(parent=None), day),
            "may_edit": self.actor.can("training.edit"),
        }


class OfPlan(PageView):
    """A page of one plan, found by `pk` in the scope."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._plan: Plan | None = None

    @property
    def plan(self) -> Plan:
        if self._plan is None:
            rows = Plan.objects.prefetch_related("years").select_related("parent")
            self._plan = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self._plan

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.actor.can(self.right):
            self.actor.require(self.right, self.plan)
        return super().dispatch(request, *args, **kwargs)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(Plans.title, reverse("training:plans")),
            Crumb(self.plan.name, self.plan.get_absolute_url()),
        )

    def done_url(self, result: Any) -> str:
        return self.plan.get_absolute_url()


class PlanPage(OfPlan):
    right = "training.view"
    template = "training/plan.html"

    def page_title(self) -> Any:
        return self.plan.name

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Plans.title, reverse("training:plans")),)

    def context(self) -> dict[str, Any]:
        day = timezone.localdate()
        own = [self.plan]
        line = _line(standings(own, day)[0])
        parts = lines(current().filter(parent=self.plan), day)
        may_edit = self.actor.can("training.edit", self.plan)
        return {
            "plan": self.plan,
            "line": line,
            "day": day,
            "parts": parts,
            "allotted": sum(part["standing"].due for part in parts),
            "may_edit": may_edit,
            "may_change": may_edit and not self.plan.key,
        }


class AddPlan(FormPage):
    right = "training.edit"
    title = gettext_lazy("制定培训计划")
    form_class = NewPlanForm

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Plans.title, reverse("training:plans")),)

    def initial(self) -> dict[str, Any]:
        return {"first_year": timezone.localdate().year}

    def perform(self, data: dict[str, Any]) -> Plan:
        return actions.add_plan(self.actor, **data)

    def done_url(self, result: Plan) -> str:
        return result.get_absolute_url()


class ChangePlan(OfPlan, FormPage):
    right = "training.edit"
    title = gettext_lazy("修改培训计划")
    form_class = PlanForm

    def initial(self) -> dict[str, Any]:
        plan, years = self.plan, list(self.plan.years.all())
        fields = {n: getattr(plan, n) for n in ("name", "kind", "counts", "sites", "free_only", "document")}
        return {
            **fields,
            "first_year": years[0].year if years else timezone.localdate().year,
            "numbers": _("，").join(str(year.number) for year in years),
            "total": any(year.total for year in years),
        }

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.change_plan(self.actor, self.plan, **data)


class Allot(OfPlan, FormPage):
    right = "training.edit"
    title = gettext_lazy("分解任务")
    lead = gettext_lazy("把一个年度的数量分到下一级区划；留空或0为不分。")
    form_class = AllotForm
    done = gettext_lazy("任务已分解。")

    def form_arguments(self) -> dict[str, Any]:
        return {"years": [year.year for year in self.plan.years.all()], "below": below(self.plan.division_id)}

    def form(self, *data: Any) -> Any:
        self._form = super().form(*data)
        return self._form

    def initial(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for part in current().filter(parent=self.plan):
            for year in part.years.all():
                found[f"d{part.division_id}"] = year.number
        return found

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.allot(self.actor, self.plan, shares=self._form.shares(), year=data["year"])


def below(code: int) -> list[Division]:
    """The divisions one level down; a city of which no county is known goes on to streets."""
    own = Division.objects.get(pk=code)
    for level in range(own.level + 1, Level.VILLAGE + 1):
        found = list(inside(code, Level(level)).order_by("code"))
        if found:
            return found
    return []


@require_POST
@page(right="training.edit")
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    plan = get_object_or_404(Plan, pk=pk)
    try:
        actions.withdraw_plan(request.actor, plan)  # type: ignore[attr-defined]
        messages.success(request, _("计划已撤销。"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("training:plans")
