"""Every change of a run: start, compute, spot-check, review, publicise, approve, send back, cancel, close.

Each step is performed on the run's case; what it means for the run stands in `casework`. Paying is the next room's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits import casework, cycle, ledger
from yanglao.entitlement.benefits.changes import Changes
from yanglao.entitlement.benefits.events import RunComputed
from yanglao.entitlement.benefits.ledger import Outcome
from yanglao.entitlement.benefits.models import LedgerLine, Objection, Run, Signature, SpotCheck, SpotReason
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.cases.actions import object_to as stop_publicity
from yanglao.kernel.cases.actions import void
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything


def _where(arguments: dict[str, object]) -> tuple[int, ...]:
    run = arguments["run"]
    assert isinstance(run, Run)
    return (run.division_id,)


@action("benefits.start", right="benefits.run", at=lambda a: (a["division"],))
def start(actor: Actor, *, division: int, month: int, policies: list[str], title: str = "") -> Run:
    """Open a run of some policies for a division and a month (YYYYMM). Raises ValidationError if there is one."""
    policies = sorted(policies)
    if not policies:
        raise ValidationError(_("请选择至少一项政策。"))
    if month > int(Month.of(timezone.localdate()).next):
        raise ValidationError({"month": _("最早可以提前一个月测算；以后的月份，事实还没有发生。")})
    try:
        with transaction.atomic():
            run = Run.objects.create(
                title=title or _("%(year)s年%(month)s月发放") % {"year": month // 100, "month": month % 100},
                division_id=division,
                month=month,
                policies=policies,
                policy_key=",".join(policies)[:200],
            )
    except IntegrityError:
        raise ValidationError(_("本月同一政策的批次已经建立；如需重做，请先作废原批次。")) from None
    _sign(actor, run, Signature.Step.STARTED)
    casework.open_for(actor, run)
    return run


def computable(run: Run) -> None:
    """Raises ValidationError unless the run awaits its computation."""
    if run.state not in (Run.State.DRAFT, Run.State.FAILED):
        raise ValidationError(
            _("只有待测算的批次可以测算；本批次为“%(state)s”。") % {"state": run.get_state_display()}
        )


@action("benefits.compute", right="benefits.run", at=_where)
def keep_computation(actor: Actor, run: Run, *, outcome: Outcome) -> Run:
    """Write what was computed: all lines or none. A run that was started twice is written once."""
    run = _locked(run)
    computable(run)
    changes = Changes(run)
    lines, left_out = ledger.write(run, outcome.lines, beside=changes.compare)
    ledger.keep_capped(run, outcome.capped)
    for name, value in outcome.frozen.items():
        setattr(run, name, value)
    run.rows = lines.num_rows
    run.sum_fen = outcome.sum_fen - left_out
    changes.write(lines)
    run.state = Run.State.COMPUTED
    run.computed_at = timezone.now()
    run.problem = ""
    run.save()
    if left_out:
        note(granted_under_merged_files_fen=left_out)
    publish(RunComputed(run_id=run.pk, division=run.division_id, month=run.month))
    run = casework.perform(actor, run, ("compute",), "frozen")
    note(rows=run.rows, sum_fen=run.sum_fen, snapshot=run.snapshot_sha, book=run.book_sha, sql=run.sql_sha)
    return run


@action("benefits.fail", right="benefits.run", at=_where)
def fail(actor: Actor, run: Run, *, problem: str) -> None:
    """Keep why a computation did not come through; the run can be computed again."""
    run = _locked(run)
    run.state = Run.State.FAILED
    run.problem = problem[:2000]
    run.save(update_fields=["state", "problem"])


@action("benefits.sum_up", right="benefits.run", at=_where)
def sum_up(actor: Actor, run: Run, *, comment: str = "") -> Run:
    """Close the spot-check 抽查汇总. Raises ValidationError while streets are silent and no reason is given."""
    return casework.perform(actor, run, ("spot_check",), "pass", comment)


@action("benefits.review", right="benefits.review", at=_where)
def review(actor: Actor, run: Run, *, comment: str = "") -> Run:
    """Vouch for the figures 复核. Not by the one who started the run."""
    return casework.perform(actor, run, ("review",), "pass", comment)


@action("benefits.settle_objections", right="benefits.run", at=_where)
def settle_objections(actor: Actor, run: Run, *, comment: str = "") -> Run:
    """Go on after the objections of a publicity period were looked into. Raises ValidationError for one undecided."""
    return casework.perform(actor, run, ("recheck",), "go_on", comment)


@action("benefits.approve", right="benefits.approve", at=_where)
def approve(actor: Actor, run: Run, *, comment: str = "") -> Run:
    """Grant what the run says 审批, within one's limit. Not by the one who started or reviewed it."""
    return casework.perform(actor, run, ("approve", "approve_high"), "approve", comment)


