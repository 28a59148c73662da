"""Who does it: put back, hand over, stand in; remarks and further papers. Offered through `actions`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.accounts.models import User
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.cases import doing
from yanglao.kernel.cases.flow import Kind, fresh, locked, write
from yanglao.kernel.cases.models import Case, Delegation, Entry, Task
from yanglao.kernel.cases.people import account, barred, givers, is_told, seat_of, signer
from yanglao.kernel.scope import everything

VIEW, WORK, MANAGE = "cases.view", "cases.work", "cases.manage"


def _task_codes(arguments: dict[str, Any]) -> tuple[int, ...]:
    task: Task = arguments["task"]
    return (task.place_id, task.division_id)


@action("cases.put_back", right=WORK, at=_task_codes)
def put_back(actor: Actor, task: Task) -> Task:
    """Give a task one has taken back to the desk. Raises ValidationError when it is not his."""
    with everything("competence is checked here"):
        case, task = fresh(task)
        doing.still_open(case, task)
        if task.holder_id != actor.user_id:
            raise ValidationError(_("这项任务不是您领取的，不能退回。"))
        task.holder = None
        task.save(update_fields=["holder"])
        write(case, Kind.HANDED, signer(actor), task=task, reason=_("退回待领取"))
    return task


@action("cases.hand_over", right=WORK, at=_task_codes)
def hand_over(actor: Actor, task: Task, *, to: User, reason: str = "") -> Task:
    """Hand a task to another who could perform it himself 转交.

    By who holds it or sits at its desk while it is free, by `cases.manage` there, by whom it was raised to. Raises
    Forbidden for others, ValidationError when `to` could not perform it.
    """
    with everything("competence is checked here"):
        case, task = fresh(task)
        if task.state != Task.State.OPEN:
            raise ValidationError(_("这项任务已办结，不能转交。"))
        if not _may_hand_over(actor, task):
            raise Forbidden(_("只有任务的领取人、有调度权限的人员或逾期升级的接收人可以转交。"))
        _could(to, task)
        task.holder_id = to.pk
        task.save(update_fields=["holder"])
        write(case, Kind.HANDED, signer(actor), task=task, reason=reason.strip(), data={"to": str(to)})
        note(to=to.pk)
    return task


def _may_hand_over(actor: Actor, task: Task) -> bool:
    if actor.can(MANAGE, task.place_id) or is_told(actor, task):
        return True
    at_desk = seat_of(actor, task.desk, task.place_id) is not None
    return at_desk and task.holder_id in (None, actor.user_id, *givers(actor.user_id))


def _could(to: User, task: Task) -> None:
    """Raises ValidationError with why he could not perform it."""
    him = account(to.pk)
    seat = seat_of(him, task.desk, task.place_id) if him else None
    if seat is None:
        raise ValidationError(
            {
                "to": _("%(name)s没有在办理地担任“%(who)s”，接不了这项任务。请选择同岗位的人员。")
                % {"name": to, "who": doing.desk_label(task.desk)}
            }
        )
    if barred(task, to.pk, seat.organisation_id):
        raise ValidationError({"to": _("%(name)s按职责分离须回避这一步骤。请另选一人。") % {"name": to}})


# --- standing in -------------------------------------------------------------------------------------------------


@action("cases.delegate", right=WORK, at=lambda a: ())
def delegate(
    actor: Actor, *, to: User, first_day: date, last_day: date, reason: str, giver: User | None = None
) -> Delegation:
    """One's tasks for a period, last day included, to another who could perform them himself 委托代办.

    For another `giver` it takes `cases.manage` where he works. What `to` could not perform stays with the giver.
    Raises ValidationError for days out of order or past, or somebody who shares no desk with him.
    """
    if actor.user_id is None:
        raise ValidationError(_("委托代办须由个人账号办理。"))
    owner = giver or User.objects.get(pk=actor.user_id)
    _days_in_order(first_day, last_day)
    if owner.pk == to.pk:
        raise ValidationError({"to": _("不能委托给自己，请选择另一人。")})
    theirs, his = account(owner.pk), account(to.pk)
    if owner.pk != actor.user_id:
        actor.require(MANAGE, *(held.division for held in (theirs.grants if theirs else ())))
    shared = _seats(theirs) & _seats(his)
    if not shared:
        raise ValidationError(
            {"to": _("%(name)s与委托人没有相同的岗位，办不了这些任务。请选择同岗位的人员。") % {"name": to}}
        )
    note(giver=owner.pk, taker=to.pk)
    return Delegation.objects.create(
        giver=owner,
        taker=to,
        first_day=first_day,
        last_day=last_day,
        reason=reason.strip()[:200],
        made_by=actor.name,
    )


def _days_in_order(first: date, last: date) -> None:
    if last < first:
        raise ValidationError({"last_day": _("止日早于起日，请调换。")})
    if last < timezone.localdate():
        raise ValidationError({"last_day": _("止日已经过去，请写今天或以后的日期。")})


def _seats(actor: Actor | None) -> set[tuple[str, int]]:
    """Role and division of every grant under which he may work."""
    held = actor.grants if actor else ()
    return {(grant.role.id, grant.division) for grant in held if WORK in grant.role.rights}


@action("cases.end_delegation", right=WORK, at=lambda a: ())
def end_delegation(actor: Actor, delegation: Delegation) -> Delegation:
    """End it early, by either of the two or by `cases.manage` where the giver works."""
    if actor.user_id not in (delegation.giver_id, delegation.taker_id):
        giver = account(delegation.giver_id)
        actor.require(MANAGE, *(held.division for held in (giver.grants if giver else ())))
    if delegation.ended_at is None:
        delegation.ended_at = timezone.now()
        delegation.save(update_fields=["ended_at"])
    return delegation


# --- remarks and papers ------------------------------------------------------------------------------------------


@action("cases.remark", right=VIEW)
def remark(actor: Actor, case: Case, *, text: str) -> Entry:
    """Write a remark into the timeline 督办意见; it changes nothing else."""
    if not text.strip():
        raise ValidationError({"text": _("请写明意见。")})
    return write(case, Kind.REMARK, signer(actor), reason=text.strip())


@action("cases.tell", right=WORK)
def tell(actor: Actor, case: Case, *, text: str) -> Entry:
    """Write into the timeline what the applicant is to know now, and sees when he asks how far it is: a visit is
    agreed, a visit is moved. It changes nothing else; no personal data."""
    return write(case, Kind.NEWS, signer(actor), reason=text, public=True)


@action("cases.add_files", right=WORK)
def add_files(actor: Actor, case: Case, *, files: doing.Papers) -> Case:
    """Put further papers to an open case. Raises ValidationError once it has ended."""
    with everything("the right was checked at the case"):
        case = locked(case.pk)
        if case.state != Case.State.OPEN:
            raise ValidationError(_("本件已办结，不能再补充材料。"))
        by, process = signer(actor), case.version.read
        demanded = [*process.documents, *(p for _s, _b, duty in process.duties() for p in duty.documents)]
        doing.keep_papers(case, None, demanded, files, by)
        write(case, Kind.FILED, by, data={"files": len(files)}, public=True)
    return case
