"""A file: upload, columns, result."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.files.responses import download as give_out
from yanglao.kernel.jobs.queries import visible_to
from yanglao.registers.comparison import actions, queries
from yanglao.registers.comparison.forms import TextFormatForm, UploadForm
from yanglao.registers.comparison.models import Clue, Delivery
from yanglao.registers.comparison.reading import Layout, proposed, title_of, with_form
from yanglao.registers.comparison.sources import Source, sources_for
from yanglao.shell.imports.reporting import shown_groups, shown_refusal
from yanglao.shell.pages import Crumb, FormPage, PageView, page
from yanglao.shell.sheets import FileRefused
from yanglao.shell.sheets.mapping import Draft
from yanglao.shell.sheets.texts import first_lines, ruler

UPLOAD = "comparison.upload"
LONG_NUMBER = re.compile(r"(?<=\d{4})\d{5,12}(?=[\dXx]{2})")


def _home() -> Crumb:
    return Crumb(_("数据比对"), reverse("comparison:sources"))


class Upload(FormPage):
    """A file of one source."""

    right = UPLOAD
    form_class = UploadForm
    submit = gettext_lazy("上传")
    lead = gettext_lazy("上传后先确认各列，再比对。文件加密保存，到期自动删除；不在库中的人不留任何信息。")

    @cached_property
    def source(self) -> Source:
        found = sources_for(self.actor.division).get(self.kwargs["key"])
        if found is None:
            raise Http404
        return found

    def page_title(self) -> Any:
        return _("上传：%(source)s") % {"source": self.source}

    def crumbs(self) -> tuple[Crumb, ...]:
        return (_home(), Crumb(str(self.source), reverse("comparison:source", args=[self.source.key])))

    def initial(self) -> dict[str, Any]:
        return {"division": self.actor.division, "complete": self.source.complete}

    def form_arguments(self) -> dict[str, Any]:
        return {"source": self.source}

    def perform(self, data: dict[str, Any]) -> Delivery:
        file = data["file"]
        return actions.upload(
            self.actor,
            source=self.source.key,
            division=data["division"],
            as_of=data["as_of"],
            name=file.name,
            stream=file,
            complete=data.get("complete", False),
        )

    def finished(self, result: Delivery) -> HttpResponseBase:
        return redirect("comparison:layout", result.pk)


class OfDelivery(PageView):
    """A page about one file, found in the scope: 404 elsewhere."""

    right = "comparison.view"

    @cached_property
    def delivery(self) -> Delivery:
        found = Delivery.objects.select_related("division", "run", "file", "marked")
        delivery: Delivery = get_object_or_404(found, pk=self.kwargs["pk"])
        self.actor.require(self.right, delivery.division_id)
        return delivery

    def page_title(self) -> Any:
        return self.delivery.file_name

    def crumbs(self) -> tuple[Crumb, ...]:
        source = self.delivery.declared
        found = Crumb(str(source), reverse("comparison:source", args=[source.key])) if source else None
        return (_home(), found) if found else (_home(),)


class LayoutPage(OfDelivery):
    """Which column is which, the first rows under each; for a text also how it is cut into columns."""

    right = UPLOAD
    template = "comparison/layout.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.delivery.state != Delivery.State.UPLOADED:
            return redirect(self.delivery)
        try:
            layout, draft, sheets, known = self._first()
        except FileRefused as refused:
            return self.show({"delivery": self.delivery, "refusal": refused.problem.texts(_)}, status=200)
        return self.show(self._shown(layout, draft, sheets, known=known))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = TextFormatForm(request.POST) if request.POST.get("encoding") else None
        try:
            if form is not None and not form.is_valid():
                layout, draft, sheets, _known = self._first()
                return self.show(self._shown(layout, draft, sheets, form=form), status=422)
            asked = self._asked(form)
            layout, draft, sheets = proposed(self.delivery, self.source, asked)
        except FileRefused as refused:
            return self.show({"delivery": self.delivery, "refusal": refused.problem.texts(_)}, status=422)
        if request.POST.get("do") != "start":
            return self.show(self._shown(layout, draft, sheets))
        try:
            actions.lay_out(self.actor, self.delivery, layout)
        except ValidationError as error:
            return self.show(self._shown(layout, draft, sheets, error=" ".join(error.messages)), status=422)
        return redirect(self.delivery)

    @cached_property
    def source(self) -> Source:
        return actions.source_of(self.delivery)

    def _first(self) -> tuple[Layout, Draft, list[str], bool]:
        """What is proposed before anybody has said anything: as last time, where the headings are the same."""
        layout, draft, sheets = proposed(self.delivery, self.source, Layout())
        kept = queries.remembered(self.delivery, layout.signature)
        if kept is None and layout.text is not None and layout.text.fixed:
            kept = queries.last_layout(self.delivery)
        if kept is None:
            return layout, draft, sheets, False
        before = Layout.of(kept.layout)
        again = Layout(columns=before.columns, text=before.text if layout.text else None)
        return (*proposed(self.delivery, self.source, again), True)

    def _asked(self, form: TextFormatForm | None) -> Layout:
        """The page's answers. When the cutting of a text has changed, its columns are proposed anew."""
        data = self.request.POST
        columns = {
            value: int(name.removeprefix("col-"))
            for name, value in data.items()
            if name.startswith("col-") and name[4:].isdigit() and value
        }
        row = data.get("header_row", "")
        layout = Layout(
            sheet=data.get("sheet", ""), header_row=int(row) if row.isdigit() else 0, columns=columns
        )
        if form is None:
            return (
                layout
                if data.get("do") == "start" or data.get("was") == self._where(layout)
                else replace(layout, columns={})
            )
        text = form.layout()
        if data.get("do") != "start" and repr(text) != data.get("was"):
            return with_form(layout, text)
        return replace(layout, text=text)

    @staticmethod
    def _where(layout: Layout) -> str:
        return f"{layout.sheet}#{layout.header_row}"

    def _shown(
        self,
        layout: Layout,
        draft: Draft,
        sheets: list[str],
        *,
        form: TextFormatForm | None = None,
        known: bool = False,
        error: str = "",
    ) -> dict[str, Any]:
        source = self.source
        taken = {index: name for name, index in layout.columns.items()}
        choices = [(name, title_of(source, name)) for name in source.fields]
        columns = [
            {"index": i, "heading": heading, "chosen": taken.get(i, "")}
            for i, heading in enumerate(draft.headings)
        ]
        return {
            "delivery": self.delivery,
            "source": source,
            "layout": layout,
            "columns": columns,
            "choices": choices,
            "sample": [[_hidden(cell) for cell in row] for row in draft.sample],
            "sheets": sheets,
            "known": known,
            "error": error,
            "same": queries.same_file(self.delivery),
            "was": repr(layout.text) if layout.text else self._where(layout),
            "text_form": form or (TextFormatForm.of(layout.text) if layout.text else None),
            "raw": self._preview(layout),
        }

    def _preview(self, layout: Layout) -> str:
        """The first lines of a text, long numbers hidden; under a ruler when its columns are of fixed width."""
        if layout.text is None or self.delivery.file is None:
            return ""
        with self.delivery.file.on_disk() as path:
            lines = [_hidden(line)[:400] for line in first_lines(path, layout.text)]
        marks = ruler(min(max(map(len, lines), default=0) * 2, 160)) if layout.text.fixed else ()
        return "\n".join([*marks, *lines])


