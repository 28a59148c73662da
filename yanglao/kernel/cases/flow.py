"""How a case moves: what its state asks for is opened, cancelled, ended. Called inside actions, on a locked case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.calendar.queries import working_calendar
from yanglao.kernel.calendar.rules import WorkingCalendar
from yanglao.kernel.cases import clock
from yanglao.kernel.cases.events import CaseEnded, TaskDone
from yanglao.kernel.cases.models import Bar, Case, Entry, Notice, Pause, Task
from yanglao.kernel.cases.people import Signer, could_perform, desk_for, place_for
from yanglao.kernel.cases.rules import Advance, Place, State
from yanglao.kernel.cases.schema import Process, Step
from yanglao.kernel.rooms import house, publish

Kind = Entry.Kind


def locked(case_id: int) -> Case:
    """The case, nobody else changing it until the transaction ends."""
    return Case.objects.select_for_update(of=("self",)).select_related("version").get(pk=case_id)


def fresh(task: Task) -> tuple[Case, Task]:
    """The case, locked, and the task as it stands now."""
    case = locked(task.case_id)
    row = Task.objects.select_related("desk", "holder").get(pk=task.pk)
    row.case = case
    return case, row


def place_codes(arguments: dict[str, Any]) -> tuple[int, ...]:
    """A task is performed where its office is, not where the case lies."""
    task: Task = arguments["task"]
    return (task.place_id,)


def where(task: Task) -> str:
    """Under which name a step's answers are kept: `review`, `opinions.fire`."""
    return f"{task.step}.{task.branch}" if task.branch else task.step


def state_of(case: Case) -> State:
    return State(case.step, case.votes, case.uses)


def write(
    case: Case,
    kind: str,
    by: Signer,
    *,
    task: Task | None = None,
    outcome: str = "",
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    public: bool = False,
) -> Entry:
    """One line of what happened."""
    return Entry.objects.create(
        case=case,
        task=task,
        at=timezone.now(),
        kind=kind,
        step=task.step if task else "",
        branch=task.branch if task else "",
        user_id=by.user_id,
        name=by.name,
        position=by.position,
        organisation=by.organisation,
        outcome=outcome,
        reason=reason,
        data=dict(data or {}),
        public=public,
    )


def finish(task: Task, outcome: str, by: Signer, *, on_behalf: int | None = None) -> None:
    """Mark it done, signed."""
    today = timezone.localdate()
    task.state, task.outcome, task.done_at = Task.State.DONE, outcome, timezone.now()
    task.late_days = clock.days_late(working_calendar(task.due), task.due, today, pauses_of(task.case, task))
    task.performer_id, task.performer_name = by.user_id, by.name
    task.performer_position, task.performer_organisation_id = by.position, by.organisation_id
    task.on_behalf_id = on_behalf
    task.suspended = False
    Pause.objects.filter(task=task, until=None).update(until=today)
    task.save()


def follow(
    case: Case,
    step: Advance,
    by: Signer,
    *,
    back: bool = False,
    deciders: Iterable[Task] = (),
    days: int | None = None,
) -> list[Task]:
    """Bring the tables to the new state; returns the tasks that opened.

    `deciders`: who must keep away from what opens now (an objection). `days`: another term than the file's.
    """
    process, now = case.version.read, timezone.now()
    _cancel(case, step.cancel, now)
    case.step, case.votes, case.uses = step.state.step, dict(step.state.votes), dict(step.state.uses)
    if step.end is not None:
        end(case, process, step.end, by)
        return []
    set_case_due(case)
    case.save()
    opener = _Opener(case, process, now, days)
    return [opener.open(place, back=back, deciders=deciders) for place in step.open]


def _cancel(case: Case, places: Iterable[Place], now: datetime) -> None:
    """Tasks no longer needed, with what waited in them."""
    gone = list(
        Task.objects.filter(_at(places), case=case, state=Task.State.OPEN).values_list("pk", flat=True)
    )
    Task.objects.filter(pk__in=gone).update(state=Task.State.CANCELLED, done_at=now, suspended=False)
    Pause.objects.filter(task__in=gone, until=None).update(until=timezone.localdate())
    Notice.objects.filter(task__in=gone, answered_at=None, lapsed_at=None).update(lapsed_at=now)


