"""The register of bodies that assess, and of their assessors."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.entitlement.assessment.models import Assessor, Assignment, Body
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.models import Organisation, User
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything
from yanglao.registers.workforce import queries as workforce


@action("assessment.entrust", right="assessment.bodies", at=lambda a: (a["division"],))
def entrust(
    actor: Actor,
    *,
    organisation: Organisation,
    division: int,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    document: str = "",
    note_text: str = "",
) -> Body:
    """Entrust an organisation with assessments in a division. Raises ValidationError when it is already."""
    if valid_to is not None and valid_to < valid_from:
        raise ValidationError({"valid_to": _("委托止早于委托起：请核对日期。")})
    with everything("an organisation is entrusted once, wherever"):
        if Body.objects.filter(organisation=organisation).exists():
            raise ValidationError({"organisation": _("这个单位已登记为评估机构。")})
    made = Body.objects.create(
        organisation=organisation,
        division_id=division,
        valid_from=valid_from,
        valid_to=valid_to,
        document=document,
        note=note_text,
    )
    note(organisation=organisation.name, division=division)
    return made


@action("assessment.end_body", right="assessment.bodies")
def end_body(actor: Actor, body: Body, *, valid_to: dt.date) -> Body:
    """Say the last day on which a body may be sent. What it has open it still does."""
    if valid_to < body.valid_from:
        raise ValidationError({"valid_to": _("委托止早于委托起：请核对日期。")})
    body.valid_to = valid_to
    body.save(update_fields=["valid_to"])
    note(valid_to=valid_to)
    return body


@action("assessment.enlist", right="assessment.bodies", at=lambda a: (a["body"],))
def enlist(actor: Actor, *, body: Body, worker: Any, user: User, since: dt.date) -> Assessor:
    """Enter a worker as an assessor of a body, with the account he signs with.

    Raises ValidationError unless he is in the pool of assessors with a certificate that holds, or when he or the
    account is an assessor already.
    """
    with everything("who is an assessor is known once in the city"):
        pool = {member.worker_id for member in workforce.assessors(body.division_id, since)}
        if worker.pk not in pool:
            raise ValidationError(
                {
                    "worker": _(
                        "当日不在这个区划的评估员库，或没有有效的评估员证书：请先在从业人员档案里登记。"
                    )
                }
            )
        if Assessor.objects.filter(worker=worker, left_on=None).exists():
            raise ValidationError({"worker": _("已是评估员：换单位的，请先在原机构登记离开。")})
        if Assessor.objects.filter(user=user, left_on=None).exists():
            raise ValidationError({"user": _("这个账号已是另一名评估员的：一人一个账号。")})
    made = Assessor.objects.create(body=body, worker=worker, user=user, name=worker.name, since=since)
    note(body=body.pk, worker=worker.pk, user=user.pk)
    return made


@action("assessment.release", right="assessment.bodies")
def release(actor: Actor, assessor: Assessor, *, on: dt.date) -> Assessor:
    """He assesses for the body no longer. Raises ValidationError while something is open in his hands."""
    if on < assessor.since:
        raise ValidationError({"on": _("离开日期早于开始日期：请核对。")})
    with everything("what is in his hands"):
        waits = Assignment.objects.filter(state__in=Assignment.WAITING)
        if waits.filter(first=assessor).exists() or waits.filter(second=assessor).exists():
            raise ValidationError(_("他手里还有未完成的评估：请先改派。"))
    assessor.left_on = on
    assessor.save(update_fields=["left_on"])
    note(left_on=on)
    return assessor
