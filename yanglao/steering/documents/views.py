"""Pages of documents: the list, bringing one in, sentence and row side by side, what was mended, the files."""

from __future__ import annotations

import io
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.files.responses import download
from yanglao.shell.pages import Button, Column, Crumb, Empty, FormPage, ListPage, PageView, page
from yanglao.steering.documents import actions, queries, sheet, words
from yanglao.steering.documents.forms import BringForm
from yanglao.steering.documents.models import Document, Proposal
from yanglao.steering.plans.queries import visible_plan

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TONES = {"open": "warn", "confirmed": "good", "dropped": "dull", "aside": "dull"}


class Documents(ListPage):
    """All documents, newest first, and how far each is."""

    model = Document
    right = "documents.view"
    title = gettext_lazy("政策文件")
    columns = (
        Column("title", gettext_lazy("文件"), link=True),
        Column("kind", gettext_lazy("种类"), minor=True),
        Column("number", gettext_lazy("文号"), minor=True),
        Column("division_id", gettext_lazy("区划"), kind="division"),
        Column("state", gettext_lazy("状态"), tone=lambda row: words.TONES[row.state]),
        Column("decided", gettext_lazy("已处理"), kind="number"),
        Column("rows", gettext_lazy("拟列条目"), kind="number"),
        Column("brought_at", gettext_lazy("导入时间"), kind="datetime", minor=True),
    )
    order = "-pk"
    buttons = (Button(gettext_lazy("导入文件"), "documents:bring", "documents.edit", icon="plus", main=True),)
    empty = Empty(
        gettext_lazy("还没有政策文件"),
        gettext_lazy("导入规划、方案、工作要点或答复，读成任务和目标，逐条确认后转为计划。"),
        buttons,
    )

    def queryset(self) -> QuerySet[Any]:
        return queries.with_progress()


class Bring(FormPage):
    """A file or a pasted text."""

    right = "documents.edit"
    title = gettext_lazy("导入政策文件")
    lead = gettext_lazy(
        "读出任务、责任部门、时限和目标，供逐条确认；读不出的数字只标出来，不会补。原件加密保存。"
    )
    submit = gettext_lazy("导入")
    done = gettext_lazy("文件已收到。")
    form_class = BringForm

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(),)

    def initial(self) -> dict[str, Any]:
        return {"division": self.actor.division}

    def perform(self, data: dict[str, Any]) -> Document:
        file, place = data["file"], data["division"]
        if file:
            return actions.bring(self.actor, name=file.name, stream=file, division=place)
        stream = io.BytesIO(data["text"].encode())
        return actions.bring(self.actor, name=_("粘贴的文件.txt"), stream=stream, division=place)

    def done_url(self, result: Document) -> str:
        return result.get_absolute_url()


def home() -> Crumb:
    return Crumb(_("政策文件"), reverse("documents:list"))


class OfDocument(PageView):
    """A page about one document, found in the scope: 404 elsewhere."""

    right: ClassVar[str] = "documents.view"

    @cached_property
    def document(self) -> Document:
        found = Document.objects.select_related("division", "run", "plan")
        document: Document = get_object_or_404(found, pk=self.kwargs["pk"])
        self.actor.require(self.right, document.division_id)
        return document

    def page_title(self) -> Any:
        return self.document.title

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(),)


