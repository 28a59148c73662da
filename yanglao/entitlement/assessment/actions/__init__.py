"""Every change of assessments."""

from yanglao.entitlement.assessment.actions.bodies import end_body, enlist, entrust, release
from yanglao.entitlement.assessment.actions.objecting import object_to, withdraw_result
from yanglao.entitlement.assessment.actions.recording import Given, Recorded, receive, record
from yanglao.entitlement.assessment.actions.requesting import assign, plan, request
from yanglao.entitlement.assessment.actions.sampling import draw
from yanglao.entitlement.assessment.actions.signing import settle, sign

__all__ = [
    "Given",
    "Recorded",
    "assign",
    "draw",
    "end_body",
    "enlist",
    "entrust",
    "object_to",
    "plan",
    "receive",
    "record",
    "release",
    "request",
    "settle",
    "sign",
    "withdraw_result",
]
