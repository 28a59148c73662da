"""When the assessor comes: agreed with the person, moved with the reason, seen by who asked."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.assessment import casework, planning, taking
from yanglao.entitlement.assessment.models import Assignment, Visit
from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.cases import actions as cases
from yanglao.kernel.scope import everything


@action("assessment.plan", right="assessment.assess")
def plan(
    actor: Actor,
    assignment: Assignment,
    *,
    day: dt.date | None,
    hour: dt.time | None = None,
    told: str = "",
    reason: str = "",
) -> Assignment:
    """Keep the day and hour agreed with the person or who cares for him; no day: called off, to be agreed anew.

    What stood before stays on file; who asked reads it in his case. Raises ValidationError for a day that is over or
    after a due date still to come, a change without its reason, an hour at which one of the two is expected elsewhere; Forbidden
    for anybody but the two.
    """
    with everything("an assessor's own work"):
        row = Assignment.objects.select_for_update().get(pk=assignment.pk)
        if taking.assessor_of(row, actor) is None:
            raise Forbidden(_("只有这项评估的两名评估员可以约定时间。"))
        moved = row.planned_for is not None
        keep(actor, row, day, hour, told=told, reason=reason)
    note(day=day, hour=hour, moved=moved)
    return row


def keep(
    actor: Actor,
    row: Assignment,
    day: dt.date | None,
    hour: dt.time | None = None,
    *,
    told: str = "",
    reason: str = "",
) -> None:
    """Write it down, in the scope of everything; see `plan`."""
    reason = reason.strip()
    _sound(row, day, hour, reason)
    moved = row.planned_for is not None
    row.planned_for, row.planned_time = day, hour if day else None
    row.save(update_fields=["planned_for", "planned_time"])
    Visit.objects.create(
        assignment=row, day=day, hour=row.planned_time, told=told.strip(), reason=reason, by=actor.name
    )
    _tell(actor, row, reason, moved=moved)


def _sound(row: Assignment, day: dt.date | None, hour: dt.time | None, reason: str) -> None:
    if not row.waiting:
        raise ValidationError(_("这项评估已完成或取消。"))
    if day is None and row.planned_for is None:
        raise ValidationError({"day": _("请填写约定的日期。")})
    if day is not None and day < timezone.localdate():
        raise ValidationError({"day": _("约定日期已经过去：请填今天或以后的日期。")})
    if day is not None and day > row.due_on >= timezone.localdate():
        late = {"due": f"{row.due_on:%Y-%m-%d}"}
        raise ValidationError({"day": _("约定日期晚于完成期限 %(due)s：请提前，或请管理员改派。") % late})
    if row.planned_for is not None and not reason:
        raise ValidationError({"reason": _("已经约定过时间，改期请写明原因。")})
    if day is not None and hour is not None and (other := planning.clash(row, day, hour)):
        said: dict[str, object] = {
            "name": other.name,
            "when": f"{other.hour:%H:%M}",
            "minutes": planning.APART,
        }
        raise ValidationError(
            {
                "hour": _("%(name)s当天 %(when)s 已有另一项评估，前后应相隔 %(minutes)d 分钟：请另约时间。")
                % said
            }
        )


def _tell(actor: Actor, row: Assignment, reason: str, *, moved: bool) -> None:
    """Who asked reads it when he asks how far his matter is."""
    if row.request is None:
        return
    when = planning.when(row.planned_for, row.planned_time)
    if row.planned_for is None:
        text = _("原约定的上门评估取消（%(why)s），另行约定。") % {"why": reason}
    elif moved:
        text = _("上门评估改到 %(when)s（%(why)s）。") % {"when": when, "why": reason}
    else:
        text = _("已约定 %(when)s 上门评估。") % {"when": when}
    cases.tell(casework.for_the_house(actor), row.request.case, text=text)
