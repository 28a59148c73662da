"""What the pages of this room share."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.assessment.models import Assessment, Assignment, Signature
from yanglao.shell.pages import Crumb, FormPage, PageView

VIEW, REQUEST, ASSIGN, ASSESS = (
    "assessment.view",
    "assessment.request",
    "assessment.assign",
    "assessment.assess",
)
BODIES, SAMPLE, EXPORT = "assessment.bodies", "assessment.sample", "assessment.export"
HOME = "assessment.home"
# results of which a letter may be given: signed by both, or brought in from before
TOLD = (Assessment.State.VALID, Assessment.State.REPLACED, Assessment.State.WITHDRAWN)
TONES = {
    "open": "info",
    "signing": "warn",
    "done": "good",
    "cancelled": "dull",
    "valid": "good",
    "unsigned": "warn",
    "replaced": "dull",
    "withdrawn": "bad",
    "refused": "bad",
    "stopped": "dull",
    "conflict": "bad",
    "accepted": "good",
}


def home() -> Crumb:
    return Crumb(_("能力评估"), reverse("assessment:list"))


def day_crumb() -> Crumb:
    return Crumb(_("我的评估"), reverse("assessment:day"))


class OneRecord(PageView):
    """A page about one record, found in scope by the address's `pk`."""

    model: ClassVar[Any]
    related: ClassVar[tuple[str, ...]] = ()

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._record: Any = None

    def queryset(self) -> QuerySet[Any]:
        return self.model._default_manager.select_related(*self.related)

    @property
    def record(self) -> Any:
        if self._record is None:
            self._record = get_object_or_404(self.queryset(), pk=self.kwargs["pk"])
        return self._record

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(),)


class OfRecord(OneRecord, FormPage):
    """A form about one record; the right is needed there, also to open it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.actor.can(self.right):
            self.actor.require(self.right, self.record)
        return super().dispatch(request, *args, **kwargs)

    def done_url(self, result: Any) -> str:
        return str(self.record.get_absolute_url())


def assignment_of(pk: int) -> Assignment:
    """An assignment in scope, with what its pages show; else 404."""
    rows = Assignment.objects.select_related(
        "person", "version", "first", "second", "body__organisation", "request__case"
    )
    return get_object_or_404(rows, pk=pk)


def assessment_of(assignment: Assignment) -> Assessment | None:
    """What came of an assignment so far."""
    return Assessment._base_manager.select_related("version").filter(assignment=assignment).first()


class LetterBase(PageView):
    """The letter to the person, in large type: the level, how it came about, what may be done against it."""

    title = gettext_lazy("老年人能力评估结果告知书")
    template = "assessment/letter.html"
    related: ClassVar[tuple[str, ...]] = ("person", "version", "assignment__request__case__version")

    @property
    def assessment(self) -> Any:
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        record = self.assessment
        request = record.assignment.request if record.assignment else None
        return {
            "assessment": record,
            "person": record.person,
            "diagnoses": record.version.read.labels(record.diagnoses),
            "events": events_of(record),
            "signatures": list(Signature._base_manager.filter(assessment=record).order_by("at", "pk")),
            "objection": request.case.version.read.objection if request else None,
            "today": timezone.localdate(),
        }


def events_of(record: Assessment) -> list[tuple[str, int]]:
    """(kind, times) of what happened, in words."""
    found = record.version.read
    return [(found.labels([key])[0], times) for key, times in sorted(record.events.items())]
