"""Pages of benefits: the runs, the story of one month, its lines, the payment file, the policies."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits import actions, books, queries
from yanglao.entitlement.benefits.explaining import told_policy
from yanglao.entitlement.benefits.forms import CommentForm, StartForm
from yanglao.entitlement.benefits.models import Run
from yanglao.entitlement.benefits.naming import title_of
from yanglao.entitlement.benefits.story import (
    CAUSES,
    month_text,
    rare_ways,
    stages,
    step_text,
    tabs,
    tone,
    ways,
)
from yanglao.entitlement.benefits.tasks import compute_run
from yanglao.entitlement.benefits.totals import Totals
from yanglao.kernel.cases import queries as case_queries
from yanglao.kernel.jobs import enqueue
from yanglao.kernel.jobs.models import JobRun
from yanglao.kernel.jobs.queries import visible_to
from yanglao.kernel.rooms import house
from yanglao.kernel.scope import Level, level_of
from yanglao.shell.cases.drawing import lay_out
from yanglao.shell.pages import Crumb, FormPage, PageView


class RunsPage(PageView):
    right = "benefits.view"
    title = gettext_lazy("待遇发放")
    template = "benefits/runs.html"

    def context(self) -> dict[str, Any]:
        return {
            "runs": [dressed(run) for run in queries.runs_of(self.actor)[:200]],
            "may_start": self.actor.can("benefits.run"),
        }


def dressed(run: Run) -> Run:
    """A run with the words a page shows of it."""
    run.month_text = month_text(run.month)  # type: ignore[attr-defined]
    run.tone = tone(run.state)  # type: ignore[attr-defined]
    run.step_text = step_text(run)  # type: ignore[attr-defined]
    return run


class OfRun(PageView):
    """A page about one run that concerns the one who looks."""

    right = "benefits.view"

    @cached_property
    def run(self) -> Run:
        return dressed(get_object_or_404(queries.runs_of(self.actor), pk=self.kwargs["run"]))

    def crumbs(self) -> tuple[Crumb, ...]:
        here = Crumb(self.run.title, reverse("benefits:run", args=[self.run.pk]))
        return (Crumb(_("待遇发放"), reverse("benefits:runs")), here)


class StartPage(FormPage):
    right = "benefits.run"
    title = gettext_lazy("发起本月测算")
    lead = gettext_lazy("一次算完辖区内所有人。事实和政策在测算时冻结，之后由不同的人复核、审批。")
    submit = gettext_lazy("开始测算")
    done = gettext_lazy("已开始测算。")
    form_class = StartForm

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("待遇发放"), reverse("benefits:runs")),)

    @cached_property
    def policies(self) -> list[tuple[str, str]]:
        return [(p.id, title_of(p)) for p in books.policies_of(self._division)]

    @property
    def _division(self) -> int:
        if self.actor.division is None:
            raise Http404
        return self.actor.division

    def form_arguments(self) -> dict[str, Any]:
        return {"policies": self.policies}

    def initial(self) -> dict[str, Any]:
        return {
            "month": timezone.localdate().strftime("%Y-%m"),
            "policies": [id for id, _title in self.policies],
        }

    def perform(self, data: dict[str, Any]) -> Run:
        run = actions.start(
            self.actor, division=self._division, month=data["month"], policies=data["policies"]
        )
        enqueue(self.actor, compute_run, run_id=run.pk)
        return run

    def done_url(self, result: Run) -> str:
        return reverse("benefits:run", args=[result.pk])


class RunPage(OfRun):
    template = "benefits/run.html"

    def page_title(self) -> str:
        return self.run.title

    def crumbs(self) -> tuple[Crumb, ...]:
        return super().crumbs()[:1]

    def context(self) -> dict[str, Any]:
        run, signatures = self.run, list(self.run.signatures.all())
        frame = {
            "run": run,
            "signatures": signatures[::-1],
            "stages": stages(run, queries.standing_signatures(run)),
            "ways": ways(self.actor, run),
            "rare": rare_ways(self.actor, run),
            "tabs": tabs(self.actor, run),
            "computed": run.computed_at is not None and run.state != Run.State.DRAFT,
            "job": self._job(),
            "may_export": run.computed_at is not None and self.actor.can("benefits.export", run.division_id),
            **self._case(),
        }
        return {**frame, **self._figures()} if frame["computed"] else frame

    def _case(self) -> dict[str, Any]:
        """The picture and the course of its case."""
        case = self.run.case
        if case is None:
            return {}
        told = [(told, ()) for told in reversed(case_queries.story(case))]
        return {"case": case, "drawing": lay_out(case_queries.picture_of(case)), "told_lines": told}

    def _job(self) -> JobRun | None:
        """The work on it, while it has no figures: shown to whoever asked for it."""
        if self.run.state not in (Run.State.DRAFT, Run.State.FAILED):
            return None
        return visible_to(self.actor).filter(name="benefits.compute", arguments__run_id=self.run.pk).first()

    def _figures(self) -> dict[str, Any]:
        totals = Totals(self.run)
        by_division = totals.by_division(below(self.actor.division or self.run.division_id))
        return {
            "before": totals.before,
            "total": totals.all(),
            "kinds": totals.kinds,
            "by_division": by_division,
            "by_policy": totals.by_policy_and_reason(),
            "several": len(totals.kinds) > 1,
            "in_kind": any(t.given for t in by_division),
            "changes": [(_cause(c.cause), c) for c in queries.changes(self.run)],
            "changes_url": reverse("payments:changes", args=[self.run.pk]) if totals.before else "",
            "corrected": queries.corrected_in(self.run),
            "most": max((t.fen for t in by_division), default=0),
            "unpaid": queries.without_account(self.run),
            "panels": [
                {"label": p.label, "template": p.template, "data": data}
                for p in house().run_panels
                if self.actor.can(p.right)
                and (data := p.context(self.actor, self.run.pk, timezone.localdate())) is not None
            ],
        }


def _cause(cause: str) -> str:
    return str(CAUSES[cause])


def below(code: int) -> Level:
    """The level one step down: a city's page speaks of counties, a county's of streets."""
    return Level(min(level_of(code) + 1, Level.STREET))


class StepPage(OfRun, FormPage):
    """Sign a step of a run: review, approve, send back, cancel, or compute it (again)."""

    form_class = CommentForm
    _STEPS = {
        "sum-up": (actions.sum_up, gettext_lazy("汇总抽查"), ""),
        "review": (actions.review, gettext_lazy("复核通过"), ""),
        "objections": (actions.settle_objections, gettext_lazy("异议处理完毕"), ""),
        "approve": (actions.approve, gettext_lazy("审批通过"), ""),
        "raise": (actions.pass_up, gettext_lazy("报分管领导"), ""),
        "close": (actions.close, gettext_lazy("办结"), ""),
        "return": (
            actions.send_back,
            gettext_lazy("退回"),
            gettext_lazy("退回后须重新测算，已有的复核不再有效。"),
        ),
        "cancel": (actions.cancel, gettext_lazy("作废"), gettext_lazy("作废后不能恢复，须重新发起。")),
        "compute": (None, gettext_lazy("重新测算"), ""),
    }
    done = gettext_lazy("已签署。")

    @cached_property
    def step(self) -> tuple[Any, Any, Any]:
        try:
            return self._STEPS[self.kwargs["step"]]
        except KeyError:
            raise Http404 from None

    def page_title(self) -> Any:
        return self.step[1]

    @property
    def submit(self) -> Any:  # type: ignore[override]
        return self.step[1]

    @property
    def danger(self) -> Any:  # type: ignore[override]
        return self.step[2]

    @property
    def lead(self) -> Any:  # type: ignore[override]
        if self.run.computed_at is None or self.run.state == Run.State.DRAFT:
            return self.run.title
        names = {"run": self.run.title, "n": self.run.rows, "yuan": f"{self.run.sum_fen / 100:,.2f}"}
        return _("%(run)s：%(n)s 笔，%(yuan)s 元。") % names

    def perform(self, data: dict[str, Any]) -> Run:
        action = self.step[0]
        if action is None:
            self.actor.require("benefits.run", self.run.division_id)
            enqueue(self.actor, compute_run, run_id=self.run.pk)
            return self.run
        return action(self.actor, self.run, comment=data["comment"])

    def done_url(self, result: Run) -> str:
        return reverse("benefits:run", args=[self.run.pk])


class PoliciesPage(PageView):
    right = "benefits.view"
    title = gettext_lazy("待遇政策")
    template = "benefits/policies.html"

    def context(self) -> dict[str, Any]:
        return {"policies": [told_policy(p) for p in books.policies_of(self.actor.division or 0)]}


class PolicyPage(PageView):
    """A policy in plain words, with its parameters over time and its text."""

    right = "benefits.view"
    template = "benefits/policy.html"

    @cached_property
    def policy(self) -> Any:
        found = {p.id: p for p in books.policies_of(self.actor.division or 0)}
        if self.kwargs["policy"] not in found:
            raise Http404
        return found[self.kwargs["policy"]]

    def page_title(self) -> str:
        return title_of(self.policy)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("待遇政策"), reverse("benefits:policies")),)

    def context(self) -> dict[str, Any]:
        return {"policy": told_policy(self.policy)}
