"""Contests and honours."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from yanglao.kernel.files.actions import store
from yanglao.kernel.files.responses import download
from yanglao.registers.training import actions
from yanglao.registers.training.filters import AwardFilter
from yanglao.registers.training.forms_contests import (
    AwardForm,
    ContestForm,
    EntryForm,
    JudgeForm,
    PrizesForm,
)
from yanglao.registers.training.models import Award, Contest, Entry, Judge, Score
from yanglao.registers.training.results import Results, results, shown
from yanglao.registers.training.rules.colleagues import colleagues
from yanglao.shell.pages import (
    Button,
    Column,
    Crumb,
    DetailPage,
    Empty,
    FormPage,
    ListPage,
    PageView,
    Panel,
    page,
)
from yanglao.shell.sheets.export import ExportColumn, write_xlsx

TONES = {"open": "info", "scoring": "warn", "published": "good"}


class Contests(ListPage):
    model = Contest
    right = "training.view"
    title = gettext_lazy("技能竞赛")
    order = "-starts_on"
    columns = (
        Column("name", gettext_lazy("竞赛名称"), link=True),
        Column("level", gettext_lazy("级别")),
        Column("starts_on", gettext_lazy("开始日期"), kind="date", sort="starts_on"),
        Column("ends_on", gettext_lazy("结束日期"), kind="date", minor=True),
        Column("state", gettext_lazy("状态"), tone=lambda c: TONES[c.state]),
        Column("division_id", gettext_lazy("举办地"), kind="division", minor=True),
    )
    buttons = (
        Button(gettext_lazy("举办竞赛"), "training:add_contest", "training.edit", icon="plus", main=True),
        Button(gettext_lazy("荣誉"), "training:awards", "training.view", icon="award"),
    )
    empty = Empty(
        gettext_lazy("还没有竞赛"),
        gettext_lazy("登记竞赛、项目、评委和参赛者，系统按规则排名。"),
        buttons[:1],
    )
    export_right = "training.export"


class AddContest(FormPage):
    right = "training.edit"
    title = gettext_lazy("举办竞赛")
    form_class = ContestForm

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Contests.title, reverse("training:contests")),)

    def perform(self, data: dict[str, Any]) -> Contest:
        own = self.actor.organisations("training.edit")
        return actions.add_contest(self.actor, organisation_id=min(own, default=None), **data)

    def done_url(self, result: Contest) -> str:
        return result.get_absolute_url()


class OfContest(PageView):
    """A page of one contest, found by `pk` in the scope."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._contest: Contest | None = None

    def find(self) -> Contest:
        return get_object_or_404(Contest.objects.select_related("organisation"), pk=self.kwargs["pk"])

    @property
    def contest(self) -> Contest:
        if self._contest is None:
            self._contest = self.find()
        return self._contest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.actor.can(self.right):
            self.actor.require(self.right, self.contest)
        return super().dispatch(request, *args, **kwargs)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(Contests.title, reverse("training:contests")),
            Crumb(self.contest.name, self.contest.get_absolute_url()),
        )

    def done_url(self, result: Any) -> str:
        return self.contest.get_absolute_url()


class ContestPage(OfContest):
    """The contest with its ranking."""

    right = "training.view"
    template = "training/contest.html"

    def page_title(self) -> Any:
        return self.contest.name

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Contests.title, reverse("training:contests")),)

    def context(self) -> dict[str, Any]:
        found = results(self.contest)
        may_edit = self.actor.can("training.edit", self.contest)
        return {
            "contest": self.contest,
            "tone": TONES[self.contest.state],
            "found": found,
            "lines": [
                {
                    "line": line,
                    "items": [shown(worth) for worth in line.items],
                    "total": shown(line.ranked.total),
                    "avoided": [j.name for j in found.judges if _colleagues(j, line.entry)],
                }
                for line in found.lines
            ],
            "awards": list(Award.objects.filter(contest=self.contest, withdrawn_on=None).order_by("id")),
            "may_edit": may_edit and self.contest.state != "published",
            "may_award": may_edit and self.contest.state == "published",
            "may_export": self.actor.can("training.export", self.contest),
        }


def _colleagues(judge: Judge, entry: Entry) -> bool:
    return colleagues(actions.works(judge), actions.works(entry))


