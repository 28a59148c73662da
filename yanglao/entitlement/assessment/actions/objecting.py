"""Objections to a result, and results that should not have been."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.entitlement.assessment import casework, results
from yanglao.entitlement.assessment.models import Assessment, Request
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.cases import actions as cases
from yanglao.kernel.scope import everything


@action("assessment.object", right="assessment.request")
def object_to(actor: Actor, assessment: Assessment, *, by: str, reason: str) -> Request:
    """Take in an objection: the case is opened again for a re-assessment by another body. The result holds until
    that one is signed. Raises ValidationError after the days for it, or for a result that came without a case."""
    return _reopened(actor, assessment, by, reason)


@action("assessment.object_resident", right="assessment.home", at=lambda a: (a["stay"],))
def object_for_resident(actor: Actor, *, stay: Any, assessment: Assessment, by: str, reason: str) -> Request:
    """A home hands in an objection of somebody who lives there, or of his family; see `object_to`.

    Raises ValidationError as well for one who does not live there now, or a result of somebody else.
    """
    if stay.state != stay.State.ADMITTED or assessment.person_id != stay.person_id:
        raise ValidationError(_("这位老年人现在不住在本机构，不能由本机构提出异议。"))
    through = _("%(by)s（%(home)s代为提交）") % {"by": by.strip(), "home": stay.place.name}
    return _reopened(actor, assessment, through, reason)


def _reopened(actor: Actor, assessment: Assessment, by: str, reason: str) -> Request:
    if assessment.state != Assessment.State.VALID or assessment.assignment is None:
        raise ValidationError(_("只能对有效的、经本系统办理的评估结果提出异议；其他的请重新申请评估。"))
    with everything("the request of an assessment the actor may see"):
        request = Request.objects.select_related("case").get(pk=assessment.assignment.request_id)
        cases.object_to(casework.for_the_house(actor), request.case, by=by, reason=reason)
        casework.follow(request.case_id)
        request.refresh_from_db()
    note(case=request.case.number)
    return request


@action("assessment.withdraw", right="assessment.assign")
def withdraw_result(actor: Actor, assessment: Assessment, *, reason: str) -> Assessment:
    """Take a result back that should not have been (another person, a forged signature): the one before holds again.

    Raises ValidationError without a reason or for a result that does not hold.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("请写明撤销的原因。")})
    with everything("the result for which the right was asked"):
        row = Assessment.objects.select_for_update().get(pk=assessment.pk)
        if row.state != Assessment.State.VALID:
            raise ValidationError(_("这一结果现在不是有效的，不必撤销。"))
        results.take_back(actor, row, reason.strip()[:200])
    note(reason=reason.strip()[:200])
    return row
