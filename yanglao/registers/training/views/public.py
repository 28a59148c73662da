"""One-key training 一键培训: courses near by for everybody, enrolled in two taps; and ticking oneself in class."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yanglao.kernel import identifiers
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.people.rules.names import masked
from yanglao.registers.training import actions, ics, kinds, queries, scanning
from yanglao.registers.training.forms import HumanForm
from yanglao.registers.training.models import Enrolment, Lesson, Session, Trainee
from yanglao.registers.training.trainees import Human
from yanglao.registers.training.views.teaching import picture
from yanglao.shell.fields import DivisionField
from yanglao.shell.pages.form import tell

COOKIE = "training"
SALT = "training.trainee"
YEAR = dt.timedelta(days=365)
MOST = 60
LAST = "training_enrolled"


def _actor(request: HttpRequest) -> Actor:
    """The public acts through the site itself, from where the request came."""
    return replace(Actor.system(_("一键培训"), via="page"), address=request.META.get("REMOTE_ADDR", ""))


def _known(request: HttpRequest) -> Trainee | None:
    """Who enrolled from this device before: the cookie holds an opaque, signed id and nothing else."""
    text = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=YEAR)
    try:
        uid = UUID(text)
    except ValueError:
        return None
    with everything("whoever holds the signed cookie of his device"):
        return Trainee.objects.filter(uid=uid).first()


def _remember(response: HttpResponse, trainee: Trainee) -> None:
    response.set_signed_cookie(
        COOKIE,
        str(trainee.uid),
        salt=SALT,
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _too_many(
    request: HttpRequest, action: str = "training", key: str | None = None
) -> HttpResponseBase | None:
    """An answer to one who asks too often from one address, or of one enrolment; limits stand in the settings."""
    if ratelimit.consume(request, action=action, key=key):
        return None
    context = {
        "title": _("请稍后再试"),
        "text": _("这个网络地址提交得太频繁，请过十分钟再试，或打电话报名。"),
    }
    return TemplateResponse(request, "training/public/said.html", context, status=429)


def _place(request: HttpRequest) -> tuple[int | None, str]:
    """The village or street asked for, and what was wrong with it."""
    field = DivisionField(required=False)
    typed = request.GET.get("division") or request.GET.get("division_text", "")
    try:
        return field.clean(typed), ""
    except ValidationError as error:
        return None, error.messages[0]


def courses(request: HttpRequest) -> HttpResponseBase:
    """Courses near by, by kind and date."""
    division, wrong = _place(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds.kinds() else ""
    near = list(queries.on_offer(division=division)[: 10 * MOST])
    offered = {session.kind for session in near} | ({kind} if kind else set())
    found = [session for session in near if not kind or session.kind == kind][:MOST]
    if division is not None:
        found.sort(key=lambda s: queries.nearness(s, division))
    context = {
        "title": _("一键培训"),
        "sessions": found,
        "division": division,
        "wrong": wrong,
        "typed": request.GET.get("division_text", ""),
        "kind": kind,
        "kinds": [choice for choice in kinds.choices() if choice[0] in offered],
    }
    return TemplateResponse(request, "training/public/courses.html", context)


def _offered(pk: int) -> Session:
    with everything("what is offered to the public"):
        rows = Session.objects.filter(open_to_public=True).exclude(state=Session.State.DRAFT)
        session = rows.select_related("course", "place", "organisation").filter(pk=pk).first()
    if session is None:
        raise Http404("no such session")
    return session


def course(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One session, and the form to enrol; one button where the device is known."""
    session = _offered(pk)
    return _course_page(request, session, HumanForm(needs_id=session.course.needs_id))


def _course_page(
    request: HttpRequest, session: Session, form: HumanForm, status: int = 200
) -> HttpResponseBase:
    known = _known(request)
    with everything("what is offered to the public"):
        lessons = list(Lesson.objects.filter(session=session).order_by("number"))
        waiting = Enrolment.objects.filter(session=session, state=Enrolment.State.WAITING).count()
        mine = Enrolment.objects.filter(session=session, trainee=known).first() if known else None
    ready = known and (known.id_number or not session.course.needs_id)
    context = {
        "title": session.name,
        "session": session,
        "course": session.course,
        "lessons": lessons,
        "form": form,
        "takes": session.takes_enrolments(),
        "full": session.free <= 0,
        "queue_full": session.free <= 0 and waiting >= session.waiting_room,
        "known": masked(known.name) if known and ready else "",
        "mine": mine if mine and mine.state != Enrolment.State.OUT else None,
    }
    return TemplateResponse(request, "training/public/course.html", context, status=status)


