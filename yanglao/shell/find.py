"""The search box: what rooms find, and pages by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.queries import search as search_divisions
from yanglao.kernel.rooms import SearchHit
from yanglao.kernel.rooms import house as the_house
from yanglao.kernel.text import spelled
from yanglao.shell.fields import label_of
from yanglao.shell.pages import SIGNED_IN, page
from yanglao.shell.pages.sealed import seal, unseal

LONGEST = 60
IN_BOX, ON_PAGE = 6, 50


@dataclass(frozen=True)
class Found:
    label: Any
    hits: tuple[SearchHit, ...]


def look_for(actor: Actor, text: str, limit: int) -> list[Found]:
    """What pages and rooms know by this text, in groups; nothing for an empty text."""
    text = text.strip()[:LONGEST]
    if not text:
        return []
    groups = [
        Found(p.label, tuple(p.find(actor, text, limit))) for p in the_house().search if actor.can(p.right)
    ]
    return [g for g in [*groups, Found(_("页面"), tuple(_pages(actor, text))[:limit])] if g.hits]


def _pages(actor: Actor, text: str) -> Iterator[SearchHit]:
    """Pages of the menu by their name, its pinyin or the initials of that."""
    typed = text.lower()
    entries = [(e.label, reverse(e.url_name), str(e.group)) for e in the_house().menu if actor.can(e.right)]
    own = [(_("我的账号"), reverse("shell:me"), ""), (_("使用帮助"), reverse("shell:help"), "")]
    for label, url, group in [*entries, *own]:
        name = str(label)
        pinyin, initials = spelled(name)
        if typed in name.lower() or pinyin.startswith(typed) or initials.startswith(typed):
            yield SearchHit(name, url, group)


@page(right=SIGNED_IN)
def search(request: HttpRequest) -> HttpResponseBase:
    """The box's drop-down (htmx) and the full page. What is typed is personal data: posted, and sealed in addresses."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST" and request.headers.get("HX-Request"):
        text = request.POST.get("text", "")
        context = {"groups": look_for(actor, text, IN_BOX), "text": text.strip()}
        return TemplateResponse(request, "shell/parts/found.html", context)
    if request.method == "POST":
        text = request.POST.get("text", "").strip()[:LONGEST]
        return redirect(f"{request.path}?q={seal({'text': text})}" if text else request.path)
    text = unseal(request.GET.get("q", "")).get("text", "")
    context = {"title": _("查找"), "text": text, "groups": look_for(actor, text, ON_PAGE)}
    return TemplateResponse(request, "shell/search.html", context)


def find_division(request: HttpRequest) -> HttpResponseBase:
    """Suggestions for a division field, as options of its list. Open to everybody: divisions are public, and public
    pages ask for them too."""
    found = search_divisions(request.GET.get("text", "")[:LONGEST], limit=10)
    divisions = [{"code": d.code, "name": d.name, "label": label_of(d.code)} for d in found]
    return TemplateResponse(request, "shell/parts/found_divisions.html", {"divisions": divisions})
