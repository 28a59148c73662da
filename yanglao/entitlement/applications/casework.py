"""What the steps of an application's case bring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.applications import queries
from yanglao.entitlement.applications.actions import begin
from yanglao.entitlement.applications.models import Application
from yanglao.entitlement.applications.office import for_the_register
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases.models import Case
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions as people


def done(actor: Actor, case: Case, task: Any, outcome: str, data: Mapping[str, Any]) -> None:
    """What a finished step of the case brings: checked answers into the file, a grant into the list."""
    application = queries.by_case(case.pk)
    if application is None:
        return
    if (task.step, outcome) in {("verify", "fits"), ("decide", "grant")} and application.person is None:
        raise ValidationError(_("还没有对应到老年人档案：先在申请页上“对应档案”，再办这一步。"))
    if task.step == "verify" and outcome == "fits" and application.online:
        _record_answers(actor, application)
    if task.step == "decide" and outcome == "grant":
        _grant(actor, application)


def missing(case: Case) -> list[str]:
    """What the file does not say, or said too long ago, of what decides on the item: asked for at once."""
    application = queries.by_case(case.pk)
    if application is None or application.person is None:
        return []
    with everything("what is missing for an application"):
        gaps = queries.gaps(application.person, application.item)
    said = {*application.answers, *(("phone",) if application.phone else ())}
    return [str(gap.item) for gap in gaps if (gap.item.fact or gap.item.column) not in said]


def _record_answers(actor: Actor, application: Application) -> None:
    if application.answers and application.person:
        people.answer_questions(
            for_the_register(actor),
            application.person,
            answers=application.answers,
            on=timezone.localdate(),
            source=_("网上申请，经核实（%(number)s）") % {"number": application.case.number},
        )


def _grant(actor: Actor, application: Application) -> None:
    """The day of the application as a fact of the file, from which policies pay; and the item as begun."""
    if application.person is not None:
        number = application.case.number
        begin(
            for_the_register(actor),
            application.person,
            item=application.item,
            on=application.applied_on,
            source=_("申请（%(number)s）") % {"number": number},
            note=number,
        )
