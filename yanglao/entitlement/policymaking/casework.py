"""The publication of a draft as a case (`standards/processes/policy-publication.yaml`).

Whoever performs a step, on the draft's page or on the case's, comes through `step_done`: there the draft moves on, and
what must hold whatever the process file says is refused: nobody publishes what he wrote or handed over himself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.entitlement.policymaking import publishing
from yanglao.entitlement.policymaking.models import Draft
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases import actions as cases
from yanglao.kernel.cases.daily import conclude
from yanglao.kernel.cases.events import CaseEnded
from yanglao.kernel.cases.flow import follow, locked
from yanglao.kernel.cases.models import Case, Entry, Task
from yanglao.kernel.cases.people import signer
from yanglao.kernel.cases.rules import State as At
from yanglao.kernel.cases.rules import enter
from yanglao.kernel.scope import everything

PROCESS = "policy-publication"
SUBJECT = "policymaking.draft"


def handed_over(actor: Actor, draft: Draft) -> None:
    """The case of a draft that is handed over: opened the first time, moved on every time."""
    if draft.case_id is None:
        _open(actor, draft)
    perform(actor, draft, "submit", "sent", draft.reason)


def _open(actor: Actor, draft: Draft) -> Case:
    draft.case = cases.open_case(
        actor,
        PROCESS,
        title=draft.title,
        division=draft.division_id,
        subject=(SUBJECT, draft.pk),
        key=f"policy-draft-{draft.pk}",
    )
    draft.save(update_fields=["case"])
    return draft.case


def perform(actor: Actor, draft: Draft, step: str, outcome: str, reason: str = "") -> None:
    """Perform the step a draft's case waits at. Raises ValidationError when it waits elsewhere."""
    with everything("who acts on a draft is checked by the step"):
        if draft.case_id is None:
            _adopt(actor, draft, step)
        open_task = Task.objects.filter(case=draft.case_id, step=step, state=Task.State.OPEN)
        task = open_task.select_related("desk", "case").first()
    if task is None:
        raise ValidationError(_("这份草稿不在这一步，请刷新页面看它办到哪里。"))
    if actor.user_id is None:
        conclude(actor, task, outcome=outcome, reason=reason)
    else:
        cases.perform(actor, task, outcome=outcome, reason=reason)


def _adopt(actor: Actor, draft: Draft, step: str) -> None:
    """The case of a draft that was handed over before publications were cases: it begins where the draft stands."""
    case = locked(_open(actor, draft).pk)
    if case.step != step:
        process = case.version.read
        follow(case, enter(process, At(case.step, case.votes, case.uses), step), signer(actor))


def step_done(actor: Actor, case: Case, task: Task, outcome: str, data: Mapping[str, Any]) -> None:
    """The case handler: runs in the transaction of every finished step, and may refuse it."""
    with everything("the draft behind a case"):
        draft = Draft.objects.select_for_update().filter(case=case).first()
        if draft is None:
            raise ValidationError(_("这件办件没有对应的草稿，请从“政策编制”里的草稿送审。"))
        said = Entry.objects.filter(case=case, task=task).order_by("-pk").first()
        reason = said.reason if said else ""
        if task.step == "submit" and draft.state != Draft.State.SUBMITTED:
            raise ValidationError(_("请在草稿页面送审：写明启用日期和理由。"))
        if outcome == "return":
            publishing.give_back(draft, reason)
        if outcome == "publish":
            publishing.publish(actor, draft, reason)


def ended(event: CaseEnded) -> None:
    """A case that was set aside sets its draft aside."""
    if event.process != PROCESS or event.result == "published":
        return
    with everything("the draft behind a case"):
        open_states = (Draft.State.OPEN, Draft.State.SUBMITTED)
        draft = Draft.objects.select_for_update().filter(case=event.case_id, state__in=open_states).first()
        if draft is not None:
            said = Entry.objects.filter(case=event.case_id, kind=Entry.Kind.VOIDED).order_by("-pk").first()
            draft.state, draft.answer = Draft.State.DROPPED, said.reason[:400] if said else ""
            draft.save()


def page(case: Case) -> str:
    """The draft's page, for the case's."""
    return reverse("policymaking:draft", args=[case.subject_id])