def _at(places: Iterable[Place]) -> Q:
    found = Q(pk__in=())
    for step, branch in places:
        found |= Q(step=step, branch=branch)
    return found


def end(case: Case, process: Process, result: str, by: Signer) -> None:
    case.state, case.result, case.step, case.votes = Case.State.ENDED, result, "", {}
    case.ended_at, case.suspended = timezone.now(), False
    case.objection_until = _window(process, case, result)
    Pause.objects.filter(case=case, until=None).update(until=timezone.localdate())
    case.save()
    window = {"objection_until": case.objection_until} if case.objection_until else {}
    write(case, Kind.ENDED, by, outcome=result, data=window, public=True)
    publish(CaseEnded(case_id=case.pk, process=case.process, result=result, division=case.division_id))


def _window(process: Process, case: Case, result: str) -> date | None:
    """Until when one may object to the result."""
    objection = process.objection
    if objection is None or case.objections >= objection.times or result not in process.results:
        return None
    if objection.results and result not in objection.results:
        return None
    today = timezone.localdate()
    return working_calendar(today).add(today, objection.days)


def announce(actor: Actor, case: Case, task: Task, data: Mapping[str, Any]) -> None:
    """Tell the room behind the process, and whoever listens; what they refuse undoes the step."""
    handler = house().cases.get(case.process)
    if handler and handler.on_done:
        handler.on_done(actor, case, task, task.outcome, data)
    publish(
        TaskDone(
            case_id=case.pk,
            task_id=task.pk,
            process=case.process,
            step=task.step,
            branch=task.branch,
            outcome=task.outcome,
            division=case.division_id,
        )
    )


class _Opener:
    """Opens the tasks that a state asks for."""

    def __init__(self, case: Case, process: Process, now: datetime, days: int | None) -> None:
        self.case, self.process, self.now, self.days = case, process, now, days
        self.today = timezone.localtime(now).date()
        self.calendar = working_calendar(self.today)

    def open(self, place: Place, *, back: bool, deciders: Iterable[Task]) -> Task:
        name, branch = place
        step = self.process.steps[name]
        task = self._publicity(name, step) if step.kind == "publicity" else self._duty(name, branch)
        task.save()
        if step.kind == "publicity":
            period = {
                "from": task.opened_on,
                "to": task.due,
                "where": step.publicity and step.publicity.where,
            }
            write(self.case, Kind.PUBLISHED, Signer(None, ""), task=task, data=period, public=True)
            return task
        self._keep_apart(task, deciders)
        task.holder_id = self._first_holder(task, back=back)
        if task.holder_id:
            task.save(update_fields=["holder"])
        return task

    def _task(self, step: str, branch: str, **columns: Any) -> Task:
        case = self.case
        task = Task(
            case=case,
            process=case.process,
            step=step,
            branch=branch,
            division_id=case.division_id,
            opened_at=self.now,
            opened_on=self.today,
            suspended=case.suspended,
            **columns,
        )
        set_due(task, self.calendar, [])
        return task

    def _publicity(self, name: str, step: Step) -> Task:
        publicity = step.publicity
        assert publicity is not None
        return self._task(
            name,
            "",
            name=step.name,
            place_id=self.case.division_id,
            days=publicity.days,
            by_calendar=publicity.calendar,
            by_itself=True,
        )

    def _duty(self, name: str, branch: str) -> Task:
        duty = self.process.duty(name, branch)
        assert duty.who is not None
        assert duty.days is not None
        return self._task(
            name,
            branch,
            name=duty.name,
            place_id=place_for(self.case.division_id, duty.who.level),
            desk=desk_for(duty.who),
            days=self.days or duty.days,
            by_itself=duty.overdue is not None,
        )

    def _keep_apart(self, task: Task, deciders: Iterable[Task]) -> None:
        """Bars for those who performed what is kept apart from this step, in whatever round."""
        bars: list[Bar] = [bar for done in deciders for bar in bars_for(task, done, organisation=False)]
        for pair in self.process.separate:
            if task.step in pair.steps:
                other = pair.steps[1] if pair.steps[0] == task.step else pair.steps[0]
                for done in self._done(other):
                    bars += bars_for(task, done, organisation=pair.organisation)
        Bar.objects.bulk_create(bars)

    def _done(self, step: str) -> list[Task]:
        return list(Task.objects.filter(case=self.case, step=step, state=Task.State.DONE))

    def _first_holder(self, task: Task, *, back: bool) -> int | None:
        """Whoever had it before, when it comes back to him or the file says the same person goes on."""
        who = task.duty.who
        step = who.same_as if who and who.same_as else task.step if back else None
        if step is None:
            return None
        before = Task.objects.filter(
            case=self.case, step=step, state=Task.State.DONE, performer__isnull=False
        )
        user_id = before.order_by("-pk").values_list("performer_id", flat=True).first()
        return user_id if user_id is not None and could_perform(user_id, task) else None