@action("benefits.raise", right="benefits.approve", at=_where)
def pass_up(actor: Actor, run: Run, *, comment: str = "") -> Run:
    """Hand a run above one's limit to the leader 报分管领导."""
    return casework.perform(actor, run, ("approve",), "raise", comment)


@action("benefits.send_back", right="benefits.view", at=_where)
def send_back(actor: Actor, run: Run, *, comment: str) -> Run:
    """Return a run to be computed anew 退回, with the reason, by whoever holds its step. Its lines go: they were never
    granted."""
    if not comment.strip():
        raise ValidationError({"comment": _("请写明退回的理由。")})
    task = casework.task_at(actor, run, *cycle.STATE_AT)
    back = (
        next((name for name, way in task.duty.outcomes.items() if way.back), None) if task.desk_id else None
    )
    if back is None:
        raise ValidationError(_("“%(step)s”不能退回重算。") % {"step": task.name})
    return casework.perform(actor, run, (task.step,), back, comment)


@action("benefits.cancel", right="benefits.run", at=_where)
def cancel(actor: Actor, run: Run, *, comment: str) -> Run:
    """Set a run aside for good 作废, before it was paid; its lines stay readable but count no more."""
    if not comment.strip():
        raise ValidationError({"comment": _("请写明作废的理由。")})
    run = _locked(run)
    if run.state in (Run.State.EXPORTED, *cycle.ENDED):
        raise ValidationError(_("本批次为“%(state)s”，不能进行这一步。") % {"state": run.get_state_display()})
    with everything("who may set a run aside may set its case aside"):
        void(
            Actor.system(actor.name) if not actor.can("cases.manage", run.division_id) else actor,
            casework.adopt(actor, run),
            reason=comment,
        )
    run.refresh_from_db()
    return run


@action("benefits.close", right="benefits.run", at=_where)
def close(actor: Actor, run: Run, *, comment: str = "") -> Run:
    """End a run whose payments were settled 办结."""
    return casework.perform(actor, run, ("close",), "closed", comment)


@action("benefits.check", right="benefits.check")
def check(
    actor: Actor, spot: SpotCheck, *, verdict: str, remark: str = "", on: date | None = None
) -> SpotCheck:
    """A street says of one drawn by lot: right, objected or not found, and the day of the visit 抽查核实.

    Raises ValidationError outside the step, for a day to come, and for a doubt without its reason.
    """
    today = timezone.localdate()
    if verdict not in (SpotCheck.Verdict.CONFIRMED, *SpotCheck.DOUBTED):
        raise ValidationError({"verdict": _("请选择属实、有异议或没有找到。")})
    if verdict != SpotCheck.Verdict.CONFIRMED and not remark.strip():
        raise ValidationError({"remark": _("有异议或没有找到的，请写明情况。")})
    if on is not None and on > today:
        raise ValidationError({"looked_on": _("核实日期不能晚于今天。")})
    with everything("the row an action holds"):
        row = SpotCheck.objects.select_for_update(of=("self",)).select_related("run__case").get(pk=spot.pk)
        _in_spot_check(row.run)
        row.verdict, row.remark, row.looked_on = verdict, remark.strip()[:300], on or today
        row.checked_at, row.checked_by = timezone.now(), actor.name
        row.save()
    return row


def _in_spot_check(run: Run) -> None:
    if run.case is None or run.case.step != "spot_check":
        raise ValidationError(_("本批次不在抽查阶段，不能再核实。"))


@action("benefits.answer_spots", right="benefits.check", at=lambda a: (a["street"],))
def answer_spots(
    actor: Actor,
    run: Run,
    *,
    street: int,
    answers: Sequence[tuple[SpotCheck, str, date | None, str]],
    reason: str = "",
) -> int:
    """A street answers its list: (who, verdict, day, remark) of as many as it knows, and why it leaves the rest.

    All or none; an answer that is refused raises ValidationError at `verdict_<id>`, `looked_on_<id>`, `remark_<id>`.
    """
    wrong: dict[str, list[str]] = {}
    for spot, verdict, on, remark in answers:
        try:
            check(actor, spot, verdict=verdict, on=on, remark=remark)
        except ValidationError as error:
            if not hasattr(error, "error_dict"):
                raise
            wrong |= {f"{name}_{spot.pk}": said for name, said in error.message_dict.items()}
    if wrong:
        raise ValidationError(wrong)
    if reason.strip():
        excuse_spots(actor, run, street=street, reason=reason)
    note(answers=len(answers))
    return len(answers)


