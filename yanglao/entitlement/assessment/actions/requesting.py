"""Asking for an assessment, and sending two assessors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.assessment import casework, choosing, scales
from yanglao.entitlement.assessment.actions.planning import keep
from yanglao.entitlement.assessment.models import Assessor, Assignment, Request, ScaleVersion
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.calendar.queries import add_working_days
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Person

DAYS = 10


@dataclass(frozen=True)
class Asked:
    """What somebody asks for. `changed`: what is different, and since when, where `why` is "changed"."""

    why: str
    scale: str = scales.NATIONAL
    applicant: str = ""
    phone: str = ""
    changed: str = ""
    wish_on: dt.date | None = None


@action("assessment.request", right="assessment.request", at=lambda a: a["person"].scope_codes())
def request(
    actor: Actor,
    *,
    person: Any,
    by: str,
    why: str,
    scale: str = scales.NATIONAL,
    applicant: str = "",
    phone: str = "",
    changed: str = "",
    wish_on: dt.date | None = None,
    files: Sequence[tuple[str, Any]] = (),
) -> Request:
    """Enter a request and open its case. files: (name of the document of the process, stored file).

    Raises ValidationError for a scale out of use, one who has died or has a request open, a change not described.
    """
    return _opened(actor, person, by, Asked(why, scale, applicant.strip(), phone, changed, wish_on), files)


@action("assessment.request_resident", right="assessment.home", at=lambda a: (a["stay"],))
def request_for_resident(actor: Actor, *, stay: Any, asked: Asked) -> Request:
    """A home asks for an assessment of somebody who lives there; see `request`.

    Raises ValidationError as well for one who does not live there now.
    """
    if stay.state != stay.State.ADMITTED:
        raise ValidationError(_("这位老年人现在不住在本机构，不能由本机构申请。"))
    with everything("whoever lives in the home, wherever his file is kept"):
        person, home = Person.objects.get(pk=stay.person_id), stay.place
        said = replace(asked, applicant=f"{home.name} {asked.applicant.strip() or actor.name}")
        return _opened(actor, person, Request.By.INSTITUTION, said, (), organisation=home.organisation_id)


def _opened(
    actor: Actor,
    person: Any,
    by: str,
    asked: Asked,
    files: Sequence[tuple[str, Any]],
    *,
    organisation: int | None = None,
) -> Request:
    found = scales.scales_of(person.residence_id).get(asked.scale)
    if found is None or found.old:
        raise ValidationError({"scale": _("这张量表不用于这里的新评估：请选择国家标准或本市现行的量表。")})
    if person.death_date is not None:
        raise ValidationError(_("档案中已登记死亡，不能申请评估。"))
    if asked.why == Request.Why.CHANGED and not asked.changed.strip():
        raise ValidationError({"changed": _("请写明情况有什么变化、从什么时候起。")})
    if by not in (Request.By.SELF, Request.By.STAFF) and not asked.applicant:
        raise ValidationError({"applicant": _("请写明申请人姓名。")})
    with everything("one request at a time, wherever it was entered"):
        if Request.objects.filter(person=person, scale=asked.scale, state=Request.State.OPEN).exists():
            raise ValidationError(_("已有一件正在办理的评估申请，请在那一件里继续办理。"))
    name = asked.applicant or (person.name if by == Request.By.SELF else actor.name)
    label = str(Request.Why(asked.why).label)
    case = casework.open_for(actor, person=person, why=label, applicant=name, phone=asked.phone, files=files)
    made = Request.objects.create(
        person=person,
        division_id=person.residence_id,
        version=ScaleVersion.of(found),
        scale=asked.scale,
        by=by,
        applicant=asked.applicant[:60],
        organisation_id=organisation,
        why=asked.why,
        changed=asked.changed.strip(),
        wish_on=asked.wish_on,
        asked_on=timezone.localdate(),
        case=case,
    )
    note(scale=asked.scale, by=by, why=asked.why, case=case.number)
    return made


@action("assessment.assign", right="assessment.assign")
def assign(
    actor: Actor,
    request: Request,
    *,
    first: Assessor | None = None,
    second: Assessor | None = None,
    planned_for: dt.date | None = None,
) -> Assignment:
    """Send two assessors: those named, or else the least loaded pair of one body.

    Raises ValidationError when nobody, or not those named, may be sent (the reason said), or it is not the time.
    """
    review = _is_review(request)
    before = choosing.bodies_before(request.pk) if review else set()
    open_to = choosing.choices(request.person_id, request.division_id, without=before)
    chosen = _named(open_to, first, second) if first and second else choosing.pair(open_to)
    if chosen is None:
        raise ValidationError(_no_pair(open_to, review=review))
    with everything("the request for which the right was asked"):
        made = Assignment.objects.create(
            request=request,
            person_id=request.person_id,
            division_id=request.division_id,
            version_id=request.version_id,
            purpose=Assignment.Purpose.REVIEW if review else Assignment.Purpose.REGULAR,
            body_id=chosen[0].body_id,
            first=chosen[0],
            second=chosen[1],
            due_on=_due(request),
            assigned_by=actor.name,
        )
        casework.assigned(actor, request)
        if planned_for is not None:
            keep(actor, made, planned_for)
    note(first=chosen[0].pk, second=chosen[1].pk, body=chosen[0].body_id, purpose=made.purpose)
    return made


def _is_review(request: Request) -> bool:
    with everything("where the case of a request stands"):
        task = casework.task_at(request.case, *casework.ASSIGNING)
        if task is None:
            raise ValidationError(_("这件申请现在不在“分派评估员”这一步，请刷新页面查看进展。"))
        # a review that is assigned anew comes back by the ordinary step: the objection stands
        return task.step == casework.REVIEW or request.case.objections > 0


def _due(request: Request) -> dt.date:
    steps = request.case.version.read.steps
    days = steps["assess"].days if "assess" in steps else None
    return add_working_days(timezone.localdate(), days or DAYS)


def _named(open_to: list[choosing.Choice], first: Assessor, second: Assessor) -> tuple[Assessor, Assessor]:
    if first.pk == second.pk:
        raise ValidationError({"second": _("两名评估员应当是不同的人。")})
    if first.body_id != second.body_id:
        raise ValidationError({"second": _("两名评估员应当属于同一家评估机构。")})
    known = {choice.assessor.pk: choice for choice in open_to}
    for field, one in (("first", first), ("second", second)):
        choice = known.get(one.pk)
        if choice is None or choice.why_not:
            why = choice.why_not if choice else _("不在这个区划服务")
            raise ValidationError({field: _("不能分派%(name)s：%(why)s。") % {"name": one.name, "why": why}})
    return first, second


def _no_pair(open_to: list[choosing.Choice], *, review: bool) -> str:
    able = sum(not choice.why_not for choice in open_to)
    if review:
        return _(
            "没有另一家可以复评的机构：需要一家有两名合格评估员的评估机构（现有合格 %(able)d 人）。"
            "请先登记评估机构和评估员。"
        ) % {"able": able}
    return _(
        "没有一家机构有两名可以派出的评估员（登记 %(all)d 人，合格 %(able)d 人）。"
        "请登记评估机构和评估员，或补录评估员证书和人才库聘任。"
    ) % {"all": len(open_to), "able": able}
