"""Every change of plans: loaded from their files, reported on by units, reviewed."""

from yanglao.steering.plans.actions.dividing import divide_sheet, divide_target
from yanglao.steering.plans.actions.loading import adopt, load
from yanglao.steering.plans.actions.returns import (
    answer_part,
    attach,
    detach,
    fill,
    hand_over,
    take_back,
)
from yanglao.steering.plans.actions.reviewing import accept, give_back, remind, send_reminders, supervise
from yanglao.steering.plans.actions.supervising import supervise_by_rule
from yanglao.steering.plans.schema import PlanFile

__all__ = [
    "PlanFile",
    "accept",
    "adopt",
    "answer_part",
    "attach",
    "detach",
    "divide_sheet",
    "divide_target",
    "fill",
    "give_back",
    "hand_over",
    "load",
    "remind",
    "send_reminders",
    "supervise",
    "supervise_by_rule",
    "take_back",
]
