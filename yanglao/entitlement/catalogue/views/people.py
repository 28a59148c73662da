"""Persons: the list of who stands how, one person's whole list, and what is entered for him."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.catalogue import actions, forms, queries, rules
from yanglao.entitlement.catalogue.filters import EntitlementFilter
from yanglao.entitlement.catalogue.models import Decision, Entitlement, Item
from yanglao.entitlement.catalogue.views.base import home_crumb
from yanglao.entitlement.catalogue.words import TONES, VIA, next_step
from yanglao.registers.people.models import Person
from yanglao.shell.pages import Access, BulkAction, Column, Crumb, Empty, FormPage, ListPage, PageView


def _offer(actor: Any, rows: Any, data: Any) -> str:
    """Tell all who were chosen; who was told already is left as he is."""
    told = 0
    for row in rows:
        if row.state == rules.State.ENTITLED:
            actions.offer(actor, row.person, item=row.item)
            told += 1
    return _("已登记告知 %(n)s 人次。") % {"n": told}


class EntitlementList(ListPage):
    """Who stands how; `state=missing` is the list of those who are entitled and do not receive, most urgent first."""

    model = Entitlement
    right = "catalogue.view"
    title = gettext_lazy("资格名单")
    filterset = EntitlementFilter
    private = ("name",)
    related = ("person", "item")
    order = "-need"
    export_right = "catalogue.export"
    columns = (
        Column("person", gettext_lazy("姓名"), value=lambda e: e.person.name, link=True),
        Column("item", gettext_lazy("项目"), value=lambda e: str(e.item)),
        Column(
            "state",
            gettext_lazy("状态"),
            value=lambda e: e.get_state_display(),
            tone=lambda e: TONES[e.state],
        ),
        Column("need", gettext_lazy("需要程度"), kind="number", sort="-need"),
        Column("born", gettext_lazy("年龄"), kind="age", value=lambda e: e.person.birth_date),
        Column(
            "ability", gettext_lazy("能力等级"), value=lambda e: fact("ability", e.person.ability), minor=True
        ),
        Column(
            "living", gettext_lazy("居住状况"), value=lambda e: fact("living", e.person.living), minor=True
        ),
        Column(
            "economic",
            gettext_lazy("经济状况"),
            value=lambda e: fact("economic", e.person.economic),
            minor=True,
        ),
        Column("division_id", gettext_lazy("居住地"), kind="division", minor=True),
        Column("amount_fen", gettext_lazy("每月金额（元）"), kind="yuan", minor=True),
        Column("since", gettext_lazy("自"), kind="date", minor=True),
        Column("via", gettext_lazy("依据"), value=lambda e: VIA.get(e.via, ""), shown=False),
        Column("edition", gettext_lazy("清单版本"), kind="text", shown=False),
    )
    bulk = (BulkAction("offer", gettext_lazy("登记已告知"), "catalogue.act", _offer),)
    empty = Empty(
        gettext_lazy("没有这样的人"), gettext_lazy("每天夜里按清单条件认定一次；个人情况有变动的立即更新。")
    )

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(),)

    def row_url(self, row: Any) -> str:
        return reverse("catalogue:person", args=[row.person_id])


def fact(kind: str, value: str) -> str:
    from yanglao.registers.people.kinds import kinds

    return str(kinds()[kind].name_of(value)) if value else ""


class OfPerson(PageView):
    """A page about one person, found in scope."""

    @cached_property
    def person(self) -> Person:
        return get_object_or_404(Person, pk=self.kwargs["pk"])

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(), Crumb(self.person.name, reverse("people:person", args=[self.person.pk])))


class PersonPage(OfPerson):
    """The whole list with one person's state, the reason and the next step."""

    right = "catalogue.view"
    template = "catalogue/person.html"

    def page_title(self) -> str:
        return _("%(name)s的服务清单") % {"name": self.person.name}

    def context(self) -> dict[str, Any]:
        found = queries.items_of(self.person)
        reasons = queries.told(self.person)
        rows = [row_of(s, reasons.get(s.item.key, [])) for s in found]
        return {
            "person": self.person,
            "missing": [r for r in rows if r["state"].missing],
            "received": [r for r in rows if r["state"].state == rules.State.RECEIVED],
            "refused": [r for r in rows if r["state"].state == rules.State.REFUSED],
            "elsewhere": [r for r in rows if r["state"].elsewhere],
            "none": [
                r for r in rows if r["state"].state in (None, rules.State.ENDED) and not r["state"].elsewhere
            ],
            "history": queries.history(self.person),
            "may_act": self.actor.can("catalogue.act", self.person),
            "may_apply": self.actor.can("applications.apply", self.person),
            "city": queries.city_for(self.person),
            "need": max((r["need"] for r in rows), default=0),
        }


def row_of(found: queries.ItemState, told: list[Any]) -> dict[str, Any]:
    """One item for the page: state, tone, reasons, next step, and what may be entered now."""
    state = found.state
    first = next((c for t in told for c in t.clauses if not c.holds), None)
    return {
        "state": found,
        "tone": TONES.get(int(state), "dull") if state else "dull",
        "via": VIA.get(found.via, ""),
        "next": next_step(found),
        "told": told,
        "failing": first.label if first else "",
        "entries": [k for k in rules.FROM if state is not None and state in rules.FROM[k] and _may(found, k)],
        "need": 0,
    }


def _may(found: queries.ItemState, kind: str) -> bool:
    return kind != "reopen" or found.via == "hand"


class Start(Access):
    """One click: the person agrees, the item is begun."""

    right = "catalogue.act"
    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, pk: int, item: int) -> HttpResponseBase:
        person = get_object_or_404(Person, pk=pk)
        chosen = get_object_or_404(Item, pk=item)
        try:
            actions.accept(self.actor, person, item=chosen)
            messages.success(request, _("“%(item)s”已开始办理。") % {"item": chosen})
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        return redirect("catalogue:person", pk=pk)


_TITLES = {
    "offer": gettext_lazy("登记已告知"),
    "accept": gettext_lazy("登记同意办理"),
    "refuse": gettext_lazy("登记本人不要"),
    "receive": gettext_lazy("登记已享受"),
    "reopen": gettext_lazy("重新办理"),
}
_ACTIONS: dict[str, Any] = {
    "offer": actions.offer,
    "accept": actions.accept,
    "refuse": actions.refuse,
    "receive": actions.receive,
    "reopen": actions.reopen,
}


class Enter(OfPerson, FormPage):
    """What is entered by hand for one person and item."""

    right = "catalogue.act"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if kwargs["kind"] not in _ACTIONS:
            raise Http404
        if self.request.actor.can(self.right):  # type: ignore[attr-defined]
            self.request.actor.require(self.right, self.person)  # type: ignore[attr-defined]
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def item(self) -> Item:
        return get_object_or_404(Item, pk=self.kwargs["item"])

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        return forms.FORMS[self.kwargs["kind"]]

    def page_title(self) -> str:
        return f"{_TITLES[self.kwargs['kind']]}：{self.item}"

    def crumbs(self) -> tuple[Crumb, ...]:
        name = _("%(name)s的服务清单") % {"name": self.person.name}
        return (home_crumb(), Crumb(name, reverse("catalogue:person", args=[self.person.pk])))

    def perform(self, data: dict[str, Any]) -> Decision:
        made: Decision = _ACTIONS[self.kwargs["kind"]](self.actor, self.person, item=self.item, **data)
        return made

    def done_url(self, result: Any) -> str:
        return reverse("catalogue:person", args=[self.person.pk])
