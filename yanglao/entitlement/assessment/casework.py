"""An assessment as a case: what moves it on, and what it moves.

Whoever performs a step, on a page of this room or on the case's own, comes through `step_done`: a step that says
"assigned" needs an assignment, one that says "signed" needs two signatures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.entitlement.assessment.models import Assignment, Request
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases import actions as cases
from yanglao.kernel.cases.daily import conclude
from yanglao.kernel.cases.models import Case, Task
from yanglao.kernel.cases.queries import open_tasks
from yanglao.kernel.scope import everything

PROCESS = "ability-assessment"
ASSIGNING = ("assign", "reassign")
REVIEW = "reassign"
ENDS = {
    "assessed": Request.State.DONE,
    "kept": Request.State.DONE,
    "refused": Request.State.REFUSED,
}


def for_the_house(actor: Actor) -> Actor:
    """The same person, recording elsewhere what an action of this room has established: its right suffices."""
    return replace(actor, is_system=True)


def task_at(case: Case, *steps: str) -> Task | None:
    """The open task of a case at one of the steps."""
    return open_tasks(case).filter(step__in=steps).first()


def open_for(actor: Actor, *, person: Any, why: str, applicant: str, phone: str, files: Any = ()) -> Case:
    """The case of a new request."""
    return cases.open_case(
        for_the_house(actor),
        PROCESS,
        title=_("能力评估：%(name)s（%(why)s）") % {"name": person.name, "why": why},
        division=person.residence_id,
        subject=("people.person", person.pk),
        applicant=cases.Applicant(applicant, phone),
        files=files,
    )


def assigned(actor: Actor, request: Request) -> None:
    """The manager has named the assessors: the step is his. Raises ValidationError when it does not wait."""
    task = task_at(request.case, *ASSIGNING)
    if task is None:
        raise ValidationError(_("这件申请现在不在“分派评估员”这一步，请刷新页面查看进展。"))
    if task.holder_id is None:
        cases.take(actor, task)
    cases.perform(actor, task, outcome="assigned")


def signed(actor: Actor, assignment: Assignment) -> None:
    """Both have signed: the house itself finds that the step is done."""
    if assignment.request is None:
        return
    with everything("the case of an assessment that is signed"):
        task = task_at(assignment.request.case, "assess")
    if task is not None:
        names = "、".join(a.name for a in assignment.assessors)
        conclude(for_the_house(actor), task, outcome="signed", reason=names)


def step_done(actor: Actor, case: Case, task: Task, outcome: str, data: Mapping[str, Any]) -> None:
    """A step was performed; see CaseHandler.on_done. Raises ValidationError for what cannot be."""
    with everything("what stands behind a case its own people move"):
        request = Request.objects.filter(case=case).first()
        if request is None:
            return
        live = request.assignments.filter(state__in=Assignment.WAITING)
        if task.step in ASSIGNING and outcome == "assigned" and not live.exists():
            raise ValidationError(_("请在评估申请的页面上分派两名评估员，这一步会随之办结。"))
        if task.step == "assess" and outcome == "signed" and live.exists():
            raise ValidationError(_("两名评估员还没有都签名；签名后这一步自动办结。"))
        if task.step == "assess" and outcome != "signed":
            _cancel(live, _("改派") if outcome == "again" else _("终止评估"))
        _follow(request, case)


def follow(case_id: int) -> None:
    """A case ended or was opened again by something else than a step."""
    with everything("a request follows its case"):
        request = Request.objects.select_related("case").filter(case=case_id).first()
        if request is not None:
            if request.case.state == Case.State.ENDED:
                _cancel(request.assignments.filter(state__in=Assignment.WAITING), _("办件已结束"))
            _follow(request, request.case)


def _cancel(assignments: Any, why: str) -> None:
    assignments.update(state=Assignment.State.CANCELLED, cancelled_why=why)


def _follow(request: Request, case: Case) -> None:
    ended = case.state == Case.State.ENDED
    state = ENDS.get(case.result, Request.State.STOPPED) if ended else Request.State.OPEN
    if state != request.state:
        request.state = state
        request.save(update_fields=["state"])
