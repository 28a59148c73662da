"""What the pages of this room share."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.entitlement.assessment.models import Assessment, Assignment
from yanglao.shell.pages import Crumb, FormPage, PageView

VIEW, REQUEST, ASSIGN, ASSESS = (
    "assessment.view",
    "assessment.request",
    "assessment.assign",
    "assessment.assess",
)
BODIES, SAMPLE, EXPORT = "assessment.bodies", "assessment.sample", "assessment.export"
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

    @property
    def record(self) -> Any:
        if self._record is None:
            rows = self.model._default_manager.select_related(*self.related)
            self._record = get_object_or_404(rows, pk=self.kwargs["pk"])
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
