"""The public place finder (找机构): open to everybody, published facts of open places only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from yanglao.registers.places import public, queries
from yanglao.registers.places.kinds import kind_label
from yanglao.registers.places.models import Price
from yanglao.registers.places.showing import by_group, merged
from yanglao.shell.charts import Map, Point
from yanglao.shell.fields import DivisionField
from yanglao.shell.pages import Crumb

PAGE = 20
KINDS = [
    ("homes", gettext_lazy("住养老院")),
    ("community", gettext_lazy("家门口的养老服务")),
    ("meals", gettext_lazy("吃饭（老年食堂）")),
    ("mutual", gettext_lazy("互助养老")),
    ("learning", gettext_lazy("学习和活动")),
]


class FinderForm(forms.Form):
    """What someone looks for; nothing is kept."""

    near = DivisionField(
        label=gettext_lazy("在哪里附近"),
        required=False,
        help_text=gettext_lazy("输入街道、社区（村）的名称"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("找什么"), choices=KINDS, required=False)
    price = forms.IntegerField(
        label=gettext_lazy("每月最多花多少元"), required=False, min_value=0, max_value=1_000_000
    )
    bed = forms.ChoiceField(
        label=gettext_lazy("有空床"),
        choices=[("", gettext_lazy("不限")), *Price.Bed.choices],
        required=False,
    )


class Finder(View):
    """The list: nearest first where a place is named."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        form = FinderForm(request.GET or None)
        asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
        wanted = public.Wanted(
            near=asked.get("near"),
            group=asked.get("kind") or "homes",
            most=asked["price"] * 100 if asked.get("price") is not None else None,
            bed=asked.get("bed") or "",
        )
        found = public.search(wanted)
        page = min(max(_number(request.GET.get("page", "1")), 1), max(1, -(-len(found) // PAGE)))
        shown = public.dressed(found[(page - 1) * PAGE : page * PAGE])
        context: dict[str, Any] = {
            "title": _("找养老机构"),
            "crumbs": (),
            "form": form,
            "found": shown,
            "number": len(found),
            "near": asked.get("near"),
            "map": _map(shown),
            "page": page,
            "next": page + 1 if page * PAGE < len(found) else None,
            "previous": page - 1 if page > 1 else None,
        }
        return TemplateResponse(request, "places/finder.html", context)


def _number(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 6 else 1


def _map(shown: list[public.Found]) -> Map | None:
    points = tuple(
        Point(f.place.name, f.place.latitude, f.place.longitude, f.place.address, f.url, "good")
        for f in shown
        if f.place.latitude is not None and f.place.longitude is not None
    )
    return Map(_("位置"), points) if points else None


class Found(View):
    """One open place as the public sees it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = public.one(pk)
        if found is None:
            raise Http404("no open place")
        place = found.place
        context: dict[str, Any] = {
            "title": place.name,
            "crumbs": (Crumb(_("找养老机构"), reverse("places:finder")), Crumb(place.name)),
            "found": found,
            "place": place,
            "kind": kind_label(place.kind),
            "groups": merged(by_group(queries.public_facts(place), queries.today())),
            "prices": public.prices(place),
            "map": _map([found]),
        }
        return TemplateResponse(request, "places/found.html", context)
