"""Every change of assessments."""

from yanglao.entitlement.assessment.actions.bodies import end_body, enlist, entrust, release
from yanglao.entitlement.assessment.actions.looking import reveal
from yanglao.entitlement.assessment.actions.objecting import object_for_resident, object_to, withdraw_result
from yanglao.entitlement.assessment.actions.planning import plan
from yanglao.entitlement.assessment.actions.recording import Given, Picture, Recorded, receive, record
from yanglao.entitlement.assessment.actions.requesting import Asked, assign, request, request_for_resident
from yanglao.entitlement.assessment.actions.sampling import draw
from yanglao.entitlement.assessment.actions.signing import settle, sign

__all__ = [
    "Asked",
    "Given",
    "Picture",
    "Recorded",
    "assign",
    "draw",
    "end_body",
    "enlist",
    "entrust",
    "object_for_resident",
    "object_to",
    "plan",
    "receive",
    "record",
    "release",
    "request",
    "request_for_resident",
    "reveal",
    "settle",
    "sign",
    "withdraw_result",
]
