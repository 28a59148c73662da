"""Agreeing on the visit: its day and hour, how to reach the person, and the two's calendar."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yanglao.entitlement.assessment import actions, phone, taking
from yanglao.entitlement.assessment.forms import PlanForm
from yanglao.entitlement.assessment.models import Assignment
from yanglao.entitlement.assessment.views.base import ASSESS, OfRecord, assignment_of, day_crumb
from yanglao.shell.pages import Crumb, page
from yanglao.shell.pages.revealing import SealedLine, revealed

PURPOSES = (gettext_lazy("约定上门时间"), gettext_lazy("上门途中联系"), gettext_lazy("补充了解情况"))
SEALED = (
    ("phone", gettext_lazy("老年人电话")),
    ("address", gettext_lazy("居住地址")),
    ("applicant", gettext_lazy("申请人电话")),
)


def sealed_of(assignment: Assignment) -> list[SealedLine]:
    """How to reach the person and who asked, masked."""
    case = assignment.request.case if assignment.request else None
    masks = {
        "phone": assignment.person.phone,
        "address": assignment.person.address,
        "applicant": case.phone if case else "",
    }
    return [SealedLine(label, field, str(masks[field] or "")) for field, label in SEALED]


class PlanPage(OfRecord):
    """The day and hour agreed; what was agreed before."""

    model = Assignment
    right: ClassVar[str] = ASSESS
    template = "assessment/plan.html"
    form_class = PlanForm
    submit = gettext_lazy("保存")
    done = gettext_lazy("已保存，申请人可以在进度查询里看到。")

    @property
    def record(self) -> Any:
        if self._record is None:
            found = assignment_of(self.kwargs["pk"])
            if taking.assessor_of(found, self.actor) is None:
                raise Http404
            self._record = found
        return self._record

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.actor.can(self.right) and not self.record.waiting:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def crumbs(self) -> tuple[Crumb, ...]:
        row = self.record
        title = _("%(what)s：%(name)s") % {
            "what": row.get_purpose_display(),
            "name": phone.masked(row.person.name),
        }
        return (day_crumb(), Crumb(title, row.get_absolute_url()))

    def page_title(self) -> Any:
        return _("改约上门时间") if self.record.planned_for else _("约定上门时间")

    def form_arguments(self) -> dict[str, Any]:
        return {"planned": self.record.planned_for is not None}

    def initial(self) -> dict[str, Any]:
        row = self.record
        wish = row.request.wish_on if row.request else None
        return {"day": row.planned_for or wish, "hour": row.planned_time}

    def form_context(self, form: Any) -> dict[str, Any]:
        return {
            **super().form_context(form),
            "assignment": self.record,
            "wish": self.record.request.wish_on if self.record.request else None,
            "visits": list(self.record.visits.order_by("-pk")),
        }

    def perform(self, data: dict[str, Any]) -> Assignment:
        return actions.plan(self.actor, self.record, **data)


@never_cache
@require_POST
@page(right=ASSESS)
def reveal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """How to reach the person, in clear. Never cached, never in an address."""
    actor, row = request.actor, assignment_of(pk)  # type: ignore[attr-defined]
    return revealed(
        request,
        lambda field, purpose: actions.reveal(actor, row, field=field, purpose=purpose),
        title=_("联系方式"),
        back=row.get_absolute_url(),
        fields="|".join(field for field, _label in SEALED),
    )
