# i18n: data (headings and words of a workbook are Chinese in either language)
"""The month's attendance 从业人员出勤: days at work and hours of service, of workers who are on file."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.scope import everything
from yanglao.registers.people.rules import names
from yanglao.registers.workforce.models import Attendance
from yanglao.registers.workforce.sheets import known
from yanglao.registers.workforce.sheets.certificates import NOBODY
from yanglao.registers.workforce.sheets.columns import ID_NUMBER, NAME
from yanglao.registers.workforce.sheets.staff_checks import OTHER_NAME
from yanglao.shell.sheets import (
    CheckContext,
    Column,
    CommitContext,
    Finding,
    ImportTemplate,
    Noted,
    Problem,
    UndoContext,
    UndoRefused,
    at,
    date,
    integer,
)
from yanglao.shell.sheets import mark as _

ADDED, CHANGED, SAME = _("登记出勤"), _("更新出勤"), _("没有变化")
NEITHER = Problem(_("没有出勤天数，也没有服务小时"), _("两项至少填一项"), _("补上出勤天数或服务小时"))
TOO_MANY = Problem(_("出勤天数比当月的天数多"), _("当月只有{days}天"), _("核对月份和出勤天数"))
NOT_YET = Problem(_("月份还没有到"), _("出勤在当月或以后登记"), _("核对月份"))
LATER = Problem(
    _("已经不能撤销"), _("其中{number}人的出勤后来又更新过"), _("先撤销后来的导入，或重新导入正确的数")
)


_day = date(day_optional=True)


def month(value: Any) -> Any:
    """A month however it is written; gives YYYYMM."""
    day = _day(value)
    day = day.value if isinstance(day, Noted) else day  # that no day was given is as it should be
    return day.year * 100 + day.month if isinstance(day, dt.date) else day


def agrees(row: Any) -> Iterable[Finding]:
    """One row by itself."""
    if row.days is None and row.hours is None:
        yield at(row, "days", NEITHER)
    if row.month is None:
        return
    first = dt.date(row.month // 100, row.month % 100, 1)
    if first > timezone.localdate():
        yield at(row, "month", NOT_YET)
    length = ((first + dt.timedelta(days=31)).replace(day=1) - first).days
    if row.days is not None and row.days > length:
        yield at(row, "days", TOO_MANY.with_params(days=length))


def check_rows(rows: Sequence[Any], context: CheckContext) -> Iterable[Finding]:
    """Findings for a batch; see ImportTemplate.check_rows."""
    found = known.read(rows)
    for row in rows:
        worker = found.of(row)
        if row.id_number is not None and (worker is None or not context.actor.can(known.RIGHT, worker)):
            yield at(row, "id_number", NOBODY)
            continue
        if worker is not None and row.name is not None and names.pinyin(row.name) != worker.pinyin:
            yield at(row, "name", OTHER_NAME)


def commit(batches: Iterable[Sequence[Any]], context: CommitContext) -> Mapping[str, int]:
    """Write all rows; see ImportTemplate.commit. A month reported before is replaced."""
    counts: Counter[str] = Counter({ADDED: 0, CHANGED: 0, SAME: 0})
    now, done = timezone.now(), 0
    for rows in batches:
        found = known.read(rows, lock=True)
        mine = [(worker, row) for row in rows if (worker := found.of(row)) is not None]
        before = _current({worker.pk for worker, _row in mine})
        made, gone = [], []
        for worker, row in mine:
            held = before.get((worker.pk, row.month))
            if held is not None and (held.days, held.hours) == (row.days, row.hours):
                counts[SAME] += 1
                continue
            counts[ADDED if held is None else CHANGED] += 1
            gone += [held.pk] if held is not None else []
            made.append(
                Attendance(
                    worker=worker,
                    month=row.month,
                    days=row.days,
                    hours=row.hours,
                    source=context.source,
                    recorded_at=now,
                )
            )
        with everything("one month of one worker has one row that stands"):
            for chunk in in_chunks(gone):
                Attendance.objects.filter(pk__in=chunk).update(replaced_at=now)
        Attendance._base_manager.bulk_create(made, batch_size=500)
        done += len(rows)
        context.progress(done)
    return dict(counts)


def _current(workers: Iterable[int]) -> dict[tuple[int, int], Attendance]:
    found: dict[tuple[int, int], Attendance] = {}
    with everything("one month of one worker has one row that stands"):
        for chunk in in_chunks(workers):
            for row in Attendance.objects.filter(worker__in=chunk, replaced_at=None).order_by("pk"):
                found[row.worker_id, row.month] = row
    return found


def undo(context: UndoContext) -> None:
    """Take the import back; what it had replaced stands again. Raises UndoRefused when it was replaced itself."""
    with everything("an import is taken back whole"):
        mine = Attendance.objects.filter(source=context.source)
        later = mine.exclude(replaced_at=None).values("worker").distinct().count()
        if later:
            raise UndoRefused(LATER.with_params(number=later))
        months = list(mine.order_by("pk").values_list("worker", "month", "recorded_at"))
        mine.update(replaced_at=timezone.now())
        for worker, of, moment in months:
            before = Attendance.objects.filter(worker=worker, month=of, replaced_at=moment)
            before.exclude(source=context.source).update(replaced_at=None)


ATTENDANCE = ImportTemplate(
    name="workforce.attendance",
    label=gettext_lazy("从业人员出勤"),  # type: ignore[arg-type]
    right="workforce.import",
    columns=[
        NAME,
        ID_NUMBER,
        Column(
            "月份",
            "month",
            parse=month,
            required=True,
            synonyms=("考勤月份", "年月", "所属月份"),
            example="2026-10",
        ),
        Column(
            "出勤天数",
            "days",
            parse=integer(0, 31),
            synonyms=("实际出勤天数", "考勤天数", "出勤", "天数"),
            example="22",
        ),
        Column(
            "服务小时",
            "hours",
            parse=integer(0, 744),
            synonyms=("服务时长", "服务时数", "工时", "小时"),
            note=_("填整数，不满一小时的舍去"),
            example="120",
        ),
    ],
    row_checks=(agrees,),
    unique=(("id_number", "month"),),
    check_rows=check_rows,
    commit=commit,
    undo=undo,
    keep_good_rows=True,
    own=True,
    max_rows=100_000,
    instructions=(
        _("按公民身份号码识别已有档案的从业人员；一人一月一行，几处工作的合计。"),
        _("同一个月再次导入的，以后来的为准；岗位补贴按这里的天数和小时核算。"),
    ),
    description=_("登记每月出勤天数和服务小时"),
)
