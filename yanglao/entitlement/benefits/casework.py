"""A run as a case: opened with it, moved on by what is done to the run, and the run moved on by the case.

Whoever performs a step, on the run's page or on the case's, comes through `step_done`: there the run gets its state,
the signature is kept, and what must hold whatever the process file says is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits import cycle, ledger, spots
from yanglao.entitlement.benefits.approval import approval_of
from yanglao.entitlement.benefits.events import RunApproved, RunStep, RunWithdrawn
from yanglao.entitlement.benefits.models import LedgerLine, Objection, Run, Signature
from yanglao.entitlement.benefits.queries import standing_signatures
from yanglao.entitlement.benefits.street_lists import street_lists
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases import actions as cases
from yanglao.kernel.cases.daily import conclude
from yanglao.kernel.cases.events import CaseEnded
from yanglao.kernel.cases.flow import follow, locked
from yanglao.kernel.cases.models import Case, Entry, Task
from yanglao.kernel.cases.people import Signer, seat_of, signer
from yanglao.kernel.cases.rules import State as At
from yanglao.kernel.cases.rules import enter
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything, level_of

PROCESS = "benefit-run"
SUBJECT = "benefits.run"
STEP_NAMES = dict(Signature.Step.choices)


def open_for(actor: Actor, run: Run) -> Case:
    """The case of a run, opened once. Called inside actions."""
    if run.case_id is not None:
        return run.case
    case = cases.open_case(
        actor,
        PROCESS,
        title=run.title,
        division=run.division_id,
        subject=(SUBJECT, run.pk),
        key=f"run-{run.pk}",
    )
    run.case = case
    run.save(update_fields=["case"])
    return case


def adopt(actor: Actor, run: Run) -> Case:
    """The case of a run that was on its way before runs were cases: it begins where the run stands.

    A city's process may lack that step; then at the next one it has.
    """
    if run.case_id is not None:
        return run.case
    run.case = None
    case = locked(open_for(actor, run).pk)
    process, order = case.version.read, list(cycle.STATE_AT)
    wanted = order.index(cycle.START[run.state])
    step = next((name for name in order[wanted:] if name in process.steps), process.start)
    if step != case.step:
        follow(case, enter(process, At(case.step, case.votes, case.uses), step), signer(actor))
    run.refresh_from_db()
    return run.case


def task_at(actor: Actor, run: Run, *steps: str) -> Task:
    """The open task of a run at one of the steps. Raises ValidationError when it does not wait there."""
    if run.state in cycle.ENDED:
        _not_now(run)
    with everything("who acts on a run is checked by the step"):
        case = adopt(actor, run)
        task = (
            Task.objects.filter(case=case, step__in=steps, state=Task.State.OPEN)
            .select_related("desk")
            .first()
        )
        if task is None:
            _not_now(run)
        task.case = case  # type: ignore[union-attr]
    return task  # type: ignore[return-value]


def _not_now(run: Run) -> None:
    at = run.case.version.read.steps[run.case.step].name if run.case_id and run.case.step else ""
    raise ValidationError(
        _("本批次为“%(state)s”，不能进行这一步。") % {"state": at or run.get_state_display()}
    )


def perform(actor: Actor, run: Run, steps: tuple[str, ...], outcome: str, comment: str = "") -> Run:
    """Perform the step a run waits at; the system itself concludes it without a seat. Returns the run as it is then."""
    task = task_at(actor, run, *steps)
    if actor.user_id is None:
        conclude(actor, task, outcome=outcome, reason=comment)
    else:
        cases.perform(actor, task, outcome=outcome, reason=comment)
    run.refresh_from_db()
    return run


def paid_out(actor: Actor, run: Run, *, comment: str = "") -> Run:
    """The first payment file left: the run goes on to wait for the bank. Called inside the paying action."""
    return perform(actor, run, ("pay",), "sent", comment)


def settled(actor: Actor, run: Run, *, comment: str = "") -> Run:
    """The bank has answered and the payments were closed. Called inside the closing action."""
    return perform(actor, run, ("settle",), "done", comment)


def step_done(actor: Actor, case: Case, task: Task, outcome: str, data: Mapping[str, Any]) -> None:
    """The case handler: runs in the transaction of every finished step, and may refuse it."""
    with everything("the run behind a case"):
        run = Run.objects.select_for_update().filter(case=case).first()
        if run is None:
            return
        said = Entry.objects.filter(case=case, task=task).order_by("-pk").first()
        comment = said.reason if said else ""
        _hold_to(actor, run, task, outcome, comment)
        state = "closed" if case.result == "closed" else cycle.STATE_AT.get(case.step, run.state)
        if case.step == "compute":
            _sign(actor, run, "returned", comment)
            ledger.erase(run)
            publish(RunWithdrawn(run_id=run.pk, division=run.division_id, month=run.month))
        elif signed := cycle.SIGNED.get((task.step, outcome)):
            _sign(actor, run, signed, comment)
        elif task.step == "compute" and "started" not in {s.step for s in standing_signatures(run)}:
            _sign(actor, run, "started", comment)  # computed anew after a return: by whom counts from here
        run.state = state
        run.save(update_fields=["state"])
        _approved(run)
        if case.step == "spot_check" and task.step != "spot_check":
            spots.draw(run)
        if outcome == "approve":
            publish(RunApproved(run_id=run.pk, division=run.division_id, month=run.month))
        publish(RunStep(run_id=run.pk, step=task.step, outcome=outcome))


def _approved(run: Run) -> None:
    """Nothing is paid that nobody approved, whatever the city's process says."""
    if run.state in cycle.MUST_BE and "approved" not in {s.step for s in standing_signatures(run)}:
        raise ValidationError(_("本批次还没有审批，不能进入发放。请检查城市的流程文件。"))