def bars_for(task: Task, done: Task, *, organisation: bool) -> list[Bar]:
    """That whoever performed `done`, or in whose stead it was, keeps away from `task`."""
    users = {user for user in (done.performer_id, done.on_behalf_id) if user is not None}
    bars = [Bar(task=task, user_id=user, because=done.step) for user in sorted(users)]
    if organisation and done.performer_organisation_id:
        bars.append(Bar(task=task, organisation_id=done.performer_organisation_id, because=done.step))
    return bars


def keep_branches_apart(case: Case, done: Task) -> None:
    """With `distinct`: who performed one branch keeps away from the others that are still open."""
    step = case.version.read.steps[done.step]
    if not step.distinct:
        return
    siblings = Task.objects.filter(case=case, step=done.step, state=Task.State.OPEN).select_related("desk")
    for sibling in siblings:
        Bar.objects.bulk_create(bars_for(sibling, done, organisation=False))
        _free(sibling)


def _free(task: Task) -> None:
    """A holder who must keep away lets go of the task."""
    if task.holder_id and not could_perform(task.holder_id, task):
        task.holder = None
        task.save(update_fields=["holder"])


# --- deadlines ---------------------------------------------------------------------------------------------------


def pauses_of(case: Case, task: Task | None = None) -> list[clock.Pause]:
    """When the clock of the task stood still; without one, that of the whole case: then every task's pauses count,
    and the time of steps that are not counted."""
    chosen = Pause.objects.filter(case=case)
    if task is not None:
        chosen = chosen.filter(Q(task=None) | Q(task=task))
    found: list[clock.Pause] = list(chosen.order_by("pk").values_list("since", "until"))
    return found if task is not None else found + _uncounted(case)


def _uncounted(case: Case) -> list[clock.Pause]:
    """From when to when the case was at steps whose time is not its office's: publicity, expert opinions."""
    names = [name for name, step in case.version.read.steps.items() if not step.counted]
    if not names:
        return []
    tasks = Task.objects.filter(case=case, step__in=names).order_by("pk").values_list("opened_on", "done_at")
    return [(since, timezone.localtime(done).date() if done else None) for since, done in tasks]


def set_due(task: Task, calendar: WorkingCalendar, pauses: Iterable[clock.Pause]) -> None:
    """Deadline, and the days of reminder and next escalation that follow from it. Not saved."""
    due = clock.due(calendar, task.opened_on, task.days, pauses, by_calendar=task.by_calendar)
    task.due, task.provisional = due, calendar.is_provisional(due)
    if task.desk_id is None:
        return
    duty = task.duty
    task.remind_on = (
        calendar.add(due, -duty.remind) if duty.remind and task.reminded_at is None else task.remind_on
    )
    left = duty.late[task.escalated :]
    task.escalate_on = calendar.add(due, left[0].days) if left and left[0].days else due if left else None


def set_all_due(case: Case) -> None:
    """After the clock went on: new deadlines for the case and its open tasks."""
    calendar = working_calendar(case.opened_on)
    for task in Task.objects.filter(case=case, state=Task.State.OPEN).order_by("pk"):
        task.case = case
        set_due(task, calendar, pauses_of(case, task))
        task.suspended = case.suspended or task.pauses.filter(until=None).exists()
        task.save()
    set_case_due(case)
    case.save()


def set_case_due(case: Case) -> None:
    """The deadline of the whole case, if its process has one. Not saved."""
    days = case.version.read.days
    if days is not None:
        calendar = working_calendar(case.counts_from)
        pauses = pauses_of(case) if case.pk else []
        case.due = clock.due(calendar, case.counts_from, days, pauses)
        case.provisional = calendar.is_provisional(case.due)
