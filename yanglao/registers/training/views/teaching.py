"""In class: the list with its boxes, the code to scan, marks of the exam."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from yanglao.registers.training import actions, queries, scanning
from yanglao.registers.training.forms import decimal_of
from yanglao.registers.training.models import Attendance, Enrolment, Lesson, Session
from yanglao.registers.training.views.session import OfSession
from yanglao.shell.pages import Crumb


class OfLesson(OfSession):
    """A page of one lesson, found by `pk` in the scope."""

    right = "training.teach"

    def find(self) -> Session:
        rows = Lesson.objects.select_related("session__course", "session__place", "session__organisation")
        self.lesson = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self.lesson.session

    def crumbs(self) -> tuple[Crumb, ...]:
        return (*super().crumbs(), Crumb(self.page_title()))

    def named(self) -> str:
        return _("第%(n)s课") % {"n": self.lesson.number}


class Attend(OfLesson):
    """The teacher's list: a big box for each."""

    template = "training/attend.html"

    def page_title(self) -> Any:
        return _("点名：%(lesson)s") % {"lesson": self.named()}

    def context(self) -> dict[str, Any]:
        present = dict(
            Attendance.objects.filter(lesson=self.lesson).order_by("id").values_list("enrolment_id", "way")
        )
        rows = [e for e in queries.enrolments(self.session) if e.state == Enrolment.State.IN]
        ways = dict(Attendance.Way.choices)
        return {
            "session": self.session,
            "lesson": self.lesson,
            "rows": [(e, e.pk in present, ways.get(present.get(e.pk, ""))) for e in rows],
            "present": len(present),
            "early": self.lesson.on > timezone.localdate(),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        ticked = {int(pk) for pk in request.POST.getlist("present") if pk.isdigit()}
        listed = {int(pk) for pk in request.POST.getlist("listed") if pk.isdigit()}
        try:
            added, gone = actions.attend(self.actor, self.lesson, present=ticked, among=listed)
            text = _("已保存：新增到课%(added)s人，撤销%(gone)s人。")
            messages.success(request, text % {"added": added, "gone": gone})
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect(request.path)


class ShowCode(OfLesson):
    """The code of a lesson on the teacher's screen; it is drawn anew every minute."""

    template = "training/code.html"

    def page_title(self) -> Any:
        return _("扫码签到：%(lesson)s") % {"lesson": self.named()}

    def context(self) -> dict[str, Any]:
        return {
            "session": self.session,
            "lesson": self.lesson,
            "present": Attendance.objects.filter(lesson=self.lesson).count(),
            "taken": self.session.taken,
            "stamp": int(timezone.now().timestamp()),
            "part": bool(self.request.headers.get("HX-Request")),
        }


class LessonCode(OfLesson):
    """The picture of the code: the address to tick oneself at, good for a few minutes."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        where = reverse("training:here", args=[scanning.token(self.lesson.pk)])
        return picture(request.build_absolute_uri(where))


def picture(text: str) -> HttpResponse:
    """An SVG answer that nobody keeps."""
    return HttpResponse(
        scanning.svg(text), content_type="image/svg+xml", headers={"Cache-Control": "no-store"}
    )


class Exam(OfSession):
    """Marks of all members on one page."""

    right = "training.teach"
    template = "training/exam.html"

    def page_title(self) -> Any:
        return _("登记成绩")

    def context(
        self, typed: dict[str, str] | None = None, problems: list[str] | None = None
    ) -> dict[str, Any]:
        rows = [e for e in queries.enrolments(self.session) if e.state == Enrolment.State.IN]
        course = self.session.course
        return {
            "session": self.session,
            "course": course,
            "rows": [(e, self._cells(e, typed or {})) for e in rows],
            "parts": [
                part
                for part in (
                    ("theory", _("理论"), course.theory_pass),
                    ("practice", _("实操"), course.practice_pass),
                )
                if part[2] is not None
            ],
            "on": (typed or {}).get("on")
            or f"{min(self.session.last_on or timezone.localdate(), timezone.localdate())}",
            "problems": problems or [],
        }

    def _cells(self, enrolment: Enrolment, typed: dict[str, str]) -> list[tuple[str, str, str]]:
        course, cells = self.session.course, []
        for part, label, least in (
            ("theory", _("理论"), course.theory_pass),
            ("practice", _("实操"), course.practice_pass),
        ):
            if least is not None:
                mark = getattr(enrolment, part)
                name = f"{part}-{enrolment.pk}"
                cells.append((name, label, typed.get(name, "" if mark is None else f"{mark.normalize():f}")))
        return cells

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        marks, problems = self._read(request)
        on = parse_date(request.POST.get("on", ""))
        if on is None:
            problems.append(_("请填写考试日期。"))
        if not problems and on is not None:
            try:
                changed = actions.examine(self.actor, self.session, marks=marks, on=on)
                messages.success(request, _("已登记%(n)s人的成绩。") % {"n": changed})
                return redirect(self.session.get_absolute_url())
            except ValidationError as error:
                problems = list(error.messages)
        return self.show(self.context(dict(request.POST.items()), problems), status=422)  # type: ignore[arg-type]

    def _read(self, request: HttpRequest) -> tuple[dict[int, tuple[Any, Any]], list[str]]:
        marks: dict[int, tuple[Any, Any]] = {}
        problems = []
        for each in queries.enrolments(self.session):
            if each.state != Enrolment.State.IN:
                continue
            try:
                marks[each.pk] = (
                    decimal_of(request.POST.get(f"theory-{each.pk}", "")),
                    decimal_of(request.POST.get(f"practice-{each.pk}", "")),
                )
            except ValidationError as error:
                problems.append(
                    _("%(name)s：%(why)s") % {"name": each.trainee.name, "why": error.messages[0]}
                )
        return marks, problems
