"""What the days bring by themselves: reminders, escalation, the end of publicity, deadlines that decide.

Each change is one action of the system on one locked case, and looks first whether it is still to be done: a day
that was missed is caught up with, a second run finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.calendar.queries import working_calendar
from yanglao.kernel.cases import doing, rules
from yanglao.kernel.cases.events import TaskLate
from yanglao.kernel.cases.flow import (
    Kind,
    announce,
    finish,
    follow,
    fresh,
    pauses_of,
    set_all_due,
    set_due,
    state_of,
    write,
)
from yanglao.kernel.cases.models import Escalated, Notice, Task
from yanglao.kernel.cases.people import Signer, desk_for, place_for
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything

MANAGE = "cases.manage"
BATCH = 500
Change = Callable[[Actor, Task], object]


def system() -> Signer:
    return Signer(None, _("系统"))


def _running() -> QuerySet[Task]:
    """Open tasks whose clock runs."""
    return Task.objects.filter(state=Task.State.OPEN, suspended=False)


def due_to_end(today: date) -> QuerySet[Task]:
    """Publicity periods that are over, and tasks that may have an outcome by default."""
    return _running().filter(by_itself=True, due__lt=today)


def lapsed(today: date) -> QuerySet[Task]:
    """Tasks whose applicant let the days of the notice pass."""
    waiting = Notice.objects.filter(answered_at=None, lapsed_at=None, answer_by__lt=today)
    return Task.objects.filter(state=Task.State.OPEN, case__suspended=False, pk__in=waiting.values("task"))


def to_remind(today: date) -> QuerySet[Task]:
    return _running().filter(remind_on__lte=today, reminded_at=None, due__gte=today)


def to_escalate(today: date) -> QuerySet[Task]:
    return _running().filter(escalate_on__lt=today)


def to_date(today: date) -> QuerySet[Task]:
    """Tasks whose deadlines were provisional (未公布) and can be told now that the year's notice is out."""
    last = date(working_calendar().known_until, 12, 31)
    known = Q(provisional=True, due__lte=last) | Q(case__provisional=True, case__due__lte=last)
    return Task.objects.filter(known, state=Task.State.OPEN)


def one_by_one(found: QuerySet[Task]) -> Iterator[Task]:
    """All of them by key, few in memory; what is changed on the way does not matter."""
    last = 0
    while batch := list(found.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield from batch
        last = batch[-1].pk


# --- what comes by itself ----------------------------------------------------------------------------------------


@action("cases.end_by_itself", right=MANAGE)
def end_by_itself(actor: Actor, task: Task) -> str:
    """The outcome that a passed deadline brings: a publicity period nobody objected to, a silence that decides.

    Returns the outcome, or "" when none comes by itself or somebody was first.
    """
    case, row = fresh(task)
    if row.state != Task.State.OPEN or row.suspended or row.due >= timezone.localdate():
        return ""
    outcome = rules.UNDISPUTED if row.desk_id is None else row.duty.overdue or ""
    return _come_to(actor, case, row, outcome) if outcome else ""


@action("cases.lapse", right=MANAGE)
def lapse(actor: Actor, task: Task) -> str:
    """The applicant did not answer the notice in time: the outcome the file names for it."""
    case, row = fresh(task)
    today = timezone.localdate()
    notice = Notice.objects.filter(task=row, answered_at=None, lapsed_at=None, answer_by__lt=today).first()
    given = row.duty.notice if row.state == Task.State.OPEN else None
    if notice is None or given is None or case.suspended:
        return ""
    notice.lapsed_at = timezone.now()
    notice.save(update_fields=["lapsed_at"])
    return _come_to(actor, case, row, given.otherwise)


@action("cases.conclude", right=MANAGE)
def conclude(actor: Actor, task: Task, *, outcome: str, reason: str = "") -> str:
    """A step whose outcome the house itself finds: a computation came through. Raises ValidationError when it is done
    or has no such outcome."""
    case, row = fresh(task)
    doing.still_open(case, row)
    doing.chosen(case, row, row.duty, outcome)
    return _come_to(actor, case, row, outcome, reason.strip())


def _come_to(actor: Actor, case: Any, task: Task, outcome: str, reason: str = "") -> str:
    kind = Kind.PUBLICITY_ENDED if task.desk_id is None else Kind.BY_ITSELF
    finish(task, outcome, system())
    write(case, kind, system(), task=task, outcome=outcome, reason=reason, public=True)
    way = None if task.desk_id is None else task.duty.outcomes[outcome]
    moved = rules.advance(case.version.read, state_of(case), outcome, task.branch)
    follow(case, moved, system(), back=bool(way and way.back))
    announce(actor, case, task, {})
    note(number=case.number, outcome=outcome)
    return outcome


@action("cases.settle_dates", right=MANAGE)
def settle_dates(actor: Actor, task: Task) -> bool:
    """Deadlines of the whole case by the calendar as it stands now."""
    case, row = fresh(task)
    if row.state != Task.State.OPEN:
        return False
    set_all_due(case)
    return True


# --- reminders and escalation ------------------------------------------------------------------------------------


@action("cases.remind", right=MANAGE)
def remind(actor: Actor, task: Task) -> bool:
    """Remind once before the deadline."""
    case, row = fresh(task)
    if row.state != Task.State.OPEN or row.reminded_at is not None or row.suspended:
        return False
    row.reminded_at = timezone.now()
    row.save(update_fields=["reminded_at"])
    write(case, Kind.REMINDED, system(), task=row, data={"due": row.due})
    return True


@action("cases.escalate", right=MANAGE)
def escalate(actor: Actor, task: Task) -> int:
    """Raise a late task, once per level, as far as its days have passed. Returns how many levels."""
    case, row = fresh(task)
    calendar, today, raised = working_calendar(row.opened_on), timezone.localdate(), 0
    while row.state == Task.State.OPEN and not row.suspended and row.escalate_on and row.escalate_on < today:
        level = row.duty.late[row.escalated]
        row.escalated += 1
        place = place_for(row.division_id, level.to.level)
        Escalated.objects.create(
            task=row, level=row.escalated, place_id=place, desk=desk_for(level.to), at=timezone.now()
        )
        set_due(row, calendar, pauses_of(case, row))
        row.save()
        write(case, Kind.ESCALATED, system(), task=row, data={"level": row.escalated, "place": place})
        publish(
            TaskLate(case_id=case.pk, task_id=row.pk, process=row.process, level=row.escalated, place=place)
        )
        raised += 1
    return raised


def run(actor: Actor, tell: Callable[[str, int], None] = lambda what, count: None) -> dict[str, int]:
    """Everything today brings, in an order in which nothing waits a day for nothing. Returns how many of each."""
    done: dict[str, int] = {}
    with everything("what the days bring, everywhere"):
        for what, find, change in _CHORES:
            count = 0
            for task in one_by_one(find(timezone.localdate())):
                count += bool(change(actor, task))
                tell(what, count)
            done[what] = count
    return done


_CHORES: tuple[tuple[str, Callable[[date], QuerySet[Task]], Change], ...] = (
    ("dated", to_date, settle_dates),
    ("lapsed", lapsed, lapse),
    ("ended", due_to_end, end_by_itself),
    ("reminded", to_remind, remind),
    ("escalated", to_escalate, escalate),
)