@action("benefits.excuse_spots", right="benefits.check", at=lambda a: (a["street"],))
def excuse_spots(actor: Actor, run: Run, *, street: int, reason: str) -> SpotReason:
    """A street hands its list in with some not looked at, and says why 未尽说明. Raises ValidationError outside the step
    and without a reason."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明为什么不能全部核实。")})
    with everything("the run behind a street's list"):
        _in_spot_check(Run.objects.select_related("case").get(pk=run.pk))
        given = {"reason": reason.strip()[:300], "given_at": timezone.now(), "given_by": actor.name}
        return SpotReason.objects.update_or_create(run=run, division_id=street, defaults=given)[0]


@action("benefits.lift_spot", right="benefits.run", at=lambda a: (a["spot"].run.division_id,))
def lift_spot(actor: Actor, spot: SpotCheck, *, reason: str) -> SpotCheck:
    """The doubt of a spot-check is gone 异议消除: he is paid with the next file."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明核查的情况。")})
    with everything("the row an action holds"):
        row = SpotCheck.objects.get(pk=spot.pk)
        row.lifted_at = timezone.now()
        row.remark = f"{row.remark}；{reason.strip()}"[:300]
        row.save(update_fields=["lifted_at", "remark"])
    return row


@action("benefits.object", right="benefits.check", at=lambda a: (a["line"].division_id,))
def object_to_line(actor: Actor, *, line: LedgerLine, channel: str, reason: str) -> Objection:
    """Take in an objection to a name of the public list 登记公示异议; it stops the publicity period.

    Raises ValidationError when the run is not public any more, or channel or reason are missing.
    """
    missing = {
        name: _("必填。") for name, given in (("channel", channel), ("reason", reason)) if not given.strip()
    }
    if missing:
        raise ValidationError(missing)
    with everything("the run behind a line"):
        run = Run.objects.select_related("case").get(pk=line.run_id)
        step = run.case.step if run.case else ""
        if run.case is None or step not in ("publicise", "recheck"):
            raise ValidationError(_("本批次不在公示期，不能登记公示异议。意见请写入督办意见。"))
        made = Objection.objects.create(
            run=run,
            division_id=line.division_id,
            subject_kind=line.subject_kind,
            subject_id=line.subject_id,
            channel=channel.strip()[:60],
            reason=reason.strip()[:400],
            raised_by=actor.name,
        )
        if step == "publicise":
            by = Actor.system(actor.name)
            stop_publicity(by, run.case, by=channel.strip(), reason=_("公示异议（内容见公示页面）"))
    return made


@action("benefits.object_together", right="benefits.check", at=lambda a: [x.division_id for x in a["lines"]])
def object_to_lines(
    actor: Actor, *, lines: Sequence[LedgerLine], channel: str, reason: str
) -> list[Objection]:
    """One objection about several subjects that the list names together (the beds of a home); all or none."""
    return [object_to_line(actor, line=line, channel=channel, reason=reason) for line in lines]


@action("benefits.decide_together", right="benefits.run", at=lambda a: [a["objections"][0].run.division_id])
def decide_objections(
    actor: Actor, objections: Sequence[Objection], *, verdict: str, remark: str
) -> list[Objection]:
    """The same conclusion about several that were objected to together."""
    return [decide_objection(actor, row, verdict=verdict, remark=remark) for row in objections]


@action("benefits.decide_objection", right="benefits.run", at=lambda a: (a["objection"].run.division_id,))
def decide_objection(actor: Actor, objection: Objection, *, verdict: str, remark: str) -> Objection:
    """What came of an objection 核查结论: upheld, the payment is withheld; dismissed, it is paid."""
    if verdict not in (Objection.Verdict.UPHELD, Objection.Verdict.DISMISSED):
        raise ValidationError({"verdict": _("请选择成立或不成立。")})
    if not remark.strip():
        raise ValidationError({"remark": _("请写明核查的情况。")})
    with everything("the row an action holds"):
        row = Objection.objects.get(pk=objection.pk)
        row.verdict, row.remark = verdict, remark.strip()[:400]
        row.decided_at, row.decided_by = timezone.now(), actor.name
        row.save()
    return row


def _locked(run: Run) -> Run:
    return Run.objects.select_for_update().get(pk=run.pk)


def _sign(actor: Actor, run: Run, step: str, comment: str = "") -> None:
    Signature.objects.create(
        run=run, step=step, user_id=actor.user_id, name=actor.name, comment=comment[:400]
    )
