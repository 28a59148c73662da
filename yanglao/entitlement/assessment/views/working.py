"""The assessor's pages: his day, one assignment, the form, signing, settling; and the same as data for a phone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from io import BytesIO
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.assessment import actions, phone, queries, taking
from yanglao.entitlement.assessment.actions import Given, Picture
from yanglao.entitlement.assessment.forms import FillForm
from yanglao.entitlement.assessment.models import (
    Assessment,
    Assessor,
    Assignment,
    Attachment,
    Record,
    ScaleVersion,
)
from yanglao.entitlement.assessment.views.base import (
    ASSESS,
    VIEW,
    assessment_of,
    assignment_of,
    day_crumb,
)
from yanglao.entitlement.assessment.views.planning import PURPOSES, sealed_of
from yanglao.kernel.files.actions import store
from yanglao.kernel.files.pictures import bare
from yanglao.kernel.files.responses import download
from yanglao.shell.pages import Crumb, FormPage, PageView, page


@page(right=ASSESS)
def my_assignments(request: HttpRequest) -> HttpResponse:
    """What waits for me, as data."""
    answer = JsonResponse(phone.my_assignments(request.actor))  # type: ignore[attr-defined]
    answer["Cache-Control"] = "no-store"
    return answer


@page(right=ASSESS)
def scale(request: HttpRequest, pk: int) -> HttpResponse:
    """A version of a scale, as data; it never changes."""
    return JsonResponse(phone.scale(get_object_or_404(ScaleVersion, pk=pk)))


class DayPage(PageView):
    """What waits for the assessor who is signed in: his calendar of agreed visits, then what is to be agreed."""

    right = ASSESS
    title = gettext_lazy("我的评估")
    template = "assessment/day.html"

    def context(self) -> dict[str, Any]:
        rows = list(queries.mine(self.actor))
        sent = queries.sent_by(self.actor, [row.pk for row in rows])
        homes = queries.homes_of([row.person_id for row in rows])
        shown = [
            {
                "assignment": row,
                "name": phone.masked(row.person.name),
                "partner": next((a for a in row.assessors if a.user_id != self.actor.user_id), None),
                "mine": sent.get(row.pk),
                "home": homes.get(row.person_id, ""),
            }
            for row in rows
        ]
        return {
            "groups": _by_day(shown),
            "me": queries.assessor_of(self.actor),
            "today": queries.today(),
        }


def _by_day(rows: list[dict[str, Any]]) -> list[tuple[dt.date | None, list[dict[str, Any]]]]:
    """(day, its visits by hour), the earliest day first; at the end, under None, what has no day yet by due date."""
    found: dict[dt.date | None, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["assignment"].planned_for, []).append(row)
    days = sorted(day for day in found if day is not None)
    for day in days:
        found[day].sort(key=lambda r: (r["assignment"].planned_time or dt.time.max, r["assignment"].pk))
    return [*((day, found[day]) for day in days), *([(None, found[None])] if None in found else [])]


class AssignmentPage(PageView):
    """One assignment: whom, by when, what was sent, what differs, what came of it."""

    right = VIEW
    template = "assessment/assignment.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._assignment: Assignment | None = None

    @property
    def assignment(self) -> Assignment:
        if self._assignment is None:
            self._assignment = assignment_of(self.kwargs["pk"])
        return self._assignment

    @property
    def me(self) -> Assessor | None:
        return taking.assessor_of(self.assignment, self.actor)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (day_crumb(),) if self.actor.can(ASSESS) else ()

    def page_title(self) -> Any:
        row = self.assignment
        return _("%(what)s：%(name)s") % {
            "what": row.get_purpose_display(),
            "name": phone.masked(row.person.name),
        }

    def context(self) -> dict[str, Any]:
        row, me = self.assignment, self.me
        made = assessment_of(row)
        records = queries.records_of(row)
        _say_what_is_shown(row, records)
        waiting = [record for record in records if record.open_conflict]
        sent = any(r.assessor_id == me.pk and r.state != "refused" for r in records) if me else False
        signed = set(made.signatures.values_list("assessor_id", flat=True)) if made else set()
        return {
            "assignment": row,
            "home": queries.home_of(row.person_id),
            "records": records,
            "conflicts": waiting,
            "assessment": made,
            "signed": signed,
            "me": me,
            "visits": list(row.visits.order_by("-pk")),
            "sealed": sealed_of(row) if me is not None and row.waiting else [],
            "purposes": PURPOSES,
            "reveal_url": reverse("assessment:reveal", args=[row.pk]),
            "may_plan": me is not None and row.waiting and made is None,
            "may_fill": me is not None and row.waiting and not sent,
            "may_sign": me is not None
            and made is not None
            and made.state == Assessment.State.UNSIGNED
            and me.pk not in signed
            and not waiting,
            "may_settle": me is not None and bool(waiting),
        }


def _say_what_is_shown(row: Assignment, records: Iterable[Record]) -> None:
    """Each photo knows the item it belongs to, for the page."""
    labels = {item.code: f"{item.code} {item}" for item in row.version.read.items()}
    for record in records:
        for photo in record.attachments.all():
            photo.about = labels.get(photo.item, "")


class FillPage(AssignmentPage, FormPage):
    """The whole form on one page: the same action as the phone's."""

    right: ClassVar[str] = ASSESS
    template: ClassVar[str] = "assessment/fill.html"
    submit = gettext_lazy("签名并交来")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.actor.can(self.right) and self.me is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (day_crumb(), Crumb(super().page_title(), self.assignment.get_absolute_url()))

    def page_title(self) -> Any:
        return str(self.assignment.version.read)

    def context(self) -> dict[str, Any]:
        return FormPage.context(self)

    def form(self, *data: Any) -> forms.BaseForm:
        me = self.me
        assert me is not None
        return FillForm(
            *data,
            assignment=self.assignment,
            me=me,
            initial={"place": queries.home_of(self.assignment.person_id)},
        )

    def form_context(self, form: Any) -> dict[str, Any]:
        return {
            **super().form_context(form),
            "assignment": self.assignment,
            "groups": form.groups(),
            "refusal": getattr(self, "refusal", ""),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form: Any = self.form(request.POST, request.FILES)
        if form.is_valid():
            try:
                done = self._send(form)
            except ValidationError as error:
                form.add_error("photos", error)
            else:
                if done.state != "refused":
                    tell = messages.success if done.state == "accepted" else messages.warning
                    tell(request, done.message)
                    return redirect(self.assignment.get_absolute_url())
                form.add_error(None, done.message)
                form.data = form.data.copy()
                form.data["uid"] = str(FillForm.base_fields["uid"].initial or _fresh())
        return self.show(self.form_context(form), status=422)

    def _send(self, form: Any) -> actions.Recorded:
        data, me, row = form.cleaned_data, form.me, self.assignment
        photos = [
            Picture(
                store(
                    self.actor,
                    photo.name,
                    BytesIO(bare(photo.read())),
                    kind="image",
                    division=row.division_id,
                )
            )
            for photo in data["photos"]
        ]
        return actions.record(
            self.actor,
            assignment_id=row.pk,
            uid=data["uid"],
            answers=form.answers(),
            diagnoses=form.diagnoses(),
            events=form.events(),
            made_at=form.made_at(),
            sources={"name": data["source_name"], "relation": data["source_relation"]},
            signatures=[Given(me.pk, data["signature"])],
            photos=photos,
            place=data["place"],
        )


def _fresh() -> Any:
    from uuid import uuid4

    return uuid4()


@page(right=VIEW)
def attachment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A photo or a drawn signature, to be kept."""
    return download(get_object_or_404(Attachment.objects.select_related("file"), pk=pk).file)