class AddJudge(OfContest, FormPage):
    right = "training.edit"
    title = gettext_lazy("增加评委")
    form_class = JudgeForm
    done = gettext_lazy("评委已增加。")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.add_judge(self.actor, self.contest, **data)


class AddEntry(OfContest, FormPage):
    right = "training.edit"
    title = gettext_lazy("登记参赛者")
    form_class = EntryForm
    done = gettext_lazy("参赛者已登记。")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.add_entry(self.actor, self.contest, **data)


class Prizes(OfContest, FormPage):
    right = "training.edit"
    title = gettext_lazy("颁奖")
    lead = gettext_lazy("按名次授予荣誉；并列的都授予。")
    form_class = PrizesForm

    def initial(self) -> dict[str, Any]:
        return {
            "first": _("一等奖"),
            "second": _("二等奖"),
            "third": _("三等奖"),
            "on": timezone.localdate(),
            "document": self.contest.document,
        }

    def perform(self, data: dict[str, Any]) -> Any:
        titles = {n: data[part] for n, part in enumerate(("first", "second", "third"), 1)}
        return actions.award_contest(
            self.actor, self.contest, titles=titles, on=data["on"], document=data["document"]
        )

    def finished(self, result: list[Award]) -> HttpResponseBase:
        messages.success(self.request, _("已颁发%(n)s项荣誉。") % {"n": len(result)})
        return redirect(self.done_url(result))


