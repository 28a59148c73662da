"""Every change of a run: start, compute, review, send back, approve, export, cancel."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits import cycle, ledger
from yanglao.entitlement.benefits.changes import write_changes
from yanglao.entitlement.benefits.events import RunApproved, RunComputed, RunWithdrawn
from yanglao.entitlement.benefits.ledger import Outcome
from yanglao.entitlement.benefits.models import LedgerLine, Run, Signature
from yanglao.entitlement.benefits.queries import standing_signatures
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything

STEP_NAMES = dict(Signature.Step.choices)


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
    run.rows, left_out = ledger.write(run, outcome.lines)
    for name, value in outcome.frozen.items():
        setattr(run, name, value)
    run.sum_fen = outcome.sum_fen - left_out
    write_changes(run)
    run.state = Run.State.COMPUTED
    run.computed_at = timezone.now()
    run.problem = ""
    run.save()
    if left_out:
        note(granted_under_merged_files_fen=left_out)
    publish(RunComputed(run_id=run.pk, division=run.division_id, month=run.month))
    note(rows=run.rows, sum_fen=run.sum_fen, snapshot=run.snapshot_sha, book=run.book_sha, sql=run.sql_sha)
    return run


@action("benefits.fail", right="benefits.run", at=_where)
def fail(actor: Actor, run: Run, *, problem: str) -> None:
    """Keep why a computation did not come through; the run can be computed again."""
    run = _locked(run)
    run.state = Run.State.FAILED
    run.problem = problem[:2000]
    run.save(update_fields=["state", "problem"])


@action("benefits.review", right="benefits.review", at=_where)
def review(actor: Actor, run: Run, *, comment: str = "") -> Run:
    """Vouch for the figures 复核. Not by the one who started the run."""
    return _step(actor, run, Signature.Step.REVIEWED, comment)


@action("benefits.approve", right="benefits.approve", at=_where)
def approve(actor: Actor, run: Run, *, comment: str = "") -> Run:
    """Grant what the run says 审批. Not by the one who started or reviewed it."""
    run = _step(actor, run, Signature.Step.APPROVED, comment)
    publish(RunApproved(run_id=run.pk, division=run.division_id, month=run.month))
    return run


@action("benefits.send_back", right="benefits.review", at=_where)
def send_back(actor: Actor, run: Run, *, comment: str) -> Run:
    """Return a run to be computed anew 退回, with the reason. Its lines go: they were never granted."""
    if not comment.strip():
        raise ValidationError({"comment": _("请写明退回的理由。")})
    run = _step(actor, run, Signature.Step.RETURNED, comment)
    ledger.erase(run)
    publish(RunWithdrawn(run_id=run.pk, division=run.division_id, month=run.month))
    return run


@action("benefits.cancel", right="benefits.run", at=_where)
def cancel(actor: Actor, run: Run, *, comment: str) -> Run:
    """Set a run aside for good 作废, before it was paid; its lines stay readable but count no more."""
    if not comment.strip():
        raise ValidationError({"comment": _("请写明作废的理由。")})
    run = _step(actor, run, Signature.Step.CANCELLED, comment)
    with everything("a whole run is set aside"):
        LedgerLine.objects.filter(run=run).update(live=False)
    publish(RunWithdrawn(run_id=run.pk, division=run.division_id, month=run.month))
    return run


@action("benefits.export", right="benefits.pay", at=_where)
def export(actor: Actor, run: Run, *, sha: str, people: int, withheld: int, sum_fen: int) -> Run:
    """Record that the payment file was made: its hash, people, money, and who is withheld for want of an account.

    Raises ValidationError when an earlier file of this run was a different one: money goes out once.
    """
    if run.file_sha and run.file_sha != sha:
        raise ValidationError(
            _("本批次已生成过发放文件，且收款账户之后有变动，内容不再一致。为防止重复发放，请先核对原文件。")
        )
    run = _step(actor, run, Signature.Step.EXPORTED, _("发放 %(n)s 人") % {"n": people})
    run.file_sha = sha
    run.save(update_fields=["file_sha"])
    note(file=sha, people=people, withheld=withheld, sum_fen=sum_fen)
    return run


def _locked(run: Run) -> Run:
    return Run.objects.select_for_update().get(pk=run.pk)


def _step(actor: Actor, run: Run, step: str, comment: str) -> Run:
    run = _locked(run)
    signed = {s.step: s.user_id for s in standing_signatures(run)}
    refused = cycle.refusal(step, run.state, actor.user_id, signed)
    if refused and refused.code == "state":
        raise ValidationError(_("本批次为“%(state)s”，不能进行这一步。") % {"state": run.get_state_display()})
    if refused:
        names = {"mine": STEP_NAMES[refused.by], "this": STEP_NAMES[step]}
        raise ValidationError(_("您已签署“%(mine)s”，“%(this)s”须由另一人签署。") % names)
    run.state = cycle.STEPS[step][1]
    run.save(update_fields=["state"])
    _sign(actor, run, step, comment)
    return run


def _sign(actor: Actor, run: Run, step: str, comment: str = "") -> None:
    Signature.objects.create(
        run=run, step=step, user_id=actor.user_id, name=actor.name, comment=comment[:400]
    )
