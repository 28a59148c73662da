"""Sessions: set up, opened, closed, called off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything
from yanglao.registers.people.rules import names
from yanglao.registers.training.models import Attendance, Course, Enrolment, Lesson, Session
from yanglao.registers.training.rules import numbers
from yanglao.registers.training.seating import fill_seats, locked

FOREIGN = ["course", "division", "place", "organisation"]
State = Session.State


@dataclass(frozen=True)
class LessonPlan:
    """A lesson to be held."""

    on: dt.date
    hours: Decimal
    starts: dt.time | None = None
    ends: dt.time | None = None
    topic: str = ""
    teacher: str = ""


def _where(arguments: dict[str, Any]) -> tuple[Session, ...]:
    """The session as it would be: who acts for his own organisation may hold one in its name."""
    return (Session(division_id=arguments["division"], organisation_id=arguments["organisation_id"]),)


@action("training.add_session", right="training.edit", at=_where)
def add_session(
    actor: Actor,
    *,
    course: Course,
    division: int,
    name: str,
    capacity: int,
    lessons: Sequence[LessonPlan] = (),
    organisation_id: int | None = None,
    **more: Any,
) -> Session:
    """Set up a session. Raises ValidationError by field."""
    day = min((lesson.on for lesson in lessons), default=timezone.localdate())
    session = Session(
        course=course,
        kind=course.kind,
        division_id=division,
        name=name.strip(),
        pinyin=names.pinyin(name),
        capacity=capacity,
        organisation_id=organisation_id,
        code=_next_code(day.year, division),
        **more,
    )
    _save(session)
    for number, lesson in enumerate(sorted(lessons, key=lambda each: (each.on, each.starts or dt.time())), 1):
        _lesson(session, number, lesson)
    project_days(session)
    return session


def _next_code(year: int, division: int) -> str:
    prefix = numbers.session_code(year, division, 0)[:-4]
    with everything("numbers run through the county"):
        last = Session.objects.filter(code__prefix=prefix).aggregate(last=Max("code"))["last"]
    return numbers.session_code(year, division, int(last[-4:]) + 1 if last else 1)


def _lesson(session: Session, number: int, plan: LessonPlan) -> Lesson:
    lesson = Lesson(session=session, number=number, **vars(plan))
    with everything("the session an action holds"):
        lesson.full_clean(exclude=["session"])
    lesson.save()
    return lesson


def _save(session: Session) -> None:
    with everything("codes run through the city"):
        session.full_clean(exclude=FOREIGN)
    session.save()


def project_days(session: Session) -> None:
    """First and last day, from the lessons."""
    with everything("the session an action holds"):
        days = Lesson.objects.filter(session=session).aggregate(first=Min("on"), last=Max("on"))
    session.first_on, session.last_on = days["first"], days["last"]
    session.save(update_fields=["first_on", "last_on"])


@action("training.change_session", right="training.edit")
def change_session(actor: Actor, session: Session, **fields: Any) -> Session:
    """Change a session; more seats let the waiting list move up. Raises ValidationError."""
    session.taken = taken = locked(session).taken
    if fields.get("capacity", session.capacity) < taken:
        text = _("已有%(n)s人报名，名额不能少于这个数：请先取消多出的报名。")
        raise ValidationError({"capacity": text % {"n": taken}})
    for name, value in fields.items():
        setattr(session, name, value)
    actor.require("training.edit", session)
    session.pinyin = names.pinyin(session.name)
    _save(session)
    fill_seats(session)
    return session


@action("training.add_lesson", right="training.edit")
def add_lesson(actor: Actor, session: Session, *, plan: LessonPlan) -> Lesson:
    """One more lesson. Raises ValidationError."""
    _not_over(session)
    with everything("the session an action holds"):
        last = Lesson.objects.filter(session=session).aggregate(last=Max("number"))["last"] or 0
    lesson = _lesson(session, last + 1, plan)
    project_days(session)
    return lesson


@action("training.drop_lesson", right="training.edit")
def drop_lesson(actor: Actor, lesson: Lesson) -> None:
    """Take out a lesson nobody attended. Raises ValidationError."""
    with everything("the lesson an action holds"):
        if Attendance.objects.filter(lesson=lesson).exists():
            raise ValidationError(_("这一课次已有考勤，不能删除：请先撤销考勤。"))
        session = lesson.session
        _not_over(session)
        note(session=session.pk, number=lesson.number, on=lesson.on.isoformat())
        Lesson.objects.filter(pk=lesson.pk).delete()
    project_days(session)


@action("training.open_session", right="training.edit")
def open_session(actor: Actor, session: Session) -> None:
    """Enrolment begins. Raises ValidationError without a lesson."""
    if session.first_on is None:
        raise ValidationError(_("还没有排课：请先增加课次，再开放报名。"))
    _move(session, State.OPEN, (State.DRAFT, State.CLOSED))


@action("training.close_session", right="training.edit")
def close_session(actor: Actor, session: Session) -> None:
    """No more enrolments."""
    _move(session, State.CLOSED, (State.OPEN,))


@action("training.cancel_session", right="training.edit")
def cancel_session(actor: Actor, session: Session, *, reason: str) -> None:
    """Call a session off; nobody may have attended. Raises ValidationError."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明取消的原因，以便答复已报名的人。")})
    with everything("the session an action holds"):
        if Attendance.objects.filter(lesson__session=session).exists():
            raise ValidationError(_("已有人签到，不能取消：请改为结班。"))
    note(reason=reason.strip())
    _move(session, State.CANCELLED, (State.DRAFT, State.OPEN, State.CLOSED))


@action("training.finish_session", right="training.teach")
def finish_session(actor: Actor, session: Session) -> None:
    """The session is over; who still waits is let go. Raises ValidationError."""
    if session.last_on is None or session.last_on > timezone.localdate():
        raise ValidationError(_("最后一课还没有上，不能结班：请在课程结束后办理。"))
    _move(session, State.FINISHED, (State.OPEN, State.CLOSED))
    with everything("the session an action holds"):
        waiting = Enrolment.objects.filter(session=session, state=Enrolment.State.WAITING)
        note(let_go=waiting.update(state=Enrolment.State.OUT, left_at=timezone.now()))


def _move(session: Session, to: str, allowed: Sequence[str]) -> None:
    with everything("the session an action holds"):
        moved = Session.objects.filter(pk=session.pk, state__in=allowed).update(state=to)
    if not moved:
        raise ValidationError(_("班次的状态刚刚变了：请刷新页面再操作。"))
    session.state = to


def _not_over(session: Session) -> None:
    if session.state in (State.FINISHED, State.CANCELLED):
        raise ValidationError(_("班次已结束或取消，不能再改课次。"))
