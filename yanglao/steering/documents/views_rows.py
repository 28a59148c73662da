"""What a person does with the rows: confirm, drop, mend, split, undo, take over into a plan."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from yanglao.shell.pages import Crumb, FormPage, page
from yanglao.steering.documents import actions, queries
from yanglao.steering.documents.forms import RowForm, TakeForm, first_values
from yanglao.steering.documents.models import Document, Proposal
from yanglao.steering.documents.planning import Asked
from yanglao.steering.documents.views import found, home, shown

STATES = {
    "confirm": Proposal.State.CONFIRMED,
    "drop": Proposal.State.DROPPED,
    "reopen": Proposal.State.OPEN,
    "aside": Proposal.State.ASIDE,
}
MOST_AT_ONCE = 2_000


def back(document: Document, request: HttpRequest, row: int = 0) -> HttpResponse:
    """To the part of the page one came from, at the row."""
    part = request.POST.get("part", "1")
    part = part if part.isdigit() and len(part) < 6 else "1"
    anchor = f"#row-{row}" if row else ""
    show = request.POST.get("show", "")
    only = f"&show={show}" if show in ("doubt", "open") else ""
    return redirect(f"{document.get_absolute_url()}?part={part}{only}{anchor}")


@require_POST
@page(right="documents.edit")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm, drop or reopen the rows named (``row``), or with ``all`` every open row without a doubt."""
    document = found(request, pk)
    state = STATES.get(request.POST.get("do", ""))
    if state is None:
        raise Http404
    ids = [int(one) for one in request.POST.getlist("row")[:MOST_AT_ONCE] if one.isdigit() and len(one) < 12]
    if request.POST.get("all"):
        open_rows = document.proposals.filter(state=Proposal.State.OPEN).order_by("order", "id")
        ids = [row.pk for row in open_rows if not set(row.doubts) - queries.SOFT]
    actor = request.actor  # type: ignore[attr-defined]
    try:
        changed = actions.decide(actor, document, ids=ids, state=state)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if request.POST.get("all"):
            told = ngettext("已确认 %(n)s 条没有存疑的条目。", "已确认 %(n)s 条没有存疑的条目。", changed)
            messages.success(request, told % {"n": changed})
    following = request.POST.get("next", "")
    return back(document, request, int(following) if following.isdigit() else (ids[0] if ids else 0))


@require_POST
@page(right="documents.edit")
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the last step back."""
    document = found(request, pk)
    try:
        verb = actions.undo(request.actor, document)  # type: ignore[attr-defined]
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.info(request, _("已撤销上一步。") if verb else _("没有可以撤销的步骤。"))
    return back(document, request)


@require_POST
@page(right="documents.edit")
def split(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """A second row of the same sentence, opened for mending."""
    document = found(request, pk)
    one = get_object_or_404(document.proposals, pk=row)
    try:
        second = actions.split(request.actor, document, row=one)  # type: ignore[attr-defined]
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return back(document, request, row)
    return redirect("documents:row", pk, second.pk)


class RowPage(FormPage):
    """A row mended, its sentence beside it."""

    right = "documents.edit"
    template = "documents/row.html"
    submit = gettext_lazy("保存")
    done = gettext_lazy("已修改。")
    form_class = RowForm

    @cached_property
    def document(self) -> Document:
        document: Document = get_object_or_404(Document.objects, pk=self.kwargs["pk"])
        self.actor.require(self.right, document.division_id)
        return document

    @cached_property
    def row(self) -> Proposal:
        return queries.row_of(self.document, self.kwargs["row"])

    def page_title(self) -> Any:
        return _("修改条目")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), Crumb(self.document.title, self.address()))

    def address(self) -> str:
        part = queries.part_of(self.document, self.row.start)
        return f"{self.document.get_absolute_url()}?part={part}#row-{self.row.pk}"

    def form_arguments(self) -> dict[str, Any]:
        return {"row": self.row}

    def initial(self) -> dict[str, Any]:
        return RowForm.initial_of(self.row)

    def form_context(self, form: Any) -> dict[str, Any]:
        row = self.row
        sentence = self.document.text[row.sentence_start : row.sentence_end]
        return {**super().form_context(form), "shown": shown(row), "row": row, "sentence": sentence}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self._confirm = bool(request.POST.get("confirm"))
        return super().post(request, *args, **kwargs)

    def form(self, *data: Any) -> Any:
        self._bound: Any = super().form(*data)
        return self._bound

    def perform(self, data: dict[str, Any]) -> Proposal:
        row = actions.mend(self.actor, self.document, row=self.row, values=self._bound.values())
        if self._confirm:
            actions.decide(self.actor, self.document, ids=[row.pk], state=Proposal.State.CONFIRMED)
        return row

    def done_url(self, result: Proposal) -> str:
        return self.address()


class TakePage(FormPage):
    """The confirmed rows become a plan."""

    right = "plans.manage"
    title = gettext_lazy("转为计划")
    lead = gettext_lazy(
        "已确认的任务和目标成为计划，每个目标仍链接到原文的句子。没有对应指标的目标新建为自报指标；转为计划后条目不再修改。"
    )
    submit = gettext_lazy("转为计划")
    done = gettext_lazy("计划已建立。")
    form_class = TakeForm

    @cached_property
    def document(self) -> Document:
        document: Document = get_object_or_404(Document.objects, pk=self.kwargs["pk"])
        self.actor.require(self.right, document.division_id)
        return document

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), Crumb(self.document.title, self.document.get_absolute_url()))

    def initial(self) -> dict[str, Any]:
        return first_values(self.document, self.document.division.name)

    def perform(self, data: dict[str, Any]) -> Document:
        return actions.take(self.actor, self.document, asked=Asked(**data))

    def done_url(self, result: Document) -> str:
        assert result.plan is not None  # a constraint of the table
        return reverse("plans:plan", args=[result.plan.slug])
