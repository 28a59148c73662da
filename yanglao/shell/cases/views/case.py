"""A case: where it stands as a picture and as a timeline, what is asked for, what was said and handed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from yanglao.kernel.cases import queries
from yanglao.kernel.cases.doing import desk_label
from yanglao.kernel.cases.models import Case, CaseFile, Task
from yanglao.kernel.cases.schema import FormField
from yanglao.kernel.files.responses import download
from yanglao.kernel.rooms import house
from yanglao.shell.cases.drawing import lay_out
from yanglao.shell.cases.queries import ability
from yanglao.shell.cases.views.lists import MANAGE, VIEW, WORK, Cases
from yanglao.shell.cases.words import lines, standing, urgency
from yanglao.shell.pages import Crumb, PageView, page


@dataclass(frozen=True)
class Open:
    """An open task as its card shows it. `mine`: he sits at its desk; `blocked`: why he cannot perform it now."""

    task: Task
    who: str
    urgency: tuple[str, str]
    mine: bool
    blocked: str
    choices: list[queries.Choice]
    waiting: bool  # for the applicant's answer
    notice: bool  # a one-time notice may be given

    @property
    def ready(self) -> bool:
        return self.mine and not self.blocked and not self.waiting


@dataclass(frozen=True)
class Answers:
    """What was said on one form."""

    label: str
    said: list[tuple[str, str]]


class OfCase(PageView):
    """A page about one case the actor sees; `pk` of the address."""

    right = VIEW

    @cached_property
    def case(self) -> Case:
        found: Case = get_object_or_404(Case.objects.select_related("version"), pk=self.kwargs["pk"])
        return found

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Cases.title, reverse("cases:list")),)


class CasePage(OfCase):
    template = "cases/case.html"

    def page_title(self) -> Any:
        return self.case.title

    def context(self) -> dict[str, Any]:
        case = self.case
        process = case.version.read
        result = queries.result_label(process, case.result) if case.result else ""
        handler = house().cases.get(case.process)
        ended = case.state == Case.State.ENDED
        return {
            "case": case,
            "process": process,
            "standing": standing(case, result),
            "open": [self._open(task) for task in queries.open_tasks(case)],
            "answers": list(answers(case)),
            "files": list(case.files.select_related("stored").order_by("pk")),
            "told": [(told, asked_for(told)) for told in reversed(queries.story(case))],
            "drawing": lay_out(queries.picture_of(case)),
            "notices": list(case.notices.order_by("pk")),
            "subject_url": handler.url(case) if handler and handler.url else "",
            "panel": handler.template if handler else "",
            "ended": ended,
            "may_work": self.actor.can(WORK, case),
            "may_manage": self.actor.can(MANAGE, case) and not ended,
            "may_withdraw": process.withdraw and not ended and self.actor.can(WORK, case),
            "may_object": self._may_object(ended),
            "sealed": bool(case.phone or case.secret) and self.actor.can(WORK, case),
            "today": timezone.localdate(),
            **(handler.context(self.actor, case) if handler and handler.context else {}),
        }

    def _open(self, task: Task) -> Open:
        task.case = self.case
        mine, blocked = ability(self.actor, task)
        notice = task.notices.filter(answered_at=None, lapsed_at=None).first()
        return Open(
            task,
            desk_label(task.desk),
            urgency(task),
            mine,
            blocked,
            queries.choices(task) if mine else [],
            notice is not None,
            task.duty.notice is not None,
        )

    def _may_object(self, ended: bool) -> bool:
        case, process = self.case, self.case.version.read
        if not self.actor.can(WORK, case):
            return False
        if not ended:
            return bool(case.step) and process.steps[case.step].kind == "publicity"
        return case.objection_until is not None and case.objection_until >= timezone.localdate()


def answers(case: Case) -> Iterator[Answers]:
    """Every form that was filled in, in the order of the process; sensitive answers are not among them."""
    process = case.version.read
    if first := case.data.get(""):
        yield Answers(process.name, list(lines(process.form, first)))
    for step, branch, duty in process.duties():
        if given := case.data.get(f"{step}.{branch}" if branch else step):
            yield Answers(duty.name, list(lines(duty.form, given)))


def asked_for(told: queries.Told) -> list[str]:
    """The list of a notice, as an entry of the timeline tells it."""
    items = told.data.get("items")
    return [item["text"] for item in items] if isinstance(items, list) else []


def sealed_lines(case: Case, revealed: Any) -> Iterator[tuple[str, str]]:
    """Sensitive answers in clear, with their labels."""
    process = case.version.read
    forms: dict[str, tuple[FormField, ...]] = {"": process.form}
    for step, branch, duty in process.duties():
        forms[f"{step}.{branch}" if branch else step] = duty.form
    for where, given in revealed.answers.items():
        yield from lines(forms.get(where, ()), given)


@page(right=VIEW)
def case_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A paper of a case one sees."""
    found = get_object_or_404(CaseFile.objects.select_related("stored"), pk=pk, case__in=Case.objects.all())
    return download(found.stored)


class Receipt(OfCase):
    """The receipt the applicant takes along: number, query code, what happens until when. To be printed."""

    template = "cases/receipt.html"

    def page_title(self) -> Any:
        return self.case.number

    def context(self) -> dict[str, Any]:
        self.actor.require(WORK, self.case)
        given = self.case.files.select_related("stored").order_by("pk")
        return {"case": self.case, "process": self.case.version.read, "files": list(given)}


class NoticeLetter(OfCase):
    """The one-time notice 一次性告知书, to be printed and signed."""

    template = "cases/notice.html"

    def page_title(self) -> Any:
        return self.case.number

    def context(self) -> dict[str, Any]:
        self.actor.require(WORK, self.case)
        notice = get_object_or_404(self.case.notices, pk=self.kwargs["notice"])
        return {"case": self.case, "notice": notice}
