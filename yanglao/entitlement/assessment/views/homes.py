"""A home's own pages: its residents' assessments, asking for one, how far it is, the letter."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.assessment import actions, planning, queries, residents, scales
from yanglao.entitlement.assessment.filters import ResidentFilter
from yanglao.entitlement.assessment.forms import HomeRequestForm, ObjectionForm
from yanglao.entitlement.assessment.models import Assessment, Request
from yanglao.entitlement.assessment.views.base import HOME, TOLD, LetterBase
from yanglao.kernel.scope import everything
from yanglao.registers.stays.models import Stay
from yanglao.shell.pages import Column, Crumb, Empty, FormPage, ListPage, PageView

STATES = {
    "none": (gettext_lazy("没有评估"), "warn"),
    "late": (gettext_lazy("已过期"), "bad"),
    "ending": (gettext_lazy("90 天内到期"), "warn"),
    "valid": (gettext_lazy("有效"), "good"),
}


def residents_crumb() -> Crumb:
    return Crumb(_("住养老人评估"), reverse("assessment:residents"))


def _progress(row: Any) -> str:
    if row.asked is None:
        return "—"
    when = planning.when(row.visit, row.visit_hour)
    return _("已约 %(when)s") % {"when": when} if when else _("办理中")


class ResidentList(ListPage):
    """Who lives in one's own homes, what was found, and what is under way."""

    model = Stay
    right = HOME
    title = gettext_lazy("住养老人评估")
    lead = gettext_lazy(
        "本机构在住老年人的能力评估：结果、到期和办理进度。点姓名可以申请评估、看进度、打印结果告知书。"
    )
    filterset = ResidentFilter
    private = ("name",)
    related = ("person", "place", "bed__room")
    order = "has_until,pk"
    export_right = HOME
    columns = (
        Column("person", gettext_lazy("姓名"), value=lambda s: s.person.name, link=True),
        Column("sex", gettext_lazy("性别"), value=lambda s: s.person.get_sex_display(), minor=True),
        Column("birth_date", gettext_lazy("年龄"), kind="age", value=lambda s: s.person.birth_date),
        Column("place", gettext_lazy("机构"), value=lambda s: s.place.name, minor=True),
        Column("bed", gettext_lazy("床位"), value=lambda s: str(s.bed) if s.bed else "", minor=True),
        Column(
            "level",
            gettext_lazy("能力等级"),
            value=lambda s: scales.level_label(s.has_scale or "", s.has_level),
        ),
        Column(
            "scale", gettext_lazy("量表"), value=lambda s: scales.number_of(s.has_scale or ""), minor=True
        ),
        Column("until", gettext_lazy("有效期至"), kind="date", value=residents.last_day),
        Column(
            "state",
            gettext_lazy("状态"),
            value=lambda s: str(STATES[residents.state_of(s)[0]][0]),
            tone=lambda s: STATES[residents.state_of(s)[0]][1],
        ),
        Column("progress", gettext_lazy("正在办理"), value=_progress),
    )
    empty = Empty(gettext_lazy("没有在住老年人"), gettext_lazy("办理入住以后，在这里为老年人申请评估。"), ())

    def queryset(self) -> QuerySet[Any]:
        return residents.residents()

    def row_url(self, row: Any) -> str:
        return reverse("assessment:resident", args=[row.pk])


class OfResident(PageView):
    """A page about somebody who lives in one's own home: the stay is found in scope, else 404."""

    right = HOME

    @property
    def stay(self) -> Any:
        if not hasattr(self, "_stay"):
            rows = Stay.objects.select_related("person", "place", "bed__room").filter(
                state=Stay.State.ADMITTED
            )
            self._stay = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self._stay

    def crumbs(self) -> tuple[Crumb, ...]:
        return (residents_crumb(),)


class ResidentPage(OfResident):
    """One resident: results, requests and how far they are."""

    template = "assessment/resident.html"

    def page_title(self) -> Any:
        return _("%(name)s的能力评估") % {"name": self.stay.person.name}

    def context(self) -> dict[str, Any]:
        stay = self.stay
        requests = residents.story(stay.person_id)
        open_ = next((one for one in requests if one.state == Request.State.OPEN), None)
        visit = residents.visit_of(open_) if open_ else None
        return {
            "stay": stay,
            "results": queries.of_person_results(stay.person_id),
            "requests": [(one, _step(one), residents.step_due(one)) for one in requests],
            "visit": visit,
            "when": planning.when(visit.planned_for, visit.planned_time) if visit else "",
            "may_ask": open_ is None and stay.person.death_date is None,
        }


def _step(request: Request) -> str:
    steps = request.case.version.read.steps
    return steps[request.case.step].name if request.case.step in steps else ""


class ResidentAsk(OfResident, FormPage):
    """Ask for an assessment of a resident."""

    title = gettext_lazy("申请能力评估")
    form_class = HomeRequestForm
    submit = gettext_lazy("提交申请")
    done = gettext_lazy("已提交，等待街道（乡镇）受理。")

    def crumbs(self) -> tuple[Crumb, ...]:
        stay = self.stay
        return (residents_crumb(), Crumb(stay.person.name, reverse("assessment:resident", args=[stay.pk])))

    def initial(self) -> dict[str, Any]:
        had = bool(queries.of_person_results(self.stay.person_id))
        return {"why": "periodic" if had else "first", "scale": scales.NATIONAL}

    def form_arguments(self) -> dict[str, Any]:
        return {"division": self.stay.person.residence_id}

    def perform(self, data: dict[str, Any]) -> Request:
        return actions.request_for_resident(self.actor, stay=self.stay, asked=actions.Asked(**data))

    def done_url(self, result: Any) -> str:
        return reverse("assessment:resident", args=[self.stay.pk])


class OfResult(OfResident):
    """A page about a result of a resident that was told to him."""

    related: ClassVar[tuple[str, ...]] = ("person", "assignment")

    @property
    def assessment(self) -> Assessment:
        person_id = self.stay.person_id  # found in the manager's own scope, before everything is open
        with everything("the result of a resident of one's own home"):
            rows = Assessment.objects.select_related(*self.related).filter(state__in=TOLD)
            found: Assessment = get_object_or_404(rows, pk=self.kwargs["assessment"], person=person_id)
            return found


class ResidentLetter(OfResult, LetterBase):
    """The letter of a resident's result, for the home to hand over."""

    related = LetterBase.related


class ResidentObject(OfResult, FormPage):
    """Hand in a resident's objection to his result."""

    title = gettext_lazy("提出异议")
    lead = gettext_lazy("由另一家评估机构复评；复评签名之前，原结果有效。")
    form_class = ObjectionForm
    submit = gettext_lazy("提出异议")
    done = gettext_lazy("已提出，等待另一家评估机构复评。")

    def crumbs(self) -> tuple[Crumb, ...]:
        stay = self.stay
        return (residents_crumb(), Crumb(stay.person.name, reverse("assessment:resident", args=[stay.pk])))

    def perform(self, data: dict[str, Any]) -> Request:
        return actions.object_for_resident(self.actor, stay=self.stay, assessment=self.assessment, **data)

    def done_url(self, result: Any) -> str:
        return reverse("assessment:resident", args=[self.stay.pk])
