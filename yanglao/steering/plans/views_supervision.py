"""Pages of supervision (督导) and scoring (考核)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yanglao.shell.pages import page
from yanglao.steering.indicators.rules import shown
from yanglao.steering.plans import actions, queries, show, show_returns
from yanglao.steering.plans.scoring_file import rules_of
from yanglao.steering.plans.supervision_file import supervision_of
from yanglao.steering.plans.views import PlanPage, month_asked


class SupervisionPage(PlanPage):
    """The report of supervision: who is late, what is stuck, since when, whom it was raised to."""

    template = "plans/supervision.html"

    def page_title(self) -> Any:
        return _("督导情况")

    def context(self) -> dict[str, Any]:
        board, plan = queries.board(self.plan, self.month), self.plan
        late = [unit for unit in queries.reporting(plan, self.month) if unit.late]
        return {
            "board": board,
            "late": [show_returns.unit(unit) for unit in late],
            "stuck": [
                {**show.card(one.view, self.month), "since": one.since, "months": one.months}
                for one in queries.stuck(board)
            ],
            "rule": supervision_of(plan.place),
            "cases": [_case(one) for one in queries.supervised(plan)],
            "may_manage": self.actor.can("plans.manage", plan.division_id),
        }


def _case(one: queries.Supervised) -> dict[str, Any]:
    task = one.task
    return {
        "case": one.case,
        "url": reverse("cases:case", args=[one.case.pk]),
        "step": task.name if task else _("已办结"),
        "due": task.due if task else None,
        "holder": task.holder.name if task and task.holder else "",
        "place": task.place.name if task else "",
        "days": max((timezone.localdate() - task.due).days, 0) if task else 0,
        "raised": task.escalated if task else 0,
    }


@require_POST
@page(right="plans.manage")
def supervise(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Open a case about a late unit (`unit`) or a stuck target (`target`)."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = queries.visible_plan(actor, slug)
    actor.require("plans.manage", plan.division_id)
    month = month_asked(request, plan)
    unit, key = request.POST.get("unit", ""), request.POST.get("target", "")
    try:
        for division, matter, name in _matters(plan, month, unit, key):
            actions.supervise(actor, plan=plan, division=division, month=month, matter=matter, name=name)
            messages.success(request, _("已发出督办：%(name)s") % {"name": name})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(f"{reverse('plans:supervision', args=[slug])}?month={month:%Y-%m}")


def _matters(plan: Any, month: Any, unit: str, key: str) -> list[tuple[int, str, str]]:
    """Division, matter and name of what was asked for, as far as it is late or stuck."""
    late = [one for one in queries.reporting(plan, month) if one.late]
    found = [
        (one.division.code, f"return {one.department}".strip(), _("%(unit)s月报") % {"unit": one.name})
        for one in late
        if f"{one.division.code} {one.department}".strip() == unit
    ]
    view = queries.one(plan, key, month) if key else None
    if view is not None and view.standing.light == "red":
        found.append((plan.division_id, view.target.key, view.target.name))
    return found


class ScoresPage(PlanPage):
    """Scores of districts by the rules of the city folder, with the arithmetic of every point."""

    template = "plans/scores.html"

    def page_title(self) -> Any:
        return _("考核计分")

    def context(self) -> dict[str, Any]:
        rules = rules_of(self.plan.place)
        rows = [
            {
                "rank": one.rank,
                "name": one.division.name,
                "total": shown(one.total, 1),
                "share": float(one.total or 0),
                "points": [
                    {"words": shown(p.points, 1), "how": p.how, "of": p.item.points} for p in one.points
                ],
            }
            for one in queries.scores(self.plan, self.month)
        ]
        return {"rules": rules, "rows": rows, "narrow": show.sees_only_own(self.actor, self.plan)}
