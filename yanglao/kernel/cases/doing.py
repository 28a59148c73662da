"""What performing a task asks for, and how its answers, papers and signature are taken in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor, Forbidden, HeldRole
from yanglao.kernel.accounts.roles import roles
from yanglao.kernel.cases import answers, rules
from yanglao.kernel.cases.flow import state_of
from yanglao.kernel.cases.models import Case, CaseFile, Desk, Notice, Task
from yanglao.kernel.cases.people import Signer, barred, givers, seat_of
from yanglao.kernel.cases.schema import Duty, FormField, Outcome, Paper
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.files.models import StoredFile
from yanglao.kernel.scope import Level

Papers = Sequence[tuple[str, StoredFile]]  # (name of the demanded document or "", file)


def desk_label(desk: Desk | None) -> str:
    """Whose desk it is, in words: 审批人、民政部门 …"""
    if desk is None:
        return ""
    known = roles()
    words = [known[name].label for name in desk.roles.split() if name in known]
    return "、".join(words) + (f"（{desk.name}）" if desk.name else "")


def competent(actor: Actor, task: Task) -> HeldRole:
    """The grant by which he may perform the task now. Raises Forbidden, or ValidationError for what he can mend."""
    seat = seat_of(actor, task.desk, task.place_id)
    if seat is None:
        where = full_name(task.place_id, below=Level.CITY)
        raise Forbidden(
            _("“%(step)s”由%(place)s的%(who)s办理，您没有在那里担任这一角色。")
            % {"step": task.name, "place": where, "who": desk_label(task.desk)}
        )
    bar = barred(task, actor.user_id, seat.organisation_id)
    if bar is not None:
        process = task.case.version.read
        raise ValidationError(
            _(
                "您（或您的单位）已办理本件的“%(step)s”，按职责分离的规定，本步骤须由他人办理。请转交其他经办人。"
            )
            % {"step": process.steps[bar.because].name}
        )
    return seat


def may_hold(actor: Actor, task: Task) -> int | None:
    """Whose place he takes: None when the task is free or his. Raises ValidationError when another has it."""
    if task.holder_id in (None, actor.user_id):
        return None
    if task.holder_id in givers(actor.user_id):
        return task.holder_id
    raise ValidationError(
        _("本步骤已由%(name)s领取。请联系其退回或转交，或由有调度权限的人员转交给您。")
        % {"name": task.holder}
    )


def still_open(case: Case, task: Task) -> None:
    """Raises ValidationError unless the task waits and its clock runs."""
    if task.state != Task.State.OPEN:
        raise ValidationError(
            _("“%(step)s”已由%(name)s办理，或已不再需要。请刷新页面查看最新进展。")
            % {"step": task.name, "name": task.performer_name or _("他人")}
        )
    if case.suspended:
        raise ValidationError(_("本件已中止计时，暂不能办理。请先恢复办理。"))


def chosen(case: Case, task: Task, duty: Duty, outcome: str) -> Outcome:
    """The outcome, if the step may come to it now."""
    open_now = rules.outcomes(case.version.read, state_of(case), task.branch)
    if outcome in open_now and outcome in duty.outcomes:
        return duty.outcomes[outcome]
    if outcome in duty.outcomes:
        raise ValidationError(
            _("“%(name)s”的次数已用完，请选择其他办理结果。") % {"name": duty.outcomes[outcome].name}
        )
    known = "、".join(duty.outcomes[name].name for name in open_now if name in duty.outcomes)
    raise ValidationError(_("没有这种办理结果。可以选择：%(known)s。") % {"known": known})


def signature(outcome: Outcome, by: Signer, reason: str) -> None:
    """Raises ValidationError without the reason or the position that the outcome asks for."""
    if outcome.needs_reason and not reason.strip():
        raise ValidationError({"reason": _("选择“%(name)s”须写明理由。") % {"name": outcome.name}})
    if outcome.sign and not by.position.strip():
        raise ValidationError(_("签署须有姓名和职务，您的账号没有填职务。请联系账号管理员补填职务后再签署。"))


def answered(
    form: Sequence[FormField], given: Mapping[str, Any] | None, *, complete: bool = True
) -> dict[str, Any]:
    """Cleaned answers; raises ValidationError with every problem at its field."""
    clean, problems = answers.clean(form, given or {}, complete=complete)
    if problems:
        raise ValidationError(problems)
    return clean


def keep_answers(
    case: Case, where: str, form: Sequence[FormField], clean: Mapping[str, Any]
) -> dict[str, Any]:
    """Keep answers with the case under `where`, sensitive ones sealed. Returns those that may be shown. Not saved."""
    hidden = {field.name for field in form if field.sensitive}
    shown = {name: value for name, value in clean.items() if name not in hidden}
    if shown:
        case.data = {**case.data, where: {**case.data.get(where, {}), **shown}}
    if secrets := {name: value for name, value in clean.items() if name in hidden}:
        sealed = read_secret(case)
        sealed[where] = {**sealed.get(where, {}), **secrets}
        case.secret = json.dumps(sealed, ensure_ascii=False)
    return shown


def read_secret(case: Case) -> dict[str, dict[str, Any]]:
    """The sensitive answers in clear; only for what records the reading, or does not show them."""
    text = case.secret.reveal() if case.secret else ""
    found: dict[str, dict[str, Any]] = json.loads(text) if text else {}
    return found


def keep_papers(case: Case, task: Task | None, demanded: Sequence[Paper], files: Papers, by: Signer) -> None:
    """Attach files to the case. Raises ValidationError for a document nobody demanded."""
    labels = {paper.name: paper.label for paper in demanded}
    for document, stored in files:
        if document and document not in labels:
            known = "、".join(labels.values())
            raise ValidationError(
                _("本步骤没有要求材料“%(name)s”。可以提交：%(known)s。") % {"name": document, "known": known}
            )
        CaseFile.objects.create(
            case=case,
            task=task,
            document=document,
            label=labels.get(document, stored.name)[:120],
            stored=stored,
            added_at=timezone.now(),
            by_name=by.name,
        )


def lacking(case: Case, demanded: Iterable[Paper]) -> list[str]:
    """Labels of required documents the case does not have."""
    wanted = [paper for paper in demanded if paper.required]
    if not wanted:
        return []
    there = set(CaseFile.objects.filter(case=case).values_list("document", flat=True))
    return [paper.label for paper in wanted if paper.name not in there]


def whole(case: Case, demanded: Iterable[Paper]) -> None:
    """Raises ValidationError naming every required document that is not there."""
    if missing := lacking(case, demanded):
        raise ValidationError(
            _("还缺少材料：%(names)s。请上传齐全；申请人没有交的，请用“一次性告知”。")
            % {"names": "、".join(missing)}
        )


def not_waiting(task: Task) -> None:
    """Raises ValidationError while the applicant's time to supplement runs."""
    notice = Notice.objects.filter(task=task, answered_at=None, lapsed_at=None).first()
    if notice is not None:
        raise ValidationError(
            _("已发出一次性告知书，等待申请人在 %(day)s 前补正。收到材料后请先登记补正。")
            % {"day": notice.answer_by.isoformat()}
        )