def _hidden(text: str) -> str:
    """Long numbers with their middle starred; every sign keeps its place."""
    return LONG_NUMBER.sub(lambda m: "*" * len(m[0]), text)


class FilePage(OfDelivery):
    """What came of a file: every row accounted for, its clues, the marked workbook."""

    template = "comparison/file.html"

    def context(self) -> dict[str, Any]:
        delivery = self.delivery
        clues = Clue.objects.filter(first_delivery=delivery).select_related("person")
        return {
            "delivery": delivery,
            "source": delivery.declared,
            "groups": shown_groups(delivery.report),
            "refusal": shown_refusal(delivery.report),
            "clues": list(clues.order_by("due_on", "pk")[:50]) if self.actor.can("comparison.clues") else [],
            "own_run": bool(delivery.run and visible_to(self.actor).filter(pk=delivery.run.pk).exists()),
            "may_upload": self.actor.can(UPLOAD, delivery.division_id),
            "held": delivery.report.get("absent_held", 0),
        }


def _changed(request: Any, pk: int, verb: str) -> HttpResponse:
    delivery: Delivery = get_object_or_404(Delivery.objects.select_related("file", "marked", "run"), pk=pk)
    try:
        getattr(actions, verb)(request.actor, delivery)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(delivery)


@page(right=UPLOAD)
def cancel(request: Any, pk: int) -> HttpResponse:
    """Give the file up."""
    return _changed(request, pk, "cancel") if request.method == "POST" else HttpResponse(status=405)


@page(right=UPLOAD)
def again(request: Any, pk: int) -> HttpResponse:
    """Lay it out anew."""
    return _changed(request, pk, "again") if request.method == "POST" else HttpResponse(status=405)


@page(right=UPLOAD)
def vouch(request: Any, pk: int) -> HttpResponse:
    """The list is complete."""
    return _changed(request, pk, "vouch") if request.method == "POST" else HttpResponse(status=405)


@page(right=UPLOAD)
def download(request: Any, pk: int, what: str) -> HttpResponseBase:
    """The file as it came, or with every row marked. A POST, for it is recorded."""
    if request.method != "POST":
        return HttpResponse(status=405)
    delivery: Delivery = get_object_or_404(Delivery.objects.select_related("file", "marked"), pk=pk)
    try:
        return give_out(actions.download(request.actor, delivery, what))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(delivery)
