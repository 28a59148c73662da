"""The overview, asking for a recomputation, and what it found by division and cause."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits.offered.queries import month_text
from yanglao.entitlement.benefits.rules.months import Month, add_months
from yanglao.entitlement.corrections import actions, queries, told
from yanglao.entitlement.corrections.forms import AskForm
from yanglao.entitlement.corrections.models import Cause, Correction, Recomputation
from yanglao.entitlement.corrections.settings_file import setting
from yanglao.entitlement.corrections.tasks import recompute
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.jobs import enqueue
from yanglao.kernel.jobs.queries import visible_to
from yanglao.kernel.scope import Level, level_of
from yanglao.kernel.scope.spans import ancestor
from yanglao.shell.pages import Crumb, FormPage, PageView

TONES = {"waiting": "info", "done": "good", "failed": "bad"}


def home() -> Crumb:
    return Crumb(_("更正"), reverse("corrections:overview"))


def summary(rows: Any, division: int) -> dict[str, Any]:
    """Corrections summed by cause and by the divisions one step down, for a page."""
    causes = [(Cause(s.key).label, s) for s in queries.summed(rows, "cause")]
    return {
        "total": queries.total(rows),
        "counted": queries.counted(rows),
        "causes": causes,
        "divisions": by_division(rows, division),
        "waits": rows.filter(state__in=Correction.OPEN).count(),
    }


def by_division(rows: Any, division: int) -> list[queries.Sum3]:
    """Sums by the divisions one step below, down to the street."""
    below = Level(min(level_of(division) + 1, Level.STREET))
    sums: dict[int, list[int]] = {}
    for each in queries.summed(rows, "division_id"):
        entry = sums.setdefault(ancestor(int(each.key), below), [0, 0, 0])
        entry[0] += each.people
        entry[1] += each.arrears_fen
        entry[2] += each.clawback_fen
    names = dict(Division.objects.filter(pk__in=sums).order_by("pk").values_list("code", "name"))
    return [
        queries.Sum3(people, plus, minus, code, names.get(code, str(code)))
        for code, (people, plus, minus) in sorted(sums.items())
    ]


class Overview(PageView):
    """What waits to be decided, by cause and division, and the recomputations that found it."""

    right = "corrections.view"
    title = gettext_lazy("更正")
    template = "corrections/overview.html"

    def context(self) -> dict[str, Any]:
        waiting = Correction.objects.filter(state__in=Correction.OPEN)
        recomputations = list(queries.recomputations_of(self.actor)[:20])
        for each in recomputations:
            dress(each)
        return {
            **summary(waiting, self.actor.division or 0),
            "recomputations": recomputations,
            "may_run": self.actor.can("corrections.run"),
        }


def dress(recomputation: Recomputation) -> Recomputation:
    """A recomputation with the words a page shows of it."""
    recomputation.tone = TONES[recomputation.state]  # type: ignore[attr-defined]
    months = {"first": month_text(recomputation.first), "last": month_text(recomputation.last)}
    recomputation.months = _("%(first)s 至 %(last)s") % months  # type: ignore[attr-defined]
    return recomputation


class Ask(FormPage):
    right = "corrections.run"
    title = gettext_lazy("重算过去的月份")
    lead = gettext_lazy(
        "按现在知道的情况和当时施行的政策，把过去的月份重新算一遍，与已经发放的逐人逐月比较。只列出差异，不改动任何已发的账。"
    )
    submit = gettext_lazy("开始重算")
    done = gettext_lazy("已开始重算。")
    form_class = AskForm

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(),)

    @property
    def _division(self) -> int:
        if self.actor.division is None:
            raise Http404
        return self.actor.division

    def initial(self) -> dict[str, Any]:
        first = timezone.localdate().replace(day=1)
        reach = setting(self._division).months
        return {
            "first": str(Month.of(add_months(first, -min(reach, 12)))),
            "last": str(Month.of(first)),
        }

    def perform(self, data: dict[str, Any]) -> Recomputation:
        asked = actions.ask(self.actor, division=self._division, **data)
        enqueue(self.actor, recompute, key=f"recomputation {asked.pk}", recomputation_id=asked.pk)
        return asked

    def done_url(self, result: Recomputation) -> str:
        return result.get_absolute_url()


class RecomputationPage(PageView):
    """What one recomputation found, by division and cause."""

    right = "corrections.view"
    template = "corrections/recomputation.html"

    @cached_property
    def record(self) -> Recomputation:
        return dress(get_object_or_404(queries.recomputations_of(self.actor), pk=self.kwargs["pk"]))

    def page_title(self) -> str:
        return _("%(months)s重算") % {"months": self.record.months}  # type: ignore[attr-defined]

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(),)

    def context(self) -> dict[str, Any]:
        rows = Correction.objects.filter(recomputation=self.record)
        jobs = visible_to(self.actor).filter(name="corrections.recompute")
        waiting = self.record.state == Recomputation.State.WAITING
        names = told.titles(self.record.division_id)
        return {
            "recomputation": self.record,
            "job": jobs.filter(arguments__recomputation_id=self.record.pk).first() if waiting else None,
            "policies": [(names.get(str(s.key), s.key), s) for s in queries.summed(rows, "policy")],
            **summary(rows, self.actor.division or self.record.division_id),
        }
