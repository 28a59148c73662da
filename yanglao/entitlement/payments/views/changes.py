"""Why a run differs from the month before: by policy, by division, and one by one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from yanglao.entitlement.benefits.offered.queries import tabs
from yanglao.entitlement.benefits.queries import Run, policy_titles, previous, runs_of
from yanglao.entitlement.payments import monthly
from yanglao.entitlement.payments.filters import ChangeFilter
from yanglao.entitlement.payments.models import MonthChange
from yanglao.entitlement.payments.tasks import compare as compare_job
from yanglao.entitlement.payments.views.base import month_text
from yanglao.kernel.jobs import enqueue
from yanglao.kernel.scope import Level, level_of
from yanglao.shell.pages import Column, Crumb, ListPage, PageView, page

TONES = {
    "age": "good", "registered": "good", "moved_in": "good", "qualified": "good", "started": "good", "died": "dull",
    "moved_out": "dull", "clause": "warn", "suspended": "warn", "conflict": "bad", "ended": "dull", "other": "info",
    "bracket": "info", "rate": "info", "facts": "info",
}  # fmt: skip


class OfRun(PageView):
    """A page about the changes of a run that concerns the one who looks."""

    right = "benefits.view"

    @cached_property
    def run(self) -> Run:
        return get_object_or_404(runs_of(self.actor), pk=self.kwargs["run"])

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("待遇发放"), reverse("benefits:runs")),
            Crumb(self.run.title, reverse("benefits:run", args=[self.run.pk])),
        )


class ChangesPage(OfRun):
    """This month beside the last by policy and by division, with the causes whose sum is the difference."""

    template = "payments/changes.html"

    def page_title(self) -> str:
        return _("较上月变动")

    def context(self) -> dict[str, Any]:
        run, before = self.run, previous(self.run)
        below = Level(min(level_of(self.actor.division or run.division_id) + 1, Level.STREET))
        policies = monthly.by_policy(run, policy_titles(run))
        divisions = monthly.by_division(run, below)
        return {
            "run": run,
            "month": month_text(run.month),
            "before": before and month_text(before.month),
            "tables": [
                (_("按政策"), _("政策"), "policy", policies),
                (_("按区划"), _("区划"), "division", divisions),
            ],
            "tabs": tabs(self.actor, run, "changes"),
            "whole": (whole := all(row.whole for row in policies)),
            "pending": not whole and not any(row.parts for row in policies),
            "fen_before": sum(row.fen_before for row in policies),
            "fen_now": sum(row.fen for row in policies),
            "fen": sum(row.fen_change for row in policies),
            "may": self.actor.can("benefits.run", run.division_id),
        }


class ChangeList(OfRun, ListPage):
    """Everybody whose amount differs, with the cause and the clause or bracket behind it."""

    title = gettext_lazy("较上月变动明细")
    lead = gettext_lazy("一人一项政策一行：上月、本月、差额和原因；条件和档次按冻结的政策和事实逐条核出。")
    model = MonthChange
    filterset = ChangeFilter
    order = "pk"
    export_right = "benefits.export"

    template = "payments/change_list.html"
    columns: Sequence[Column] = (
        Column("subject", gettext_lazy("对象"), value=lambda row: row.subject, link=True),
        Column("division_id", gettext_lazy("区划"), kind="division", sort="division"),
        Column("title", gettext_lazy("政策"), value=lambda row: row.title, minor=True),
        Column("before_fen", gettext_lazy("上月（元）"), kind="yuan", sort="before_fen"),
        Column("after_fen", gettext_lazy("本月（元）"), kind="yuan", sort="after_fen"),
        Column("fen", gettext_lazy("差额（元）"), kind="yuan"),
        Column(
            "cause",
            gettext_lazy("原因"),
            value=lambda row: row.get_cause_display(),
            tone=lambda row: TONES[row.cause],
        ),
        Column("detail", gettext_lazy("条件或档次"), value=lambda row: row.detail),
    )

    def context(self) -> dict[str, Any]:
        return {**super().context(), "tabs": tabs(self.actor, self.run, "changes")}

    def row_url(self, row: MonthChange) -> str:
        """The explanation of this month's line; of who left the one of last month."""
        line = row.line or row.line_before  # type: ignore[attr-defined]
        return reverse("benefits:line", args=[line]) if line else ""

    def queryset(self) -> Any:
        return monthly.with_names(self.run)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (*super().crumbs(), Crumb(_("较上月变动"), reverse("payments:changes", args=[self.run.pk])))


@require_POST
@page(right="benefits.run")
def compare(request: HttpRequest, run: int) -> HttpResponse:
    """Compare a run with the month before again, for instance one of before this list was kept."""
    found = get_object_or_404(runs_of(request.actor), pk=run)  # type: ignore[attr-defined]
    request.actor.require("benefits.run", found.division_id)  # type: ignore[attr-defined]
    enqueue(request.actor, compare_job, key=f"compare {found.pk}", run_id=found.pk)  # type: ignore[attr-defined]
    messages.success(request, _("已开始比较，稍后刷新本页。"))
    return redirect("payments:changes", found.pk)
