"""What interrupts a case: one-time notice, suspension, withdrawal, objection. Offered through `actions`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.calendar.queries import working_calendar
from yanglao.kernel.cases import doing, rules
from yanglao.kernel.cases.events import CaseReopened
from yanglao.kernel.cases.flow import (
    Kind,
    announce,
    finish,
    follow,
    fresh,
    locked,
    place_codes,
    set_all_due,
    set_case_due,
    state_of,
    where,
    write,
)
from yanglao.kernel.cases.models import Case, Notice, Pause, Task
from yanglao.kernel.cases.people import signer
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything

VIEW, WORK, MANAGE = "cases.view", "cases.work", "cases.manage"


@dataclass(frozen=True)
class Missing:
    """One thing the applicant must supply: in words, and which demanded document it is, if one."""

    text: str
    document: str = ""

    @property
    def same_as(self) -> str:
        return self.document or self.text.strip()


# --- one-time notice ---------------------------------------------------------------------------------------------


@action("cases.demand_missing", right=WORK, at=place_codes)
def demand_missing(actor: Actor, task: Task, *, items: Sequence[Missing], reason: str = "") -> Notice:
    """Give the applicant the one list of everything missing 一次性告知; the clock stands still until he answers.

    Given again only for what was on the first list. Raises ValidationError when the step gives no notice, when a
    list waits for its answer, or when something not on the first list is asked for.
    """
    with everything("competence is checked by the step"):
        case, row = fresh(task)
        doing.still_open(case, row)
        seat = doing.competent(actor, row)
        doing.may_hold(actor, row)
        doing.not_waiting(row)
        duty, by = row.duty, signer(actor, seat)
        if duty.notice is None:
            raise ValidationError(_("“%(step)s”不能发一次性告知。") % {"step": row.name})
        first = Notice.objects.filter(case=case, first=None).first()
        _list(case, row, items, first)
        today = timezone.localdate()
        calendar = working_calendar(today)
        answer_by = calendar.add(today, duty.notice.days)
        notice = Notice.objects.create(
            case=case,
            task=row,
            first=first,
            items=[{"document": item.document, "text": item.text.strip()} for item in items],
            given_at=timezone.now(),
            by_name=by.name,
            by_position=by.position,
            answer_by=answer_by,
            provisional=calendar.is_provisional(answer_by),
        )
        _pause(case, row, _("等待申请人补正"), by)
        row.holder_id = row.holder_id or actor.user_id
        row.suspended = True
        row.save()
        write(
            case,
            Kind.NOTICE,
            by,
            task=row,
            reason=reason.strip(),
            data={"items": notice.items, "answer_by": answer_by},
            public=True,
        )
        task.refresh_from_db()
    return notice


def _list(case: Case, task: Task, items: Sequence[Missing], first: Notice | None) -> None:
    """Raises ValidationError for an empty list, an unknown document, or what was not on the first list."""
    if not items or not all(item.text.strip() for item in items):
        raise ValidationError({"items": _("请逐条写明需要补正的全部内容。")})
    known = {paper.name for paper in [*case.version.read.documents, *task.duty.documents]}
    strange = [item.document for item in items if item.document and item.document not in known]
    if strange:
        raise ValidationError({"items": _("本流程没有要求材料“%(names)s”。") % {"names": "、".join(strange)}})
    if first is None:
        return
    listed = {given["document"] or given["text"] for given in first.items}
    new = [item.text for item in items if item.same_as not in listed]
    if new:
        raise ValidationError(
            {
                "items": _(
                    "一次性告知书已于 %(day)s 发出，其中没有“%(new)s”。告知书以外的内容不能再次要求申请人补正；"
                    "请按现有材料办理。"
                )
                % {"day": timezone.localtime(first.given_at).date(), "new": "、".join(new)}
            }
        )


@action("cases.supplement", right=WORK, at=place_codes)
def supplement(
    actor: Actor,
    task: Task,
    *,
    data: Mapping[str, Any] | None = None,
    files: doing.Papers = (),
    reason: str = "",
) -> Task:
    """The applicant has answered the notice 补正: take in what he brought, the clock runs on.

    By whoever sits at the task's desk. Raises ValidationError when no notice waits.
    """
    with everything("competence is checked by the step"):
        case, row = fresh(task)
        doing.still_open(case, row)
        by = signer(actor, doing.competent(actor, row))
        notice = Notice.objects.filter(task=row, answered_at=None, lapsed_at=None).first()
        if notice is None:
            raise ValidationError(_("没有等待补正的告知书。补充材料请用“补充材料”。"))
        duty, process = row.duty, case.version.read
        shown = doing.keep_answers(
            case, where(row), duty.form, doing.answered(duty.form, data, complete=False)
        )
        doing.keep_papers(case, row, [*duty.documents, *process.documents], files, by)
        notice.answered_at = timezone.now()
        notice.save(update_fields=["answered_at"])
        Pause.objects.filter(task=row, until=None).update(until=timezone.localdate())
        set_all_due(case)
        write(
            case,
            Kind.SUPPLEMENTED,
            by,
            task=row,
            reason=reason.strip(),
            data={**shown, "files": len(files)},
            public=True,
        )
        task.refresh_from_db()
    return task


def _pause(case: Case, task: Task | None, reason: str, by: Any) -> None:
    Pause.objects.create(
        case=case,
        task=task,
        reason=reason[:400],
        since=timezone.localdate(),
        by_name=by.name,
        by_position=by.position,
    )


# --- suspension --------------------------------------------------------------------------------------------------


@action("cases.suspend", right=MANAGE)
def suspend(actor: Actor, case: Case, *, reason: str) -> Case:
    """Stop every clock of the case 中止; nothing can be performed meanwhile. Raises ValidationError if it is already."""
    with everything("the right was checked at the case"):
        row = _open(case)
        if row.suspended:
            raise ValidationError(_("本件已经中止。"))
        _because(reason)
        by = signer(actor)
        _pause(row, None, reason.strip(), by)
        row.suspended = True
        row.save(update_fields=["suspended"])
        Task.objects.filter(case=row, state=Task.State.OPEN).update(suspended=True)
        write(row, Kind.SUSPENDED, by, reason=reason.strip(), public=True)
        case.refresh_from_db()
    return case


@action("cases.resume", right=MANAGE)
def resume(actor: Actor, case: Case, *, reason: str = "") -> Case:
    """Let the clocks run on 恢复: deadlines move by the working days they stood still."""
    with everything("the right was checked at the case"):
        row = _open(case)
        if not row.suspended:
            raise ValidationError(_("本件没有中止，不必恢复。"))
        Pause.objects.filter(case=row, task=None, until=None).update(until=timezone.localdate())
        row.suspended = False
        set_all_due(row)
        write(row, Kind.RESUMED, signer(actor), reason=reason.strip(), data={"due": row.due}, public=True)
        case.refresh_from_db()
    return case


# --- withdrawal, void --------------------------------------------------------------------------------------------


@action("cases.withdraw", right=WORK)
def withdraw(actor: Actor, case: Case, *, reason: str) -> Case:
    """End it because the applicant wishes so 撤回. Raises ValidationError when the process does not allow it."""
    if not case.version.read.withdraw:
        raise ValidationError(_("“%(name)s”不能由申请人撤回。") % {"name": case.version.name})
    return _stop(actor, case, rules.WITHDRAWN, Kind.WITHDRAWN, reason)


@action("cases.void", right=MANAGE)
def void(actor: Actor, case: Case, *, reason: str) -> Case:
    """Set aside a case that should not have been opened, or whose matter is gone 作废."""
    return _stop(actor, case, rules.VOID, Kind.VOIDED, reason)


def _stop(actor: Actor, case: Case, result: str, kind: str, reason: str) -> Case:
    with everything("the right was checked at the case"):
        row = _open(case)
        _because(reason)
        by = signer(actor)
        write(row, kind, by, reason=reason.strip(), public=True)
        follow(row, rules.stop(row.version.read, state_of(row), result), by)
        case.refresh_from_db()
    note(number=case.number)
    return case


def _open(case: Case) -> Case:
    """The case, locked. Raises ValidationError when it has ended."""
    row = locked(case.pk)
    if row.state != Case.State.OPEN:
        raise ValidationError(_("本件已办结，不能再变动。"))
    return row


def _because(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})


# --- objection ---------------------------------------------------------------------------------------------------


@action("cases.object_to", right=WORK)
def object_to(actor: Actor, case: Case, *, by: str, reason: str, files: doing.Papers = ()) -> Case:
    """Take in an objection 异议 of somebody (`by`, in words).

    In a publicity period it stops the period; after the end, within the process's days, it re-opens the case at the
    named step, from which those who decided keep away. Raises ValidationError when neither is so.
    """
    with everything("the right was checked at the case"):
        row = locked(case.pk)
        _because(reason)
        if not by.strip():
            raise ValidationError({"by": _("请写明由谁提出异议。")})
        who = signer(actor)
        doing.keep_papers(row, None, (), files, who)
        said = {"by": by.strip()[:120], "files": len(files)}
        if row.state == Case.State.OPEN:
            _stop_publicity(actor, row, who, reason.strip(), said)
        else:
            _reopen(row, who, reason.strip(), said)
        case.refresh_from_db()
    return case


def _stop_publicity(actor: Actor, case: Case, who: Any, reason: str, said: dict[str, Any]) -> None:
    process = case.version.read
    if process.steps[case.step].kind != "publicity":
        raise ValidationError(
            _("异议只能在公示期内或办结后提出，本件正在“%(step)s”。意见请写入督办意见。")
            % {"step": process.steps[case.step].name}
        )
    if case.suspended:
        raise ValidationError(_("本件已中止计时。请先恢复，再登记异议。"))
    task = Task.objects.get(case=case, step=case.step, state=Task.State.OPEN)
    task.case = case
    write(case, Kind.OBJECTED, who, task=task, reason=reason, data=said)
    finish(task, rules.OBJECTED, who)
    follow(case, rules.advance(process, state_of(case), rules.OBJECTED), who)
    announce(actor, case, task, {})


def _reopen(case: Case, who: Any, reason: str, said: dict[str, Any]) -> None:
    process = case.version.read
    if process.objection is None or case.objection_until is None:
        raise ValidationError(_("本件的结果不能提出异议，或异议次数已用完。"))
    if timezone.localdate() > case.objection_until:
        raise ValidationError(
            _("异议期已于 %(day)s 届满，不能再提出异议。") % {"day": case.objection_until.isoformat()}
        )
    done = Task.objects.filter(case=case, state=Task.State.DONE, performer__isnull=False)
    decided = done.exclude(outcome=rules.OBJECTED).order_by("-done_at", "-pk").first()
    deciders = done.filter(step=decided.step) if decided else ()
    write(case, Kind.OBJECTED, who, reason=reason, data={**said, "result": case.result}, public=True)
    case.state, case.result, case.ended_at = Case.State.OPEN, "", None
    case.objections += 1
    case.objection_until = None
    case.step = process.objection.to
    case.counts_from = timezone.localdate()
    set_case_due(case)
    case.save()
    follow(
        case,
        rules.enter(process, rules.State("", {}, case.uses), process.objection.to),
        who,
        deciders=deciders,
    )
    write(case, Kind.REOPENED, who, public=True)
    publish(CaseReopened(case_id=case.pk, process=case.process, division=case.division_id))