@require_POST
def enrol(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Enrol: as the one this device knows, or with name and phone."""
    session = _offered(pk)
    if refusal := _too_many(request):
        return refusal
    known = _known(request) if request.POST.get("known") else None
    form = HumanForm(None if known else request.POST, needs_id=session.course.needs_id)
    if known is None and not form.is_valid():
        return _course_page(request, session, form, 422)
    human = _as_known(known) if known else Human(**form.cleaned_data)
    try:
        enrolment = actions.enrol(_actor(request), session, human=human, via=Enrolment.Via.PUBLIC)
    except ValidationError as error:
        if known is not None:
            messages.error(request, " ".join(error.messages))
            return redirect("training:public_course", session.pk)
        tell(form, error)
        return _course_page(request, session, form, 422)
    request.session[LAST] = enrolment.number
    response = redirect("training:enrolled")
    _remember(response, enrolment.trainee)
    return response


def _as_known(trainee: Trainee) -> Human:
    """A human who is found again for certain."""
    return Human(
        trainee.name,
        str(trainee.phone.reveal()),
        str(trainee.id_number.reveal()),
        worker_id=trainee.worker_id,
        person_id=trainee.person_id,
    )


def enrolled(request: HttpRequest) -> HttpResponseBase:
    """The number of the enrolment just made; kept in the browser's session, so it stands in no address."""
    enrolment = queries.by_number(request.session.get(LAST, ""))
    if enrolment is None:
        return redirect("training:public")
    context = {"title": _("报名结果"), "enrolment": enrolment, "session": enrolment.session}
    return TemplateResponse(request, "training/public/enrolled.html", context)


def calendar_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The lessons as a calendar file."""
    session = _offered(pk)
    with everything("what is offered to the public"):
        lessons = list(Lesson.objects.filter(session=session).order_by("number"))
    url = request.build_absolute_uri(reverse("training:public_course", args=[session.pk]))
    return HttpResponse(
        ics.calendar(session, lessons, url),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{session.code}.ics"'},
    )


def course_code(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The picture for posters: scanned, it opens the page of the session."""
    session = _offered(pk)
    return picture(request.build_absolute_uri(reverse("training:public_course", args=[session.pk])))


def leave(request: HttpRequest) -> HttpResponseBase:
    """Take an enrolment back by its number and the last four digits of the phone."""
    context: dict[str, Any] = {"title": _("取消报名")}
    if request.method != "POST":
        return TemplateResponse(request, "training/public/leave.html", context)
    if refusal := _too_many(request, "training_leave", request.POST.get("number", "").strip().upper()[:12]):
        return refusal
    wrong = _left(request, request.POST.get("number", ""), request.POST.get("tail", "").strip())
    if wrong:
        return TemplateResponse(
            request, "training/public/leave.html", {**context, "wrong": wrong}, status=422
        )
    context |= {"text": _("报名已取消，名额让给了后面候补的人。")}
    return TemplateResponse(request, "training/public/said.html", context)


def _left(request: HttpRequest, number: str, tail: str) -> str:
    """Do it; what was wrong, or "". One answer for a wrong number and a wrong phone."""
    enrolment = queries.by_number(number)
    if enrolment is None or len(tail) != 4 or str(enrolment.trainee.phone.reveal())[-4:] != tail:
        return _("报名号和手机号后四位对不上：请核对确认页上的报名号。")
    try:
        actions.leave(_actor(request), enrolment, reason=_("本人取消"))
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def here(request: HttpRequest, token: str) -> HttpResponseBase:
    """Tick oneself in class: the page the teacher's code opens."""
    posted = request.method == "POST"
    lesson = _lesson(token, posted=posted)
    if lesson is None:
        context = {"title": _("二维码已过期"), "text": _("请重新扫描老师屏幕上的二维码。")}
        return TemplateResponse(request, "training/public/said.html", context, status=410)
    if posted:
        return _tick(request, lesson)
    return _here_page(request, lesson)


def _lesson(token: str, *, posted: bool) -> Lesson | None:
    pk = scanning.lesson_of(token, within=scanning.USED if posted else scanning.SHOWN)
    with everything("whoever stands before the teacher's screen"):
        return Lesson.objects.select_related("session__course").filter(pk=pk).first() if pk else None


def _here_page(request: HttpRequest, lesson: Lesson, wrong: str = "") -> HttpResponseBase:
    known = _known(request)
    context = {
        "title": _("上课签到"),
        "lesson": lesson,
        "session": lesson.session,
        "known": masked(known.name) if known else "",
        "wrong": wrong,
    }
    return TemplateResponse(request, "training/public/here.html", context, status=422 if wrong else 200)


def _tick(request: HttpRequest, lesson: Lesson) -> HttpResponseBase:
    if refusal := _too_many(request, "training_scan"):
        return refusal
    enrolment, wrong = _mine(request, lesson)
    if enrolment is None:
        return _here_page(request, lesson, wrong)
    try:
        new = actions.scan(_actor(request), lesson, enrolment=enrolment)
    except ValidationError as error:
        return _here_page(request, lesson, " ".join(error.messages))
    text = _("签到成功。") if new else _("您已经签过到了。")
    who = masked(enrolment.trainee.name)
    context = {"title": _("上课签到"), "text": f"{who}　{text}", "good": True}
    response = TemplateResponse(request, "training/public/said.html", context)
    _remember(response, enrolment.trainee)
    return response


def _mine(request: HttpRequest, lesson: Lesson) -> tuple[Enrolment | None, str]:
    """The enrolment of whoever holds the phone: by the device's cookie, or by phone and, if shared, name."""
    known = _known(request) if request.POST.get("known") else None
    if known is not None:
        with everything("a trainee shows who he is"):
            found = (
                Enrolment.objects.filter(session=lesson.session, trainee=known)
                .select_related("trainee")
                .first()
            )
        return found, _("您没有报名这个班次：请找老师登记。")
    try:
        phone = identifiers.phone(request.POST.get("phone", ""))
    except identifiers.Refused:
        return None, _("请填写报名时用的手机号码。")
    name = request.POST.get("name", "").strip()
    rows = [e for e in queries.of_phone(lesson.session, phone) if not name or e.trainee.name == name]
    if len(rows) > 1:
        return None, _("这个手机号报了不止一个人：请再填写姓名。")
    return (rows[0], "") if rows else (None, _("这个手机号没有报名这个班次：请核对，或找老师登记。"))
