"""A month at a glance: by division and by provider."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.vouchers import forms, queries, schemes, tasks
from yanglao.entitlement.vouchers.views.base import Start, month_asked, month_text, month_value
from yanglao.kernel.jobs import enqueue
from yanglao.kernel.scope import Level, level_of
from yanglao.shell import charts
from yanglao.shell.pages import PageView


class MonthPage(PageView):
    """How many vouchers of a month were issued, claimed, used; where, and by which providers."""

    right = "vouchers.view"
    title = _("消费券")
    template = "vouchers/month.html"

    def context(self) -> dict[str, Any]:
        month = month_asked(self.request.GET.get("month"), queries.this_month())
        asked = self.request.GET.get("division", "")
        division = int(asked) if asked.isdigit() and len(asked) == 12 else self.actor.division or 0
        level = Level(min(level_of(division) + 1, Level.VILLAGE)) if division else Level.COUNTY
        provider = bool(self.actor.organisations(self.right)) and not self.actor.spans(self.right)
        divisions = [] if provider else queries.by_division(month, division, level)
        places = queries.by_place(month)
        return {
            "month": month,
            "month_text": month_text(month),
            "month_value": month_value(month),
            "months": [(month_value(m), month_text(m)) for m in queries.months()] if not provider else [],
            "division": division,
            "divisions": divisions,
            "may_open": level < Level.VILLAGE,
            "places": places[:200],
            "more": max(len(places) - 200, 0),
            "total": queries.total(divisions),
            "spent": queries.total(places),
            "provider": provider,
            "scheme": schemes.scheme_for(division, month),
            "chart": self._chart(divisions),
            "may": {right: self.actor.can(f"vouchers.{right}") for right in _RIGHTS},
        }

    def _chart(self, divisions: list[queries.Figures]) -> Any:
        if len(divisions) < 2:
            return None
        return charts.bars(
            gettext("各地领取和使用"),
            [d.name for d in divisions],
            {
                gettext("已发放"): [d.issued for d in divisions],
                gettext("已领取"): [d.claimed for d in divisions],
                gettext("已使用"): [d.used for d in divisions],
            },
            unit=gettext("张"),
        )


_RIGHTS = ("issue", "assist", "admit", "redeem", "review", "reconcile", "draw", "check")


class Issue(Start):
    """Ask for the month's vouchers now; the nightly job does the same."""

    right = "vouchers.issue"
    title = _("发放本月消费券")
    lead = _("给本月符合条件而还没有券的老人发放；每天夜里会自动发放一次，新评定的不用等。")
    form_class = forms.IssueForm
    submit = _("开始发放")
    done = _("已开始发放，完成后这里会更新。")

    def initial(self) -> dict[str, Any]:
        return {"division": self.actor.division}

    def perform(self, data: dict[str, Any]) -> Any:
        month = queries.this_month()
        self.actor.require(self.right, data["division"])
        key = f"vouchers {data['division']} {month}"
        return enqueue(self.actor, tasks.issue, key=key, division=data["division"], month=month)

    def done_url(self, result: Any) -> str:
        return reverse("vouchers:month")