def _sign(actor: Actor, run: Run, step: str, comment: str) -> None:
    Signature.objects.create(
        run=run, step=step, user_id=actor.user_id, name=actor.name, comment=comment[:400]
    )


def _hold_to(actor: Actor, run: Run, task: Task, outcome: str, comment: str) -> None:
    """What must hold whatever the process file says. Raises ValidationError."""
    signed = {s.step: s.user_id for s in standing_signatures(run)}
    refused = cycle.refusal(cycle.SIGNED.get((task.step, outcome), ""), actor.user_id, signed)
    if refused:
        names = {"mine": STEP_NAMES[refused.by], "this": task.name}
        raise ValidationError(_("您已签署“%(mine)s”，“%(this)s”须由另一人签署。") % names)
    if task.step == "compute" and run.state != Run.State.COMPUTED:
        raise ValidationError(_("请在批次页面测算；测算完成后自动进入下一步。"))
    if (task.step, outcome) == ("spot_check", "pass"):
        _all_checked(run, comment)
    if (task.step, outcome) == ("recheck", "go_on") and _open_objections(run):
        raise ValidationError(_("还有公示异议没有核查结论，请先在公示页面逐条写明。"))
    if outcome == "approve":
        _within_limit(actor, run, task)


def _all_checked(run: Run, comment: str) -> None:
    """Every street has answered or said why not; else the one who sums up says so himself."""
    silent = [row for row in street_lists(run) if not row.done]
    if silent and not comment.strip():
        names = "、".join(_("%(street)s %(n)s 个") % {"street": s.name, "n": s.waiting} for s in silent[:5])
        raise ValidationError(
            _("%(n)s 个街道的抽查还没有报齐：%(names)s。请催办；确需继续的，在意见里写明理由。")
            % {"n": len(silent), "names": names + ("……" if len(silent) > 5 else "")}
        )


def _open_objections(run: Run) -> bool:
    return Objection.objects.filter(run=run, verdict="").exists()


def total_fen(run: Run) -> int:
    """What is approved: everything the run would pay, arrears included."""
    with everything("the whole run"):
        lines = LedgerLine.objects.filter(run=run, live=True, amount_fen__gt=0)
        return lines.aggregate(fen=Sum("amount_fen"))["fen"] or 0


def _within_limit(actor: Actor, run: Run, task: Task) -> None:
    if actor.user_id is None:
        raise ValidationError(_("审批须由人签署。"))
    seat = seat_of(actor, task.desk, task.place_id)
    limit = approval_of(run.division_id).limit_fen(seat.role.id, level_of(seat.division)) if seat else 0
    total = total_fen(run)
    if limit is None or total <= limit:
        return
    names = {"total": f"{total / 100:,.2f}", "limit": f"{limit / 100:,.2f}"}
    raise ValidationError(
        _("本批 %(total)s 元，超过您的审批权限 %(limit)s 元。请选择“超过权限，报分管领导”。") % names
    )


def ended(event: CaseEnded) -> None:
    """A case that was set aside sets its run aside."""
    if event.process != PROCESS or event.result == "closed":
        return
    with everything("the run behind a case"):
        run = Run.objects.select_for_update().filter(case=event.case_id).first()
        if run is None:
            return
        said = Entry.objects.filter(case=event.case_id, kind=Entry.Kind.VOIDED).order_by("-pk").first()
        run.state = Run.State.CANCELLED
        run.save(update_fields=["state"])
        LedgerLine.objects.filter(run=run).update(live=False)
        by = said or Signer(None, "")
        Signature.objects.create(
            run=run,
            step=Signature.Step.CANCELLED,
            user_id=by.user_id,
            name=by.name,
            comment=said.reason[:400] if said else "",
        )
        publish(RunWithdrawn(run_id=run.pk, division=run.division_id, month=run.month))


def page(case: Case) -> str:
    """The run's page, for the case's."""
    return reverse("benefits:run", args=[case.subject_id])
