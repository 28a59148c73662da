"""For neighbours: the engine on invented subjects, the public's six questions and their answer in money."""

from yanglao.entitlement.policymaking.asking import ASKED, Due, Reply, Six, reply
from yanglao.entitlement.policymaking.made_up import explained, facts_of, monthly
from yanglao.entitlement.policymaking.views.explaining import SixForm

__all__ = ["ASKED", "Due", "Reply", "Six", "SixForm", "explained", "facts_of", "monthly", "reply"]
