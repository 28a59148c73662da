"""Reading how to reach the person one is to assess."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yanglao.entitlement.assessment import casework, taking
from yanglao.entitlement.assessment.models import Assignment
from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.cases import actions as cases
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions as people

FIELDS = ("phone", "address", "applicant")


@action("assessment.reveal", right="assessment.assess")
def reveal(actor: Actor, assignment: Assignment, *, field: str, purpose: str) -> str:
    """The person's phone or address, or the applicant's phone, in clear, for the two who are to visit him and as long
    as the visit waits; who read it and what for is recorded.

    Raises Forbidden for anybody else, ValidationError without a purpose, KeyError for another field.
    """
    if field not in FIELDS:
        raise KeyError(field)
    if not assignment.waiting or taking.assessor_of(assignment, actor) is None:
        raise Forbidden(_("只有这项待完成评估的两名评估员可以查看联系方式。"))
    house = casework.for_the_house(actor)
    note(field=field, purpose=purpose.strip()[:100])
    with everything("who is to visit a person may know how to reach him"):
        if field == "applicant":
            request = assignment.request
            return cases.reveal(house, request.case, purpose=purpose).phone if request else ""
        return people.reveal(house, assignment.person, field=field, purpose=purpose)