class ScoreSheet(OfContest):
    """One judge's marks for all; his colleagues are shown and cannot be scored."""

    right = "training.edit"
    template = "training/score.html"

    def find(self) -> Contest:
        rows = Judge.objects.select_related("contest")
        self.judge = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self.judge.contest

    def page_title(self) -> Any:
        return _("评分：%(judge)s") % {"judge": self.judge.name}

    def context(
        self, typed: dict[str, str] | None = None, problems: list[str] | None = None
    ) -> dict[str, Any]:
        found = results(self.contest)
        rows = (
            Score.objects.filter(judge=self.judge).order_by("id").values_list("entry_id", "item_id", "marks")
        )
        known = {(entry, item): f"{Decimal(mark) / 100:f}" for entry, item, mark in rows}
        entries = sorted((line.entry for line in found.lines), key=lambda entry: entry.number)
        return {
            "contest": self.contest,
            "judge": self.judge,
            "items": found.items,
            "problems": problems or [],
            "rows": [
                {
                    "entry": entry,
                    "avoided": _colleagues(self.judge, entry),
                    "cells": [
                        (
                            name := f"m-{entry.pk}-{item.pk}",
                            (typed or {}).get(name, known.get((entry.pk, item.pk), "")),
                            item,
                        )
                        for item in found.items
                    ],
                }
                for entry in entries
            ],
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        marks, problems = _read_marks(request, results(self.contest))
        if not problems:
            try:
                changed = actions.score(self.actor, self.judge, marks=marks)
                messages.success(request, _("已保存%(n)s个分数。") % {"n": changed})
                return redirect(self.contest.get_absolute_url())
            except ValidationError as error:
                problems = list(error.messages)
        return self.show(self.context(dict(request.POST.items()), problems), status=422)  # type: ignore[arg-type]


def _read_marks(
    request: HttpRequest, found: Results
) -> tuple[dict[tuple[int, int], Decimal | None], list[str]]:
    marks: dict[tuple[int, int], Decimal | None] = {}
    problems = []
    for line in found.lines:
        for item in found.items:
            text = request.POST.get(f"m-{line.entry.pk}-{item.pk}")
            if text is None:
                continue
            try:
                marks[line.entry.pk, item.pk] = Decimal(text.strip()) if text.strip() else None
            except InvalidOperation:
                why = _("%(number)s号“%(item)s”：“%(text)s”不是分数。")
                problems.append(why % {"number": line.entry.number, "item": item.name, "text": text[:10]})
    return marks, problems


@require_POST
@page(right="training.edit")
def publish(request: HttpRequest, pk: int) -> HttpResponseBase:
    contest = get_object_or_404(Contest, pk=pk)
    try:
        actions.publish_contest(request.actor, contest)  # type: ignore[attr-defined]
        messages.success(request, _("成绩已公布。"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(contest.get_absolute_url())


@page(right="training.export")
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The ranking as a workbook: names and workplaces only, as it is published."""
    contest = get_object_or_404(Contest, pk=pk)
    request.actor.require("training.export", contest)  # type: ignore[attr-defined]
    found = results(contest)
    columns = [
        ExportColumn(str(_("名次")), "integer"),
        ExportColumn(str(_("参赛号")), "integer"),
        ExportColumn(str(_("姓名或队名"))),
        ExportColumn(str(_("单位"))),
        *(ExportColumn(item.name, "decimal") for item in found.items),
        ExportColumn(str(_("总分")), "decimal"),
    ]
    rows = [
        (
            line.ranked.place,
            line.entry.number,
            line.entry.name,
            line.entry.workplace,
            *(None if worth is None else float(worth) for worth in line.items),
            None if line.ranked.total is None else float(line.ranked.total),
        )
        for line in found.lines
    ]
    response = HttpResponse(
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="contest-{contest.pk}.xlsx"'},
    )
    write_xlsx(response, columns, rows, title=contest.name, note=f"{contest.name}　{contest.document}")  # type: ignore[arg-type]
    return response


class Awards(ListPage):
    model = Award
    right = "training.view"
    title = gettext_lazy("荣誉")
    filterset = AwardFilter
    private = ("to",)
    order = "-on"
    related = ("contest",)
    columns = (
        Column("title", gettext_lazy("荣誉名称"), link=True),
        Column("to", gettext_lazy("获奖者")),
        Column("workplace", gettext_lazy("单位"), minor=True),
        Column("level", gettext_lazy("级别")),
        Column("on", gettext_lazy("授予日期"), kind="date", sort="on"),
        Column("contest.name", gettext_lazy("竞赛"), minor=True),
        Column("document", gettext_lazy("文件名称和文号"), minor=True),
    )
    buttons = (
        Button(gettext_lazy("登记荣誉"), "training:add_award", "training.edit", icon="plus", main=True),
    )
    empty = Empty(gettext_lazy("还没有荣誉"), gettext_lazy("竞赛公布成绩后颁奖，或按文件登记。"), buttons)
    export_right = "training.export"

    def queryset(self) -> Any:
        return super().queryset().filter(withdrawn_on=None)

    def row_url(self, row: Award) -> str:
        return reverse("training:award", args=[row.pk])


class AwardPage(DetailPage):
    model = Award
    right = "training.view"
    related = ("contest", "place", "file")
    panels = (
        Panel(
            gettext_lazy("荣誉"),
            (
                Column("title", gettext_lazy("荣誉名称")),
                Column("level", gettext_lazy("级别")),
                Column("to", gettext_lazy("获奖者")),
                Column("workplace", gettext_lazy("单位")),
                Column("on", gettext_lazy("授予日期"), kind="date"),
                Column("contest.name", gettext_lazy("竞赛")),
                Column("document", gettext_lazy("文件名称和文号")),
                Column("division_id", gettext_lazy("区划"), kind="division"),
            ),
        ),
    )

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Awards.title, reverse("training:awards")),)

    def ways(self) -> tuple[Any, ...]:
        from yanglao.shell.pages.detail import Way

        if self.record.file_id is None:
            return ()
        return (Way(_("下载文件"), reverse("training:award_file", args=[self.record.pk]), "download"),)


class AddAward(FormPage):
    right = "training.edit"
    title = gettext_lazy("登记荣誉")
    form_class = AwardForm

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Awards.title, reverse("training:awards")),)

    def initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}

    def perform(self, data: dict[str, Any]) -> Award:
        paper = data.pop("paper", None)
        if paper:
            division = data["division"]
            self.actor.require(self.right, division)
            data["file"] = store(self.actor, paper.name, paper, kind="document", division=division)
        return actions.give_award(self.actor, **data)

    def done_url(self, result: Award) -> str:
        return reverse("training:award", args=[result.pk])


@page(right="training.view")
def award_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    award = get_object_or_404(Award.objects.exclude(file=None).select_related("file"), pk=pk)
    assert award.file is not None
    return download(award.file)
