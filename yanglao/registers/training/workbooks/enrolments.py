# i18n: data (headings and words of a workbook are Chinese in either language)
"""Enrolment by list 报名名单."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from yanglao.kernel.scope import everything
from yanglao.registers.training.models import Attendance, Certificate, Enrolment, Session, Trainee
from yanglao.registers.training.seating import locked, put_in
from yanglao.registers.training.trainees import found, found_or_added
from yanglao.registers.training.workbooks import parsing
from yanglao.shell.sheets import (
    CheckContext,
    CommitContext,
    Finding,
    ImportTemplate,
    Problem,
    UndoContext,
    UndoRefused,
    at,
)
from yanglao.shell.sheets import mark as _

ID_MISSING = Problem(_("缺少身份证号"), _("这门课发给的证书要写身份证号"), _("补上身份证号"))
TWICE = Problem(_("已经报过名"), _("他已在这个班次里，不会重复报名"), _("不用改；或删去这一行"), "warning")
OTHER_NAME = Problem(_("姓名与身份证号不符"), _("这个身份证号已登记给另一个姓名"), _("核对姓名和身份证号"))
OVER = Problem(
    _("班次已结束或取消"), _("这个班次不再接受报名"), _("核对班次编号；补录过去的培训用“历年培训”模板")
)
TOO_MANY = Problem(_("名额不够"), _("这个班次连候补只剩{free}个位置"), _("先增加名额，或减少名单"))
LATER = Problem(_("已经不能撤销"), _("导入之后，名单中已有人签到或发证"), _("请在班次页面逐人取消报名"))
IN, WAITING, SAME = _("已报名"), _("排入候补"), _("原已报名")


def check_rows(rows: Sequence[Any], context: CheckContext) -> Iterable[Finding]:
    """Findings for a batch: sessions, ids, doubles, seats."""
    known = parsing.sessions(rows)
    free = {code: _free(session) for code, session in known.items()}
    asked: Counter[str] = Counter()
    for row in rows:
        yield from parsing.in_reach(row, known, context)
        session = known.get(row.session or "")
        if session is None or row.name is None:
            continue
        if session.state in (Session.State.FINISHED, Session.State.CANCELLED):
            yield at(row, "session", OVER)
        if session.course.needs_id and row.id_number is None:
            yield at(row, "id_number", ID_MISSING)
        trainee = found(parsing.human(row))
        if trainee is not None and trainee.name != row.name:
            yield at(row, "name", OTHER_NAME)
        if trainee is not None and _in_already(session, trainee):
            yield at(row, "name", TWICE)
            continue
        asked[session.code] += 1
        if asked[session.code] > free[session.code]:
            yield at(row, "session", TOO_MANY.with_params(free=free[session.code]))


def _free(session: Session) -> int:
    waiting = Enrolment.objects.filter(session=session, state=Enrolment.State.WAITING).count()
    return max(0, session.free) + max(0, session.waiting_room - waiting)


def _in_already(session: Session, trainee: Trainee) -> bool:
    rows = Enrolment.objects.filter(session=session, trainee=trainee)
    return rows.exclude(state=Enrolment.State.OUT).exists()


def commit(batches: Iterable[Sequence[Any]], context: CommitContext) -> Mapping[str, int]:
    """Enrol all rows, session by session in the order of the file."""
    counts: Counter[str] = Counter({IN: 0, WAITING: 0, SAME: 0})
    done = 0
    for rows in batches:
        by_session = defaultdict(list)
        for row in rows:
            by_session[row.session].append(row)
        known = parsing.sessions(rows)
        for code in sorted(by_session):
            held = locked(known[code])
            for row in by_session[code]:
                counts[_enrol(held, row, context.source)] += 1
        done += len(rows)
        context.progress(done)
    return dict(counts)


def _enrol(session: Session, row: Any, source: str) -> str:
    trainee = found_or_added(
        parsing.human(row), division=session.division_id, needs_id=session.course.needs_id
    )
    try:
        enrolment = put_in(session, trainee, via=Enrolment.Via.LIST, source=source)
    except ValidationError as error:
        if getattr(error, "code", "") == "twice":
            return SAME
        raise
    return IN if enrolment.state == Enrolment.State.IN else WAITING


def undo(context: UndoContext) -> None:
    """Take the list's enrolments back; raises UndoRefused once one of them attended."""
    with everything("an import is taken back"):
        rows = Enrolment.objects.filter(source=context.source)
        used = Attendance.objects.filter(enrolment__in=rows.order_by().values("pk")).exists()
        if used or Certificate.objects.filter(enrolment__in=rows.order_by().values("pk")).exists():
            raise UndoRefused(LATER)
        seats = Counter(
            rows.filter(state=Enrolment.State.IN).order_by("pk").values_list("session_id", flat=True)
        )
        trainees = list(rows.order_by("pk").values_list("trainee_id", flat=True))
        rows.delete()
        for session_id, number in sorted(seats.items()):
            held = locked(Session(pk=session_id))
            held.taken -= number
            held.save(update_fields=["taken"])
        forget(trainees)


def forget(trainees: Iterable[int]) -> None:
    """Trainees who are enrolled nowhere go with the list that brought them."""
    Trainee.objects.filter(pk__in=list(trainees), enrolments=None).delete()


ENROLMENTS = ImportTemplate(
    name="training.enrolments",
    label=gettext_lazy("培训报名名单"),  # type: ignore[arg-type]
    right="training.import",
    columns=[parsing.SESSION, *parsing.who()],
    row_checks=(parsing.identified,),
    unique=(("session", "name", "phone", "id_number"),),
    check_rows=check_rows,
    commit=commit,
    undo=undo,
    keep_good_rows=True,
    max_rows=20_000,
    instructions=(
        _("班次编号见班次页面标题下方；一份名单可以有几个班次。"),
        _("名额满后按名单顺序排入候补；已报过名的不会重复。"),
    ),
    description=_("按名单为一个或几个班次报名"),
)
