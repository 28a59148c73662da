"""Pages open to everybody: the lists as published, and what am I due."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from yanglao.entitlement.catalogue import asking
from yanglao.entitlement.catalogue.lists import reading
from yanglao.entitlement.catalogue.lists.difference import difference, who_text
from yanglao.entitlement.catalogue.lists.workbook import workbook
from yanglao.entitlement.catalogue.views.base import file_response
from yanglao.entitlement.catalogue.words import KINDS, RAISED, TYPES
from yanglao.entitlement.policymaking.offered.queries import Six, SixForm
from yanglao.kernel.packs.models import City

NATION = "national"


class Index(View):
    """Every list of every city that was loaded, and the national one."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        today = timezone.localdate()
        places = [(city.name, city.pk, _editions(city.pk)) for city in City.objects.order_by("root_id")]
        context = {
            "title": _("养老服务清单"),
            "crumbs": (),
            "places": [*places, (_("全国"), NATION, _editions(""))],
            "today": today,
        }
        return TemplateResponse(request, "catalogue/lists.html", context)


def _editions(city: str) -> list[tuple[reading.Listing, Any, bool]]:
    """Editions of a place, latest first, with the kind in words and whether it is in force."""
    today = timezone.localdate()
    found = reading.editions(city)
    standing = {e.key for kind in KINDS if (e := reading.standing(city, kind, today))}  # type: ignore[arg-type]
    return [(e, KINDS[e.file.kind], e.key in standing) for e in reversed(found)]


def edition(city: str, key: str) -> tuple[str, reading.Listing]:
    """The city ("" for the nation) and the edition an address names. Raises Http404."""
    place = "" if city == NATION else city
    if place and not City.objects.filter(pk=place).exists():
        raise Http404
    found = next((e for e in reading.editions(place) if e.key == key), None)
    if found is None:
        raise Http404
    return place, found


class Published(View):
    """An edition as it is published: large, printable, with what changed since the last."""

    def get(self, request: HttpRequest, city: str, key: str) -> HttpResponseBase:
        place, found = edition(city, key)
        before = reading.before(found, place)
        rows = [
            {
                "item": item,
                "number": number,
                "type": TYPES[item.type],
                "who": who_text(item),
                "raised": [RAISED[name] for name in item.raised],
            }
            for number, item in enumerate(found.items, 1)
        ]
        context = {
            "title": str(found),
            "crumbs": (),
            "listing": found,
            "kind": KINDS[found.file.kind],
            "city": city,
            "rows": rows,
            "services": found.file.kind == "services",
            "difference": difference(before, found) if before else None,
            "tentative": found.file.document.tentative or any(i.tentative for i in found.items),
        }
        return TemplateResponse(request, "catalogue/published.html", context)


class Workbook(View):
    """The same as an Excel file."""

    def get(self, request: HttpRequest, city: str, key: str) -> HttpResponseBase:
        _place, found = edition(city, key)
        return file_response(f"{found.key}.xlsx", workbook(found, dict(TYPES)))


class Due(View):
    """What am I due: six questions, no name. Posted, so that no answer stands in an address."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self._page(request, SixForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = SixForm(request.POST)
        if not ratelimit.consume(request, action="entitlement"):
            return self._page(request, form, 429, too_many=True)
        if not form.is_valid():
            return self._page(request, form, 422)
        data = form.cleaned_data
        six = Six(
            data["born"],
            data["hukou"],
            data["residence"] or data["hukou"],
            data["economic"],
            data["ability"],
            data["living"],
        )
        return self._page(request, form, answer=asking.answer(six), asked=True)

    def _page(self, request: HttpRequest, form: SixForm, status: int = 200, **more: Any) -> TemplateResponse:
        context = {
            "title": _("我能享受什么"),
            "crumbs": (),
            "form": form,
            "answer": None,
            "asked": False,
            "too_many": False,
            **more,
        }
        return TemplateResponse(request, "catalogue/due.html", context, status=status)
