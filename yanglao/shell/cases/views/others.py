"""Standing in for another, and the applicant's own view."""

from __future__ import annotations

from typing import Any

from allauth.core.ratelimit import consume
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yanglao.kernel.accounts.models import User
from yanglao.kernel.calendar.queries import working_days_between
from yanglao.kernel.cases import actions, queries
from yanglao.kernel.cases.models import Delegation
from yanglao.kernel.rooms import house
from yanglao.shell.cases.drawing import lay_out
from yanglao.shell.cases.forms import StandInForm, TrackForm
from yanglao.shell.cases.views.case import asked_for
from yanglao.shell.cases.views.lists import WORK, Mine
from yanglao.shell.cases.words import standing
from yanglao.shell.pages import Crumb, FormPage, page


class StandIns(FormPage):
    """His own delegations, given and taken, and a form for a new one."""

    right = WORK
    title = _("委托代办")
    form_class = StandInForm
    template = "cases/stand_ins.html"
    lead = _("休假、出差时，把自己的待办交给同岗位的人代办。代办人办理的，记明是代您办理。")
    submit = _("委托")
    done = _("已委托。")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Mine.title, reverse("cases:mine")),)

    def form_arguments(self) -> dict[str, Any]:
        giver = User.objects.get(pk=self.actor.user_id)
        return {"people": queries.stand_ins(self.actor, giver)}

    def form_context(self, form: Any) -> dict[str, Any]:
        his = Q(giver=self.actor.user_id) | Q(taker=self.actor.user_id)
        rows = (
            Delegation.objects.filter(his).select_related("giver", "taker").order_by("-last_day", "-pk")[:50]
        )
        return {**super().form_context(form), "rows": list(rows), "today": timezone.localdate()}

    def perform(self, data: dict[str, Any]) -> Delegation:
        return actions.delegate(self.actor, **data)

    def done_url(self, result: Any) -> str:
        return reverse("cases:stand_ins")


@page(right=WORK)
@require_http_methods(["POST"])
def end_stand_in(request: HttpRequest, pk: int) -> HttpResponseBase:
    """End a delegation early."""
    actor = request.actor  # type: ignore[attr-defined]
    found = get_object_or_404(Delegation, Q(giver=actor.user_id) | Q(taker=actor.user_id), pk=pk)
    try:
        actions.end_delegation(actor, found)
        messages.success(request, gettext("已结束委托。"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("cases:stand_ins")


@never_cache
@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponseBase:
    """The applicant asks by number and code how far his matter is. Attempts are counted by address."""
    form = TrackForm(request.POST or None)
    shown: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        if not may_ask(request, form.cleaned_data["number"]):
            form.add_error(None, gettext("查询次数过多，请过十分钟再试，或到受理窗口询问。"))
        else:
            case = queries.case_for(form.cleaned_data["number"], form.cleaned_data["code"])
            if case is None:
                form.add_error(None, gettext("没有查到。请核对回执上的编号和查询码（或登记电话的后四位）。"))
            else:
                shown = _public(case)
    context = {"title": gettext("办件进度查询"), "crumbs": (), "form": form, **shown}
    return TemplateResponse(
        request, "cases/track.html", context, status=200 if shown or not form.errors else 422
    )


def may_ask(request: HttpRequest, number: str) -> bool:
    """Counts an attempt at a number, by address and by the number itself: whoever guesses digits does not get far."""
    return bool(
        consume(request, action="case_query")
        and consume(request, action="case_number", key=number.strip().upper()[:24])
    )


def _public(case: Any) -> dict[str, Any]:
    process = case.version.read
    result = queries.result_label(process, case.result) if case.result else ""
    return {
        "case": case,
        "process": process,
        "standing": standing(case, result),
        "told": [(told, asked_for(told)) for told in reversed(queries.story(case, public=True))],
        "drawing": lay_out(queries.picture_of(case)),
        "step": process.steps[case.step].name if case.step else "",
        "notice": case.notices.filter(answered_at=None, lapsed_at=None).first(),
        "left": working_days_between(timezone.localdate(), case.due) if case.step and case.due else None,
        "rate_url": _rate_url(case),
    }


def _rate_url(case: Any) -> str:
    """Where the applicant says how it went, once his matter has ended."""
    handler = house().cases.get(case.process)
    return reverse(handler.rating) if case.result and handler and handler.rating else ""
