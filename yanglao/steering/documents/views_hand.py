"""Pages between documents and matters: choosing what is handed over, and the way back to the sentence."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yanglao.shell.pages import Crumb, FormPage, page
from yanglao.steering.documents import handing, queries
from yanglao.steering.documents.forms_hand import HandForm
from yanglao.steering.documents.models import Document
from yanglao.steering.documents.views import home
from yanglao.steering.matters.queries import Matter


class HandPage(FormPage):
    """What a document gives to see to, to be chosen, edited and handed over."""

    right = "matters.edit"
    template = "documents/hand.html"
    title = gettext_lazy("交督办")
    lead = gettext_lazy(
        "文件答复的提案、清单里的各项、指出的堵点难点和落实的资金，勾选、改好后登记为督办事项；每处只交办一次，两边互相链接。"
    )
    submit = gettext_lazy("登记并交办")
    form_class = HandForm

    @cached_property
    def document(self) -> Document:
        found = Document.objects.select_related("division").exclude(state__in=["reading", "refused"])
        document: Document = get_object_or_404(found, pk=self.kwargs["pk"])
        self.actor.require(self.right, document.division_id)
        return document

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), Crumb(self.document.title, self.document.get_absolute_url()))

    def form_arguments(self) -> dict[str, Any]:
        lead = self.document.issuer or self.document.division.name
        return {"rows": handing.left(self.document), "lead": lead}

    def form_context(self, form: Any) -> dict[str, Any]:
        seen = Matter.objects.in_bulk([matter.pk for matter in handing.handed(self.document).values()])
        return {
            **super().form_context(form),
            "groups": list(form.groups()),
            "gone": sorted(seen.values(), key=lambda matter: matter.pk),
            "lists": queries.wrong_lists(self.document),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().post(request, *args, **kwargs)

    def form(self, *data: Any) -> Any:
        self._bound: Any = super().form(*data)
        return self._bound

    def perform(self, data: dict[str, Any]) -> list[Matter]:
        return handing.hand(self.actor, self.document, rows=self._bound.chosen())

    def finished(self, result: list[Matter]) -> HttpResponseBase:
        n = len(result)
        messages.success(self.request, ngettext("已交办 %(n)s 项。", "已交办 %(n)s 项。", n) % {"n": n})
        return redirect("documents:hand", self.document.pk)


@page(right="matters.view")
def origin(request: HttpRequest, pk: int) -> HttpResponseBase:
    """From a matter to the sentence it was taken over from, for whoever may see the document."""
    matter = get_object_or_404(Matter.objects, pk=pk)
    number, _dash, key = matter.origin.partition("-")
    document = Document.objects.filter(pk=int(number)).first() if number.isdigit() else None
    if document is None or not request.actor.can("documents.view", document.division_id):  # type: ignore[attr-defined]
        raise Http404(_("看不到来源文件：它在您的管理范围以外，或已不在。"))
    start = next((row["start"] for row in document.handed if row["key"] == key), 0)
    return redirect(f"{document.get_absolute_url()}?part={queries.part_of(document, start)}&at={start}#here")
