"""Applying without an account, and saying how it went."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from allauth.core.ratelimit import consume
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yanglao.entitlement.applications import actions, queries
from yanglao.entitlement.applications.forms import OnlineForm, OwnRateForm
from yanglao.entitlement.catalogue.queries import Item, form_of
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.shell.fields import DivisionField
from yanglao.shell.pages.form import tell

LAST = "application_made"
STREET = 10**3


def _actor(request: HttpRequest) -> Actor:
    """The public acts through the site itself, from where the request came."""
    return replace(Actor.system(_("网上申请"), via="page"), address=request.META.get("REMOTE_ADDR", ""))


def _place(request: HttpRequest) -> tuple[int | None, str]:
    """The village or street asked for, and what was wrong with it."""
    typed = request.GET.get("division") or request.GET.get("division_text", "")
    try:
        found: int | None = DivisionField(required=False).clean(typed)
    except ValidationError as error:
        return None, error.messages[0]
    if found is not None and found % 10**6 == 0:
        return None, _("请写到街道（乡镇）或村（社区）。")
    return found, ""


def items(request: HttpRequest) -> HttpResponseBase:
    """What one may apply for, in one's own street."""
    division, wrong = _place(request)
    with everything("a published list"):
        found = [(item, form_of(item)) for item in queries.public_items(division)] if division else []
    context = {
        "title": _("网上申请"),
        "division": division,
        "typed": request.GET.get("division_text", ""),
        "wrong": wrong,
        "items": found,
    }
    return TemplateResponse(request, "applications/public/items.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, item: int, division: int) -> HttpResponseBase:
    """The form of one item. What the register knows of the applicant is never told."""
    with everything("a published list"):
        found = next((one for one in queries.public_items(division) if one.pk == item), None)
        if found is None or division % 10**6 == 0:
            raise Http404("no such item there")
        needed = queries.needed(found)
    form = OnlineForm(request.POST or None, questions=needed)
    if request.method == "POST" and form.is_valid():
        if not consume(request, action="application"):
            form.add_error(None, _("这个网络地址提交得太频繁，请过一小时再试，或到村（社区）办理。"))
        elif answer := _sent(request, form, found, division):
            return answer
    context = {"title": found, "item": found, "said": form_of(found), "division": division, "form": form}
    return TemplateResponse(
        request, "applications/public/apply.html", context, status=422 if form.errors else 200
    )


def _sent(request: HttpRequest, form: OnlineForm, item: Item, division: int) -> HttpResponseBase | None:
    try:
        made = actions.apply_online(
            _actor(request),
            item=item,
            division=division,
            stranger=form.stranger,
            said=form.said,
            answers=form.cleaned_data["answers"],
        )
    except ValidationError as error:
        tell(form, error)
        return None
    request.session[LAST] = made.pk
    return redirect("applications:public_done")


@never_cache
def done(request: HttpRequest) -> HttpResponseBase:
    """The receipt of the application just made; its number is kept in the browser's session, not in an address."""
    with everything("the application the browser has just made"):
        rows = queries.applications().filter(pk=request.session.get(LAST, 0))
        made = rows.first()
    if made is None:
        return redirect("applications:public")
    context: dict[str, Any] = {"title": _("申请回执"), "application": made, "case": made.case}
    return TemplateResponse(request, "applications/public/done.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest) -> HttpResponseBase:
    """The applicant says how satisfied he is, by number and code. Attempts are counted by address."""
    form = OwnRateForm(request.POST or None)
    said = False
    if request.method == "POST" and form.is_valid():
        said = _rated(request, form)
    context = {"title": _("评价办理过程"), "form": form, "said": said}
    return TemplateResponse(
        request, "applications/public/rate.html", context, status=422 if form.errors else 200
    )


def _rated(request: HttpRequest, form: OwnRateForm) -> bool:
    data = form.cleaned_data
    number = data["number"].strip().upper()[:24]
    if not (consume(request, action="case_query") and consume(request, action="case_number", key=number)):
        form.add_error(None, _("查询次数过多，请过十分钟再试，或到受理窗口询问。"))
        return False
    found = queries.rateable(data["number"], data["code"])
    if found is None:
        form.add_error(None, _("没有查到办结的申请。请核对回执上的编号和查询码（或登记电话的后四位）。"))
        return False
    try:
        actions.rate(_actor(request), found, mark=data["mark"], words=data["words"])
    except ValidationError as error:
        tell(form, error)
        return False
    return True
