"""A request, a result, its letter; asking, assigning, objecting, taking back."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.assessment import actions, casework, choosing, queries, scales
from yanglao.entitlement.assessment.forms import AssignForm, ObjectionForm, ReasonForm, RequestForm
from yanglao.entitlement.assessment.models import Assessment, Assignment, Request
from yanglao.entitlement.assessment.views.base import (
    ASSIGN,
    REQUEST,
    TOLD,
    TONES,
    VIEW,
    LetterBase,
    OfRecord,
    OneRecord,
    events_of,
    home,
)
from yanglao.entitlement.assessment.views.lists import state_of, tone_of
from yanglao.entitlement.assessment.views.signing import lines, other_photos
from yanglao.kernel.cases.queries import open_tasks
from yanglao.registers.people.models import Person
from yanglao.shell.pages import Column, Crumb, DetailPage, FormPage, Panel
from yanglao.shell.pages.detail import Way


def requests_crumb() -> Crumb:
    return Crumb(_("评估申请"), reverse("assessment:requests"))


class AskPage(FormPage):
    """Ask for an assessment of a person."""

    right = REQUEST
    title = gettext_lazy("申请能力评估")
    form_class = RequestForm
    submit = gettext_lazy("提交申请")
    done = gettext_lazy("已提交，等待受理。")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.actor.can(self.right):
            self.actor.require(self.right, *self.person.scope_codes())
        return super().dispatch(request, *args, **kwargs)

    @property
    def person(self) -> Any:
        if not hasattr(self, "_person"):
            self._person = get_object_or_404(Person.objects.all(), pk=self.kwargs["pk"])
        return self._person

    def crumbs(self) -> tuple[Crumb, ...]:
        return (requests_crumb(), Crumb(self.person.name, self.person.get_absolute_url()))

    def initial(self) -> dict[str, Any]:
        had = bool(queries.of_person_results(self.person.pk))
        asked = self.request.GET.get("why", "")
        return {"why": asked or ("periodic" if had else "first"), "scale": scales.NATIONAL}

    def form_arguments(self) -> dict[str, Any]:
        return {"division": self.person.residence_id}

    def perform(self, data: dict[str, Any]) -> Request:
        return actions.request(self.actor, person=self.person, **data)

    def done_url(self, result: Request) -> str:
        return result.get_absolute_url()


class RequestPage(DetailPage):
    """One request: who asks, where its case stands, who was sent."""

    model = Request
    right = VIEW
    related = ("person", "case__version", "version")
    panels = (
        Panel(
            gettext_lazy("申请"),
            (
                Column("person", gettext_lazy("老年人"), value=lambda r: r.person.name),
                Column("division_id", gettext_lazy("居住地"), kind="division"),
                Column("by", gettext_lazy("申请人")),
                Column("applicant", gettext_lazy("申请人姓名")),
                Column("why", gettext_lazy("评估原因")),
                Column("changed", gettext_lazy("变化情况")),
                Column("scale", gettext_lazy("量表"), value=lambda r: str(r.version.read)),
                Column("asked_on", gettext_lazy("申请日期"), kind="date"),
                Column("wish_on", gettext_lazy("希望日期"), kind="date"),
                Column("state", gettext_lazy("状态"), tone=lambda r: TONES.get(r.state, "dull")),
            ),
        ),
        Panel(gettext_lazy("办理"), template="assessment/parts/case.html"),
        Panel(gettext_lazy("评估任务"), template="assessment/parts/assignments.html"),
    )

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), requests_crumb())

    def page_title(self) -> Any:
        return _("%(name)s的能力评估") % {"name": self.record.person.name}

    def ways(self) -> tuple[Way, ...]:
        record = self.record
        if record.case.step in casework.ASSIGNING and self.actor.can(ASSIGN, record.division_id):
            url = reverse("assessment:assign", args=[record.pk])
            return (Way(_("分派评估员"), url, icon="users", main=True),)
        return ()

    def extra(self) -> dict[str, Any]:
        rows = Assignment._base_manager.filter(request=self.record)
        rows = rows.select_related("first", "second", "body__organisation").order_by("pk")
        return {
            "case": self.record.case,
            "task": open_tasks(self.record.case).first(),
            "may_see_case": self.actor.can("cases.view", self.record.division_id),
            "assignments": list(rows),
            "results": {
                a.assignment_id: a
                for a in Assessment._base_manager.filter(assignment__request=self.record).select_related(
                    "version"
                )
            },
        }


class AssignPage(OfRecord):
    """Send two assessors: who could go, and what speaks against the others."""

    model = Request
    right = ASSIGN
    related = ("person", "case__version")
    title = gettext_lazy("分派评估员")
    template = "assessment/assign.html"
    form_class = AssignForm
    submit = gettext_lazy("分派")
    done = gettext_lazy("已分派，评估员会在“我的评估”里看到。")

    def crumbs(self) -> tuple[Crumb, ...]:
        name = _("%(name)s的能力评估") % {"name": self.record.person.name}
        return (home(), requests_crumb(), Crumb(name, self.record.get_absolute_url()))

    @property
    def choices(self) -> list[choosing.Choice]:
        if not hasattr(self, "_choices"):
            review = self.record.case.objections > 0
            before = choosing.bodies_before(self.record.pk) if review else set()
            self._choices = choosing.choices(self.record.person_id, self.record.division_id, without=before)
        return self._choices

    def form_arguments(self) -> dict[str, Any]:
        return {"choices": self.choices}

    def form_context(self, form: forms.BaseForm) -> dict[str, Any]:
        return {
            **super().form_context(form),
            "choices": self.choices,
            "pair": choosing.pair(self.choices),
        }

    def perform(self, data: dict[str, Any]) -> Assignment:
        return actions.assign(self.actor, self.record, **data)


class ResultPage(DetailPage):
    """One result: the level with its arithmetic, who signed, what holds before and after."""

    model = Assessment
    right = VIEW
    related = ("person", "version", "assignment", "body__organisation", "replaces")
    panels = (
        Panel(
            gettext_lazy("结果"),
            (
                Column("person", gettext_lazy("老年人"), value=lambda a: a.person.name),
                Column("division_id", gettext_lazy("居住地"), kind="division"),
                Column("scale", gettext_lazy("量表"), value=lambda a: str(a.version.read)),
                Column("level", gettext_lazy("最终等级"), value=lambda a: a.level_words),
                Column("total", gettext_lazy("总分"), kind="number"),
                Column("made_on", gettext_lazy("评估基准日期"), kind="date"),
                Column("valid_from", gettext_lazy("有效期起"), kind="date"),
                Column("last_day", gettext_lazy("有效期至"), kind="date"),
                Column("state", gettext_lazy("状态"), value=state_of, tone=tone_of),
                Column("withdrawn_why", gettext_lazy("撤销原因")),
                Column("place", gettext_lazy("评估地点")),
                Column("body_name", gettext_lazy("评估机构")),
                Column("source", gettext_lazy("来源")),
            ),
        ),
        Panel(gettext_lazy("计分"), template="assessment/parts/arithmetic.html"),
        Panel(gettext_lazy("签名"), template="assessment/parts/signatures.html"),
        Panel(gettext_lazy("各项"), template="assessment/parts/items.html"),
    )

    def queryset(self) -> QuerySet[Any]:
        return super().queryset().exclude(state=Assessment.State.SAMPLE)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(),)

    def page_title(self) -> Any:
        row = self.record
        said = row.get_state_display() if row.state == Assessment.State.UNSIGNED else row.level_words
        return _("%(name)s：%(level)s") % {"name": row.person.name, "level": said}

    def ways(self) -> tuple[Way, ...]:
        record, here = self.record, self.record.division_id
        found = []
        if record.signed_at or record.source:
            letter = reverse("assessment:letter", args=[record.pk])
            found.append(Way(_("结果告知书"), letter, icon="printer", main=True))
        if record.state == Assessment.State.VALID and self.actor.can(REQUEST, here):
            if record.assignment_id:
                url = reverse("assessment:object", args=[record.pk])
                found.append(Way(_("登记异议"), url, icon="message-exclamation"))
            ask = reverse("assessment:ask", args=[record.person_id]) + "?why=changed"
            found.append(Way(_("情况变化，重新评估"), ask, icon="refresh"))
        if record.state == Assessment.State.VALID and self.actor.can(ASSIGN, here):
            url = reverse("assessment:withdraw", args=[record.pk])
            found.append(Way(_("撤销结果"), url, icon="trash"))
        return tuple(found)

    def extra(self) -> dict[str, Any]:
        record = self.record
        return {
            "assessment": record,
            "lines": lines(record),
            "other_photos": other_photos(record),
            "signatures": list(record.signatures.select_related("assessor").order_by("at", "pk")),
            "diagnoses": record.version.read.labels(record.diagnoses),
            "events": events_of(record),
            "later": Assessment._base_manager.filter(replaces=record).first(),
        }


class LetterPage(OneRecord, LetterBase):
    """The letter to the person."""

    model = Assessment
    right: ClassVar[str] = VIEW
    related = LetterBase.related

    def queryset(self) -> QuerySet[Any]:
        return super().queryset().filter(state__in=TOLD)

    @property
    def assessment(self) -> Any:
        return self.record

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), Crumb(self.record.person.name, self.record.get_absolute_url()))


class ObjectPage(OfRecord):
    """Enter an objection to a result."""

    model = Assessment
    right = REQUEST
    related = ("person", "assignment")
    title = gettext_lazy("登记异议")
    lead = gettext_lazy("由另一家评估机构复评；复评签名之前，原结果有效。")
    form_class = ObjectionForm
    submit = gettext_lazy("登记")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), Crumb(self.record.person.name, self.record.get_absolute_url()))

    def perform(self, data: dict[str, Any]) -> Request:
        return actions.object_to(self.actor, self.record, **data)

    def finished(self, result: Request) -> HttpResponseBase:
        messages.success(self.request, _("已登记，等待分派另一家机构复评。"))
        return redirect(result.get_absolute_url())


class WithdrawPage(OfRecord):
    """Take a result back."""

    model = Assessment
    right = ASSIGN
    related = ("person",)
    title = gettext_lazy("撤销评估结果")
    danger = gettext_lazy("撤销后，档案里的能力等级同时撤回，依据它的待遇会重新计算；之前的结果重新生效。")
    form_class = ReasonForm
    submit = gettext_lazy("撤销结果")
    done = gettext_lazy("已撤销。")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), Crumb(self.record.person.name, self.record.get_absolute_url()))

    def perform(self, data: dict[str, Any]) -> Assessment:
        return actions.withdraw_result(self.actor, self.record, reason=data["reason"])
