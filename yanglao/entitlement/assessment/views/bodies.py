"""The register of bodies and assessors."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.assessment import actions
from yanglao.entitlement.assessment.forms import AssessorForm, BodyForm, UntilForm
from yanglao.entitlement.assessment.models import Assessor, Assignment, Body
from yanglao.entitlement.assessment.views.base import BODIES, OfRecord, home
from yanglao.kernel.accounts.models import Grant, Organisation, User
from yanglao.kernel.scope import everything
from yanglao.registers.workforce import queries as workforce
from yanglao.registers.workforce.models import Worker
from yanglao.shell.pages import Button, Column, Crumb, DetailPage, Empty, FormPage, ListPage, Panel
from yanglao.shell.pages.detail import Way


def bodies_crumb() -> Crumb:
    return Crumb(_("评估机构"), reverse("assessment:bodies"))


def _standing(body: Body) -> str:
    return _("委托中") if body.serves_on(timezone.localdate()) else _("已终止")


class BodyList(ListPage):
    """Bodies entrusted with assessments."""

    model = Body
    right = BODIES
    title = gettext_lazy("评估机构")
    related = ("organisation",)
    order = "pk"
    export_right = BODIES
    columns = (
        Column("organisation", gettext_lazy("机构"), value=lambda b: str(b), link=True),
        Column("division_id", gettext_lazy("服务区域"), kind="division"),
        Column("valid_from", gettext_lazy("委托起"), kind="date"),
        Column("valid_to", gettext_lazy("委托止"), kind="date"),
        Column("people", gettext_lazy("评估员"), kind="number", value=lambda b: b.people),
        Column("waiting", gettext_lazy("待完成"), kind="number", value=lambda b: b.waiting),
        Column(
            "state",
            gettext_lazy("状态"),
            value=_standing,
            tone=lambda b: "good" if b.serves_on(timezone.localdate()) else "dull",
        ),
        Column("document", gettext_lazy("委托文件"), minor=True),
    )
    buttons = (Button(gettext_lazy("登记评估机构"), "assessment:body_add", BODIES, icon="plus", main=True),)
    empty = Empty(
        gettext_lazy("还没有评估机构"), gettext_lazy("登记受委托的机构，再登记它的评估员和账号。"), buttons
    )

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(),)

    def queryset(self) -> QuerySet[Any]:
        waiting = Q(assignments__state__in=Assignment.WAITING)
        return Body.objects.annotate(
            people=Count("assessors", filter=Q(assessors__left_on=None), distinct=True),
            waiting=Count("assignments", filter=waiting, distinct=True),
        )


class BodyAdd(FormPage):
    """Entrust an organisation."""

    right = BODIES
    title = gettext_lazy("登记评估机构")
    form_class = BodyForm
    submit = gettext_lazy("登记")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), bodies_crumb())

    def initial(self) -> dict[str, Any]:
        return {"division": self.actor.division, "valid_from": timezone.localdate()}

    def form_arguments(self) -> dict[str, Any]:
        known = Body._base_manager.filter(organisation=OuterRef("pk")).order_by()
        rows = Organisation._base_manager.filter(~Exists(known), kind__in=("provider", "other"))
        here = Q(pk__in=())
        for span in self.actor.spans(BODIES):
            here |= Q(division__gte=span.lo, division__lte=span.hi)
        return {"organisations": rows.filter(here).order_by("name", "pk")}

    def perform(self, data: dict[str, Any]) -> Body:
        return actions.entrust(self.actor, **data)

    def done_url(self, result: Body) -> str:
        return result.get_absolute_url()


class BodyPage(DetailPage):
    """One body and its assessors."""

    model = Body
    right = BODIES
    related = ("organisation",)
    panels = (
        Panel(
            gettext_lazy("委托"),
            (
                Column("division_id", gettext_lazy("服务区域"), kind="division"),
                Column("document", gettext_lazy("委托文件")),
                Column("valid_from", gettext_lazy("委托起"), kind="date"),
                Column("valid_to", gettext_lazy("委托止"), kind="date"),
                Column("note", gettext_lazy("备注")),
                Column("state", gettext_lazy("状态"), value=_standing),
            ),
        ),
        Panel(gettext_lazy("评估员"), template="assessment/parts/assessors.html"),
    )

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), bodies_crumb())

    def ways(self) -> tuple[Way, ...]:
        add = reverse("assessment:assessor_add", args=[self.record.pk])
        end = reverse("assessment:body_end", args=[self.record.pk])
        return (
            Way(_("登记评估员"), add, icon="user-plus", main=True),
            Way(_("终止委托"), end, icon="ban"),
        )

    def extra(self) -> dict[str, Any]:
        with everything("whether an assessor's certificate holds"):
            good = {m.worker_id for m in workforce.assessors(self.record.division_id)}
        rows = self.record.assessors.select_related("worker", "user").order_by("left_on", "pk")
        return {"assessors": [(one, one.worker_id in good) for one in rows]}


class BodyEnd(OfRecord):
    """Say until when a body may be sent."""

    model = Body
    right = BODIES
    related = ("organisation",)
    title = gettext_lazy("终止委托")
    lead = gettext_lazy("填委托的最后一天；已分派的仍由它完成。")
    form_class = UntilForm

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), bodies_crumb(), Crumb(str(self.record), self.record.get_absolute_url()))

    def initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}

    def perform(self, data: dict[str, Any]) -> Body:
        return actions.end_body(self.actor, self.record, valid_to=data["on"])


class AssessorAdd(OfRecord):
    """Enter an assessor of a body."""

    model = Body
    right = BODIES
    related = ("organisation",)
    title = gettext_lazy("登记评估员")
    form_class = AssessorForm
    submit = gettext_lazy("登记")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), bodies_crumb(), Crumb(str(self.record), self.record.get_absolute_url()))

    def initial(self) -> dict[str, Any]:
        return {"since": timezone.localdate()}

    def form_arguments(self) -> dict[str, Any]:
        with everything("who is in the pool of assessors, and the body's own accounts"):
            pool = [m.worker_id for m in workforce.assessors(self.record.division_id)]
            taken = Assessor.objects.filter(left_on=None).order_by()
            workers = Worker._base_manager.filter(pk__in=pool).exclude(pk__in=taken.values("worker"))
            granted = Grant.objects.filter(role="assessor", organisation=self.record.organisation).order_by()
            users = User._base_manager.filter(pk__in=granted.values("user"), is_active=True)
        return {
            "workers": workers.order_by("pinyin", "pk"),
            "users": users.exclude(pk__in=taken.values("user")).order_by("name", "pk"),
        }

    def perform(self, data: dict[str, Any]) -> Assessor:
        return actions.enlist(self.actor, body=self.record, **data)


class AssessorRelease(OfRecord):
    """An assessor leaves his body."""

    model = Assessor
    right = BODIES
    related = ("body__organisation", "worker")
    title = gettext_lazy("登记离开")
    form_class = UntilForm

    def crumbs(self) -> tuple[Crumb, ...]:
        body = self.record.body
        return (home(), bodies_crumb(), Crumb(str(body), body.get_absolute_url()))

    def initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}

    def perform(self, data: dict[str, Any]) -> Assessor:
        return actions.release(self.actor, self.record, on=data["on"])

    def done_url(self, result: Assessor) -> str:
        return str(self.record.body.get_absolute_url())
