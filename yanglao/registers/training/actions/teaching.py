"""Attendance and exams, and what follows from them: hours, and the day all demands were met."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything
from yanglao.registers.training.models import Attendance, Certificate, Enrolment, Lesson, Session
from yanglao.registers.training.rules import passing


@action("training.attend", right="training.teach")
def attend(
    actor: Actor,
    lesson: Lesson,
    *,
    present: Collection[int],
    among: Collection[int] | None = None,
    way: str = Attendance.Way.TICK,
) -> tuple[int, int]:
    """The lesson's list: `present` are the enrolments there, all others `among` (all of the session) were not.

    Who scanned stays as he scanned. Returns how many were added and taken out. Raises ValidationError before the day
    of the lesson, and for one who does not belong to the session.
    """
    if lesson.on > timezone.localdate():
        raise ValidationError(_("这一课次还没有到上课日期，不能登记考勤。"))
    with everything("the lesson an action holds"):
        members = set(
            Enrolment.objects.filter(session=lesson.session_id, state=Enrolment.State.IN).values_list(
                "pk", flat=True
            )
        )
        if set(present) - members:
            raise ValidationError(_("名单中有人不在这个班次：请刷新页面再登记。"))
        known = set(
            Attendance.objects.filter(lesson=lesson, enrolment__in=members).values_list(
                "enrolment_id", flat=True
            )
        )
        asked = members if among is None else members & set(among)
        added, gone = set(present) - known, (known - set(present)) & asked
        _keep_certified(gone)
        Attendance.objects.bulk_create(
            Attendance(lesson=lesson, enrolment_id=pk, way=way) for pk in sorted(added)
        )
        Attendance.objects.filter(lesson=lesson, enrolment__in=gone).delete()
        project(Enrolment.objects.filter(pk__in=added | gone))
    note(lesson=lesson.number, added=len(added), taken_out=len(gone))
    return len(added), len(gone)


def _keep_certified(enrolments: Collection[int]) -> None:
    if Certificate.objects.filter(enrolment__in=enrolments, revoked_on=None).exists():
        raise ValidationError(_("其中有人已发证书，不能撤销考勤：请先作废证书。"))


@action("training.scan", right="training.teach")
def scan(actor: Actor, lesson: Lesson, *, enrolment: Enrolment) -> bool:
    """A trainee ticks himself in a lesson; False when he had done so. Raises ValidationError."""
    if enrolment.session_id != lesson.session_id or enrolment.state != Enrolment.State.IN:
        raise ValidationError(_("您没有报名这个班次，或还在候补：请找老师登记。"))
    with everything("the lesson an action holds"):
        _row, new = Attendance.objects.get_or_create(
            lesson=lesson, enrolment=enrolment, defaults={"way": Attendance.Way.SCAN}
        )
        project([enrolment])
    return new


@action("training.examine", right="training.teach")
def examine(
    actor: Actor,
    session: Session,
    *,
    marks: Mapping[int, tuple[Decimal | None, Decimal | None]],
    on: dt.date,
) -> int:
    """Marks of an exam: enrolment → (theory, practice). Returns how many changed. Raises ValidationError."""
    if on > timezone.localdate():
        raise ValidationError({"on": _("考试日期在今天之后：请核对。")})
    changed = []
    with everything("the session an action holds"):
        members = Enrolment.objects.filter(session=session, state=Enrolment.State.IN, pk__in=marks)
        certified = set(
            Certificate.objects.filter(enrolment__in=marks, revoked_on=None).values_list(
                "enrolment_id", flat=True
            )
        )
        for enrolment in members.order_by("pk"):
            theory, practice = marks[enrolment.pk]
            if (enrolment.theory, enrolment.practice) == (theory, practice):
                continue
            if enrolment.pk in certified:
                raise ValidationError(_("其中有人已发证书，不能改成绩：请先作废证书。"))
            enrolment.theory, enrolment.practice = _mark(theory), _mark(practice)
            enrolment.examined_on = on if (theory, practice) != (None, None) else None
            changed.append(enrolment)
        Enrolment.objects.bulk_update(changed, ["theory", "practice", "examined_on"])
        project(changed)
    note(changed=len(changed), on=on.isoformat())
    return len(changed)


def _mark(mark: Decimal | None) -> Decimal | None:
    if mark is not None and not 0 <= mark <= 100:
        raise ValidationError(_("成绩应为0至100分。"))
    return mark


def project(enrolments: Iterable[Enrolment]) -> None:
    """Hours and the day of completion, from what was attended and examined; three queries."""
    chosen = {enrolment.pk: enrolment for enrolment in enrolments}
    if not chosen:
        return
    lessons: dict[int, list[tuple[dt.date, Decimal]]] = {pk: [] for pk in chosen}
    rows = Attendance.objects.filter(enrolment__in=chosen).order_by("lesson__on", "id")
    for pk, on, hours in rows.values_list("enrolment_id", "lesson__on", "lesson__hours"):
        lessons[pk].append((on, hours))
    sessions = {e.session_id for e in chosen.values()}
    courses = {s.pk: s.course for s in Session.objects.filter(pk__in=sessions).select_related("course")}
    for enrolment in chosen.values():
        course = courses[enrolment.session_id]
        demand = passing.Demand(course.hours, course.theory_pass, course.practice_pass)
        marks = passing.Marks(enrolment.theory, enrolment.practice, enrolment.examined_on)
        enrolment.hours = passing.hours(lessons[enrolment.pk])
        enrolment.completed_on = passing.completed_on(demand, lessons[enrolment.pk], marks)
    Enrolment.objects.bulk_update(chosen.values(), ["hours", "completed_on"], batch_size=500)
