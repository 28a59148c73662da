"""Pages of a run's cycle: the street's spot-check, the public list, its objections."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits import actions, publicity, queries
from yanglao.entitlement.benefits.filters import SpotFilter
from yanglao.entitlement.benefits.forms import DecideForm, LiftForm, ObjectForm, SpotForm
from yanglao.entitlement.benefits.models import LedgerLine, Objection, Run, SpotCheck
from yanglao.entitlement.benefits.story import step_of
from yanglao.entitlement.benefits.views import OfRun
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope import Level
from yanglao.registers.people.models import Person
from yanglao.shell.pages import BulkAction, Column, Crumb, FormPage, ListPage


def _confirm(actor: Actor, rows: Any, data: dict[str, Any]) -> str:
    """Several looked at and found right at once; all or none."""
    with transaction.atomic():
        done = [actions.check(actor, spot, verdict="confirmed") for spot in rows.order_by("pk")]
    return _("已记录 %(n)s 人属实。") % {"n": len(done)}


_TONES = {"": "warn", "confirmed": "good", "objected": "bad"}


class SpotsPage(ListPage):
    """Those drawn by lot, for the streets to look at; who draws again with the seed gets the same."""

    right = "benefits.view"
    title = gettext_lazy("抽查")
    model = SpotCheck
    template = "benefits/spots.html"
    filterset = SpotFilter
    order = "division"
    export_right = "benefits.export"
    columns: Sequence[Column] = (
        Column("name", gettext_lazy("姓名"), value=lambda spot: spot.name, link=True),
        Column("division_id", gettext_lazy("区划"), kind="division", sort="division"),
        Column("born", gettext_lazy("出生日期"), kind="date", value=lambda spot: spot.born, minor=True),
        Column("amount_fen", gettext_lazy("金额（元）"), kind="yuan"),
        Column(
            "verdict",
            gettext_lazy("核实结果"),
            value=lambda spot: spot.get_verdict_display(),
            tone=lambda s: _TONES[s.verdict],
        ),
        Column("remark", gettext_lazy("说明"), minor=True),
        Column("checked_by", gettext_lazy("核实人"), minor=True),
        Column("checked_at", gettext_lazy("核实时间"), kind="datetime", minor=True),
    )

    bulk = (
        BulkAction(
            "confirm",
            gettext_lazy("属实"),
            "benefits.check",
            _confirm,
            explain=gettext_lazy("逐人记录为属实，署您的名。"),
            icon="check",
        ),
    )

    @cached_property
    def run(self) -> Run:
        return get_object_or_404(queries.runs_of(self.actor), pk=self.kwargs["run"])

    def queryset(self) -> Any:
        return queries.spots_of(self.run)

    def row_url(self, row: SpotCheck) -> str:
        return reverse("benefits:spot", args=[row.pk])

    def crumbs(self) -> tuple[Crumb, ...]:
        return _crumbs(self.run)

    def context(self) -> dict[str, Any]:
        rows = queries.spots_by_street(self.run)
        return {
            **super().context(),
            "run": self.run,
            "streets": rows,
            "open_now": step_of(self.run) == "spot_check",
            "waiting": sum(drawn - looked for _street, drawn, looked, _objected in rows),
        }


def _crumbs(run: Run) -> tuple[Crumb, ...]:
    return (
        Crumb(_("待遇发放"), reverse("benefits:runs")),
        Crumb(run.title, reverse("benefits:run", args=[run.pk])),
    )


class OfSpot(FormPage):
    """A form about one drawn by lot."""

    @cached_property
    def spot(self) -> SpotCheck:
        found = SpotCheck.objects.select_related("run__case__version")
        return get_object_or_404(found, pk=self.kwargs["spot"])

    @cached_property
    def person(self) -> Person | None:
        if self.spot.subject_kind != "person":
            return None
        return Person.files.filter(pk=self.spot.subject_id).first()

    def page_title(self) -> Any:
        name = self.person.name if self.person else f"{self.spot.subject_kind} {self.spot.subject_id}"
        return _("抽查：%(name)s") % {"name": name}

    @property
    def lead(self) -> Any:  # type: ignore[override]
        place = full_name(self.spot.division_id, below=Level.CITY)
        yuan = f"{self.spot.amount_fen / 100:,.2f}"
        return _("%(place)s · 应发 %(yuan)s 元 · %(run)s") % {
            "place": place,
            "yuan": yuan,
            "run": self.spot.run.title,
        }

    def crumbs(self) -> tuple[Crumb, ...]:
        run = self.spot.run
        return (*_crumbs(run), Crumb(_("抽查"), reverse("benefits:spots", args=[run.pk])))

    def done_url(self, result: Any) -> str:
        return reverse("benefits:spots", args=[self.spot.run_id])


class SpotPage(OfSpot):
    """Confirm or object to one drawn by lot."""

    right = "benefits.check"
    form_class = SpotForm
    submit = gettext_lazy("提交核实结果")
    done = gettext_lazy("已提交。")

    def initial(self) -> dict[str, Any]:
        return {"verdict": self.spot.verdict, "remark": self.spot.remark}

    def perform(self, data: dict[str, Any]) -> SpotCheck:
        return actions.check(self.actor, self.spot, verdict=data["verdict"], remark=data["remark"])


class LiftPage(OfSpot):
    """The doubt about one drawn by lot is gone."""

    right = "benefits.run"
    form_class = LiftForm
    submit = gettext_lazy("异议已消除，恢复发放")
    done = gettext_lazy("已恢复，下一份发放文件会列入。")

    def perform(self, data: dict[str, Any]) -> SpotCheck:
        return actions.lift_spot(self.actor, self.spot, reason=data["reason"])


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
        return f"{publicity.masked(self._name)} · {full_name(self.line.division_id, below=Level.CITY)}"

    @property
    def _name(self) -> str:
        found = Person.files.filter(pk=self.line.subject_id).values_list("name", flat=True).first()
        if self.line.subject_kind != "person" or found is None:
            raise Http404
        return found

    def crumbs(self) -> tuple[Crumb, ...]:
        run = self.line.run
        return (*_crumbs(run), Crumb(_("公示名单"), reverse("benefits:public", args=[run.pk])))

    def perform(self, data: dict[str, Any]) -> Objection:
        return actions.object_to_line(
            self.actor, line=self.line, channel=data["channel"], reason=data["reason"]
        )

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
        return (*_crumbs(run), Crumb(_("公示名单"), reverse("benefits:public", args=[run.pk])))

    def perform(self, data: dict[str, Any]) -> Objection:
        return actions.decide_objection(
            self.actor, self.objection, verdict=data["verdict"], remark=data["remark"]
        )

    def done_url(self, result: Any) -> str:
        return reverse("benefits:public", args=[self.objection.run_id])
