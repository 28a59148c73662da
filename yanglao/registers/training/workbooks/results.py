# i18n: data (headings and words of a workbook are Chinese in either language)
"""Attendance and marks by list 考勤与成绩."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from yanglao.kernel.scope import everything
from yanglao.registers.training.actions.teaching import project
from yanglao.registers.training.models import Attendance, Certificate, Enrolment, Lesson, Session, Trainee
from yanglao.registers.training.trainees import found
from yanglao.registers.training.workbooks import parsing
from yanglao.shell.sheets import (
    CheckContext,
    Column,
    CommitContext,
    Finding,
    ImportTemplate,
    Problem,
    at,
    date,
)
from yanglao.shell.sheets import mark as _

ALL = "全部"
LESSONS = Problem(_("到课课次看不懂"), _("应写“全部”，或课次号，如“1,2,4”"), _("用逗号分开课次号"))
NO_LESSON = Problem(_("没有这一课"), _("这个班次没有第{number}课"), _("核对课次号"))
EARLY = Problem(_("课还没有上"), _("第{number}课还没有到上课日期"), _("上课后再导入"))
NOBODY = Problem(
    _("不在班次里"), _("这个班次没有这位学员"), _("核对姓名、电话和身份证号；没有报名的先导入报名名单")
)
CERTIFIED = Problem(_("已发证书"), _("他已有这个班次的证书，成绩和考勤不再更改"), _("如确有错误，先作废证书"))
MARKS, HOURS = _("登记成绩"), _("新增到课")
_PARTS = re.compile(r"[\s,，、;；]+")


def lessons(value: Any) -> Any:
    """`全部`, or numbers of lessons."""
    plain = str(value).strip().rstrip("课")
    if plain in (ALL, "全勤", "全到"):
        return ALL
    parts = [part for part in _PARTS.split(plain) if part]
    return tuple(int(part) for part in parts) if parts and all(part.isdigit() for part in parts) else LESSONS


def _trainees(rows: Sequence[Any], known: dict[str, Session]) -> dict[int, Enrolment]:
    """Row number → the enrolment it speaks of."""
    who: dict[int, Trainee] = {}
    for row in rows:
        trainee = found(parsing.human(row)) if row.name and row.session in known else None
        if trainee is not None and trainee.name == row.name:
            who[row.row_number] = trainee
    members = Enrolment.objects.filter(
        session__in=known.values(), trainee__in=who.values(), state=Enrolment.State.IN
    )
    by_both = {(each.session_id, each.trainee_id): each for each in members.order_by("pk")}
    found_rows = ((row, who.get(row.row_number)) for row in rows)
    return {
        row.row_number: by_both[known[row.session].pk, trainee.pk]
        for row, trainee in found_rows
        if trainee is not None and (known[row.session].pk, trainee.pk) in by_both
    }


def _lessons(known: dict[str, Session]) -> dict[tuple[int, int], Lesson]:
    rows = Lesson.objects.filter(session__in=known.values()).order_by("pk")
    return {(lesson.session_id, lesson.number): lesson for lesson in rows}


def check_rows(rows: Sequence[Any], context: CheckContext) -> Iterable[Finding]:
    """Findings for a batch."""
    known = parsing.sessions(rows)
    members, taught = _trainees(rows, known), _lessons(known)
    certified = set(
        Certificate.objects.filter(
            enrolment__in=[e.pk for e in members.values()], revoked_on=None
        ).values_list("enrolment_id", flat=True)
    )
    for row in rows:
        yield from parsing.in_reach(row, known, context)
        session = known.get(row.session or "")
        if session is None:
            continue
        each = members.get(row.row_number)
        if each is None:
            yield at(row, "name", NOBODY)
        elif each.pk in certified:
            yield at(row, "name", CERTIFIED)
        yield from _taught(row, session, taught, context.today)


def _taught(
    row: Any, session: Session, taught: dict[tuple[int, int], Lesson], today: dt.date
) -> Iterable[Finding]:
    for number in row.lessons if isinstance(row.lessons, tuple) else ():
        lesson = taught.get((session.pk, number))
        if lesson is None:
            yield at(row, "lessons", NO_LESSON.with_params(number=number))
        elif lesson.on > today:
            yield at(row, "lessons", EARLY.with_params(number=number))


def commit(batches: Iterable[Sequence[Any]], context: CommitContext) -> Mapping[str, int]:
    """Write attendance (added, never taken out) and marks."""
    counts: Counter[str] = Counter({HOURS: 0, MARKS: 0})
    done = 0
    for rows in batches:
        known = parsing.sessions(rows)
        members, taught = _trainees(rows, known), _lessons(known)
        with everything("the enrolments an import holds"):
            for row in rows:
                each = members[row.row_number]
                counts[HOURS] += _attend(each, row, taught, context.today)
                counts[MARKS] += _mark(each, row, context.today)
            project(members.values())
        done += len(rows)
        context.progress(done)
    return dict(counts)


def _attend(each: Enrolment, row: Any, taught: dict[tuple[int, int], Lesson], today: dt.date) -> int:
    if row.lessons is None:
        return 0
    mine = [lesson for (session, _number), lesson in taught.items() if session == each.session_id]
    if row.lessons != ALL:
        mine = [lesson for lesson in mine if lesson.number in row.lessons]
    added = 0
    for lesson in mine:
        if lesson.on <= today:
            _row, new = Attendance.objects.get_or_create(
                enrolment=each, lesson=lesson, defaults={"way": Attendance.Way.LIST}
            )
            added += new
    return added


def _mark(each: Enrolment, row: Any, today: dt.date) -> int:
    if row.theory is None and row.practice is None:
        return 0
    each.theory = each.theory if row.theory is None else row.theory
    each.practice = each.practice if row.practice is None else row.practice
    each.examined_on = row.examined_on or each.examined_on or today
    each.save(update_fields=["theory", "practice", "examined_on"])
    return 1


RESULTS = ImportTemplate(
    name="training.results",
    label=gettext_lazy("培训考勤与成绩"),  # type: ignore[arg-type]
    right="training.import",
    columns=[
        parsing.SESSION,
        *parsing.who(),
        Column(
            "到课课次",
            "lessons",
            parse=lessons,
            note=_("写“全部”，或课次号，如“1,2,4”"),
            synonyms=("出勤", "到课"),
        ),
        Column("理论成绩", "theory", parse=parsing.number(0, 100), synonyms=("理论", "理论分")),
        Column("实操成绩", "practice", parse=parsing.number(0, 100), synonyms=("实操", "实操分", "技能成绩")),
        Column("考试日期", "examined_on", parse=date(latest=dt.date.today)),
    ],
    row_checks=(parsing.identified,),
    unique=(("session", "name", "phone", "id_number"),),
    check_rows=check_rows,
    commit=commit,
    keep_good_rows=True,
    max_rows=20_000,
    instructions=(
        _("按班次编号、姓名和电话（或身份证号）找到学员。"),
        _("导入只增加到课记录，不撤销已有的；空着的成绩不改动原有成绩。"),
    ),
    description=_("按名单登记考勤和考试成绩"),
)
