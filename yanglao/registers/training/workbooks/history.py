# i18n: data (headings and words of a workbook are Chinese in either language)
"""Trainings held before this software 历年培训: sessions, trainees, hours and certificates at once."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy

from yanglao.kernel.scope import Span, everything
from yanglao.registers.places.queries import Place
from yanglao.registers.training.actions import LessonPlan, add_session
from yanglao.registers.training.kinds import words
from yanglao.registers.training.models import Attendance, Certificate, Course, Enrolment, Lesson, Session
from yanglao.registers.training.rules import numbers
from yanglao.registers.training.seating import locked, put_in
from yanglao.registers.training.trainees import found, found_or_added
from yanglao.registers.training.workbooks import parsing
from yanglao.registers.training.workbooks.enrolments import OTHER_NAME, forget
from yanglao.shell.imports.cells import division
from yanglao.shell.sheets import (
    CheckContext,
    Column,
    CommitContext,
    Finding,
    ImportTemplate,
    Problem,
    UndoContext,
    UndoRefused,
    at,
    code,
    date,
    text,
)
from yanglao.shell.sheets import mark as _
from yanglao.shell.sheets.parsers import narrow

NO_COURSE = Problem(
    _("课程目录里没有这门课"),
    _("没有名为“{value}”的课程，也不是课程类别"),
    _("先在“课程”中增加，或改写为目录中的名称"),
)
NOT_YOURS = Problem(_("不在您的管理范围"), _("举办地不在您可以导入的区划内"), _("请由举办地导入"))
BACKWARDS = Problem(_("结束日期早于开班日期"), _("两个日期前后颠倒"), _("核对两个日期"))
NUMBER_TAKEN = Problem(_("证书编号已有人用"), _("编号“{value}”已登记给另一张证书"), _("核对证书编号"))
LATER = Problem(_("已经不能撤销"), _("导入之后，其中的班次又有了新的登记"), _("请先撤销后来的登记"))
SESSIONS, TRAINED, SAME, CERTIFICATES = _("补录班次"), _("补录学员"), _("原已登记"), _("登记证书")


def _courses() -> dict[str, Course]:
    """Courses by name, and by the words of their kind where one course is of that kind."""
    rows = list(Course.objects.order_by("-active", "pk"))
    by_kind: dict[str, Course] = {}
    for course in rows:
        by_kind.setdefault(course.kind, course)
    named = {word: by_kind[kind] for word, kind in words().items() if kind in by_kind}
    return {**named, **{narrow(course.name): course for course in reversed(rows)}}  # as cells are read


def check_rows(rows: Sequence[Any], context: CheckContext) -> Iterable[Finding]:
    """Findings for a batch."""
    courses = _courses()
    with everything("a number is taken wherever it was given"):
        taken = set(
            Certificate.objects.filter(
                number__in={row.certificate for row in rows if row.certificate}
            ).values_list("number", flat=True)
        )
    for row in rows:
        if row.course is not None and row.course not in courses:
            yield at(row, "course", NO_COURSE)
        if row.division is not None and not context.actor.can("training.import", row.division):
            yield at(row, "division", NOT_YOURS)
        if row.first_on and row.last_on and row.last_on < row.first_on:
            yield at(row, "last_on", BACKWARDS)
        if row.certificate in taken:
            yield at(row, "certificate", NUMBER_TAKEN)
        trainee = found(parsing.human(row)) if row.name else None
        if trainee is not None and trainee.name != row.name:
            yield at(row, "name", OTHER_NAME)


def commit(batches: Iterable[Sequence[Any]], context: CommitContext) -> Mapping[str, int]:
    """One session for each course, days, place and hours; each row one who was trained in it."""
    counts: Counter[str] = Counter({SESSIONS: 0, TRAINED: 0, SAME: 0, CERTIFICATES: 0})
    made: dict[tuple[Any, ...], Session] = {}
    done = 0
    for rows in batches:
        courses = _courses()
        for row in rows:
            session = _session(row, courses[row.course], context, made, counts)
            counts[_train(row, session, context, counts)] += 1
        done += len(rows)
        context.progress(done)
    return dict(counts)


def _session(
    row: Any,
    course: Course,
    context: CommitContext,
    made: dict[tuple[Any, ...], Session],
    counts: Counter[str],
) -> Session:
    last = row.last_on or row.first_on
    key = (course.pk, row.first_on, last, row.division, row.address or "", row.hours)
    if key not in made:
        made[key] = add_session(
            context.actor,
            course=course,
            division=row.division,
            name=f"{course.name}（{row.first_on:%Y-%m-%d}）",
            capacity=1,
            lessons=[LessonPlan(last, row.hours or course.hours)],
            address=row.address or "",
            place=_site(row),
            waiting_room=0,
            open_to_public=False,
            state=Session.State.FINISHED,
            source=context.source,
            fee=0,
        )
        Session._base_manager.filter(pk=made[key].pk).update(first_on=row.first_on)
        counts[SESSIONS] += 1
    return made[key]


def _site(row: Any) -> Place | None:
    """The registered place the list names as where it was held: it counts as a training point."""
    if not row.address:
        return None
    span = Span.of(row.division)
    named = Place.objects.filter(name=row.address, division_id__gte=span.lo, division_id__lte=span.hi)
    found = list(named.order_by("pk")[:2])
    return found[0] if len(found) == 1 else None


def _train(row: Any, session: Session, context: CommitContext, counts: Counter[str]) -> str:
    trainee = found_or_added(parsing.human(row), division=row.division, needs_phone=False)
    held = locked(session)
    with everything("the session an import makes"):
        if Enrolment.objects.filter(session=held, trainee=trainee).exists():
            return SAME
        if held.taken >= held.capacity:
            held.capacity = held.taken + 1
            held.save(update_fields=["capacity"])
        each = put_in(held, trainee, via=Enrolment.Via.LIST, source=context.source)
        lesson = Lesson.objects.get(session=held, number=1)
        Attendance.objects.create(enrolment=each, lesson=lesson, way=Attendance.Way.LIST)
        each.hours, each.theory, each.practice = lesson.hours, row.theory, row.practice
        each.examined_on = lesson.on if row.theory is not None or row.practice is not None else None
        each.completed_on = row.completed_on or (None if _failed(held.course, row) else lesson.on)
        each.save()
        if row.certificate:
            _certify(each, row, held)
            counts[CERTIFICATES] += 1
    return TRAINED


def _failed(course: Course, row: Any) -> bool:
    """Too few hours, or a mark below the pass mark; what the list does not say counts as met: it is over."""
    parts: list[tuple[Decimal | None, Decimal | None]] = [
        (row.hours, course.hours),
        (row.theory, course.theory_pass),
        (row.practice, course.practice_pass),
    ]
    return any(had is not None and least is not None and had < least for had, least in parts)


def _certify(each: Enrolment, row: Any, session: Session) -> None:
    on = row.issued_on or each.completed_on or session.last_on
    course = session.course
    Certificate.objects.create(
        number=row.certificate,
        code=secrets.token_urlsafe(12),
        enrolment=each,
        course=course,
        title=course.certificate or course.name[:60],
        issuer=row.issuer or "",
        issued_on=on,
        valid_to=numbers.months_later(on, course.valid_months) if course.valid_months else None,
        printed_at=dt.datetime.combine(on, dt.time(), dt.UTC),
    )


def undo(context: UndoContext) -> None:
    """Everything of the list goes; raises UndoRefused when others were enrolled in its sessions since."""
    with everything("an import is taken back"):
        sessions = Session.objects.filter(source=context.source)
        ids = list(sessions.order_by("pk").values_list("pk", flat=True))
        rows = Enrolment.objects.filter(session__in=ids)
        if rows.exclude(source=context.source).exists():
            raise UndoRefused(LATER)
        trainees = list(rows.order_by("pk").values_list("trainee_id", flat=True))
        Certificate.objects.filter(enrolment__session__in=ids).delete()
        rows.delete()
        sessions.delete()
        forget(trainees)


HISTORY = ImportTemplate(
    name="training.history",
    label=gettext_lazy("历年培训"),  # type: ignore[arg-type]
    right="training.import",
    columns=[
        Column(
            "课程名称",
            "course",
            parse=text(80),
            required=True,
            synonyms=("课程", "培训项目", "培训类别", "课程类别"),
        ),
        Column(
            "开班日期",
            "first_on",
            parse=date(latest=dt.date.today),
            required=True,
            synonyms=("培训日期", "开始日期"),
        ),
        Column(
            "结束日期",
            "last_on",
            parse=date(latest=dt.date.today),
            synonyms=("结业日期",),
            note=_("不填即开班当日"),
        ),
        Column("举办地", "division", parse=division, required=True, synonyms=("区划", "所在区划")),
        Column(
            "培训地点",
            "address",
            parse=text(200),
            synonyms=("地点", "地址"),
            note=_("写已登记机构、设施的全称的，计为该处的培训点"),
        ),
        *parsing.who(),
        Column("学时", "hours", parse=parsing.number(0, 999), note=_("不填即课程要求的学时")),
        Column("理论成绩", "theory", parse=parsing.number(0, 100)),
        Column("实操成绩", "practice", parse=parsing.number(0, 100)),
        Column(
            "合格日期", "completed_on", parse=date(latest=dt.date.today), note=_("不填时按学时和成绩判定")
        ),
        Column("证书编号", "certificate", parse=code(max_length=30)),
        Column("发证单位", "issuer", parse=text(120)),
        Column("发证日期", "issued_on", parse=date(latest=dt.date.today)),
    ],
    row_checks=(parsing.identified,),
    unique=("certificate",),
    check_rows=check_rows,
    commit=commit,
    undo=undo,
    keep_good_rows=True,
    max_rows=50_000,
    instructions=(
        _("课程、日期、地点和学时相同的行归为一个班次。"),
        _("同一人按身份证号，或姓名和电话识别，只建一个学员。"),
    ),
    description=_("补录本系统启用以前的培训"),
)