class DocumentPage(OfDocument):
    """The sentence and the row side by side; what was not read; lists that do not add up."""

    template = "documents/document.html"

    def context(self) -> dict[str, Any]:
        document = self.document
        if document.state in (Document.State.READING, Document.State.REFUSED):
            return {"document": document, "refusal": words.refusal(document.refusal), "run": document.run}
        cut = queries.parts(document)
        number = self._part(len(cut))
        shown_rows, paragraphs = self._shown(cut[number - 1])
        open_rows = [row for row in shown_rows if row.state != Proposal.State.ASIDE]
        aside = [row for row in shown_rows if row.state == Proposal.State.ASIDE]
        may = document.state == Document.State.OPEN and self.actor.can("documents.edit", document.division_id)
        return {
            "document": document,
            "progress": queries.progress(document),
            "paragraphs": paragraphs,
            "show": self.show_only,
            "ways": [
                ("", _("按原文"), 0),
                ("doubt", _("只看存疑的"), len(queries.doubtful(self.waiting))),
                ("open", _("只看待确认的"), len(self.waiting)),
            ],
            "rows": [shown(row) for row in open_rows],
            "aside": [shown(row) for row in aside],
            "part": number,
            "parts": range(1, len(cut) + 1),
            "unread": [
                (*_beside(document.text, a, b), words.UNREAD.get(why, why), queries.part_of(document, a))
                for a, b, _written, why in document.unread
            ],
            "lists": queries.wrong_lists(document),
            "notes": [words.note(one) for one in document.notes],
            "mended": len(document.changes),
            "may_edit": may,
            "may_take": may and self.actor.can("plans.manage", document.division_id),
            "may_hand": len(document.handed) if self.actor.can("matters.edit", document.division_id) else 0,
            "may_undo": may and document.steps.exists(),
        }

    @cached_property
    def show_only(self) -> str:
        """ "" (the document, page by page) · doubt · open"""
        asked = self.request.GET.get("show", "")
        return asked if asked in ("doubt", "open") else ""

    @cached_property
    def waiting(self) -> list[Proposal]:
        return queries.open_rows(self.document)

    def _shown(self, part: tuple[int, int]) -> tuple[list[Proposal], list[queries.Paragraph]]:
        if not self.show_only:
            rows = queries.rows_between(self.document, *part)
            return rows, queries.paragraphs(self.document, rows, *part)
        rows = queries.doubtful(self.waiting) if self.show_only == "doubt" else self.waiting
        rows = rows[: queries.MOST_SHOWN]
        return rows, queries.excerpts(self.document, rows)

    def _part(self, most: int) -> int:
        asked = self.request.GET.get("part", "1")
        return min(max(int(asked), 1), most) if asked.isdigit() and len(asked) < 6 else 1


def _beside(text: str, start: int, end: int) -> tuple[str, str, str]:
    """A place with the few words before and behind it on its line."""
    before = text[max(0, start - 10) : start].rpartition("\n")[2]
    behind = text[end : end + 10].partition("\n")[0]
    return before, text[start:end].strip(), behind


def shown(row: Proposal) -> dict[str, Any]:
    """A row with the words of its rules and doubts."""
    return {
        "row": row,
        "tone": TONES[row.state],
        "rules": [words.RULES.get(rule, rule) for rule in row.rules],
        "doubts": [words.DOUBTS.get(doubt, doubt) for doubt in row.doubts],
    }


class RepairsPage(OfDocument):
    """Everything that reads otherwise than in the file, with its reason, the original beside it."""

    template = "documents/repairs.html"

    def page_title(self) -> Any:
        return _("修复对照")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), Crumb(self.document.title, self.document.get_absolute_url()))

    def context(self) -> dict[str, Any]:
        document = self.document
        rows = [
            {
                "before": before,
                "after": after,
                "reason": words.REASONS.get(reason, reason),
                "around": document.text[max(0, at - 12) : at]
                + "〔"
                + after
                + "〕"
                + document.text[to : to + 12],
            }
            for at, to, before, after, reason in document.changes
        ]
        return {
            "document": document,
            "rows": rows[:2000],
            "more": max(0, len(rows) - 2000),
            "start": document.original[:20_000],
        }


class SourcePage(PageView):
    """The sentence a plan's target was taken from, for whoever may see the plan."""

    right = "plans.view"
    template = "documents/source.html"

    @cached_property
    def row(self) -> Proposal:
        plan = visible_plan(self.actor, self.kwargs["slug"])
        row = queries.source_of(plan.pk, self.kwargs["key"])
        if row is None:
            raise Http404
        return row

    def page_title(self) -> Any:
        return self.row.name

    def context(self) -> dict[str, Any]:
        row, document = self.row, self.row.document
        own = Document.objects.filter(pk=document.pk).exists() and self.actor.can("documents.view")
        part = queries.part_of(document, row.start)
        return {
            **shown(row),
            "document": document,
            "before": document.text[max(0, row.sentence_start - 120) : row.sentence_start],
            "sentence": document.text[row.sentence_start : row.sentence_end],
            "behind": document.text[row.sentence_end : row.sentence_end + 120],
            "address": f"{document.get_absolute_url()}?part={part}#row-{row.pk}" if own else "",
            "slug": self.kwargs["slug"],
        }


@page(right="documents.view")
def original(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it came."""
    return download(found(request, pk).file)


@page(right="documents.view")
def sheet_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The breakdown of tasks as a workbook."""
    document = found(request, pk)
    rows = document.proposals.select_related("task").order_by("order", "id")
    answer = HttpResponse(sheet.workbook(document, list(rows)), content_type=XLSX)
    name = _("%(title)s任务分解表.xlsx") % {"title": document.title[:60]}
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


def found(request: HttpRequest, pk: int) -> Document:
    """The document in the scope of who asks: 404 elsewhere."""
    return get_object_or_404(Document.objects.select_related("file", "division"), pk=pk)
