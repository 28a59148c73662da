"""Pages of a run's cycle: the public list and its objections."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits import actions, publicity, queries
from yanglao.entitlement.benefits.forms import DecideForm, ObjectForm
from yanglao.entitlement.benefits.models import LedgerLine, Objection, Run
from yanglao.entitlement.benefits.story import step_of, tabs
from yanglao.entitlement.benefits.views import OfRun
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope import Level
from yanglao.shell.pages import Crumb, FormPage


def crumbs_of(run: Run) -> tuple[Crumb, ...]:
    return (
        Crumb(_("待遇发放"), reverse("benefits:runs")),
        Crumb(run.title, reverse("benefits:run", args=[run.pk])),
    )


def chosen_division(request: HttpRequest) -> int | None:
    """The division asked for in the address."""
    wanted = request.GET.get("division", "")
    return int(wanted) if wanted.isdigit() and len(wanted) == 12 else None


class PublicPage(OfRun):
    """The list as it is put up in public: masked names, by village, with dates and where to object."""

    right = "benefits.view"
    template = "benefits/public.html"

    def page_title(self) -> str:
        return _("公示名单")

    def context(self) -> dict[str, Any]:
        division = chosen_division(self.request)
        period = queries.publicity_of(self.run)
        places = publicity.places(self.run)
        return {
            "run": self.run,
            "tabs": tabs(self.actor, self.run, "public"),
            "counties": len({place.county for place in places}) > 1,
            "period": period,
            "places": places,
            "in_kind": any(place.given for place in places),
            "chosen": division,
            "villages": publicity.villages(self.run, division) if division else [],
            "objections": queries.objections_of(self.run),
            "may_object": step_of(self.run) in ("publicise", "recheck") and self.actor.can("benefits.check"),
            "may_decide": self.actor.can("benefits.run", self.run.division_id),
        }


class ObjectPage(FormPage):
    """Take in an objection to a line of the public list."""

    right = "benefits.check"
    title = gettext_lazy("登记公示异议")
    form_class = ObjectForm
    submit = gettext_lazy("登记异议")
    done = gettext_lazy("已登记，公示中止，转入核查。")

    @cached_property
    def line(self) -> LedgerLine:
        return get_object_or_404(LedgerLine.objects.select_related("run"), pk=self.kwargs["line"])

    @property
    def lead(self) -> Any:  # type: ignore[override]
        return f"{self._name} · {full_name(self.line.division_id, below=Level.CITY)}"

    @property
    def _name(self) -> str:
        try:
            return publicity.shown_name(self.line)
        except LookupError:
            raise Http404 from None

    @cached_property
    def beds(self) -> list[tuple[int, str]]:
        return publicity.beside(self.line) if self.line.subject_kind == "bed" else []

    def form_arguments(self) -> dict[str, Any]:
        return {"beds": self.beds}

    def crumbs(self) -> tuple[Crumb, ...]:
        run = self.line.run
        return (*crumbs_of(run), Crumb(_("公示名单"), reverse("benefits:public", args=[run.pk])))

    def perform(self, data: dict[str, Any]) -> Objection:
        picked = [int(pk) for pk in data.get("beds", ())]
        lines = list(LedgerLine.objects.filter(run=self.line.run_id, pk__in=picked).order_by("pk"))
        said = {"channel": data["channel"], "reason": data["reason"]}
        return actions.object_to_lines(self.actor, lines=lines or [self.line], **said)[0]

    def done_url(self, result: Any) -> str:
        return reverse("benefits:public", args=[self.line.run_id])


class DecidePage(FormPage):
    """Write down what came of an objection."""

    right = "benefits.run"
    title = gettext_lazy("核查公示异议")
    form_class = DecideForm
    submit = gettext_lazy("提交结论")
    done = gettext_lazy("已记录核查结论。")

    @cached_property
    def objection(self) -> Objection:
        return get_object_or_404(Objection.objects.select_related("run"), pk=self.kwargs["objection"])

    @property
    def lead(self) -> Any:  # type: ignore[override]
        return self.objection.reason

    def crumbs(self) -> tuple[Crumb, ...]:
        run = self.objection.run
        return (*crumbs_of(run), Crumb(_("公示名单"), reverse("benefits:public", args=[run.pk])))

    def perform(self, data: dict[str, Any]) -> Objection:
        said = {"verdict": data["verdict"], "remark": data["remark"]}
        together = self.together if data.get("together") else []
        return actions.decide_objections(self.actor, [self.objection, *together], **said)[0]

    @cached_property
    def together(self) -> list[Objection]:
        """What the same objection said of other beds, not decided as yet."""
        return queries.said_together(self.objection)

    def form_arguments(self) -> dict[str, Any]:
        return {"others": len(self.together)}

    def done_url(self, result: Any) -> str:
        return reverse("benefits:public", args=[self.objection.run_id])
