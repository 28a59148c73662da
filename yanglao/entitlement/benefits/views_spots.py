"""Pages of the spot-check: all that was drawn, a street's list to work through, one of those on it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits import actions, computing, queries, street_lists
from yanglao.entitlement.benefits.filters import SpotFilter
from yanglao.entitlement.benefits.forms import LiftForm, SpotForm, StreetForm
from yanglao.entitlement.benefits.models import Run, SpotCheck
from yanglao.entitlement.benefits.story import step_of, tabs
from yanglao.entitlement.benefits.subjects import kinds_of, named
from yanglao.entitlement.benefits.views_cycle import crumbs_of
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope import Level, level_of
from yanglao.kernel.scope.spans import ancestor
from yanglao.shell.pages import BulkAction, Column, Crumb, FormPage, ListPage


def _confirm(actor: Actor, rows: Any, data: dict[str, Any]) -> str:
    """Several looked at and found right at once; all or none."""
    with transaction.atomic():
        done = [actions.check(actor, spot, verdict="confirmed") for spot in rows.order_by("pk")]
    return _("已记录 %(n)s 个对象属实。") % {"n": len(done)}


_TONES = {"": "warn", "confirmed": "good", "objected": "bad", "missing": "bad"}


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
        Column("name", gettext_lazy("对象"), value=lambda spot: spot.name, link=True),
        Column("division_id", gettext_lazy("区划"), kind="division", sort="division"),
        Column("born", gettext_lazy("出生日期"), kind="date", value=lambda spot: spot.born, minor=True),
        Column("amount_fen", gettext_lazy("金额（元）"), kind="yuan"),
        Column(
            "verdict",
            gettext_lazy("核实结果"),
            value=lambda spot: spot.get_verdict_display(),
            tone=lambda s: _TONES[s.verdict],
        ),
        Column("looked_on", gettext_lazy("核实日期"), kind="date"),
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
        return crumbs_of(self.run)

    def context(self) -> dict[str, Any]:
        rows = street_lists.street_lists(self.run)
        return {
            **super().context(),
            "run": self.run,
            "tabs": tabs(self.actor, self.run, "spots"),
            "streets": rows,
            "open_now": step_of(self.run) == "spot_check",
            "due": street_lists.due_of(self.run),
            "unfinished": sum(not row.done for row in rows),
            "waiting": sum(row.waiting for row in rows),
        }


class StreetPage(FormPage):
    """A street's list: whom to look at and for what; all answers are given on one page, as they come home on paper."""

    right = "benefits.view"
    template = "benefits/street.html"
    form_class = StreetForm
    submit = gettext_lazy("提交核实结果")
    done = gettext_lazy("已提交。")

    @cached_property
    def run(self) -> Run:
        return get_object_or_404(queries.runs_of(self.actor), pk=self.kwargs["run"])

    @cached_property
    def street(self) -> int:
        code = self.kwargs["street"]
        if not 10**11 <= code < 10**12 or level_of(code) != Level.STREET:
            raise Http404
        return int(code)

    @cached_property
    def rows(self) -> list[street_lists.Row]:
        found = street_lists.rows_of(self.run, self.street)
        if not found:
            raise Http404
        return found

    @cached_property
    def may(self) -> bool:
        return step_of(self.run) == "spot_check" and self.actor.can("benefits.check", self.street)

    def page_title(self) -> Any:
        return _("%(street)s抽查清单") % {"street": full_name(self.street, below=Level.CITY)}

    def crumbs(self) -> tuple[Crumb, ...]:
        run = self.run
        return (*crumbs_of(run), Crumb(_("抽查"), reverse("benefits:spots", args=[run.pk])))

    def form_arguments(self) -> dict[str, Any]:
        return {"spots": [row.spot for row in self.rows]}

    def form_context(self, form: Any) -> dict[str, Any]:
        mine = next(s for s in street_lists.street_lists(self.run) if s.street == self.street)
        return {
            **super().form_context(form),
            "run": self.run,
            "mine": mine,
            "due": street_lists.due_of(self.run),
            "late": self.may and not mine.done and self._late(),
            "may": self.may,
            "to_check": street_lists.to_check(self.run, self.rows),
            "rows": [(row, form.of(row.spot)) for row in self.rows],
        }

    def _late(self) -> bool:
        due = street_lists.due_of(self.run)
        return due is not None and due < timezone.localdate()

    def perform(self, data: dict[str, Any]) -> Run:
        self.actor.require("benefits.check", self.street)
        actions.answer_spots(
            self.actor, self.run, street=self.street, answers=data["answers"], reason=data["reason"]
        )
        return self.run

    def done_url(self, result: Run) -> str:
        return reverse("benefits:street", args=[result.pk, self.street])


class OfSpot(FormPage):
    """A form about one drawn by lot."""

    @cached_property
    def spot(self) -> SpotCheck:
        found = SpotCheck.objects.select_related("run__case__version").filter(pk=self.kwargs["spot"])
        return get_object_or_404(named(found, kinds_of(found, "subject_kind"), into="name"))

    def page_title(self) -> Any:
        return _("抽查：%(name)s") % {"name": self.spot.name}  # type: ignore[attr-defined]

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
        return (*crumbs_of(run), Crumb(_("抽查"), reverse("benefits:spots", args=[run.pk])))

    def done_url(self, result: Any) -> str:
        street = ancestor(self.spot.division_id, Level.STREET)
        return reverse("benefits:street", args=[self.spot.run_id, street])


class SpotPage(OfSpot):
    """Confirm or object to one drawn by lot."""

    right = "benefits.check"
    form_class = SpotForm
    submit = gettext_lazy("提交核实结果")
    done = gettext_lazy("已提交。")
    template = "benefits/spot.html"

    def form_context(self, form: Any) -> dict[str, Any]:
        """What to look at: each policy that gives him something, clause by clause, with the facts it went by."""
        told = computing.explain(self.spot.run, self.spot.subject_id, self.spot.subject_kind)
        return {
            **super().form_context(form),
            "explanations": [t for t in told if t.borne or t.tone == "good"],
        }

    def initial(self) -> dict[str, Any]:
        on = self.spot.looked_on or timezone.localdate()
        return {"verdict": self.spot.verdict, "looked_on": on, "remark": self.spot.remark}

    def perform(self, data: dict[str, Any]) -> SpotCheck:
        return actions.check(
            self.actor,
            self.spot,
            verdict=data["verdict"],
            remark=data["remark"],
            on=data["looked_on"],
        )


class LiftPage(OfSpot):
    """The doubt about one drawn by lot is gone."""

    right = "benefits.run"
    form_class = LiftForm
    submit = gettext_lazy("异议已消除，恢复发放")
    done = gettext_lazy("已恢复，下一份发放文件会列入。")

    def perform(self, data: dict[str, Any]) -> SpotCheck:
        return actions.lift_spot(self.actor, self.spot, reason=data["reason"])
